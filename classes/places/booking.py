"""Places: taking one, giving it back, changing how many there are.

Here: the one door through which page, API, supporter and desk book and cancel.
Callers never see locks, waiting list, history or messages. Not here: the
judgement (eligibility.py), the order of the waiting list (waiting_list/), the
register of who came (register/), pages.

The rules, in order: facts are read and judged before any lock; then one short
SQL statement (classes_take_place, in the migrations) takes the place and says
"moved" when a judged fact has changed; then it is judged again, at most twice.
`Session.places_taken` is changed here, in waiting_list/ and in that statement only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from django.db.models import BigIntegerField, F, Q
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person
from accounts.prepared import Given, Prepared, ask
from classes.interpreters import ask_for_interpreter
from classes.judging.judgement import reasons_to_refuse, refuse_if_not_eligible
from classes.judging.refusals import (
    CapacityBelowHeld,
    NoRoomForCompanion,
    Overlaps,
    PlacesBeyondHall,
    SessionFull,
    SessionNotOpen,
    TooLate,
    TryAgain,
)
from classes.judging.weekly_limits import keep_to_limit
from classes.locks import (
    LockedQueue,
    QueueMoved,
    bound_waits,
    lock_queue,
    lock_queues,
    lock_session,
    locked_booking,
    settled,
    whole_booking,
)
from classes.models import Booking, BookingSource, BookingState, Session
from classes.models.booking import HELD_STATES
from classes.register.welfare import heard_from
from classes.telling import copies, notices
from classes.waiting_list.serving import count_places, end, offer_freed_places, offer_in_order, serve_where_time_is_free
from participants.models import Participant
from participants.standing import Standing, standing_of

__all__ = [
    "book_place",
    "cancel_booking",
    "change_capacity",
    "free_place",
    "give_back",
    "give_back_places",
    "lock_places",
    "offer_freed_places",
    "release_all",
    "take_untold",
]

Tell = Callable[[Booking, Actor], None]
JUDGED_AT_MOST = 3
CLASS_CANCELLED = "class_cancelled"
CLASS_CHANGED = "class_changed"  # end_reason: it was moved, and the person cannot come any more
NOT_CLEARED = notices.NOT_CLEARED
NOT_WELL, APPOINTMENT, TRAVEL = "not_well", "appointment", "travel"
OTHER_PLANS, PREFER_NOT_TO_SAY = "other_plans", "prefer_not_to_say"
CANCEL_REASONS = (NOT_WELL, APPOINTMENT, TRAVEL, OTHER_PLANS, PREFER_NOT_TO_SAY)


@dataclass(frozen=True)
class LockedPlaces:
    """Live bookings of one person that are held until the end of the action, each class with its waiting list."""

    bookings: list[Booking]
    queues: dict[int, LockedQueue]


@dataclass(frozen=True)
class Wish:
    """What somebody asked for, as the statement needs it."""

    participant: Participant
    session: Session
    by: Person
    source: BookingSource
    request_key: str = ""
    or_wait: bool = False
    book_automatically: bool = False
    party: int = 1
    copy: bool = False
    despite_limit: str = ""
    judged_by: Standing | None = None  # read with the rest of the wish: for whoever compares its version

    @property
    def passes_limit(self) -> bool:
        """Staff may go past the limit of a week, and say why."""
        return bool(self.despite_limit) and self.source == BookingSource.DESK


def book_place(
    *,
    participant: Participant,
    session: Session,
    by: Person,
    source: BookingSource,
    request_key: str = "",
    or_wait: bool = False,
    book_automatically: bool = False,
    party: int = 1,
    copy: bool = False,
    despite_limit: str = "",
) -> Booking:
    """A place for `participant` in `session`; with `or_wait`, else a turn in its waiting list.

    Returns the booking (BOOKED or WAITING). A live booking of this person for this
    class, or an earlier one made by `by` with this `request_key`, is returned as it
    is, and nothing is written (`made_now` tells them apart). `party` is 2 with a companion. `copy` tells `by` as
    well, who supports the participant and may see their messages. `despite_limit`: why staff give one place more than
    the person's phase allows in a week; it stands in the history.

    Raises NotEligible(reasons), BeyondWeeklyLimit, SessionNotOpen, TooLate, SessionFull, NoRoomForCompanion, Overlaps,
    TryAgain; after each of them nothing has changed.
    """
    return book(
        Wish(participant, session, by, source, request_key, or_wait, book_automatically, party, copy, despite_limit)
    )


def book(wish: Wish) -> Booking:
    """The same, for a wish that is put together already."""
    for _ in range(JUDGED_AT_MOST):
        standing = judge(wish.participant, wish.session)
        if booking := settled(lambda standing=standing: _take(wish, standing)):  # type: ignore[misc]
            booking.judged = standing
            return booking
        wish.session.refresh_from_db(fields=["starts_at", "ends_at", "mode"])
    raise TryAgain


def judge(participant: Participant, session: Session, *, read: Standing | None = None) -> Standing:
    """The facts that let this person in: as they were `read`, or as they are now. Raises NotEligible."""
    standing = read or standing_of(participant)
    refuse_if_not_eligible(standing, participant, session)
    return standing


def _take(wish: Wish, standing: Standing) -> Booking | None:
    """The booking, or None when a judged fact has changed meanwhile."""
    why = wish.despite_limit if wish.passes_limit else ""
    with acting(wish.by, "classes.book_place", on_behalf_of=wish.participant.person, reason=why):
        booking = take_untold(wish, standing)
        if booking and booking.made_now:
            _tell(booking, wish)
    return booking


def take_untold(wish: Wish, standing: Standing) -> Booking | None:
    """The place or turn, of which the caller tells its person; None when a judged fact has changed meanwhile.

    A part of an action. What it raises leaves rows behind for the caller's transaction to undo.
    """
    outcome, booking_id = _take_place(wish, standing.version, timezone.now())
    if outcome == "moved":
        return None
    if outcome not in ("booked", "waiting", "existing"):
        _refuse(outcome, booking_id)
    if outcome == "existing":
        return whole_booking(booking_id)
    booking = _made(booking_id, wish)
    if outcome == "booked" and not wish.passes_limit:
        keep_to_limit(booking, standing)
    ask_for_interpreter(booking, wish.by)
    return booking


def _made(booking_id: int, wish: Wish) -> Booking:
    """What the statement has just written. The class is held until the end: nothing is read that the wish knows."""
    booking = _JUST_MADE.first(pk=booking_id)
    assert booking is not None  # noqa: S101  the transaction that wrote it is still open
    booking.participant, booking.session, booking.made_now = wish.participant, wish.session, True
    return booking


_JUST_MADE = Prepared(lambda: Booking.objects.filter(pk=Given("pk", BigIntegerField())))


def _tell(booking: Booking, wish: Wish) -> None:
    told = notices.booking_confirmed if booking.state == BookingState.BOOKED else notices.waiting_joined
    told(booking, wish.by)
    if wish.copy:
        copies.send_copy(booking=booking, to=wish.by)


def _take_place(wish: Wish, version: int, now: datetime) -> tuple[str, int]:
    ((outcome, booking_id),) = ask(
        _TAKE_PLACE,
        [
            wish.participant.pk,
            wish.session.pk,
            version,
            wish.session.starts_at,
            wish.session.mode,
            wish.party,
            wish.source,
            wish.by.pk,
            wish.request_key,
            wish.or_wait,
            wish.book_automatically,
            now,
        ],
    )
    return outcome, booking_id


_TAKE_PLACE = (
    "SELECT outcome, booking_id FROM classes_take_place("
    "%s::bigint, %s::bigint, %s::integer, %s, %s, %s::smallint, %s, %s::bigint, %s, %s, %s, %s)"
)


def _refuse(outcome: str, booking_id: int) -> NoReturn:
    if outcome == "overlaps":
        raise Overlaps(booking_id)
    no_place = {"full": SessionFull, "no_companion": NoRoomForCompanion}
    raise {**no_place, "started": TooLate, "not_open": SessionNotOpen}[outcome]


def cancel_booking(*, booking: Booking, by: Actor, reason: str = "", copy: bool = False) -> Booking:
    """Give the place back, or leave the waiting list: possible up to the start, and never held against anybody.

    The place goes to whoever waits in the same transaction; after it the person's own
    turns in classes at that time are served. A booking that is already over is returned
    as it is. `copy` is for a supporter, as in book_place. Raises TooLate at the start, and TryAgain.
    """
    own = give_back(booking=booking, by=by, reason=reason, copy=copy)
    serve_where_time_is_free(people=[own.participant_id], during=own.during, by=by)
    return own


def give_back(*, booking: Booking, by: Actor, reason: str = "", copy: bool = False) -> Booking:
    """The same, for somebody who gives up every place at once: their own turns are not served."""

    def attempt() -> Booking:
        now = timezone.now()
        with acting(by, "classes.cancel_booking", on_behalf_of=booking.participant.person, reason=reason):
            own, queue = locked_booking(booking)
            if own.ended_at is not None:
                return own
            if queue.session.has_started(now):
                raise TooLate
            held = _give_back(own, queue, by=by, now=now, reason=reason)
            notices.booking_cancelled(own, by)
            if by == own.participant.person:
                heard_from(own.participant)
            if copy and isinstance(by, Person):
                copies.send_copy(booking=own, to=by)
            offer_in_order(queue, by=by, now=now, newly_free=held)
            return own

    return settled(attempt)


def free_place(*, booking: Booking, by: Actor) -> Booking:
    """Take back a held place that does not stand, and give it to whoever waits; the person is told.

    Judged again under the locks: a place that stands after all, has been given
    back, or is of a class that has started, is returned as it is. Raises TryAgain.
    """

    def attempt() -> Booking:
        now = timezone.now()
        with acting(by, "classes.free_place", on_behalf_of=booking.participant.person, reason=NOT_CLEARED):
            own, queue = locked_booking(booking)
            stands = not reasons_to_refuse(queue.standings[own.participant_id], queue.session)
            if own.state not in HELD_STATES or stands or queue.session.has_started(now):
                return own
            _give_back(own, queue, by=by, now=now, reason=NOT_CLEARED)
            notices.place_freed(own, by)
            offer_in_order(queue, by=by, now=now, newly_free=True)
            return own

    return settled(attempt)


def lock_places(participant: Participant, which: Q) -> LockedPlaces:
    """Lock `participant`, their live bookings among `which`, the classes of these and everybody who waits there.

    A part of an action that then ends these places. Raises QueueMoved when one was
    added meanwhile.
    """
    theirs = Booking.objects.filter(which, participant=participant).live()
    queues = lock_queues(set(theirs.values_list("session_id", flat=True)), people=[participant.pk])
    bookings = list(theirs.select_related("participant__person", "participant__programme").order_by("id"))
    if {booking.session_id for booking in bookings} - queues.keys():
        raise QueueMoved
    for booking in bookings:
        booking.session = queues[booking.session_id].session
    return LockedPlaces(bookings, queues)


def give_back_places(
    places: LockedPlaces, *, reason: str, by: Actor, now: datetime, tell: Tell = notices.booking_cancelled
) -> None:
    """End every booking in `places`, as cancelling does, but after the start too: the caller has said why.

    `tell` is called for each of them, where one message shall not be sent for each.
    """
    for booking in places.bookings:
        queue = places.queues[booking.session_id]
        held = _give_back(booking, queue, by=by, now=now, reason=reason)
        tell(booking, by)
        offer_in_order(queue, by=by, now=now, newly_free=held)


def _give_back(own: Booking, queue: LockedQueue, *, by: Actor, now: datetime, reason: str) -> bool:
    """End a booking under the locks: its place is free, and nobody is asked about it any more.

    Returns whether somebody had that place: then it has newly come free, and does not only pass on.
    """
    held, had_a_place = own.state in HELD_STATES, own.state == BookingState.BOOKED
    end(own, by=by, now=now, reason=reason)
    if held:
        count_places(queue.session, go=own.party)
    queue.waiting[:] = [b for b in queue.waiting if b.pk != own.pk]
    return had_a_place


def change_capacity(
    *, session: Session, capacity: int, by: Person, reserved: int | None = None, walk_in: int | None = None
) -> Session:
    """Make the class larger or smaller, or keep another number of places back (`reserved`) or for whoever comes
    without booking (`walk_in`); None: as many as now.

    New places go to whoever waits before the public sees them.

    Raises CapacityBelowHeld when places that are held or kept would be lost, PlacesBeyondHall, and TryAgain.
    """

    def attempt() -> Session:
        with acting(by, "classes.change_capacity"):
            queue = lock_queue(session.pk)
            locked = queue.session
            back = locked.reserved if reserved is None else reserved
            door = locked.walk_in if walk_in is None else walk_in
            if capacity < (held := locked.places_taken + back + door):
                raise CapacityBelowHeld(held)
            if locked.companions and locked.holds is not None and capacity + locked.companions > locked.holds:
                raise PlacesBeyondHall(locked.holds - locked.companions)
            more = capacity - back - door > locked.capacity - locked.kept
            Session.objects.filter(pk=locked.pk).update(
                capacity=capacity, reserved=back, walk_in=door, version=F("version") + 1
            )
            locked.capacity, locked.reserved, locked.walk_in = capacity, back, door
            locked.version += 1
            offer_in_order(queue, by=by, now=timezone.now(), newly_free=more)
            return locked

    return settled(attempt)


def release_all(*, session: Session, by: Actor, reason: str = "") -> list[Booking]:
    """End every live booking of a class that will not take place, and give all its places back.

    Part of cancelling a class: the caller cancels the session in the same
    transaction, and tells everybody. `reason` is kept in the history. Returns
    the bookings that were live. Raises TryAgain.
    """

    def attempt() -> list[Booking]:
        with acting(by, "classes.release_all", reason=reason):
            return _close_all(session, by=by, now=timezone.now())

    return settled(attempt)


def _close_all(session: Session, *, by: Actor, now: datetime) -> list[Booking]:
    """Under the class's lock nobody joins; the people stay unlocked, since their callers wait for the class."""
    bound_waits()
    locked = lock_session(session.pk)
    rows = Booking.objects.filter(session=session).live().select_for_update(of=("self",)).order_by("id")
    live = list(rows.select_related("participant__person", "participant__programme"))
    for booking in live:
        booking.session = locked
        end(booking, by=by, now=now, reason=CLASS_CANCELLED, state=BookingState.CLOSED)
    Session.objects.filter(pk=locked.pk).update(places_taken=0, companions=0, version=F("version") + 1)
    locked.places_taken, locked.companions, locked.version = 0, 0, locked.version + 1
    return live
