"""A private calendar address: opened, read by a calendar program, and closed again.

Here: the address and what it shows. Not here: the calendar's lines (calendars.py), the pages
(frontend). It shows one person's places and nothing else of them: no name, no link to join, a
title that says nothing. Whoever has left, or is not to be contacted, has none.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.history import Actor, acting
from classes.listing import with_classes
from classes.models import Booking, BookingState, CalendarFeed, SessionStatus
from classes.telling.calendars import agenda
from participants.models import Participant, ParticipantStatus
from participants.rules.tokens import new_token, token_hash

SHOWN_AFTER = timedelta(days=30)  # a class that is over stays in the calendar so long
_TAKES_PART = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED, ParticipantStatus.COMPLETED)


def open_feed(*, participant: Participant, by: Actor) -> CalendarFeed:
    """A new address; one that there was before is dead from now on."""
    token = new_token()
    with acting(by, "classes.open_feed", on_behalf_of=participant.person):
        Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
        CalendarFeed.objects.filter(participant=participant).delete()
        return CalendarFeed.objects.create(participant=participant, token=token, token_hash=token_hash(token))


def close_feed(*, participant: Participant, by: Actor) -> None:
    """Whatever reads the address finds nothing from now on. Harmless when there is none."""
    with acting(by, "classes.close_feed", on_behalf_of=participant.person):
        CalendarFeed.objects.filter(participant=participant).delete()


def feed_of(participant: Participant) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(participant=participant).first()


def calendar_behind(token: str) -> str | None:
    """The calendar at the address of `token`, as iCalendar has it; None when there is none, or none any more."""
    feed = CalendarFeed.objects.filter(
        token_hash=token_hash(token),
        participant__status__in=_TAKES_PART,
        participant__person__contact_stopped_at=None,
    ).first()
    if feed is None:
        return None
    since = timezone.now() - SHOWN_AFTER
    theirs = Booking.objects.filter(participant=feed.participant_id, session__ends_at__gt=since)
    # A class that is off says so to whoever had a place in it; a turn that ended was never in the calendar.
    off = Q(state=BookingState.CLOSED, session__status=SessionStatus.CANCELLED, events__state=BookingState.BOOKED)
    rows = with_classes(theirs.filter(Q(state=BookingState.BOOKED) | off).distinct())
    return agenda(rows.order_by("session__starts_at", "id"))
