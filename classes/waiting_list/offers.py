"""Offers: a place kept for one person until a moment, and what became of it.

Here: the rows, written under the locks of whoever calls, and what pages read of
them. Not here: who is next (serving.py), answers (answering.py), the times
(offer_times.py), what happens when nobody answers (running_out.py).
An offer is open exactly while its booking is offered: the database keeps that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from classes.models import Booking, BookingState, Offer, OfferKind, OfferState, Session
from classes.telling.notices import OFFERED
from classes.waiting_list.offer_times import Terms, answer_by, terms_of_offer
from messaging.delivery import written_by_itself

HOLD_OVER = "hold_over"  # end_reason: what was held while somebody answered is free again
# What an offer came to when its booking ended or changed; all else takes it back.
ENDED_AS = {
    BookingState.BOOKED: OfferState.ACCEPTED,
    BookingState.DECLINED: OfferState.DECLINED,
    BookingState.EXPIRED: OfferState.EXPIRED,
}


def terms_now(session: Session, now: datetime) -> Terms:
    return terms_of_offer(now, starts_at=session.starts_at, remote=session.is_from_home)


def make_offer(booking: Booking, terms: Terms, *, now: datetime) -> Offer:
    """In writing, with a clock that runs from now; or by telephone, when nothing that we write reaches the person,
    with one that begins when they are called, as long as that leaves them their time."""
    assert terms.until is not None  # noqa: S101  the caller makes none when there is no time left
    by_phone = not written_by_itself(booking.participant.person, OFFERED)
    return Offer.objects.create(
        booking=booking,
        kind=OfferKind.WAITING_LIST,
        made_at=now,
        expires_at=terms.call_until if by_phone else terms.until,
        by_phone=by_phone,
    )


def end_offer(booking: Booking, *, now: datetime, state: OfferState | None = None) -> None:
    """The open offer of `booking` has come to what the booking became, or to `state`."""
    became = state or ENDED_AS.get(BookingState(booking.state), OfferState.WITHDRAWN)
    Offer.objects.filter(booking=booking, state=OfferState.OPEN).update(state=became, ended_at=now)


def start_clock(offer: Offer, session: Session, *, now: datetime, heard: bool) -> None:
    """Somebody was called: told of the place, or not reached. Who hears of it has their time from that moment."""
    if heard:
        offer.heard_at = now
    elif offer.tried_at is not None:
        return  # the clock runs since the first try
    offer.tried_at = offer.tried_at or now
    offer.expires_at = min(answer_by(now), terms_now(session, now).last_moment)
    offer.save(update_fields=["tried_at", "heard_at", "expires_at"])


def start_anew(offer: Offer, session: Session, *, now: datetime) -> bool:
    """Nobody has heard of it yet: the whole time from now on. Not, when there is no time left before the class."""
    until = min(answer_by(now), terms_now(session, now).last_moment)
    if until <= now:
        return False
    offer.expires_at = until
    offer.save(update_fields=["expires_at"])
    return True


def open_offer(booking: Booking) -> Offer:
    return Offer.objects.get(booking=booking, state=OfferState.OPEN)


def last_offers(bookings: Iterable[Booking]) -> dict[int, Offer]:
    """The newest offer of each of `bookings` that ever had one, by the id of the booking. One query."""
    rows = Offer.objects.filter(booking__in=[booking.pk for booking in bookings], kind=OfferKind.WAITING_LIST)
    return {offer.booking_id: offer for offer in rows.order_by("id")}


def open_offers(bookings: Iterable[Booking]) -> dict[int, Offer]:
    """Those that wait for an answer, holds too, by the id of the booking. No query when nobody is offered anything."""
    offered = [booking.pk for booking in bookings if booking.state == BookingState.OFFERED]
    if not offered:
        return {}
    return {offer.booking_id: offer for offer in Offer.objects.filter(booking__in=offered, state=OfferState.OPEN)}
