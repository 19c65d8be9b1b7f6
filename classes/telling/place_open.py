"""A place is free so near the class that nobody is asked in turn: whoever waits, and is reached in writing, is told.

Here: putting that into the outbox beside the desk's call, for the person and for who hears of offers for them, and
whether it is still so at the moment of sending. Not here: when a place is everybody's (waiting_list/offer_times.py),
the call (waiting_list/serving.py), taking it (waiting_list/answering.py), the words. It keeps nothing and ends no turn:
who reads it too late has lost nothing. The kind is registered by the app's AppConfig.ready.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from classes.judging.judgement import reasons_to_refuse
from classes.judging.weekly_limits import beyond_limit
from classes.listing import is_open_to
from classes.models import Booking, BookingState, Mode
from classes.telling.in_time import TO_SET_OUT
from classes.telling.notices import OPEN_TO_ALL, booking_of, content_about
from messaging.delivery import written_by_itself
from messaging.kinds import Content, register_kind
from messaging.models import Matter, Message, Task
from messaging.outbox import enqueue
from participants.standing import standing_of
from participants.support import hear_of_offers


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(OPEN_TO_ALL, place_is_still_open, matter=Matter.OFFERS)


def tell_of_open_place(booking: Booking, call: Task) -> None:
    """Once for each `call` that the desk is asked to make about it: as often as a place comes free anew."""
    for reader in (booking.participant.person, *hear_of_offers(booking.participant)):
        if written_by_itself(reader, OPEN_TO_ALL):
            _put(booking, call, reader)


def _put(booking: Booking, call: Task, reader: Person) -> None:
    enqueue(
        programme=booking.participant.programme,
        person=reader,
        kind=OPEN_TO_ALL,
        subject_id=booking.pk,
        context={"by_oneself": False},
        dedupe_key=f"{OPEN_TO_ALL}:{call.pk}:{reader.pk}",
    )


def place_is_still_open(message: Message) -> Content | None:
    """Only while they wait, may come, and could still get there; and only in writing: the desk calls all others."""
    booking, now = booking_of(message), timezone.now()
    if booking is None or booking.state != BookingState.WAITING or not written_by_itself(message.person, message.kind):
        return None
    session = booking.session
    last = session.starts_at - (TO_SET_OUT if session.mode == Mode.IN_PERSON else TO_SET_OUT / 4)
    if now >= last or not is_open_to(booking, now) or not _may_come(booking):
        return None
    own = message.person_id == booking.participant.person_id
    if not own and not _hears_for_them(message.person, booking):
        return None
    facts = {
        "for_whom": "" if own else booking.participant.person.first_name,
        "link": settings.PUBLIC_URL + reverse("me:booking", args=[booking.pk]),
    }
    return content_about(message, booking, needed_by=last, more=facts)


def _may_come(booking: Booking) -> bool:
    standing = standing_of(booking.participant)
    return not reasons_to_refuse(standing, booking.session) and not beyond_limit(
        booking.participant, booking.session, standing
    )


def _hears_for_them(reader: Person, booking: Booking) -> bool:
    """Still: they may have stopped helping, or the person may want to hear of nothing any more."""
    return not booking.participant.person.contact_stopped_at and reader in hear_of_offers(booking.participant)
