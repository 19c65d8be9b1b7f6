"""Reminding people of a class: two days before it, and shortly before it.

Here: which reminders are put into the outbox, and whether one is still wanted at the moment of
sending. Not here: the words (frontend/jinja2/messages/), the answer to one (replies.py), who does
without (messaging/choices.py). Called by the worker (tasks.py); when a place is given up,
notices.py takes the reminder back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from classes.judging.judgement import doubt_about
from classes.models import Booking, BookingState, Mode, Session, SessionStatus
from classes.readiness import to_answer
from classes.telling.block_notices import BOOKED, MOVED
from classes.telling.in_time import CALLED_WITHIN, TO_SET_OUT, last_call
from classes.telling.notices import CONFIRMED, PLACED, REMINDER, SOON, about_class, booking_of
from classes.telling.replies import token_for
from classes.telling.what_is_due import tell_what_is_due
from messaging.delivery import written_by_itself
from messaging.kinds import Content, register_kind
from messaging.models import Matter, Message, Topic
from messaging.neutral import neutral
from messaging.quiet_hours import evening_before, quiet_until, within_calling_hours

# Elapsed time before the start, whatever the clocks do in between.
DAYS_BEFORE = timedelta(hours=48)
SHORTLY_BEFORE = {
    Mode.IN_PERSON: timedelta(hours=2),
    Mode.REMOTE: timedelta(minutes=30),
    Mode.PHONE: timedelta(minutes=30),
}
# Of no use after this: a call, or somebody else for the place, needs the time.
LATEST = timedelta(hours=12)
TOLD_JUST_NOW = timedelta(hours=12)  # whoever has just heard of the place is not reminded of it
BEFORE_EVENING = timedelta(minutes=15)  # so that what is told before the quiet hours has left when they begin


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(REMINDER, reminder_is_wanted, topic=Topic.DAYS_BEFORE, matter=Matter.REMINDERS)
    register_kind(SOON, soon_is_wanted, topic=Topic.SHORTLY_BEFORE, matter=Matter.REMINDERS)


def remind() -> int:
    """Put every reminder that is due now into the outbox, once for each booking, kind and start; returns how many.

    Harmless when it runs twice. A class that is moved is reminded of again, at its new time.
    """
    now = timezone.now()
    due = [(REMINDER, booking) for booking in _two_days_off(now)] + [
        (SOON, booking) for booking in _about_to_begin(now)
    ]
    return tell_what_is_due({key_of(kind, booking): (kind, booking) for kind, booking in due}, "classes.remind")


def key_of(kind: str, booking: Booking) -> str:
    return f"{kind}:{booking.pk}:{booking.session.starts_at.isoformat()}"


def _two_days_off(now: datetime) -> list[Booking]:
    soon = _held_between(now + LATEST, now + DAYS_BEFORE)
    told = _told_since(now - TOLD_JUST_NOW, soon)
    return [booking for booking in soon if booking.pk not in told]


def _told_since(moment: datetime, places: list[Booking]) -> set[int]:
    """Those of `places` (ids) of which a message has told since then: of one place, or of several dates together."""
    news = Message.objects.filter(created_at__gt=moment)
    of_one = news.filter(kind__in=(CONFIRMED, PLACED), subject_id__in=[place.pk for place in places])
    of_several = news.filter(kind__in=(BOOKED, MOVED), subject_id__in={place.participant_id for place in places})
    several = of_several.values_list("context", flat=True)
    return {*of_one.values_list("subject_id", flat=True), *(pk for context in several for pk in context["bookings"])}


def _about_to_begin(now: datetime) -> list[Booking]:
    # Just before the quiet hours, those too whose time would come in them: no class of the day is further off.
    ahead = quiet_until(now + BEFORE_EVENING) or now
    starting = _held_between(now, max(ahead, now + max(SHORTLY_BEFORE.values())))
    return [booking for booking in starting if soon_from(booking.session) <= now]


def soon_from(session: Session) -> datetime:
    """From when on somebody is told that a class begins soon: in the evening before, where morning is too late."""
    at = session.starts_at - SHORTLY_BEFORE[Mode(session.mode)]
    morning = quiet_until(at)
    return at if morning is None or morning < session.starts_at else evening_before(at) - BEFORE_EVENING


def _held_between(after: datetime, until: datetime) -> list[Booking]:
    rows = Booking.objects.filter(
        state=BookingState.BOOKED,
        session__status=SessionStatus.PUBLISHED,
        session__starts_at__gt=after,
        session__starts_at__lte=until,
    )
    return list(rows.select_related("session", "participant__person", "participant__programme").order_by("id"))


# --- the moment of sending ----------------------------------------------------


def reminder_is_wanted(message: Message) -> Content | None:
    """Only while the place stands and the person can still do something about it."""
    booking, now = _still_held(message), timezone.now()
    if booking is None or now >= booking.session.starts_at - TO_SET_OUT or doubt_about(booking) is not None:
        return None
    facts = {
        **_facts(booking),
        "answered": booking.said_coming_at is not None,
        "reply_link": settings.PUBLIC_URL + reverse("public:reply", args=[token_for(booking)]),
    }
    in_time = min(within_calling_hours(now, CALLED_WITHIN), last_call(booking.session.starts_at))
    return Content(facts, needed_by=in_time)


def soon_is_wanted(message: Message) -> Content | None:
    """Nobody is called about it: by then there is no time, and whoever is only called was called two days before."""
    booking, now = _still_held(message), timezone.now()
    if booking is None or now >= booking.session.starts_at or not written_by_itself(message.person, message.kind):
        return None
    pages = {"check_link": "me:safety_check", "join_link": "me:join_class"}
    facts = {
        **_facts(booking),
        **{name: settings.PUBLIC_URL + reverse(page, args=[booking.pk]) for name, page in pages.items()},
        "tomorrow": timezone.localdate(booking.session.starts_at) != timezone.localdate(now),
        "check_first": bool(to_answer(Booking.objects.filter(pk=booking.pk), now)),
    }
    return Content(facts, needed_by=booking.session.starts_at)


def _still_held(message: Message) -> Booking | None:
    booking = booking_of(message)
    if booking is None or booking.state != BookingState.BOOKED or booking.session.is_cancelled:
        return None
    return booking if message.dedupe_key == key_of(message.kind, booking) else None


def _facts(booking: Booking) -> dict[str, object]:
    venue = booking.session.venue
    return {
        **about_class(booking.session),
        "entrance": "" if venue is None else neutral(venue.entrance, ""),
        "bring": booking.session.class_type.bring,
        "companion": booking.party > 1,
    }
