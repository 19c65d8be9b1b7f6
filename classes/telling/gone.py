"""Messages that a place is gone by no doing of its person: the class is off, was made smaller, or is not safe for them.

Here: whether each is still wanted at the moment of sending, and by when it must be heard, for whoever does
not hear of it sets out in vain. Not here: putting it into the outbox (notices.py), the words
(frontend/jinja2/messages/). The kinds are registered by the app's AppConfig.ready.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from classes.models import Booking, BookingState
from classes.telling.in_time import cannot_wait, news_by
from classes.telling.notices import (
    CLASS_OFF,
    FEWER_PLACES,
    FREED,
    NOT_CLEARED,
    TAKEN_BACK,
    booking_of,
    content_about,
    leave_link,
    no_longer_ahead,
    withdrawn,
)
from messaging.kinds import Content, register_kind
from messaging.models import Matter, Message


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(FREED, place_was_freed, matter=Matter.CHANGES)
    register_kind(TAKEN_BACK, place_was_taken_back, matter=Matter.CHANGES)
    register_kind(CLASS_OFF, class_is_off, matter=Matter.CHANGES)


def place_was_freed(message: Message) -> Content | None:
    booking, now = booking_of(message), timezone.now()
    if booking is None or booking.end_reason != NOT_CLEARED or no_longer_ahead(booking.session, now):
        return None
    return _not_to_come(message, booking, now)


def place_was_taken_back(message: Message) -> Content | None:
    """Who had a place hears that it is gone; who was only asked about one, that they have their turn as before."""
    booking, now = booking_of(message), timezone.now()
    if booking is None or no_longer_ahead(booking.session, now):
        return None
    keeps_turn = booking.state == BookingState.WAITING
    if not keeps_turn and booking.end_reason != FEWER_PLACES:
        return None
    return _not_to_come(message, booking, now, leave=leave_link(booking) if keeps_turn else "")


def class_is_off(message: Message) -> Content | None:
    booking, now = booking_of(message), timezone.now()
    if booking is None or not booking.session.is_cancelled or now >= booking.session.ends_at:
        return None
    return _not_to_come(message, booking, now)


def _not_to_come(message: Message, booking: Booking, now: datetime, **more: object) -> Content:
    """Heard before anybody sets out in vain."""
    starts_at = booking.session.starts_at
    urgent, needed_by = cannot_wait(starts_at, now), news_by(starts_at, now)
    files = withdrawn(booking)
    return content_about(message, booking, files=files, urgent=urgent, needed_by=needed_by, more=more)
