"""Messages that a place is gone: given back, or its class is off, was made smaller, or is not safe for its person.

Here: whether each is still wanted at the moment of sending, and by when it must be heard: whoever did not
give the place back themselves, and does not hear of it, sets out in vain. Not here: putting it into the outbox
(notices.py), the words (frontend/jinja2/messages/). The kinds are registered by the app's AppConfig.ready.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from classes.models import Booking, BookingState
from classes.models.booking import DECLINED_BY_PHONE
from classes.telling.in_time import in_time
from classes.telling.notices import (
    CLASS_OFF,
    FEWER_PLACES,
    FREED,
    GIVEN_UP,
    NOT_CLEARED,
    TAKEN_BACK,
    booking_of,
    content_about,
    leave_link,
    no_longer_ahead,
    withdrawn,
)
from messaging.delivery import written_by_itself
from messaging.kinds import Content, register_kind
from messaging.models import Matter, Message


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(GIVEN_UP, place_is_given_up)
    register_kind(FREED, place_was_freed, matter=Matter.CHANGES)
    register_kind(TAKEN_BACK, place_was_taken_back, matter=Matter.CHANGES)
    register_kind(CLASS_OFF, class_is_off, matter=Matter.CHANGES)


def place_is_given_up(message: Message) -> Content | None:
    booking, now = booking_of(message), timezone.now()
    given_up = (BookingState.CANCELLED, BookingState.DECLINED)
    if booking is None or booking.state not in given_up or no_longer_ahead(booking.session, now):
        return None
    if not _was_told_of(booking) or _said_so_when_called(booking):
        return None
    return _not_to_come(message, booking, now, known=message.context["by_oneself"])


def _said_so_when_called(booking: Booking) -> bool:
    """Whoever said no in our call, and would hear of that by another call, is not called a second time."""
    return booking.end_reason == DECLINED_BY_PHONE and not written_by_itself(booking.participant.person, GIVEN_UP)


def _was_told_of(booking: Booking) -> bool:
    """A place that was only held while somebody answered questions was never written about."""
    told = (BookingState.BOOKED, BookingState.WAITING)
    return bool(booking.events.filter(state__in=told).exists())  # type: ignore[attr-defined]


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


def _not_to_come(message: Message, booking: Booking, now: datetime, *, known: bool = False, **more: object) -> Content:
    """Heard before anybody sets out in vain."""
    hurry = in_time(booking.session.starts_at, now, known=known)
    return content_about(message, booking, files=withdrawn(booking), more=more, **hurry)
