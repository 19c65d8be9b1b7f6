"""Asking for the same-day check: one message to each person with a place, when the check of the class opens.

Here: which messages are put into the outbox, and whether one is still wanted at
the moment of sending. Not here: the words (frontend/jinja2/messages/), the check
itself (symptom_check.py). Called by the worker (tasks.py), and by the check when
it is answered; when a place is given up, notices.py takes the message back.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Channel
from classes.models import Booking, SymptomCheck
from classes.readiness import check_window, to_answer
from classes.telling.notices import SAME_DAY_CHECK, about_class, booking_of
from classes.telling.what_is_due import tell_what_is_due
from messaging.kinds import Content, register_kind
from messaging.models import Matter, Message
from messaging.outbox import cancel
from messaging.quiet_hours import quiet_until

# A message that waits for the morning must leave somebody this long before the class, or it does not wait.
LEAST_NOTICE = timedelta(hours=1)


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(SAME_DAY_CHECK, check_is_wanted, matter=Matter.REMINDERS)


def ask_for_checks() -> int:
    """Ask everybody whose check is open and not answered, once for each booking and start; returns how many were asked.

    Harmless when it runs twice. A class that is moved is asked about again.
    """
    to_ask = to_answer(Booking.objects.all(), timezone.now())
    due = {key_of(booking): (SAME_DAY_CHECK, booking) for booking in to_ask}
    return tell_what_is_due(due, "classes.ask_for_checks")


def no_longer_ask(check: SymptomCheck) -> None:
    """Answered: nobody is asked again, nor called about it."""
    if check.booking_id is not None:
        cancel(kinds=[SAME_DAY_CHECK], subject_id=check.booking_id)


def check_is_wanted(message: Message) -> Content | None:
    """Only while the person can still answer, and could be told in time: a letter never is."""
    booking, now = booking_of(message), timezone.now()
    if booking is None or message.dedupe_key != key_of(booking) or not _reachable_today(booking):
        return None
    if not to_answer(Booking.objects.filter(pk=booking.pk), now):
        return None
    session = booking.session
    until = check_window(session).alone_until
    facts = {
        **about_class(session),
        "link": settings.PUBLIC_URL + reverse("me:safety_check", args=[booking.pk]),
        "until": until,
    }
    morning = quiet_until(now)
    return Content(
        facts,
        urgent=morning is not None and morning > session.starts_at - LEAST_NOTICE,
        needed_by=min(until, session.starts_at),
    )


def key_of(booking: Booking) -> str:
    return f"{SAME_DAY_CHECK}:{booking.pk}:{booking.session.starts_at.isoformat()}"


def _reachable_today(booking: Booking) -> bool:
    points = booking.participant.person.contact_points.current()
    return points.exclude(channel=Channel.POST).exists()
