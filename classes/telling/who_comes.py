"""The message that a place, or a turn, is for two now or for one again.

Here: putting it into the outbox, and whether it is still so at the moment of sending. Not here: the change itself
(places/who_comes.py), the words (frontend/jinja2/messages/). The kind is registered by the app's AppConfig.ready.
"""

from __future__ import annotations

from django.utils import timezone

from accounts.history import Actor
from classes.models import Booking, BookingState
from classes.telling.in_time import in_time
from classes.telling.notices import WHO_COMES, booking_of, content_about, context_for, leave_link
from messaging.delivery import written_by_itself
from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.outbox import cancel, enqueue


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(WHO_COMES, who_comes_now)


def tell_who_comes(booking: Booking, by: Actor) -> None:
    """The newest word alone: what was not yet sent of an earlier change is taken back."""
    cancel(kinds=[WHO_COMES], subject_id=booking.pk)
    enqueue(
        programme=booking.participant.programme,
        person=booking.participant.person,
        kind=WHO_COMES,
        subject_id=booking.pk,
        context={**context_for(booking, by), "party": booking.party},
        dedupe_key=f"{WHO_COMES}:{booking.pk}:{booking.party}:{timezone.now().isoformat()}",
    )


def who_comes_now(message: Message) -> Content | None:
    """A place that is only offered says for how many in its own message. Whoever did it is not called about it."""
    booking, now = booking_of(message), timezone.now()
    if booking is None or booking.state not in (BookingState.BOOKED, BookingState.WAITING):
        return None
    known, waits = message.context["by_oneself"], booking.state == BookingState.WAITING
    if now >= booking.session.starts_at or booking.party != message.context["party"]:
        return None
    if known and not written_by_itself(message.person, message.kind):
        return None
    more = {"leave": leave_link(booking)} if waits else {}
    return content_about(message, booking, more=more, **in_time(booking.session.starts_at, now, known=known or waits))
