"""Where somebody's same-day check stands for one class: not asked, ready, talk first, lifted, or stopped.

Here: the one reading that the way in, the register and the pages share. Not
here: answering (symptom_check.py), what answers come to (symptoms.py).

The latest answer for a class counts. A stop counts for every class of that day,
and only an answer given after it, which needs a clearance that came back, sets it
aside. An answer from before the window of the class, because the class was moved
since, counts as none.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from classes.judging.judgement import reasons_to_refuse
from classes.models import Booking, BookingState, Session, SessionStatus, SymptomCheck, TalkOutcome
from classes.same_day.symptom_content import symptom_questions
from classes.same_day.symptom_questions import SymptomQuestions
from classes.same_day.symptoms import STOPS, CheckWindow, Result, window_of
from participants.models import Participant
from participants.standing import standings_of

Key = TypeVar("Key", bound=Hashable)


class Readiness(enum.StrEnum):
    NOT_ASKED = "not_asked"
    READY = "ready"
    TALK_FIRST = "talk_first"
    LIFTED = "lifted"  # by a talk with the instructor
    STOPPED = "stopped"  # by the answers, or by a talk that came to "not today"


@dataclass(frozen=True)
class TodaysCheck:
    """The check in force for one person and class. `at`: when it came to this; None while nobody has asked.

    `by_id`: the person who gave or typed the answers. `own`: whether they were given for this class itself. `row`: the
    check as it was read.
    """

    readiness: Readiness
    at: datetime | None = None
    check_id: int | None = None
    result: Result | None = None
    by_id: int | None = None
    own: bool = True
    row: SymptomCheck | None = field(default=None, repr=False, compare=False)

    @property
    def lets_in(self) -> bool:
        return self.readiness in (Readiness.READY, Readiness.LIFTED)


NOT_ASKED = TodaysCheck(Readiness.NOT_ASKED)


def check_window(session: Session, asked: SymptomQuestions | None = None) -> CheckWindow:
    """When the check for `session` may be answered, by the cut-offs of `asked`, or of the version in use now."""
    asked = asked or symptom_questions()
    return window_of(
        session.starts_at,
        session.ends_at,
        remote=session.is_from_home,
        opens_before=asked.opens_before,
        alone_until=asked.alone_until,
    )


def todays_check(session: Session, participant: Participant) -> TodaysCheck:
    return todays_checks(session, [participant])[participant.pk]


def todays_checks(session: Session, participants: Iterable[Participant]) -> dict[int, TodaysCheck]:
    """The check in force of each participant for `session`, by id. Two queries at most, however many there are."""
    return _in_force({participant.pk: (session, participant.pk) for participant in participants}, symptom_questions())


def checks_for(
    wanted: Iterable[tuple[Session, Participant]], asked: SymptomQuestions
) -> dict[tuple[int, int], TodaysCheck]:
    """The same for people in several classes, by the ids of class and participant. One query at most."""
    keyed = {(session.pk, participant.pk): (session, participant.pk) for session, participant in wanted}
    return _in_force(keyed, asked) if keyed else {}


def checks_of(places: Iterable[Booking], asked: SymptomQuestions) -> dict[int, TodaysCheck]:
    """The same for places in several classes, by the id of the place, judged by the cut-offs of `asked`. One query."""
    return _in_force({place.pk: (place.session, place.participant_id) for place in places}, asked)


def _in_force(wanted: Mapping[Key, tuple[Session, int]], asked: SymptomQuestions) -> dict[Key, TodaysCheck]:
    """For each class and participant wanted, under the same key."""
    given = defaultdict(list)
    for check in _about([session for session, _ in wanted.values()], [person for _, person in wanted.values()]):
        given[check.participant_id].append(check)
    found = {}
    for key, (session, person) in wanted.items():
        counting = [check for check in given[person] if _counts(check, session, asked)]
        found[key] = _standing(counting[-1], session) if counting else NOT_ASKED
    return found


def _about(sessions: Sequence[Session], participants: Iterable[int]) -> Iterable[SymptomCheck]:
    """Every check that may count for one of `sessions`, the oldest first."""
    if not sessions:
        return ()
    days = [day_of(session) for session in sessions]
    stops = Q(
        result__in=STOPS,
        session__starts_at__gte=min(midnight for midnight, _ in days),
        answered_at__lt=max(next_midnight for _, next_midnight in days),
    )
    own = Q(session__in=[session.pk for session in sessions])
    rows = SymptomCheck.objects.filter(own | stops, participant__in=list(participants)).with_talk()
    return rows.select_related("session").order_by("id")


def _counts(check: SymptomCheck, session: Session, asked: SymptomQuestions) -> bool:
    """Those given for this class since its window opened, and stops of other classes that fall on its day."""
    midnight, next_midnight = day_of(session)
    own = check.session_id == session.pk and check.answered_at >= check_window(session, asked).opens_at
    stop = check.result in STOPS and check.session.starts_at >= midnight and check.answered_at < next_midnight
    return own or stop


def _standing(check: SymptomCheck, session: Session) -> TodaysCheck:
    result, talk = Result(check.result), check.talk_outcome  # type: ignore[attr-defined]  # annotated by with_talk
    readiness = {Result.READY: Readiness.READY, Result.TALK_FIRST: Readiness.TALK_FIRST}.get(result, Readiness.STOPPED)
    if talk is not None:
        readiness = Readiness.LIFTED if talk == TalkOutcome.MAY_EXERCISE else Readiness.STOPPED
    return TodaysCheck(
        readiness=readiness,
        at=check.answered_at if talk is None else check.talked_at,  # type: ignore[attr-defined]
        check_id=check.pk,
        result=result,
        by_id=check.by_id,
        own=check.session_id == session.pk,
        row=check,
    )


def day_of(session: Session) -> tuple[datetime, datetime]:
    """The first moment of the local day on which `session` starts, and of the day after."""
    midnight = timezone.localtime(session.starts_at).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return midnight, midnight + timedelta(days=1)  # on the clock on the wall: a day of 23 or 25 hours is one day


def to_answer(bookings: QuerySet[Booking], at: datetime) -> list[Booking]:
    """Those among `bookings` that somebody can answer for at `at` by oneself, and has not; the earliest class first.

    Nobody is asked who may not come to the class anyway: somebody talks with them.
    """
    asked = symptom_questions()
    rows = bookings.filter(
        state=BookingState.BOOKED,
        session__status=SessionStatus.PUBLISHED,
        session__starts_at__lte=at + asked.opens_before,
        session__ends_at__gt=at,
    ).select_related("session__class_type", "session__venue", "participant__person", "participant__programme")
    open_now = [
        b for b in rows.order_by("session__starts_at", "session_id", "id") if check_window(b.session, asked).is_open(at)
    ]
    standings = standings_of(booking.participant for booking in open_now)
    checks = checks_of(open_now, asked)
    return [
        booking
        for booking in open_now
        if checks[booking.pk].readiness is Readiness.NOT_ASKED
        and not reasons_to_refuse(standings[booking.participant_id], booking.session)
    ]


def said_yes_to(checks: Iterable[SymptomCheck]) -> dict[int, tuple[str, ...]]:
    """The questions that each check answered with yes, by its id, in the short words of the version that was asked."""
    there = list(checks)
    versions = {version: symptom_questions(version) for version in {check.version for check in there}}
    return {check.pk: tuple(q.short for q in versions[check.version] if check.answers.get(q.id)) for check in there}
