"""A class made smaller than the places that are held: staff choose who gives theirs back, and say why.

Here: the one action, and when the number of places stays as it is. Not here: making it larger, or smaller
within what is free (booking.py), the message (telling/notices.py). Called by the desk's page and its API.

One transaction, in which the waiting list is served last: a place that is given back here goes
to nobody, and would otherwise be gone before the class is smaller.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from classes.judging.refusals import CapacityBelowHeld, FewerNeeded, PlacesFixed, TooLate
from classes.locks import LockedQueue, lock_queue, settled
from classes.models import Booking, BookingState, OfferKind, OfferState, Session, SessionKind
from classes.models.booking import HELD_STATES
from classes.places.booking import change_capacity
from classes.telling import notices
from classes.waiting_list.offers import open_offer
from classes.waiting_list.serving import (
    count_places,
    end,
    offer_in_order,
    serve_where_time_is_free,
    take_back_offer,
)

FEWER_PLACES = notices.FEWER_PLACES
MOST_PLACES = 500
CANCELLED, OVER, ONE_TO_ONE = "cancelled", "over", "one_to_one"


def fixed_because(session: Session, now: datetime) -> str:
    """Why the number of places stays as it is; empty when it may change."""
    if session.is_cancelled:
        return CANCELLED
    if session.ends_at <= now:
        return OVER
    return ONE_TO_ONE if session.kind == SessionKind.ONE_TO_ONE else ""


def set_places(*, session: Session, capacity: int, giving_up: Collection[int], reason: str, by: Person) -> None:
    """As many places as `capacity`; with `giving_up`, those of these people are taken back first. Raises PlacesFixed,
    and what make_smaller and change_capacity raise."""
    if why := fixed_because(session, timezone.now()):
        raise PlacesFixed(why)
    if giving_up:
        make_smaller(session=session, capacity=capacity, giving_up=giving_up, reason=reason, by=by)
    else:
        change_capacity(session=session, capacity=capacity, by=by)


def make_smaller(
    *, session: Session, capacity: int, giving_up: Collection[int], reason: str, by: Person
) -> list[Booking]:
    """Take back the places of the bookings `giving_up` (their ids) in `session`, and set `capacity`; returns them.

    Everybody is told, and `reason` is kept in the history. Who is only being offered a place keeps their turn. A
    booking that has ended meanwhile is passed over. Raises CapacityBelowHeld when more places would have to be given
    back, FewerNeeded when some of these need not, TooLate after the start, and TryAgain; then all is as it was.
    """

    def attempt() -> list[Booking]:
        now = timezone.now()
        theirs = Booking.objects.filter(pk__in=giving_up, session=session, state__in=HELD_STATES)
        with acting(by, "classes.make_smaller", reason=reason):
            queue = lock_queue(session.pk, people=theirs.values_list("participant_id", flat=True))
            locked = queue.session
            if locked.has_started(now):
                raise TooLate
            chosen = list(theirs.select_related("participant__person", "participant__programme").order_by("id"))
            _refuse_more_than_needed(locked, chosen, capacity)
            for one in chosen:
                _take_back(one, queue, by=by, now=now)
            if capacity < (held := locked.places_taken + locked.kept):
                raise CapacityBelowHeld(held)
            Session.objects.filter(pk=locked.pk).update(capacity=capacity, version=F("version") + 1)
            locked.capacity, locked.version = capacity, locked.version + 1
            offer_in_order(queue, by=by, now=now, newly_free=False)
            return chosen

    chosen = settled(attempt)
    for one in chosen:
        serve_where_time_is_free(people=[one.participant_id], during=one.during, by=by)
    return chosen


def _refuse_more_than_needed(session: Session, chosen: Collection[Booking], capacity: int) -> None:
    """Others may have given places back since the page was drawn: nobody loses one that could stay."""
    held = session.places_taken + session.kept
    places = [session.places_for(one.party) for one in chosen]
    if chosen and held - sum(places) + min(places) <= capacity:
        raise FewerNeeded(held)


def _take_back(one: Booking, queue: LockedQueue, *, by: Person, now: datetime) -> None:
    one.session = queue.session
    if one.state == BookingState.OFFERED and open_offer(one).kind == OfferKind.WAITING_LIST:
        take_back_offer(one, queue, "", state=OfferState.WITHDRAWN, by=by, now=now)
    else:
        end(one, by=by, now=now, reason=FEWER_PLACES, state=BookingState.CLOSED)
        count_places(queue.session, go=one.party)
    notices.place_taken_back(one, by)
