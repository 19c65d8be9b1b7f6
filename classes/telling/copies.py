"""A copy for the supporter who books or cancels for somebody, where they ask for one.

Here: putting the copy beside the participant's own message, and whether it is
still wanted when its turn comes. Not here: the participant's messages
(notices.py), the words (frontend/jinja2/messages/booking_copy.txt, offer_copy.txt). Called by
booking.py and serving.py; registered by AppConfig.ready. Who no longer helps, or may no longer
see messages, is sent nothing, and what a copy says is what the participant is
told at that moment, without anything that is theirs alone.
"""

from __future__ import annotations

from dataclasses import replace

from accounts.models import Person
from classes.models import Booking, BookingState, Offer, OfferState
from classes.telling.gone import place_is_given_up
from classes.telling.notices import (
    COPY,
    OFFER_COPY,
    booking_of,
    place_is_offered,
    place_stands,
    still_waiting,
)
from messaging.kinds import Content, register_kind
from messaging.models import Matter, Message
from messaging.outbox import enqueue
from participants.support import hear_of_offers, sees_messages

DECIDED_BY = {
    BookingState.BOOKED: place_stands,
    BookingState.WAITING: still_waiting,
    BookingState.CANCELLED: place_is_given_up,
}


def send_copy(*, booking: Booking, to: Person) -> None:
    """Tell `to` as well what the booking has just become; nothing unless they may see its person's messages."""
    if not sees_messages(person=to, participant=booking.participant):
        return
    enqueue(
        programme=booking.participant.programme,
        person=to,
        kind=COPY,
        subject_id=booking.pk,
        context={"of": booking.state, "by_oneself": False},
        dedupe_key=f"{COPY}:{booking.state}:{booking.pk}:{to.pk}",
    )


def tell_of_offer(*, booking: Booking, offer: Offer) -> None:
    """A place is kept for somebody: whoever may answer for them, and is to hear of it, is told by a message of their
    own, however the person themselves is asked.
    """
    for helper in hear_of_offers(booking.participant):
        enqueue(
            programme=booking.participant.programme,
            person=helper,
            kind=OFFER_COPY,
            subject_id=booking.pk,
            context={"offer": offer.pk, "by_oneself": False},
            dedupe_key=f"{OFFER_COPY}:{offer.pk}:{helper.pk}",
        )


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(COPY, copy_is_wanted)
    register_kind(OFFER_COPY, offer_copy_is_wanted, matter=Matter.OFFERS)


def offer_copy_is_wanted(message: Message) -> Content | None:
    """Only while the same offer is open, and only to who may still answer it and is still to hear of it."""
    told, booking = place_is_offered(message), booking_of(message)
    if told is None or booking is None or booking.participant.person.contact_stopped_at:
        return None
    offer = booking.offers.filter(pk=message.context["offer"], state=OfferState.OPEN).first()
    if offer is None or message.person not in hear_of_offers(booking.participant):
        return None
    # By telephone the time to answer begins with a call that has not been made: there is no time yet to name.
    until = None if offer.by_phone and offer.tried_at is None else offer.expires_at
    facts = {"for_whom": booking.participant.person.first_name, "until": until}
    return replace(told, context={**told.context, **facts})


def copy_is_wanted(message: Message) -> Content | None:
    told, booking = DECIDED_BY[message.context["of"]](message), booking_of(message)
    if told is None or booking is None or booking.participant.person.contact_stopped_at:
        return None
    if not sees_messages(person=message.person, participant=booking.participant):
        return None
    facts = {**told.context, "of": message.context["of"], "for_whom": booking.participant.person.first_name}
    return Content(facts)
