"""A copy for the supporter who books or cancels for somebody, where they ask for one.

Here: putting the copy beside the participant's own message, and whether it is
still wanted when its turn comes. Not here: the participant's messages
(notices.py), the words (frontend/jinja2/messages/booking_copy.txt). Called by
booking.py; registered by AppConfig.ready. Who no longer helps, or may no longer
see messages, is sent nothing, and what a copy says is what the participant is
told at that moment, without anything that is theirs alone.
"""

from __future__ import annotations

from accounts.models import Person
from classes.models import Booking, BookingState
from classes.telling.notices import COPY, booking_of, place_is_given_up, place_stands, still_waiting
from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.outbox import enqueue
from participants.support import sees_messages

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


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(COPY, copy_is_wanted)


def copy_is_wanted(message: Message) -> Content | None:
    told, booking = DECIDED_BY[message.context["of"]](message), booking_of(message)
    if told is None or booking is None or booking.participant.person.contact_stopped_at:
        return None
    if not sees_messages(person=message.person, participant=booking.participant):
        return None
    facts = {**told.context, "of": message.context["of"], "for_whom": booking.participant.person.first_name}
    return Content(facts)
