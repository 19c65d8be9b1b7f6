"""Why each person of a waiting list was offered a place or was not, for the desk.

Here: a booking and its newest offer in, one sentence out. Not here: the reasons
(classes/waiting_list/), words for participants.
"""

from __future__ import annotations

from classes.models import Booking, BookingState, Offer, OfferState
from frontend.class_words import passed_by_words
from frontend.wording import moment
from messaging.quiet_hours import quiet_until


def offered_words(offer: Offer) -> str:
    """Of a place that is kept for somebody now."""
    until = moment(offer.expires_at)
    if not offer.by_phone and (morning := quiet_until(offer.made_at)):
        return (
            f"Came free on {moment(offer.made_at)}, and nobody is written to at night: they hear of it on "
            f"{moment(morning)}. Kept until {until}."
        )
    if not offer.by_phone:
        return f"Offered in writing on {moment(offer.made_at)}. Kept until {until}."
    if offer.heard_at is not None:
        return f"Told on the telephone on {moment(offer.heard_at)}. Kept until {until}."
    if offer.tried_at is not None:
        return f"Called and not reached on {moment(offer.tried_at)}. Kept until {until}; until then, try again."
    return f"To be called: we reach them only by telephone. Kept until {until} at the latest."


def why_not_words(booking: Booking, offer: Offer | None) -> str:
    """Of somebody who waits: why the last free place is not theirs. Empty when none has come to their turn yet."""
    if booking.skipped_reason:
        return f"The last free place passed them by: this person {passed_by_words(booking.skipped_reason)}."
    return became_words(offer) if offer is not None else ""


def no_more_words(booking: Booking, offer: Offer | None) -> str:
    """Of somebody who waits no more: what became of their turn, and of the place if they had it."""
    had_it = offer is None or offer.state == OfferState.ACCEPTED
    words = became_words(offer) if offer is not None else "Got a place that came free."
    if had_it and booking.ended_at and booking.state == BookingState.CANCELLED:
        return f"{words} Gave it up on {moment(booking.ended_at)}."
    return words


def became_words(offer: Offer) -> str:
    """Of an offer that is over."""
    ended = moment(offer.ended_at or offer.expires_at)
    return {
        OfferState.ACCEPTED: f"Took the place on {ended}.",
        OfferState.DECLINED: f"Said no on {ended}.",
        OfferState.EXPIRED: f"Was offered a place and did not answer by {moment(offer.expires_at)}.",
    }.get(OfferState(offer.state), f"Was offered a place, which was taken back on {ended}.")
