"""Somebody to be booked for a place: an interpreter, a lip-speaker, a communicator for deafblind people.

Here: one task of the desk for each place in a class in person, or one-to-one, of
somebody with such a need; made with the place and ended with it. Not here: the
needs (participants), which places there are. Called inside the transactions of
booking.py and waiting_list/, and when somebody's needs change (life_events.py).
Where a professional was booked and the place ends, the task is to call them off.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.history import Actor
from classes.models import Booking, BookingState, Mode, Session, SessionKind
from messaging import worklist
from messaging.models import Task, TaskState
from participants.models import AccessNeed

BOOK_INTERPRETER, CALL_OFF_INTERPRETER = "book_interpreter", "call_off_interpreter"  # subject: the booking
BOOKED = "interpreter_booked"  # the outcome that says so
SOON = timedelta(days=2)
WELL_BEFORE = timedelta(days=14)  # professionals are booked weeks ahead
CALLED_OFF_WITHIN = timedelta(hours=4)


def is_needed_in(session: Session) -> bool:
    return session.mode == Mode.IN_PERSON or session.kind == SessionKind.ONE_TO_ONE


def ask_for_interpreter(booking: Booking, by: Actor) -> None:
    """`booking` is a place now: one task, if its person needs somebody there. Twice is harmless."""
    if booking.state != BookingState.BOOKED or not is_needed_in(booking.session) or not _is_needed_by(booking):
        return
    last = _last_task(booking)
    if last is None or (last.kind == CALL_OFF_INTERPRETER and last.state == TaskState.DONE):
        _ask(booking, BOOK_INTERPRETER, due_at=_due(booking.session, timezone.now()), by=by)
    elif last.kind == CALL_OFF_INTERPRETER:
        worklist.cancel_tasks(kinds=[CALL_OFF_INTERPRETER], subject_id=booking.pk, by=by)  # still booked


def place_has_ended(booking: Booking, by: Actor) -> None:
    """Nobody needs to be booked any more; who was booked is called off."""
    if not is_needed_in(booking.session):
        return
    worklist.cancel_tasks(kinds=[BOOK_INTERPRETER], subject_id=booking.pk, by=by)
    last, now = _last_task(booking), timezone.now()
    if last is not None and last.outcome == BOOKED and booking.session.starts_at > now:
        _ask(booking, CALL_OFF_INTERPRETER, due_at=now + CALLED_OFF_WITHIN, by=by)


def place_has_moved(booking: Booking, by: Actor) -> None:
    """The class is at another time or place now: whoever was booked is called off, and somebody is asked for anew."""
    worklist.cancel_tasks(kinds=[BOOK_INTERPRETER], subject_id=booking.pk, by=by)
    last, now = _last_task(booking), timezone.now()
    if last is not None and last.outcome == BOOKED:
        _ask(booking, CALL_OFF_INTERPRETER, due_at=now + CALLED_OFF_WITHIN, by=by)
    if is_needed_in(booking.session) and _is_needed_by(booking):
        _ask(booking, BOOK_INTERPRETER, due_at=_due(booking.session, now), by=by)


def judge_again(booking: Booking, by: Actor) -> None:
    """The needs of its person have changed; the caller holds the participant's row."""
    if _is_needed_by(booking):
        ask_for_interpreter(booking, by)
    else:
        place_has_ended(booking, by)


def _is_needed_by(booking: Booking) -> bool:
    needs = AccessNeed.objects.filter(person=booking.participant.person_id)
    return bool(needs.for_professionals().exists())


def _due(session: Session, now: datetime) -> datetime:
    """Two days to see to it, or fewer where the class is near; never before this moment."""
    return max(now, min(now + SOON, session.starts_at - WELL_BEFORE))


def _last_task(booking: Booking) -> Task | None:
    """What somebody was asked last about this place, and still is or has done."""
    asked = Task.objects.filter(kind__in=(BOOK_INTERPRETER, CALL_OFF_INTERPRETER), subject_id=booking.pk)
    return asked.exclude(state=TaskState.CANCELLED).order_by("-id").first()


def _ask(booking: Booking, kind: str, *, due_at: datetime, by: Actor) -> None:
    worklist.raise_task(
        programme=booking.session.programme,
        kind=kind,
        due_at=due_at,
        about=booking.participant.person,
        subject_id=booking.pk,
        dedupe_key=f"{kind}:{booking.pk}",
        by=by,
    )
