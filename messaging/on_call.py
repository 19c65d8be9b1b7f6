"""The on-call rota: who is told, and in which order, when something cannot wait.

Here: shifts, who is on call at a moment, stretches without anybody. Not here: telling
them (alerts.py), the order of telling (rota.py), the page (frontend). Called by the
desk's page and by alerts.py. A shift counts only while its holder has a role at the desk.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.history import acting
from accounts.models import ContactPoint, Membership, Person, Programme
from accounts.permissions import Permission
from accounts.staff import holders_of
from messaging.delivery import written_by_itself
from messaging.models import OnCallShift
from messaging.rota import UK, Span, uncovered, weekly

FIRST, SECOND, THIRD = 1, 2, 3
LONGEST = timedelta(days=7)  # so that a shift that comes back each week never runs into itself
MOST_WEEKS = 26
AHEAD = timedelta(weeks=4)


class ShiftRefused(Exception):
    """The shift was not written down, and no other of the same request was."""


class NotAtTheDesk(ShiftRefused):
    """This person has no role at the desk of the programme."""


class CannotBeWrittenTo(ShiftRefused):
    """Nothing that we send by itself reaches this person: they would never know."""


class BadHours(ShiftRefused):
    """It ends before it starts, is over already, or lasts for longer than LONGEST."""


class Taken(ShiftRefused):
    """Somebody is on that line then, or this person is on another: `shift`, None when it was written at this moment."""

    def __init__(self, shift: OnCallShift | None) -> None:
        super().__init__(f"in the way of shift {shift.pk if shift else 'unknown'}")
        self.shift = shift


class Over(Exception):
    """The shift has ended by itself."""


@dataclass(frozen=True)
class Rota:
    """`now`: who is on call at this moment, in order. `gaps`: nobody at all.

    `ahead`: shifts to come or going on; one whose holder lost their role does not count, and stands in the way
    of others until somebody takes it off.
    """

    programme: Programme
    now: tuple[OnCallShift, ...]
    ahead: tuple[OnCallShift, ...]
    gaps: tuple[Span, ...]


def on_call(programme: Programme, at: datetime, *, permission: Permission) -> QuerySet[OnCallShift]:
    """The shifts at this moment whose holders may do it, in the order of telling."""
    shifts = OnCallShift.objects.filter(programme=programme).at(at).of_those_who(permission)
    return shifts.select_related("person").order_by("line")


def rotas_of(programmes: Collection[Programme], now: datetime) -> list[Rota]:
    """The rota of each programme: what goes on and what is to come, with how to reach whoever it is. Two queries."""
    ahead: dict[int, list[OnCallShift]] = {programme.pk: [] for programme in programmes}
    shifts = OnCallShift.objects.filter(programme__in=ahead, ends_at__gt=now).with_standing(Permission.WORK_AT_DESK)
    reached = Prefetch("person__contact_points", ContactPoint.objects.current())
    for shift in shifts.select_related("person").prefetch_related(reached).order_by("starts_at", "line"):
        ahead[shift.programme_id].append(shift)
    return [_rota(programme, ahead[programme.pk], now) for programme in programmes]


def staff_of(programmes: Collection[Programme]) -> list[tuple[Programme, Person]]:
    """Who may be put on the rota of which programme, each once. One query."""
    of = {programme.pk: programme for programme in programmes}
    held = Membership.objects.live().allowing(Permission.WORK_AT_DESK).filter(programme__in=of)
    held = held.filter(user__person__contact_stopped_at=None).select_related("user__person")
    ordered = held.order_by("programme", "user__person__given_name", "user__person__family_name", "pk")
    pairs = dict.fromkeys((row.programme_id or 0, row.user.person) for row in ordered)
    return [(of[programme], person) for programme, person in pairs]


def add_shifts(
    *,
    programme: Programme,
    person: Person,
    line: int,
    starts_at: datetime,
    ends_at: datetime,
    weeks: int = 1,
    by: Person,
) -> list[OnCallShift]:
    """Put `person` on the rota, at the same hours of `weeks` weeks in a row. All of them or none.

    Raises NotAtTheDesk, CannotBeWrittenTo, BadHours, Taken.
    """
    with acting(by, "messaging.add_shifts"):
        if not holders_of(Permission.WORK_AT_DESK, programme).filter(pk=person.pk).exists():
            raise NotAtTheDesk
        if not written_by_itself(person):
            raise CannotBeWrittenTo
        if (
            not timezone.now() < ends_at
            or not timedelta(0) < _on_the_clock(ends_at) - _on_the_clock(starts_at) <= LONGEST
        ):
            raise BadHours
        spans = weekly((starts_at, ends_at), weeks)
        return [
            _add(OnCallShift(programme=programme, person=person, line=line, starts_at=a, ends_at=b)) for a, b in spans
        ]


def end_shift(*, shift: OnCallShift, by: Person) -> None:
    """Take a shift to come off the rota, or end the one that goes on now. Raises Over."""
    with acting(by, "messaging.end_shift"):
        now = timezone.now()
        shift = OnCallShift.objects.select_for_update().get(pk=shift.pk)
        if shift.ends_at <= now:
            raise Over
        if shift.starts_at >= now:
            shift.delete()
        else:
            shift.ends_at = now
            shift.save(update_fields=["ends_at"])


def _rota(programme: Programme, ahead: list[OnCallShift], now: datetime) -> Rota:
    counting = [shift for shift in ahead if shift.counts]  # type: ignore[attr-defined]  # annotated
    current = sorted((shift for shift in counting if shift.starts_at <= now), key=lambda shift: shift.line)
    gaps = uncovered(((shift.starts_at, shift.ends_at) for shift in counting), now, now + AHEAD)
    return Rota(programme, tuple(current), tuple(ahead), tuple(gaps))


def _add(shift: OnCallShift) -> OnCallShift:
    """The constraints of the table decide; what stands in the way is then looked up, to be named."""
    if (in_the_way := _in_the_way(shift)) is not None:
        raise Taken(in_the_way)
    try:
        with transaction.atomic():
            shift.save()
    except IntegrityError:
        raise Taken(_in_the_way(shift)) from None
    return shift


def _in_the_way(shift: OnCallShift) -> OnCallShift | None:
    same = OnCallShift.objects.filter(
        programme=shift.programme, starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at
    )
    return (
        same.filter(Q(line=shift.line) | Q(person=shift.person)).select_related("person").order_by("starts_at").first()
    )


def _on_the_clock(moment: datetime) -> datetime:
    return moment.astimezone(UK).replace(tzinfo=UTC)
