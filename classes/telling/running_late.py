"""Telling everybody with a place that their class begins late.

Here: who is told, and whether it is still of use at the moment of sending. Not here: saying so
(classes/leader_there.py), the words (frontend/jinja2/messages/). Only who is written to hears of it: a call would come
when the class has begun. Registered by AppConfig.ready.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from classes.models import Booking, BookingState, RunningLate, Session
from classes.telling.notices import RUNNING_LATE, about_class, booking_of
from messaging.delivery import written_by_itself
from messaging.kinds import Content, register_kind
from messaging.models import Matter, Message
from messaging.outbox import enqueue

LEADER_MISSING = "leader_missing"  # kind of the desk's task; its subject is the date


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(RUNNING_LATE, still_late, matter=Matter.CHANGES)


def begins_at(delay: RunningLate) -> datetime:
    """When it is expected to begin."""
    return delay.session.starts_at + timedelta(minutes=delay.minutes)


def delay_of(session: Session) -> RunningLate | None:
    """What was said of the start as it is now planned; a class that was moved begins in time until somebody says so."""
    return RunningLate.objects.filter(session=session, starts_at=session.starts_at).select_related("session").first()


def tell_of_delay(delay: RunningLate) -> int:
    """Inside an action: everybody with a place, each once. Returns how many."""
    booked = Booking.objects.filter(session=delay.session_id, state=BookingState.BOOKED)
    for booking in booked.select_related("participant__person", "participant__programme"):
        enqueue(
            programme=booking.participant.programme,
            person=booking.participant.person,
            kind=RUNNING_LATE,
            subject_id=booking.pk,
            context={"delay": delay.pk},
            dedupe_key=f"{RUNNING_LATE}:{booking.pk}:{delay.pk}",
        )
    return booked.count()


# --- the moment of sending ----------------------------------------------------


def still_late(message: Message) -> Content | None:
    """Until it begins, to who still has the place and is written to."""
    delay = RunningLate.objects.filter(pk=message.context["delay"]).select_related("session").first()
    booking, now = booking_of(message), timezone.now()
    if delay is None or delay.starts_at != delay.session.starts_at:
        return None  # moved meanwhile
    if booking is None or booking.state != BookingState.BOOKED or booking.session.is_cancelled:
        return None
    if now >= begins_at(delay) or not written_by_itself(message.person, message.kind):
        return None
    facts = {
        **about_class(booking.session),
        "minutes": delay.minutes,
        "begins_at": begins_at(delay),
        "link": settings.PUBLIC_URL + reverse("me:booking", args=[booking.pk]),
    }
    return Content(facts, urgent=True, needed_by=begins_at(delay))
