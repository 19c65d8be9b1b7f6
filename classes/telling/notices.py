"""Which message follows which event of a class, and whether it is still wanted.

Here: putting messages into the outbox inside the transaction of the event, and
what delivery is told at the moment of sending. Not here: the words
(frontend/jinja2/messages/), the calendar file (calendars.py), sending
(messaging/delivery.py). Called by booking.py, waiting_list/, places_in_doubt.py and timetable; the
kinds are registered by the app's AppConfig.ready.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.history import Actor
from accounts.models import Channel, Person
from classes.judging.eligibility import Reason
from classes.judging.judgement import doubt_about
from classes.listing import waits_that_day
from classes.models import Booking, BookingState, LeaderRole, Mode, Offer, OfferState, Session, SessionLeader
from classes.models.booking import LIVE_STATES, NOT_WELL_TODAY
from classes.telling.calendars import invitation, where, withdrawal
from classes.telling.in_time import in_time, news_by
from classes.telling.notes_kept import words_in_force
from messaging.kinds import Attachment, Content, register_kind
from messaging.models import Matter, Message
from messaging.neutral import neutral, neutral_place, telling_words
from messaging.outbox import cancel, enqueue
from participants.health import clearance_of
from participants.refer_back import REFERRED_BACK

CONFIRMED, PLACED, WAITING = "booking_confirmed", "placed_from_waiting", "waiting_joined"
GIVEN_UP, CLASS_OFF = "booking_cancelled", "session_cancelled"
PASSED_BY = "passed_by"
OFFERED, RAN_OUT, NONE_CAME_FREE = "place_offered", "offer_ran_out", "no_place_came_free"
COPY, OFFER_COPY = "booking_copy", "offer_copy"  # for a supporter: copies.py
OPEN_TO_ALL = "place_open"  # too near the class for an offer: place_open.py
WHO_COMES = "who_comes"  # with somebody now, or alone: who_comes.py
SAME_DAY_CHECK = "same_day_check"  # asked for by asking.py
REMINDER, SOON = "class_reminder", "class_soon"  # sent by reminders.py
IN_DOUBT, FREED, TAKEN_BACK = "place_in_doubt", "place_freed", "place_taken_back"
TALK_WANTED = "talk_wanted"  # to who leads a class; its subject is the class: talk_wanted.py
CLASS_NOTE = "class_note"  # what the desk or an instructor writes to everybody of a date: class_note.py
CLASS_COVERED = "class_covered"  # somebody else leads it: cover.py
RUNNING_LATE = "running_late"  # it begins late: running_late.py
NEWS = (
    *(CONFIRMED, PLACED, WAITING, PASSED_BY, OFFERED, COPY, OFFER_COPY, OPEN_TO_ALL, WHO_COMES),
    *(IN_DOUBT, SAME_DAY_CHECK, REMINDER, SOON, CLASS_NOTE, CLASS_COVERED, RUNNING_LATE),
)
NOT_CLEARED = "not_cleared"  # why a place ended that nobody was cleared for in time
FEWER_PLACES = "fewer_places"  # why a place ended in a class that staff made smaller
MAY_NOT_COME = frozenset(Reason)  # of why a place passed somebody by: what only we and they can put right
NEWS_OF_A_LIST_FOR = timedelta(days=1)  # after the start: what became of a turn is told in the morning, and no later
NO_PLACE_CAME_FREE = "no_place_came_free"  # why a turn ended with the start of the class
ANY_CLASS = "Exercise class"


# --- events: called inside the transaction of an action ----------------------


def booking_confirmed(booking: Booking, by: Actor) -> None:
    """A place is held: what, when, where, how to join, what to bring, how to cancel."""
    _tell(booking, CONFIRMED, by)


def placed_from_waiting(booking: Booking, by: Actor) -> None:
    """A place came free and the person now has it."""
    cancel(kinds=[WAITING, PASSED_BY, OPEN_TO_ALL], subject_id=booking.pk)
    _tell(booking, PLACED, by)


def waiting_joined(booking: Booking, by: Actor) -> None:
    """The person waits for a place."""
    _tell(booking, WAITING, by)


def passed_by(booking: Booking, by: Actor, offer: Offer | None = None) -> None:
    """A free place went past somebody who may not come now. Told once for each booking, however often it happens,

    and once for each `offer` that is taken back because of it.
    """
    _tell(booking, PASSED_BY, by, again=f":{offer.pk}" if offer else "")


def place_offered(booking: Booking, offer: Offer, by: Actor) -> None:
    """A place is kept for the person until they answer, or until the time for that is over."""
    _tell(booking, OFFERED, by, again=f":{offer.pk}")


def message_about(offer: Offer) -> Message | None:
    """The one that tells of an offer in writing; None for an offer by telephone, and for a hold."""
    return Message.objects.filter(dedupe_key=f"{OFFERED}:{offer.booking_id}:{offer.pk}").first()


def offer_taken_back(booking: Booking) -> None:
    """What was not yet sent about an offer is taken back."""
    cancel(kinds=[OFFERED, OFFER_COPY], subject_id=booking.pk)


def offer_accepted(booking: Booking, by: Actor) -> None:
    """The person took the place: it is theirs, like one that was booked at once."""
    cancel(kinds=[WAITING, PASSED_BY, OFFERED, OFFER_COPY], subject_id=booking.pk)
    _tell(booking, CONFIRMED, by)


def offer_ran_out(booking: Booking, by: Actor) -> None:
    """Nobody answered in time: the place goes to the next, and the person may wait again. Once."""
    cancel(kinds=NEWS, subject_id=booking.pk)
    _tell(booking, RAN_OUT, by)


def no_place_came_free(booking: Booking, by: Actor) -> None:
    """The class begins, and the turn ends. Once."""
    cancel(kinds=NEWS, subject_id=booking.pk)
    _tell(booking, NONE_CAME_FREE, by)


def booking_cancelled(booking: Booking, by: Actor) -> None:
    """The place, or the wait for one, is given up. What was not yet sent about it is taken back."""
    cancel(kinds=NEWS, subject_id=booking.pk)
    _tell(booking, GIVEN_UP, by)


def place_in_doubt(booking: Booking, by: Actor) -> None:
    """The place does not stand as things are now: what happens next, and by when. Once for each time that happens."""
    assert booking.in_doubt_since is not None  # noqa: S101  places_in_doubt.py has just said since when
    _tell(booking, IN_DOUBT, by, again=f":{booking.in_doubt_since:%Y%m%dT%H%M%S}")


def place_stands_again(booking: Booking) -> None:
    """What was not yet sent about a doubt is taken back."""
    cancel(kinds=[IN_DOUBT], subject_id=booking.pk)


def place_freed(booking: Booking, by: Actor) -> None:
    """Nobody could say in time that the class is safe for the person: the place goes to somebody else."""
    cancel(kinds=NEWS, subject_id=booking.pk)
    _tell(booking, FREED, by)


def place_taken_back(booking: Booking, by: Actor) -> None:
    """The class has fewer places than were given, and staff chose this one to be given back."""
    cancel(kinds=NEWS, subject_id=booking.pk)
    _tell(booking, TAKEN_BACK, by)


def session_cancelled(session: Session, by: Actor) -> None:
    """Everybody with a place or a wait is told; called when their bookings are live, or were ended just now."""
    no_talk_wanted(session)
    ended_now = Q(state=BookingState.CLOSED, ended_at__gte=session.cancelled_at or timezone.now())
    bookings = session.bookings.filter(Q(state__in=LIVE_STATES) | ended_now)
    for booking in bookings.select_related("participant__person", "participant__programme").order_by("id"):
        cancel(kinds=NEWS, subject_id=booking.pk)
        _tell(booking, CLASS_OFF, by)


def no_talk_wanted(session: Session) -> None:
    """The class is off: whoever would have led it talks with nobody before it."""
    cancel(kinds=[TALK_WANTED], subject_id=session.pk)


def context_for(booking: Booking, by: Actor) -> dict[str, bool]:
    """What a message about a booking keeps, besides the booking: whether its person did this themselves."""
    return {"by_oneself": by == booking.participant.person}


def _tell(booking: Booking, kind: str, by: Actor, *, again: str = "") -> None:
    person = booking.participant.person
    enqueue(
        programme=booking.participant.programme,
        person=person,
        kind=kind,
        subject_id=booking.pk,
        context=context_for(booking, by),
        dedupe_key=f"{kind}:{booking.pk}{again}",
    )


# --- the moment of sending: asked by delivery --------------------------------


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(CONFIRMED, place_stands)
    register_kind(PLACED, place_stands, matter=Matter.OFFERS)
    register_kind(WAITING, still_waiting)
    register_kind(PASSED_BY, still_passed_by, matter=Matter.OFFERS)
    register_kind(OFFERED, place_is_offered, matter=Matter.OFFERS)
    register_kind(RAN_OUT, offer_has_run_out, matter=Matter.OFFERS)
    register_kind(NONE_CAME_FREE, turn_has_ended, matter=Matter.OFFERS)
    register_kind(IN_DOUBT, place_does_not_stand, matter=Matter.CHANGES)


def place_stands(message: Message) -> Content | None:
    booking, now = booking_of(message), timezone.now()
    if booking is None or booking.state != BookingState.BOOKED or no_longer_ahead(booking.session, now):
        return None
    # Who booked knows; who was placed, or booked in by somebody else, may not even think of the class.
    known = message.kind != PLACED and message.context["by_oneself"]
    more = {
        "that_day": [_turn(turn) for turn in waits_that_day(booking)] if message.kind == PLACED else [],
        "notes": words_in_force(booking.session),
        "covered_by": _covered_by(booking.session),
    }
    hurry = in_time(booking.session.starts_at, now, known=known)
    return content_about(message, booking, files=appointment(booking), more=more, **hurry)


def _covered_by(session: Session) -> str:
    """The first name of who leads it this time instead of who usually does: everybody who booked before was told."""
    covers = SessionLeader.objects.filter(session=session, active=True, role=LeaderRole.COVER)
    leader = covers.select_related("instructor__person").first()
    return leader.instructor.person.first_name if leader else ""


def _turn(turn: Booking) -> dict[str, object]:
    return {**about_class(turn.session), "leave": leave_link(turn)}


def still_waiting(message: Message) -> Content | None:
    booking, now = booking_of(message), timezone.now()
    if booking is None or booking.state != BookingState.WAITING or no_longer_ahead(booking.session, now):
        return None
    return content_about(message, booking, more={"leave": leave_link(booking)})


def leave_link(booking: Booking) -> str:
    """Where a turn is given up; in every message that says that somebody waits."""
    return settings.PUBLIC_URL + reverse("me:cancel_booking", args=[booking.pk])


def still_passed_by(message: Message) -> Content | None:
    """The reason itself is health: it is read after signing in, or heard from the desk."""
    booking = booking_of(message)
    return still_waiting(message) if booking and booking.skipped_reason in MAY_NOT_COME else None


def place_is_offered(message: Message) -> Content | None:
    """Only while there is time to answer; whoever has to be called about it is called by then."""
    booking, now = booking_of(message), timezone.now()
    offer = Offer.objects.filter(booking=booking, state=OfferState.OPEN, expires_at__gt=now).first()
    if booking is None or offer is None:
        return None
    link = settings.PUBLIC_URL + reverse("me:offer", args=[booking.pk])
    return content_about(message, booking, needed_by=offer.expires_at, more={"until": offer.expires_at, "link": link})


def offer_has_run_out(message: Message) -> Content | None:
    booking, now = booking_of(message), timezone.now()
    if booking is None or booking.state != BookingState.EXPIRED or no_longer_ahead(booking.session, now):
        return None
    return content_about(message, booking)


def turn_has_ended(message: Message) -> Content | None:
    booking, now = booking_of(message), timezone.now()
    if booking is None or booking.end_reason != NO_PLACE_CAME_FREE:
        return None
    return content_about(message, booking) if now < booking.session.starts_at + NEWS_OF_A_LIST_FOR else None


def place_does_not_stand(message: Message) -> Content | None:
    """Judged at this moment: what has been settled meanwhile is not told."""
    booking, now = booking_of(message), timezone.now()
    if booking is None or booking.session.is_cancelled or booking.session.has_started(now):
        return None
    doubt = doubt_about(booking)
    if doubt is None:
        return None
    review, freed_from = clearance_of(booking.participant), max(doubt.freed_from, now)
    told_by = news_by(booking.session.starts_at, now)
    more = {
        "step": doubt.step.value,
        "freed_from": freed_from,
        "review_by": review.review_due_at if review else None,
        "referred_back": review is not None and REFERRED_BACK in review.flags,
    }
    needed_by = told_by and (min(told_by, freed_from) if freed_from > now else told_by)
    return content_about(message, booking, needed_by=needed_by, more=more)


def booking_of(message: Message) -> Booking | None:
    """The booking as it is now."""
    rows = Booking.objects.select_related(
        "session__class_type", "session__venue", "session__room", "participant__person"
    )
    return rows.filter(pk=message.subject_id or 0).first()


def no_longer_ahead(session: Session, now: datetime) -> bool:
    return session.is_cancelled or now >= session.ends_at


def content_about(
    message: Message,
    booking: Booking,
    *,
    files: tuple[Attachment, ...] = (),
    urgent: bool = False,
    needed_by: datetime | None = None,
    more: Mapping[str, object] | None = None,
) -> Content:
    """Facts for the words of every kind here. The link to join is not one of them."""
    session = booking.session
    facts: dict[str, object] = {
        **about_class(session),
        "entrance": "" if session.venue is None else neutral(session.venue.entrance, ""),
        "getting_there": "" if session.venue is None else neutral(session.venue.getting_there, ""),
        "bring": session.class_type.bring,
        "companion": booking.party > 1,
        "waiting_only": not had_a_place(booking),
        "by_oneself": message.context["by_oneself"],
        "may_book_again": booking.end_reason != NOT_WELL_TODAY,
    }
    return Content({**facts, **(more or {})}, attachments=files, urgent=urgent, needed_by=needed_by)


def about_class(session: Session) -> dict[str, object]:
    """What every message about a class says of it, in words that tell nobody why somebody comes.

    The first lines of an email are seen by whoever sees the telephone: what of a place is not neutral comes last.
    """
    return {
        "what": neutral(session.class_type.name, ANY_CLASS),
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "online": session.mode == Mode.REMOTE,
        "by_phone": session.mode == Mode.PHONE,
        "called": "one-to-one" if session.is_one_to_one else "class",
        "where": neutral_place(where(session)),
        "further_down": _further_down(session),
    }


def _further_down(session: Session) -> list[str]:
    """Whole lines for the end of an email or a letter: whoever goes to a hospital must find the right door of it."""
    if session.venue is None:
        return []
    said = {
        "Where exactly": where(session),
        "Which door": session.venue.entrance,
        "Getting there": session.venue.getting_there,
    }
    return [f"{name}: {words}" for name, words in said.items() if telling_words(words)]


def together(classes: Iterable[Mapping[str, object]]) -> list[str]:
    """The last lines of a message about several `classes`, each of them once."""
    return list(dict.fromkeys(line for one in classes for line in cast(list[str], one["further_down"])))


def withdrawn(booking: Booking) -> tuple[Attachment, ...]:
    """Only what was put into a calendar is taken out of it."""
    return appointment(booking, off=True) if had_a_place(booking) else ()


def had_a_place(booking: Booking) -> bool:
    """The row says only how it ended; its history says whether it ever was more than a wait."""
    return bool(booking.events.filter(state=BookingState.BOOKED).exists())  # type: ignore[attr-defined]


def appointment(booking: Booking, *, off: bool = False) -> tuple[Attachment, ...]:
    mailbox = mailbox_of(booking.participant.person)
    if not mailbox:
        return ()
    return (withdrawal(booking, attendee=mailbox) if off else invitation(booking, attendee=mailbox),)


def mailbox_of(person: Person) -> str:
    """The person's email address, if it is one and works; a line break in it would write lines of the file."""
    point = person.contact_points.working().filter(channel=Channel.EMAIL).first()
    try:
        validate_email(point.value if point else "")
    except ValidationError:
        return ""
    return point.value if point else ""
