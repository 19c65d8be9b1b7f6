"""Whether whoever comes along with somebody came: a tick of their own, counted in no attendance and no outcome.

Here: adding such marks, inside an action that holds the class. Not here: places for two (places/booking.py), marks of
the people themselves (taking.py, which calls this).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from accounts.models import Person
from classes.models import Booking, CompanionMark, Session
from classes.register.acknowledging import Acknowledgement, Outcome, Refused


@dataclass(frozen=True)
class NewCompanionMark:
    """One tick as it was made: of a place for two.

    `knew`: the tick that whoever made it saw before; None where there was none. It is looked at where `seen` says so.
    """

    id: UUID
    booking_id: int
    came: bool
    knew: bool | None = None
    seen: bool = False


def add_companion_marks(
    session: Session, marks: Sequence[NewCompanionMark], now: datetime, by: Person
) -> list[Acknowledgement]:
    """One answer for each, in the order they came; the last one of a place counts. Sending it again adds nothing.

    One that says otherwise than a tick of which whoever made it did not know `differs`: both are kept.
    """
    if not marks:
        return []
    known = {one.pk: one for one in CompanionMark.objects.filter(pk__in=[mark.id for mark in marks])}
    wanted = [mark.booking_id for mark in marks]
    for_two = set(Booking.objects.filter(session=session, party__gt=1, pk__in=wanted).values_list("pk", flat=True))
    counts = _in_force(wanted)
    answers, at = [], _after_all_there_is(session, now)
    for place, mark in enumerate(marks):
        answer = _acknowledge(mark, known, for_two)
        if answer.outcome is Outcome.RECORDED:
            when = at + timedelta(microseconds=place)
            new = CompanionMark(id=mark.id, booking_id=mark.booking_id, came=mark.came, at=when, by=by)
            new.save(force_insert=True)
            known[mark.id] = new
            answer = replace(
                answer, differs=mark.seen and counts.get(mark.booking_id) not in (None, mark.knew, mark.came)
            )
            counts[mark.booking_id] = mark.came
        answers.append(answer)
    return answers


def _in_force(booking_ids: Sequence[int]) -> dict[int, bool]:
    """By the booking, what the latest tick says."""
    ticks = CompanionMark.objects.filter(booking__in=booking_ids).order_by("at", "id")
    return dict(ticks.values_list("booking", "came"))


def _acknowledge(mark: NewCompanionMark, known: dict[UUID, CompanionMark], for_two: set[int]) -> Acknowledgement:
    if (there := known.get(mark.id)) is not None:
        same = (there.booking_id, there.came) == (mark.booking_id, mark.came)
        return Acknowledgement(mark.id, Outcome.REPEATED) if same else _refused(mark, Refused.ID_USED)
    if mark.booking_id not in for_two:
        return _refused(mark, Refused.NOT_ON_REGISTER)
    return Acknowledgement(mark.id, Outcome.RECORDED)


def _refused(mark: NewCompanionMark, why: Refused) -> Acknowledgement:
    return Acknowledgement(mark.id, Outcome.REFUSED, why)


def _after_all_there_is(session: Session, now: datetime) -> datetime:
    """Later than every such mark of the class, also when a clock was set back."""
    last = CompanionMark.objects.filter(booking__session=session).aggregate(last=Max("at"))["last"]
    return now if last is None else max(now, last + timedelta(microseconds=1))
