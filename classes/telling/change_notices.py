"""One message to each person about classes that changed, or were called off, together.

Here: what such a message keeps (which places, and how their classes were before),
and what it says at the moment of sending, when a place that has ended meanwhile is
left out. Not here: messages about one place (notices.py), the words
(frontend/jinja2/messages/). Called by classes/timetable inside its transactions;
read by the page on which somebody says which of the dates they can still come to.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from classes.models import Booking, BookingState, Mode, Session
from classes.telling.calendars import where
from classes.telling.in_time import in_time
from classes.telling.notices import NEWS, about_class, appointment, had_a_place, together, withdrawn
from messaging.kinds import Attachment, Content, register_kind
from messaging.models import Matter, Message
from messaging.neutral import neutral_place
from messaging.outbox import STOPPABLE, cancel, enqueue
from participants.models import Participant

CHANGED, SEVERAL_OFF = "class_changed", "classes_cancelled"  # subject: the participant
TIME, PLACE, LINK, WHAT = "time", "place", "link", "what"


@dataclass(frozen=True)
class Told:
    """A place or wait whose class is different now. `was` is the class before; `given_up`: the place ended with it."""

    booking: Booking
    was: Session
    given_up: bool = False


@dataclass(frozen=True)
class Changed:
    """One class of one person, before and now, as a message or a page says it. `new`: which of the four are new."""

    booking: Booking
    was: dict[str, Any]
    given_up: bool
    waited: bool = False  # when it changed, whatever they have now
    automatic: bool = False  # and a place would have become theirs unasked

    @property
    def session(self) -> Session:
        return self.booking.session

    @property
    def where(self) -> str:
        return where(self.session)

    @property
    def was_start(self) -> datetime:
        return datetime.fromisoformat(self.was["starts_at"])

    @property
    def was_end(self) -> datetime:
        return datetime.fromisoformat(self.was["ends_at"])

    @property
    def new(self) -> tuple[str, ...]:
        now = _facts_of(self.session)
        return tuple(name for name in (TIME, PLACE, LINK, WHAT) if any(self.was[f] != now[f] for f in COMPARED[name]))


COMPARED = {TIME: ("starts_at", "ends_at"), PLACE: ("where",), LINK: ("link",), WHAT: ("class_type",)}


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(CHANGED, still_changed, matter=Matter.CHANGES)
    register_kind(SEVERAL_OFF, still_off, matter=Matter.CHANGES)


# --- events: called inside the transaction of an action ----------------------


def classes_changed(told: Iterable[Told]) -> None:
    """One message to each person, listing their dates that are different now.

    What an earlier message of this kind says and nobody has read yet is said in the new
    one, from how things were before both.
    """
    for participant, theirs in _by_participant(told).items():
        earlier = {change["booking"]: change for change in _take_back(participant)}
        for one in theirs:
            earlier[one.booking.pk] = _kept(one, earlier.get(one.booking.pk, {}))
        _enqueue(participant, CHANGED, {"changes": list(earlier.values())}, _versions(theirs))


def _kept(one: Told, earlier: dict[str, Any]) -> dict[str, Any]:
    """What a message keeps of one class, after what an `earlier` one kept that nobody has read."""
    return {
        "booking": one.booking.pk,
        "was": earlier.get("was") or _facts_of(one.was),
        "given_up": one.given_up,
        "waited": not one.given_up and one.booking.state != BookingState.BOOKED,
        "automatic": earlier.get("automatic", False) or one.booking.book_automatically,
    }


def several_cancelled(bookings: Sequence[Booking]) -> None:
    """One message to each person whose classes were called off together; called once their bookings have ended."""
    theirs: dict[Participant, list[int]] = defaultdict(list)
    for booking in bookings:
        no_longer_told(booking)
        theirs[booking.participant].append(booking.pk)
    for participant, ids in theirs.items():
        _enqueue(participant, SEVERAL_OFF, {"bookings": ids}, str(ids))


def no_longer_told(booking: Booking) -> None:
    """What was not yet sent about a place that ends is taken back."""
    cancel(kinds=NEWS, subject_id=booking.pk)


def _by_participant(told: Iterable[Told]) -> dict[Participant, list[Told]]:
    theirs: dict[Participant, list[Told]] = defaultdict(list)
    for one in told:
        theirs[one.booking.participant].append(one)
    return theirs


def _take_back(participant: Participant) -> list[dict[str, Any]]:
    unread = Message.objects.filter(kind=CHANGED, subject_id=participant.pk, state__in=STOPPABLE).order_by("-id")
    changes = [change for message in unread for change in message.context["changes"]]
    cancel(kinds=[CHANGED], subject_id=participant.pk)
    return changes


def _facts_of(session: Session) -> dict[str, Any]:
    """How a class is, as far as people are told of it. The link itself is not kept: only whether it is another."""
    link = hashlib.sha256(f"{session.join_url} {session.dial_in}".encode()).hexdigest()[:16]
    return {
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "where": where(session),
        "link": link if session.mode == Mode.REMOTE else "",
        "class_type": session.class_type_id,
        "what": about_class(session)["what"],
    }


def _versions(theirs: Sequence[Told]) -> str:
    return str([(one.booking.pk, one.was.version) for one in theirs])


def _enqueue(participant: Participant, kind: str, context: dict[str, Any], about: str) -> None:
    enqueue(
        programme=participant.programme,
        person=participant.person,
        kind=kind,
        subject_id=participant.pk,
        context=context,
        dedupe_key=f"{kind}:{participant.pk}:{hashlib.sha256(about.encode()).hexdigest()[:32]}",
    )


# --- the moment of sending, and the page it leads to -------------------------


def changes_in(message: Message) -> list[Changed]:
    """What a message tells of, as things are now: dates to come that are still different from before, in order."""
    wanted = {change["booking"]: change for change in message.context["changes"]}
    now = timezone.now()
    found = [
        Changed(booking, **{name: kept for name, kept in wanted[booking.pk].items() if name != "booking"})
        for booking in bookings_of(wanted.keys())
        if not booking.session.is_cancelled and booking.session.ends_at > now
    ]
    return [one for one in found if one.new and (one.given_up or one.booking.ended_at is None)]


def changes_told_to(participant: Participant) -> QuerySet[Message]:
    """Messages that told this participant of changes: the door of the page that they lead to."""
    return Message.objects.filter(kind=CHANGED, subject_id=participant.pk, person=participant.person_id)


def still_changed(message: Message) -> Content | None:
    changes = changes_in(message)
    if not changes:
        return None
    soonest = min(min(one.was_start, one.session.starts_at) for one in changes)
    classes = [_said(one) for one in changes]
    facts = {
        "classes": classes,
        "further_down": together(classes),
        "asked": any(not one.given_up for one in changes),
        "link": settings.PUBLIC_URL + reverse("me:changed_classes", args=[message.pk]),
    }
    return Content(facts, attachments=_files(changes), **in_time(soonest, timezone.now()))


def still_off(message: Message) -> Content | None:
    now, told = timezone.now(), bookings_of(message.context["bookings"])
    bookings = [b for b in told if b.session.is_cancelled and b.session.ends_at > now]
    if not bookings:
        return None
    classes = [about_class(booking.session) for booking in bookings]
    facts = {"classes": classes, "further_down": together(classes)}
    files = named(file for booking in bookings for file in withdrawn(booking))
    soonest = bookings[0].session.starts_at
    return Content(facts, attachments=files, **in_time(soonest, now))


def _said(one: Changed) -> dict[str, object]:
    return {
        **about_class(one.session),
        "new": one.new,
        "was_start": one.was_start,
        "was_end": one.was_end,
        "was_where": neutral_place(one.was["where"]),
        "was_what": one.was["what"],
        "given_up": one.given_up,
        "waited": one.waited,
        "waiting_only": one.booking.state == BookingState.WAITING,
        "asked_first": one.automatic and one.booking.state in (BookingState.WAITING, BookingState.OFFERED),
    }


def _files(changes: Sequence[Changed]) -> tuple[Attachment, ...]:
    files: list[Attachment] = []
    for one in changes:
        if one.booking.state == BookingState.BOOKED:
            files += appointment(one.booking)
        elif one.given_up and had_a_place(one.booking):
            files += withdrawn(one.booking)
    return named(files)


def named(files: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """A mailbox keeps files of one name apart badly: the second is safefit-2.ics."""
    return tuple(
        file if n == 1 else Attachment(file.name.replace(".ics", f"-{n}.ics"), file.text, file.mime_type)
        for n, file in enumerate(files, start=1)
    )


def bookings_of(ids: Collection[int]) -> QuerySet[Booking]:
    rows = Booking.objects.filter(pk__in=ids).order_by("session__starts_at", "pk")
    return rows.select_related("session__class_type", "session__venue", "session__room", "participant__person")
