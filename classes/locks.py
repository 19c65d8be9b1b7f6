"""The order in which booking locks rows, and what a lost wait turns into.

The rule, for everything that touches places: people in id order, then the class,
then its bookings; what becomes scarcer is locked once, late, and for a bounded time.
Here: locking a class with its waiting list, and trying again. Not here: what is
done under the locks (booking.py, waiting_list/). The SQL function that takes a
place keeps the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from django.db import OperationalError, connection

from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingState, Session
from participants.models import Participant
from participants.standing import Standing, standings_of

T = TypeVar("T")
DEADLOCK, LOCK_NOT_AVAILABLE = "40P01", "55P03"
LONGEST_WAIT = "3s"


class QueueMoved(Exception):
    """Somebody joined between reading and locking, and cannot be locked now without risking a deadlock."""


@dataclass(frozen=True)
class LockedQueue:
    """A class whose row is locked, its waiting list in order, and where each person in it stands."""

    session: Session
    waiting: list[Booking]
    standings: dict[int, Standing]

    def has_room_for(self, party: int) -> bool:
        """Whether a newcomer could come as so many: the free places belong to whoever waits and was not passed by."""
        kept = any(turn.state == BookingState.WAITING and not turn.skipped_reason for turn in self.waiting)
        return not kept and self.session.fits(party)


def settled(attempt: Callable[[], T], *, tries: int = 2) -> T:
    """What `attempt` returns, tried `tries` times after a deadlock, a lock not granted in time, or a queue that moved.

    `attempt` opens its own transaction (`acting`), so that a failed one leaves nothing behind.
    """
    while True:
        try:
            return attempt()
        except (OperationalError, QueueMoved) as trouble:
            _only_contention(trouble)
            tries -= 1
            if not tries:
                raise TryAgain from trouble


def _only_contention(trouble: OperationalError | QueueMoved) -> None:
    if isinstance(trouble, OperationalError) and not lost_a_wait(trouble):
        raise trouble


def lost_a_wait(trouble: Exception) -> bool:
    """Whether `trouble` means only that others were there at the same moment."""
    contention = getattr(trouble.__cause__, "sqlstate", None) in (DEADLOCK, LOCK_NOT_AVAILABLE)
    return isinstance(trouble, TryAgain) or (isinstance(trouble, OperationalError) and contention)


def lock_queue(session_id: int, *, people: Collection[int] = ()) -> LockedQueue:
    """Lock `people` (ids of participants) and everybody waiting, then the class.

    Standings are read while their people are locked, so they stay true until the
    transaction ends. Raises QueueMoved when somebody new waits and is busy elsewhere.
    """
    return lock_queues([session_id], people=people)[session_id]


def lock_queues(session_ids: Collection[int], *, people: Collection[int] = ()) -> dict[int, LockedQueue]:
    """The same for several classes at once, by class: all their people first, then the classes in order of id."""
    bound_waits()
    queue = Booking.objects.filter(session_id__in=session_ids).waiting()
    locked = {*people, *queue.values_list("participant_id", flat=True)}
    lock_people(locked)
    standings = standings_of(Participant.objects.filter(pk__in=locked))
    sessions = [lock_session(pk) for pk in sorted(session_ids)]
    waiting = list(queue.select_related("participant__person", "participant__programme"))
    if newcomers := {booking.participant_id for booking in waiting} - locked:
        lock_newcomers(newcomers)
        standings |= standings_of(Participant.objects.filter(pk__in=newcomers))
    return {
        session.pk: LockedQueue(session, [b for b in waiting if b.session_id == session.pk], standings)
        for session in sessions
    }


def lock_newcomers(ids: Collection[int]) -> None:
    """Lock people after their class, against the order, and therefore without waiting for any of them."""
    rows = Participant.objects.filter(pk__in=ids).select_for_update(no_key=True, skip_locked=True)
    if len(rows.values_list("pk")) < len(ids):
        raise QueueMoved


def bound_waits() -> None:
    """No lock of this transaction is waited for longer than LONGEST_WAIT."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST_WAIT])


def lock_people(ids: Collection[int]) -> None:
    list(Participant.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def lock_session(session_id: int) -> Session:
    return (
        Session.objects.select_related("programme", "class_type", "venue")
        .select_for_update(no_key=True, of=("self",))
        .get(pk=session_id)
    )


def whole_booking(booking_id: int) -> Booking:
    """The booking as it is now, with what its messages speak of, in one query."""
    return Booking.objects.select_related(
        "session__class_type", "session__venue", "participant__person", "participant__programme"
    ).get(pk=booking_id)


def locked_booking(booking: Booking) -> tuple[Booking, LockedQueue]:
    """`booking` as it is; its person, its class and everybody who waits there are locked. A turn is the queue's own."""
    queue = lock_queue(booking.session_id, people=[booking.participant_id])
    own = next((turn for turn in queue.waiting if turn.pk == booking.pk), None) or whole_booking(booking.pk)
    own.session = queue.session
    return own, queue
