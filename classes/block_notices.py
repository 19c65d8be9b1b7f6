"""One message about several dates of one person: those that were booked together, and those that were given back.

Here: what such a message keeps, and what it says at the moment of sending, when each
date is told as it is then. Not here: messages about one place (notices.py), or about
classes that the programme changed (change_notices.py), the words (frontend/jinja2/messages/).
Called by blocks.py inside its transactions. A copy goes to the supporter who asked for one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from accounts.models import Person
from classes.calendars import several
from classes.change_notices import bookings_of, named
from classes.models import Booking, BookingState, Session
from classes.notices import about_class, mailbox_of, withdrawn
from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.outbox import enqueue
from participants.models import Participant
from participants.support import sees_messages

BOOKED, GIVEN_BACK = "dates_booked", "dates_cancelled"  # subject: the participant


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(BOOKED, dates_stand)
    register_kind(GIVEN_BACK, dates_are_given_back)


# --- events: called inside the transaction of an action ----------------------


def dates_booked(
    participant: Participant,
    made: Sequence[Booking],
    refused: Sequence[tuple[Session, str]],
    by: Person,
    *,
    copy: bool,
) -> None:
    """Places and turns `made` now, and the dates `refused`, each with a code. Nothing is told when none was made.

    Why somebody may not come can be about health: of that the code says nothing, and neither does the message.
    """
    if not made:
        return
    context = {
        "bookings": [booking.pk for booking in made],
        "refused": [[session.pk, code] for session, code in refused],
    }
    _enqueue(participant, BOOKED, context, by)
    if copy and by != participant.person and sees_messages(person=by, participant=participant):
        _enqueue(participant, BOOKED, context, by, to=by)


def dates_cancelled(participant: Participant, ended: Sequence[Booking], by: Person) -> None:
    if ended:
        _enqueue(participant, GIVEN_BACK, {"bookings": [booking.pk for booking in ended]}, by)


def _enqueue(
    participant: Participant, kind: str, context: dict[str, Any], by: Person, *, to: Person | None = None
) -> None:
    about = hashlib.sha256(str(context["bookings"]).encode()).hexdigest()[:32]
    enqueue(
        programme=participant.programme,
        person=to or participant.person,
        kind=kind,
        subject_id=participant.pk,
        context={**context, "by_oneself": by == participant.person},
        dedupe_key=f"{kind}:{participant.pk}:{about}" + (f":{to.pk}" if to else ""),
    )


# --- the moment of sending ---------------------------------------------------


def dates_stand(message: Message) -> Content | None:
    """Each date as it is now: what was given back meanwhile is left out, and its own message tells of that."""
    now, participant = timezone.now(), Participant.objects.select_related("person").get(pk=message.subject_id or 0)
    coming = [
        booking
        for booking in bookings_of(message.context["bookings"])
        if booking.ended_at is None and not booking.session.is_cancelled and booking.session.ends_at > now
    ]
    if not coming or not _may_read(message, participant):
        return None
    booked = [booking for booking in coming if booking.state == BookingState.BOOKED]
    facts = {
        "booked": _said(booking.session for booking in booked),
        "waiting": _said(booking.session for booking in coming if booking not in booked),
        "refused": _refused(message.context["refused"]),
        "by_oneself": message.context["by_oneself"],
        "companion": coming[0].party > 1,
        "for_whom": "" if _is_own(message, participant) else participant.person.first_name,
    }
    mailbox = mailbox_of(participant.person) if _is_own(message, participant) else ""
    return Content(facts, attachments=(several(booked),) if booked and mailbox else ())


def dates_are_given_back(message: Message) -> Content | None:
    now = timezone.now()
    over = [b for b in bookings_of(message.context["bookings"]) if b.ended_at and b.session.ends_at > now]
    if not over:
        return None
    facts = {"classes": _said(booking.session for booking in over), "by_oneself": message.context["by_oneself"]}
    return Content(facts, attachments=named(file for booking in over for file in withdrawn(booking)))


def _is_own(message: Message, participant: Participant) -> bool:
    return message.person_id == participant.person_id


def _may_read(message: Message, participant: Participant) -> bool:
    """Who no longer helps, or may no longer see messages, is sent no copy."""
    if _is_own(message, participant):
        return True
    return not participant.person.contact_stopped_at and sees_messages(person=message.person, participant=participant)


def _said(sessions: Iterable[Session]) -> list[dict[str, object]]:
    return [
        {
            **about_class(session),
            "entrance": "" if session.venue is None else session.venue.entrance,
            "bring": session.class_type.bring,
        }
        for session in sessions
    ]


def _refused(kept: Sequence[tuple[int, str]]) -> list[dict[str, object]]:
    codes: dict[int, str] = dict(kept)
    rows = Session.objects.filter(pk__in=codes).select_related("class_type", "venue", "room").order_by("starts_at")
    return [{**about, "code": codes[session.pk]} for session, about in zip(rows, _said(rows), strict=True)]
