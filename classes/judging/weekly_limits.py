"""How many places somebody may hold in a week, as their phase of the programme says.

Here: reading the limit and what is held, and the refusal. Not here: the rule
itself (eligibility.py), phases (participants). Asked by everything that gives a
place, under the lock of the person, so that of two bookings at the same moment one
sees the other; and only where a phase of the programme has a limit, so that nothing
is read where none has. A place that is held already is never in doubt because of it.
A week is Monday to Sunday in UK time, and the phase is that of the class's date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.utils import timezone
from psycopg.types.range import Range

from classes.judging.eligibility import WeeklyLimit, reasons_against_one_more
from classes.judging.refusals import BeyondWeeklyLimit
from classes.models import Booking, Session, SessionKind
from classes.models.booking import HELD_STATES
from participants.course import course_of
from participants.models import Participant, Phase
from participants.standing import Standing

WEEK = timedelta(weeks=1)


def week_of(moment: datetime) -> date:
    """The Monday of its week."""
    on = timezone.localdate(moment)
    return on - timedelta(days=on.weekday())


def weeks_around(during: Range[datetime] | tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """The whole weeks in which `during` lies: from a first midnight up to, and not including, a last one."""
    first, last = (during.lower, during.upper) if isinstance(during, Range) else during
    assert first is not None and last is not None  # noqa: S101  every class has a start and an end
    return _midnight(week_of(first)), _midnight(week_of(last) + WEEK)


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, datetime.min.time()))


def limit_on(participant: Participant, on: date) -> WeeklyLimit | None:
    """What their phase on that date says; None for as many places as they like."""
    course = course_of(participant, on)
    stretch = course.position.stretch if course else None
    if stretch is None or stretch.most_a_week is None:
        return None
    return WeeklyLimit(stretch.most_a_week, stretch.one_to_ones_apart)


def held_in_week(participant: Participant, monday: date, limit: WeeklyLimit, *, without: Collection[int] = ()) -> int:
    """Places of that week that count, booked or offered, leaving out the bookings `without`. One query."""
    first, after = _midnight(monday), _midnight(monday + WEEK)
    held = Booking.objects.filter(
        participant=participant, state__in=HELD_STATES, session__starts_at__gte=first, session__starts_at__lt=after
    )
    if limit.one_to_ones_apart:
        held = held.exclude(session__kind=SessionKind.ONE_TO_ONE)
    return held.exclude(pk__in=without).count()


def most_in_one_week(phase: Phase, *, one_to_ones_apart: bool) -> list[int]:
    """For each person with a place from this week on: the most that they hold in one week with a date of `phase`.

    How many of these numbers are above a limit is how many people would have more than it.
    """
    held = Booking.objects.filter(
        participant__programme=phase.programme_id,
        state__in=HELD_STATES,
        session__starts_at__gte=_midnight(week_of(timezone.now())),
    )
    if one_to_ones_apart:
        held = held.exclude(session__kind=SessionKind.ONE_TO_ONE)
    rows = held.select_related("session", "participant").prefetch_related(
        "participant__programme__phases", "participant__enrolments__pauses"
    )
    weeks: dict[tuple[Participant, date], list[date]] = defaultdict(list)
    for place in rows:
        weeks[place.participant, week_of(place.session.starts_at)].append(timezone.localdate(place.session.starts_at))
    most: dict[int, int] = {}
    for (participant, _), dates in weeks.items():
        if len(dates) > most.get(participant.pk, 0) and any(_in_phase(participant, on, phase) for on in dates):
            most[participant.pk] = len(dates)
    return list(most.values())


def _in_phase(participant: Participant, on: date, phase: Phase) -> bool:
    course = course_of(participant, on)
    stretch = course.position.stretch if course else None
    return stretch is not None and stretch.name == phase.name


def beyond_limit(
    participant: Participant, session: Session, standing: Standing, *, without: Collection[int] = ()
) -> BeyondWeeklyLimit | None:
    """The refusal of one more place in the week of `session`, or None. `without` as in held_in_week."""
    if not standing.limited:
        return None
    limit = limit_on(participant, timezone.localdate(session.starts_at))
    if limit is None:
        return None
    monday, one_to_one = week_of(session.starts_at), session.kind == SessionKind.ONE_TO_ONE
    held = held_in_week(participant, monday, limit, without=without)
    if not reasons_against_one_more(limit, held=held, one_to_one=one_to_one):
        return None
    return BeyondWeeklyLimit(limit.most, monday)


def keep_to_limit(booking: Booking, standing: Standing) -> None:
    """Raise BeyondWeeklyLimit when `booking`, held since a moment ago, is one too many: the caller's row is undone.

    For the transaction that holds the lock of its person.
    """
    if refusal := beyond_limit(booking.participant, booking.session, standing, without=[booking.pk]):
        raise refusal
