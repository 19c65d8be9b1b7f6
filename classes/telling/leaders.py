"""Somebody else leads classes from now on, because the timetable was changed: who is told, once for all their dates.

Here: the message and whether it is still wanted. Not here: cover of one date (cover.py, with a message of its own),
what changes the timetable (timetable/changing.py). People are told the first name alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from classes.models import Booking, BookingState, SessionLeader
from classes.telling.in_time import in_time
from classes.telling.notices import about_class, together
from messaging.kinds import Content, register_kind
from messaging.models import Matter, Message
from messaging.outbox import enqueue
from participants.models import Participant

LEADER_CHANGED = "leader_changed"  # its subject is the participant


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(LEADER_CHANGED, still_leads, matter=Matter.CHANGES)


def leaders_changed(leaders: Sequence[SessionLeader]) -> None:
    """Inside the action that put them there: one message to each person who has a place in any of these dates."""
    theirs: dict[Participant, list[int]] = defaultdict(list)
    for booking in booked_with(leaders):
        theirs[booking.participant].append(booking.pk)
    first = min((leader.pk for leader in leaders), default=0)
    for participant, bookings in theirs.items():
        enqueue(
            programme=participant.programme,
            person=participant.person,
            kind=LEADER_CHANGED,
            subject_id=participant.pk,
            context={"bookings": bookings, "instructor": leaders[0].instructor_id},
            dedupe_key=f"{LEADER_CHANGED}:{participant.pk}:{first}",
        )


def booked_with(leaders: Sequence[SessionLeader]) -> QuerySet[Booking]:
    """Places in the dates that they lead, in the order of these dates."""
    booked = Booking.objects.filter(session__in=[one.session_id for one in leaders], state=BookingState.BOOKED)
    read = booked.select_related("participant__person", "participant__programme")
    return read.order_by("session__starts_at", "pk")


def still_leads(message: Message) -> Content | None:
    """Of the dates to come in which they still have a place, and which that person still leads."""
    now = timezone.now()
    led = SessionLeader.objects.filter(active=True, instructor=message.context["instructor"])
    rows = Booking.objects.filter(pk__in=message.context["bookings"], state=BookingState.BOOKED)
    rows = rows.filter(session__starts_at__gt=now, session__in=led.values("session")).order_by("session__starts_at")
    bookings = list(rows.select_related("session__class_type", "session__venue", "session__room"))
    leader = led.select_related("instructor__person").first()
    if not bookings or leader is None:
        return None
    first = bookings[0].session.starts_at
    classes = [about_class(booking.session) for booking in bookings]
    said = {
        "leads": leader.instructor.person.first_name,
        "starts_at": first,
        "classes": classes,
        "further_down": together(classes),
        "link": settings.PUBLIC_URL + reverse("me:bookings"),
    }
    return Content(said, **in_time(first, now))
