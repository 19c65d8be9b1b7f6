"""One message about several dates of one person: booked together, given back together, or one instead of another.

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
from classes.models import Booking, BookingState, Session
from classes.telling.change_notices import bookings_of, named
from classes.telling.in_time import in_time
from classes.telling.notes_kept import notes_in_force
from classes.telling.notices import about_class, appointment, leave_link, together, withdrawn
from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.neutral import neutral
from messaging.outbox import enqueue
from participants.models import Participant
from participants.support import sees_messages

BOOKED, GIVEN_BACK, MOVED = "dates_booked", "dates_cancelled", "booking_moved"  # subject: the participant


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(BOOKED, dates_stand)
    register_kind(GIVEN_BACK, dates_are_given_back)
    register_kind(MOVED, place_has_moved)


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
    _tell(participant, BOOKED, context, by, copy=copy)


def dates_cancelled(participant: Participant, ended: Sequence[Booking], by: Person, *, copy: bool) -> None:
    """Places and turns that have `ended` together. Nothing is told when there were none."""
    if ended:
        _tell(participant, GIVEN_BACK, {"bookings": [booking.pk for booking in ended]}, by, copy=copy)


def booking_moved(old: Booking, new: Booking, by: Person, *, copy: bool) -> None:
    """The new place is held, and the old one was given back for it."""
    _tell(new.participant, MOVED, {"bookings": [old.pk, new.pk]}, by, copy=copy)


def _tell(participant: Participant, kind: str, context: dict[str, Any], by: Person, *, copy: bool) -> None:
    _enqueue(participant, kind, context, by)
    if copy and sees_messages(person=by, participant=participant):
        _enqueue(participant, kind, context, by, to=by)


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
    now, participant = timezone.now(), _participant(message)
    coming = [
        booking
        for booking in bookings_of(message.context["bookings"])
        if booking.ended_at is None and not booking.session.is_cancelled and booking.session.ends_at > now
    ]
    if not coming or not _may_read(message, participant):
        return None
    booked = [booking for booking in coming if booking.state == BookingState.BOOKED]
    waiting = [booking for booking in coming if booking not in booked]
    said_of_waiting = zip(waiting, _said(booking.session for booking in waiting), strict=True)
    facts: dict[str, Any] = {
        "booked": _with_notes([booking.session for booking in booked]),
        "waiting": [{**said, "notes": [], "leave": leave_link(booking)} for booking, said in said_of_waiting],
        "refused": _refused(message.context["refused"]),
        "by_oneself": message.context["by_oneself"],
        "companion": coming[0].party > 1,
        "for_whom": _for_whom(message, participant),
    }
    facts["further_down"] = together([*facts["booked"], *facts["waiting"]])
    files = (file for booking in booked for file in appointment(booking)) if _is_own(message, participant) else ()
    soonest = (booked or coming)[0].session.starts_at
    hurry = in_time(soonest, now, known=_knows(message, participant) or not booked)  # nobody sets out for a turn
    return Content(facts, attachments=named(files), **hurry)


def dates_are_given_back(message: Message) -> Content | None:
    now, participant = timezone.now(), _participant(message)
    over = [b for b in bookings_of(message.context["bookings"]) if b.ended_at and b.session.ends_at > now]
    if not over or not _may_read(message, participant):
        return None
    classes = _said(booking.session for booking in over)
    facts = {
        "classes": classes,
        "further_down": together(classes),
        "by_oneself": message.context["by_oneself"],
        "for_whom": _for_whom(message, participant),
    }
    files = (file for booking in over for file in withdrawn(booking)) if _is_own(message, participant) else ()
    hurry = in_time(over[0].session.starts_at, now, known=_knows(message, participant))
    return Content(facts, attachments=named(files), **hurry)


def place_has_moved(message: Message) -> Content | None:
    """Old and new. Where the new place has ended meanwhile its own message tells of that, and this one of the old."""
    now, participant = timezone.now(), _participant(message)
    both = {booking.pk: booking for booking in bookings_of(message.context["bookings"])}
    old, new = (both[pk] for pk in message.context["bookings"])
    stands = new.state == BookingState.BOOKED
    if not stands and Booking.objects.filter(participant=participant, session=old.session).live().exists():
        return None  # moved back meanwhile: the message of that says how it is
    if max(old.session.ends_at, new.session.ends_at) <= now or not _may_read(message, participant):
        return None
    (was,), (is_now,) = _said([old.session]), _with_notes([new.session])
    facts = {
        "old": was,
        "new": is_now if stands else None,
        "further_down": together([is_now] if stands else [was]),
        "companion": new.party > 1,
        "by_oneself": message.context["by_oneself"],
        "for_whom": _for_whom(message, participant),
    }
    files = (*withdrawn(old), *(appointment(new) if stands else ())) if _is_own(message, participant) else ()
    soonest = min(old.session.starts_at, new.session.starts_at)
    return Content(facts, attachments=named(files), **in_time(soonest, now, known=_knows(message, participant)))


def _participant(message: Message) -> Participant:
    return Participant.objects.select_related("person").get(pk=message.subject_id or 0)


def _for_whom(message: Message, participant: Participant) -> str:
    """The name in a copy; empty to the person."""
    return "" if _is_own(message, participant) else participant.person.first_name


def _is_own(message: Message, participant: Participant) -> bool:
    return message.person_id == participant.person_id


def _knows(message: Message, participant: Participant) -> bool:
    """Whoever did it themselves, and whoever did it for somebody and reads a copy."""
    return message.context["by_oneself"] or not _is_own(message, participant)


def _may_read(message: Message, participant: Participant) -> bool:
    """Who no longer helps, or may no longer see messages, is sent no copy."""
    if _is_own(message, participant):
        return True
    return not participant.person.contact_stopped_at and sees_messages(person=message.person, participant=participant)


def _said(sessions: Iterable[Session]) -> list[dict[str, object]]:
    return [
        {
            **about_class(session),
            "entrance": "" if session.venue is None else neutral(session.venue.entrance, ""),
            "bring": session.class_type.bring,
        }
        for session in sessions
    ]


def _with_notes(sessions: Sequence[Session]) -> list[dict[str, object]]:
    """The same, with what everybody of each date was told before and still holds."""
    notes = notes_in_force(sessions)
    return [
        {**said, "notes": [note.words for note in notes[session.pk]]}
        for session, said in zip(sessions, _said(sessions), strict=True)
    ]


def _refused(kept: Sequence[tuple[int, str]]) -> list[dict[str, object]]:
    codes: dict[int, str] = dict(kept)
    rows = Session.objects.filter(pk__in=codes).select_related("class_type", "venue", "room").order_by("starts_at")
    return [{**about, "code": codes[session.pk]} for session, about in zip(rows, _said(rows), strict=True)]
