"""A short message from the desk, or from whoever leads a class, to everybody of one date.

Here: whom it goes to, by which ways, sending it once, whether it is still wanted for somebody at the moment of
sending, and what became of it. Not here: what it may not say (note_words.py), the words around it
(frontend/jinja2/messages/class_note.txt). Called by the pages of the desk and of instructors (frontend/class_notes.py);
registered by AppConfig.ready. It is a change of a class to whoever reads it: nobody does without such messages, and
each hears of it by the way that they chose for changes. A supporter is told no more of it than of other changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from classes.judging.refusals import KeyReused
from classes.models import About, Booking, BookingState, ClassNote, Session
from classes.telling.by_way import way_of
from classes.telling.in_time import news_by
from classes.telling.note_words import Findings, findings
from classes.telling.notices import CLASS_NOTE, about_class, booking_of, leave_link
from classes.wall_time import local_date
from messaging.kinds import Content, register_kind
from messaging.models import Matter, Message, MessageStep, Step
from messaging.outbox import enqueue
from messaging.quiet_hours import quiet_until
from messaging.words import TooLong, Words, draw, draw_text, names_for

WAITING_STATES = (BookingState.WAITING, BookingState.OFFERED)
ANYBODY = "(first name)"
TO_READ_IT = timedelta(hours=2)  # of the morning, before the class


class ClassIsOver(Exception):
    """It is cancelled, or has ended: nobody is to be told of it any more."""


class NobodyToTell(Exception):
    """Nobody has a place, or waits if those are told too."""


class NotToBeSaid(Exception):
    """Its words may not be sent: `findings` says which."""

    def __init__(self, found: Findings) -> None:
        super().__init__(", ".join((*found.telling, *found.links)))
        self.findings = found


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(CLASS_NOTE, note_is_wanted, matter=Matter.CHANGES)


def bookings_told(session: Session, *, waiting_too: bool) -> QuerySet[Booking]:
    """The places of everybody who is told, each person once."""
    states = (BookingState.BOOKED, *(WAITING_STATES if waiting_too else ()))
    rows = session.bookings.filter(state__in=states, participant__person__contact_stopped_at=None)
    return rows.select_related("participant__person", "participant__programme").order_by("id")


def look_at(session: Session, words: str) -> Findings:
    """What stands against the words, and what is to be looked at again: of everybody who has a place or waits."""
    people = [booking.participant.person for booking in bookings_told(session, waiting_too=True)]
    names = [name for one in people for name in (one.given_name, one.family_name, one.known_as)]
    ways_in = (session.join_url, session.dial_in)
    return findings(words, names=names, our_number=settings.PHONE, ways_in=ways_in)


def by_way(session: Session, *, waiting_too: bool) -> Counter[str]:
    """How many people hear of it by which way, as things are now: a channel, BY_DESK or NO_WAY."""
    content = Content({}, needed_by=news_by(session.starts_at, timezone.now()))
    people = [booking.participant.person for booking in bookings_told(session, waiting_too=waiting_too)]
    return Counter(way_of(person, CLASS_NOTE, content) for person in people)


def send_note(
    *, session: Session, about: About, words: str, waiting_too: bool = False, request_key: str, by: Person
) -> ClassNote:
    """Put it into the outbox for everybody of the date. The same `request_key` again is the same message, sent once.

    Raises KeyReused when that key came with another message, NotToBeSaid, ClassIsOver, NobodyToTell.
    """
    with acting(by, "classes.send_note"):
        session = Session.objects.select_for_update(no_key=True).get(pk=session.pk)  # one press after the other
        if sent := ClassNote.objects.filter(request_key=request_key).first():
            if (sent.session, sent.about, sent.words, sent.waiting_too, sent.by) != (
                session,
                about,
                words,
                waiting_too,
                by,
            ):
                raise KeyReused
            return sent
        if (found := look_at(session, words)).refused:
            raise NotToBeSaid(found)
        if session.is_cancelled or timezone.now() >= session.ends_at:
            raise ClassIsOver
        told = list(bookings_told(session, waiting_too=waiting_too))
        if not told:
            raise NobodyToTell
        note = ClassNote(
            session=session,
            about=about,
            words=words,
            waiting_too=waiting_too,
            class_sequence=session.ics_sequence,
            request_key=request_key,
            by=by,
        )
        _keep(note)
        _enqueue(note, told)
        return note


def _keep(note: ClassNote) -> None:
    """At this moment the key may come with a message to another class, which no lock of ours holds up."""
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError:
        if ClassNote.objects.filter(request_key=note.request_key).exists():
            raise KeyReused from None
        raise


def _enqueue(note: ClassNote, told: Sequence[Booking]) -> None:
    for booking in told:
        enqueue(
            programme=booking.participant.programme,
            person=booking.participant.person,
            kind=CLASS_NOTE,
            subject_id=booking.pk,
            context={"note": note.pk},
            dedupe_key=f"{CLASS_NOTE}:{note.pk}:{booking.participant.person_id}",
        )


# --- the moment of sending, and afterwards -----------------------------------


def note_is_wanted(message: Message) -> Content | None:
    """Only while its person is one of those it was for, and the class is still ahead."""
    note = ClassNote.objects.filter(pk=message.context["note"]).first()
    booking, now = booking_of(message), timezone.now()
    if note is None or booking is None or booking.session.is_cancelled or now >= booking.session.ends_at:
        return None
    if booking.state not in (BookingState.BOOKED, *(WAITING_STATES if note.waiting_too else ())):
        return None
    facts = facts_of(note, booking.session, state=BookingState(booking.state)) | {
        "link": settings.PUBLIC_URL + reverse("me:booking", args=[booking.pk]),
        "leave": leave_link(booking),
    }
    in_full = _fits_in_a_text(names_for(message, facts))
    session = booking.session
    needed_by = news_by(session.starts_at, now)
    return Content({**facts, "in_full": in_full}, urgent=_cannot_wait(session, now), needed_by=needed_by)


def facts_of(note: ClassNote, session: Session, *, state: BookingState) -> dict[str, object]:
    """`state` is that of the reader's booking: who only waits reads so, and so does who is being offered a place."""
    standing = {"waiting_only": state == BookingState.WAITING, "offered": state == BookingState.OFFERED}
    return {**about_class(session), "about": note.about, "words": note.words, **standing}


def drawn_for_all(note: ClassNote, session: Session, *, state: BookingState) -> tuple[Words, str]:
    """Exactly what an email and a text say, but for the name of whoever reads it and the address of their place."""
    links = {"link": "(the page of their place)", "leave": "(where they leave the waiting list)"}
    facts = facts_of(note, session, state=state) | {"name": ANYBODY} | links
    text = draw_text(CLASS_NOTE, facts | {"in_full": _fits_in_a_text(facts)})
    return draw(CLASS_NOTE, facts), text.body


def _fits_in_a_text(facts: dict[str, object]) -> bool:
    try:
        draw_text(CLASS_NOTE, facts | {"in_full": True})
    except TooLong:
        return False
    return True


def _cannot_wait(session: Session, now: datetime) -> bool:
    """The class is today, or begins before anybody could have read it in the morning. Less than for a change: what
    the class is, when and where, stays as it was."""
    morning = quiet_until(now)
    today = local_date(session.starts_at) <= local_date(now)
    return today or (morning is not None and session.starts_at < morning + TO_READ_IT)


def leaves_at(session: Session, now: datetime) -> datetime | None:
    """When what is written now begins to leave: the end of the quiet hours; None for at once."""
    return None if _cannot_wait(session, now) else quiet_until(now)


def notes_for(booking: Booking) -> list[ClassNote]:
    """What everybody of its class was told, the newest first: all of it for whoever has a place, since they may have
    got it later; for whoever waits what those were told too; afterwards what this place was told."""
    notes = ClassNote.objects.filter(session=booking.session_id).order_by("-at")
    if booking.state in WAITING_STATES:
        notes = notes.filter(waiting_too=True)
    elif booking.state != BookingState.BOOKED:
        told = Message.objects.filter(kind=CLASS_NOTE, subject_id=booking.pk).values_list("context", flat=True)
        notes = notes.filter(pk__in=[context["note"] for context in told])
    return list(notes)


def heard_of(session: Session) -> dict[int, Counter[str]]:
    """Note → state of a message → how many people; for all that was written to this date, in one query."""
    bookings = session.bookings.values("pk")
    rows = Message.objects.filter(kind=CLASS_NOTE, subject_id__in=bookings).values_list("context__note", "state")
    heard: dict[int, Counter[str]] = {}
    for note, state in rows:
        heard.setdefault(note, Counter())[state] += 1
    return heard


@dataclass(frozen=True)
class Told:
    """What became of it for one person."""

    message: Message
    why_not: str  # a WhyNot, of what was not wanted; empty where no step says so
    has_place: bool  # now: an instructor reads the names of these alone


def told_of(note: ClassNote) -> list[Told]:
    """What became of it, for each person, by name. For a caller who may see the class."""
    bookings: Collection[int] = note.session.bookings.values_list("pk", flat=True)
    found = Message.objects.filter(kind=CLASS_NOTE, subject_id__in=list(bookings), context__note=note.pk)
    steps = MessageStep.objects.filter(message=OuterRef("pk"), what=Step.NOT_WANTED).order_by("-id")
    place = Booking.objects.filter(pk=OuterRef("subject_id"), state=BookingState.BOOKED)
    seen = found.select_related("person").annotate(why_not=Subquery(steps.values("reason")[:1]), place=Exists(place))
    told = [Told(one, one.why_not or "", one.place) for one in seen]  # type: ignore[attr-defined]
    return sorted(told, key=lambda one: one.message.person.full_name.casefold())
