"""The waiting list: who gets a place that has become free, and who is passed by and why.

Here: giving free places in order, inside the transaction that freed them. Not
here: joining and leaving the list (booking.py), the calls themselves
(messaging.worklist). Called by booking.py, by the desk, and when somebody's
clearance comes back.

First version: a place goes by itself to whoever ticked "book me automatically"
while the class is more than 24 hours away. Otherwise the desk calls the next
person in order. Who may not come, or needs more places than are free, is passed
by with the reason written down, and keeps their turn; who may not come is told so, once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from django.db.models import F
from django.utils import timezone
from psycopg.types.range import Range

from accounts.history import Actor, acting
from accounts.models import Person
from classes import notices
from classes.interpreters import ask_for_interpreter, place_has_ended
from classes.judgement import reasons_to_refuse
from classes.locks import LockedQueue, lock_queue, settled
from classes.models import Booking, BookingSource, BookingState, Session
from classes.models.booking import HELD_STATES
from classes.refusals import NotEligible, NotWaiting, Overlaps, SessionFull, SessionNotOpen, TooLate, TryAgain
from messaging import worklist
from messaging.quiet_hours import quiet_until, within_calling_hours

log = structlog.get_logger(__name__)

AUTOMATIC_UNTIL = timedelta(hours=24)  # before the start; later than that a person is asked first
CALL_WITHIN = timedelta(hours=4)  # of those in which people are called
TO_GET_THERE = timedelta(hours=2)  # whoever is called must still be able to come
# Kinds of the desk's tasks about one booking; they end with it.
CALL, PLACE_IN_DOUBT = "waiting_call", "place_in_doubt"
# Why somebody was passed by, beside the reasons of eligibility.
OVERLAP, PARTY_TOO_LARGE, NOT_REACHED = "overlaps", "party_too_large", "not_reached"
PLACED_ELSEWHERE = "placed_elsewhere"  # why an overlapping wait ended


def offer_freed_places(*, session: Session, by: Actor) -> list[Booking]:
    """Give the free places of `session` to those who wait, in order. Returns the bookings that got one.

    Call it in the transaction that freed the place: until it has run, the place
    is nobody's, and the public never sees it. Raises TryAgain.
    """

    def attempt() -> list[Booking]:
        with acting(by, "classes.offer_freed_places"):
            return offer_in_order(lock_queue(session.pk), by=by, now=timezone.now())

    return settled(attempt)


def serve_where_time_is_free(
    *, people: Collection[int], during: Range[datetime] | tuple[datetime, datetime], by: Actor
) -> None:
    """`people` (ids of participants) no longer hold a place `during` this time: serve their turns elsewhere.

    For after the transaction that ended those places: each other class is locked in one of its own, or the order of
    locks would not hold. A class that is too busy is left for the next place that comes free in it.
    """
    passed_by = Booking.objects.filter(
        participant__in=people, during__overlap=during, state=BookingState.WAITING, skipped_reason=OVERLAP
    )
    for session in Session.objects.filter(pk__in=passed_by.values("session")).order_by("starts_at", "pk"):
        try:
            offer_freed_places(session=session, by=by)
        except TryAgain:
            log.warning("turns_not_served", session=session.pk)


def give_place(*, booking: Booking, by: Person) -> Booking:
    """The desk gives a free place to somebody on the waiting list, after speaking with them.

    Raises NotWaiting, SessionNotOpen, TooLate, SessionFull, NotEligible, Overlaps, TryAgain.
    """

    def attempt() -> Booking:
        now = timezone.now()
        with acting(by, "classes.give_place", on_behalf_of=booking.participant.person):
            queue = lock_queue(booking.session_id)
            waiting = _own(queue, booking)
            _refuse_if_closed(queue.session, now)
            if waiting.party > queue.session.places_left:
                raise SessionFull
            if reasons := reasons_to_refuse(queue.standings[waiting.participant_id], queue.session):
                raise NotEligible(reasons)
            if held := _held_at_that_time(waiting):
                raise Overlaps(held.pk)
            _place(waiting, queue, by=by, now=now)
            return waiting

    return settled(attempt)


def pass_by(*, booking: Booking, by: Person) -> Booking:
    """The desk could not reach this person: the place goes to the next, and they keep their turn.

    Raises NotWaiting, TryAgain.
    """

    def attempt() -> Booking:
        with acting(by, "classes.pass_by", on_behalf_of=booking.participant.person):
            queue = lock_queue(booking.session_id)
            waiting = _own(queue, booking)
            _skip(waiting, NOT_REACHED, by=by)
            offer_in_order(queue, by=by, now=timezone.now())
            return waiting

    return settled(attempt)


def offer_in_order(queue: LockedQueue, *, by: Actor, now: datetime) -> list[Booking]:
    """Walk the queue while places are left: each is passed by with a reason, placed, or called by the desk."""
    placed: list[Booking] = []
    if queue.session.status != "published" or queue.session.has_started(now):
        return placed
    left = queue.session.places_left
    for booking in queue.waiting:
        if left <= 0:
            break
        if reason := _reason_to_pass_by(booking, queue, left):
            _skip(booking, reason, by=by)
            if reason in notices.MAY_NOT_COME:
                notices.passed_by(booking, by)
            continue
        left -= booking.party
        if booking.book_automatically and now < queue.session.starts_at - AUTOMATIC_UNTIL:
            _place(booking, queue, by=by, now=now)
            placed.append(booking)
        else:
            _skip(booking, "", by=by)
            _ask_desk_to_call(booking, queue.session, by=by, now=now)
    return placed


def _reason_to_pass_by(booking: Booking, queue: LockedQueue, left: int) -> str:
    if booking.skipped_reason == NOT_REACHED:  # the desk said so; only the desk or the person changes it
        return NOT_REACHED
    if reasons := reasons_to_refuse(queue.standings[booking.participant_id], queue.session):
        return reasons[0].value
    if _held_at_that_time(booking):
        return OVERLAP
    return PARTY_TOO_LARGE if booking.party > left else ""


def _held_at_that_time(booking: Booking) -> Booking | None:
    return (
        Booking.objects.filter(
            participant_id=booking.participant_id, state__in=HELD_STATES, during__overlap=booking.during
        )
        .order_by("pk")
        .first()
    )


def _own(queue: LockedQueue, booking: Booking) -> Booking:
    for waiting in queue.waiting:
        if waiting.pk == booking.pk:
            waiting.session = queue.session
            return waiting
    raise NotWaiting


def _refuse_if_closed(session: Session, now: datetime) -> None:
    if session.status != "published":
        raise SessionNotOpen
    if session.has_started(now):
        raise TooLate


def _skip(booking: Booking, reason: str, *, by: Actor) -> None:
    """Write down why the place passes this person by ("": it does not). Whom it passes by nobody calls about it."""
    if booking.skipped_reason != reason:
        booking.skipped_reason = reason
        booking.save(update_fields=["skipped_reason"])
        if reason:
            worklist.cancel_tasks(kinds=[CALL], subject_id=booking.pk, by=by)


def _place(booking: Booking, queue: LockedQueue, *, by: Actor, now: datetime) -> None:
    booking.session = queue.session
    booking.state = BookingState.BOOKED
    booking.source = BookingSource.OFFER
    booking.skipped_reason = ""
    booking.facts_version = queue.standings[booking.participant_id].version
    booking.save(update_fields=["state", "source", "skipped_reason", "facts_version"])
    count_places(queue.session, booking.party)
    worklist.cancel_tasks(kinds=[CALL], subject_id=booking.pk, by=by)
    for other in _withdraw_overlapping(booking, by=by, now=now):
        notices.booking_cancelled(other, by)
    notices.placed_from_waiting(booking, by)
    ask_for_interpreter(booking, by)


def count_places(session: Session, more: int) -> None:
    """Change the counter of a locked class by `more` (negative: given back), in the row and in `session`."""
    Session.objects.filter(pk=session.pk).update(places_taken=F("places_taken") + more, version=F("version") + 1)
    session.places_taken += more
    session.version += 1


def _withdraw_overlapping(placed: Booking, *, by: Actor, now: datetime) -> list[Booking]:
    """End this person's waits for other classes at that time.

    The person is locked, so that none becomes a place now; each row is too, since the class may be being cancelled.
    """
    others = list(
        Booking.objects.filter(participant_id=placed.participant_id, during__overlap=placed.during)
        .waiting()
        .exclude(pk=placed.pk)
        .select_for_update(of=("self",), no_key=True)
        .select_related("session__class_type", "session__venue", "participant__person", "participant__programme")
    )
    for other in others:
        end(other, by=by, now=now, reason=PLACED_ELSEWHERE)
    return others


def end(
    booking: Booking, *, by: Actor, now: datetime, reason: str, state: BookingState = BookingState.CANCELLED
) -> None:
    """The booking is over, and so is the work about it; the caller holds the locks and counts the places."""
    had_a_place = booking.state in HELD_STATES
    booking.state = state
    booking.ended_at = now
    booking.ended_by = by if isinstance(by, Person) else None
    booking.end_reason = reason
    booking.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])
    worklist.cancel_tasks(kinds=[CALL, PLACE_IN_DOUBT], subject_id=booking.pk, by=by)
    if had_a_place:
        place_has_ended(booking, by)


def _call_by(now: datetime, session: Session) -> datetime:
    """Nobody is called at night. When the class is soon the call is due at once, or as soon as people may be called."""
    in_time = min(within_calling_hours(now, CALL_WITHIN), session.starts_at - TO_GET_THERE)
    return min(max(in_time, quiet_until(now) or now), session.starts_at)


def _ask_desk_to_call(booking: Booking, session: Session, *, by: Actor, now: datetime) -> None:
    worklist.raise_task(
        programme=session.programme,
        kind=CALL,
        due_at=_call_by(now, session),
        about=booking.participant.person,
        subject_id=booking.pk,
        dedupe_key=f"{CALL}:{booking.pk}",
        by=by,
    )
