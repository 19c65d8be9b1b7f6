"""Who comes, changed while the place or the turn is held: with somebody, or alone; and how one waits.

Here: the one action. Not here: what a companion is on a register (register/companions.py), the message
(telling/who_comes.py), pages. Called by pages and API, for oneself, as a supporter, at the desk.

A companion has a place of their own, or comes beside the places where the class is so. One more place is taken as a
newcomer would take it; one less goes to whoever waits. A turn stays where it is in the queue: nobody has to leave it
to come alone, or with somebody.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person
from classes.judging.refusals import NoPlace, NoRoomForCompanion, SessionFull, TooLate
from classes.locks import LockedQueue, locked_booking, settled
from classes.models import Booking, BookingState
from classes.models.booking import HELD_STATES
from classes.telling.who_comes import tell_who_comes
from classes.waiting_list.serving import PARTY_TOO_LARGE, count_places, offer_in_order

MAY_CHANGE = (*HELD_STATES, BookingState.WAITING)


def change_who_comes(
    *, booking: Booking, party: int | None = None, book_automatically: bool | None = None, by: Person
) -> Booking:
    """`party`: 2 with a companion, 1 alone. `book_automatically`: of a turn alone. None: as it is.

    As it was before: returned as it is. Raises NoPlace when the booking is over, TooLate at the start, SessionFull when
    no second place is to be had, NoRoomForCompanion where none is needed and the hall is full, TryAgain; after each of
    them nothing has changed.
    """

    def attempt() -> Booking:
        now = timezone.now()
        with acting(by, "classes.change_who_comes", on_behalf_of=booking.participant.person):
            own, queue = locked_booking(booking)
            if own.state not in MAY_CHANGE:
                raise NoPlace
            if queue.session.has_started(now):
                raise TooLate
            if own.state == BookingState.WAITING:
                _wait_otherwise(own, book_automatically)
            if party is not None and party != own.party:
                _come(own, queue, party, by=by, now=now)
            return own

    return settled(attempt)


def _wait_otherwise(own: Booking, book_automatically: bool | None) -> None:
    if book_automatically is not None:
        own.book_automatically = book_automatically
        own.save(update_fields=["book_automatically"])


def _come(own: Booking, queue: LockedQueue, party: int, *, by: Actor, now: datetime) -> None:
    before, state = own.party, own.state
    _refuse_more(own, queue, party)
    own.party = party
    if own.skipped_reason == PARTY_TOO_LARGE:
        own.skipped_reason = ""
    own.save(update_fields=["party", "skipped_reason"])
    if state in HELD_STATES:
        count_places(queue.session, come=party, go=before)
    tell_who_comes(own, by)
    if party < before:  # a place is free, or would do for this turn now
        offer_in_order(queue, by=by, now=now, newly_free=state == BookingState.BOOKED)


def _refuse_more(own: Booking, queue: LockedQueue, party: int) -> None:
    session, more = queue.session, party > own.party
    if more and session.is_one_to_one:
        raise SessionFull
    if not more or own.state not in HELD_STATES:
        return
    places = session.places_for(party) - session.places_for(own.party)
    if places and not queue.has_room_for(places):
        raise SessionFull
    if not session.has_room_beside(party, instead_of=own.party):
        raise NoRoomForCompanion
