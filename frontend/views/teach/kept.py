"""A register as a telephone keeps it: the words of the page, ready to be shown where no server answers.

Here: a register into plain values. Not here: which are kept (classes/teaching.py), until when
(classes/register/window.py), how a telephone locks them (assets/js/offline). Called by offline.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import Person
from classes.models import Mode, Session, Venue
from classes.readiness import Readiness, check_window
from classes.register import Entry, Register
from classes.same_day.symptoms import CheckWindow
from frontend.class_words import where_led
from frontend.views.teach import wording
from frontend.views.teach.check_words import check_words
from frontend.whereabouts import OUT_OF_VIEW, where_words, with_words
from frontend.wording import given, sentence, telephone, telephone_link, when


def kept_registers(registers: Iterable[Register], by: Person) -> list[dict[str, Any]]:
    """As `by` keeps them, whom nobody asks aloud but somebody else."""
    return [_kept(register, check_window(register.session, register.asked), by) for register in registers]


def _kept(register: Register, window: CheckWindow, by: Person) -> dict[str, Any]:
    session = register.session
    return {
        "id": session.pk,
        "name": session.class_type.name,
        "when": when(session.starts_at, session.ends_at),
        "place": where_led(session),
        "starts": _milliseconds(register.window.starts_at),
        "check_from": _milliseconds(window.opens_at),
        "check_until": _milliseconds(window.closes_at(aloud=True)),
        "until": _milliseconds(register.window.kept_until),
        "shows_facts": register.shows_facts,
        "photos": wording.photo_words([entry.name for entry in register.may_be_recorded], len(register.entries)),
        "marks": [[state, label.words] for state, label in wording.MARKS.items()],
        "emergency": _emergency(session),
        "out_of_view": OUT_OF_VIEW if session.mode == Mode.REMOTE else (),
        "people": [_person(entry, register, window, by) for entry in register.entries],
    }


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _emergency(session: Session) -> list[list[str]]:
    """What to say to 999 and whom else to call, top first; online there is no hall."""
    hall: Venue | None = session.venue
    if hall is None:
        return []
    room = f", {session.room.name}" if session.room else ""
    lines = [
        ("Say where you are", f"{hall}{room}, {hall.address}, {hall.town}, {hall.postcode}"),
        ("Way in", hall.entrance),
        ("Nearest defibrillator", given(hall.defibrillator)),
        ("Hall contact", hall.hall_contact),
    ]
    return [[name, words] for name, words in lines if words]


def _person(entry: Entry, register: Register, window: CheckWindow, by: Person) -> dict[str, Any]:
    facts = entry.facts
    check = check_words(entry, register, window)
    alerts = [] if facts is None or facts.cleared else ["Not cleared for this class: do not start. Phone the desk."]
    if entry.is_unknown:
        alerts = [wording.UNKNOWN]
    notes = _ring(entry) + _today(entry)
    where = tuple(notes)
    if facts and facts.note:
        notes.append(facts.note)
    if facts and facts.ask_first:
        notes.append(f"Ask {entry.first_name} before the class: did not agree to share health facts.")
    if check and check.about:
        notes.append(f"About: {'; '.join(check.about)}.")
    return {
        "key": entry.key,
        "booking": entry.booking_id,
        "guest": entry.guest_id,
        "name": entry.name,
        "first": entry.first_name,
        "unknown": entry.is_unknown,
        "tick": wording.companion_tick(entry) if entry.with_companion else None,
        "asks": facts is not None and entry.person_id != by.pk,
        "reference": entry.reference,
        "state": entry.mark.state if entry.mark else "",
        "note": entry.mark.note if entry.mark else "",
        "alerts": [*alerts, *([check.alert] if check and check.alert else [])],
        "check": [f"{check.label.words}{f' at {check.at}' if check.at else ''}", check.label.tone] if check else None,
        "answered": facts is not None and facts.check.readiness is not Readiness.NOT_ASKED,
        "stopped": entry.is_stopped or entry.is_unknown,  # neither is marked with all the others
        "needs": [sentence(words) for words in wording.need_words(entry)],
        "changes": [sentence(words) for words in wording.adaptation_words(entry)],
        "where": where,
        "address": bool(entry.facts and entry.facts.today),
        "notes": notes,
        "also": list(wording.at_a_glance(entry)),
        "noted": facts is not None and facts.noted,
        "contact": _contact(entry),
    }


def _ring(entry: Entry) -> list[str]:
    """In a talk by telephone."""
    if entry.rings_on is None:
        return []
    leave = "" if entry.rings_on.may_leave_message else " Do not leave a message."
    return [f"Ring {entry.first_name}: {telephone(entry.rings_on.number)}. Ask for them by name.{leave}"]


def _today(entry: Entry) -> list[str]:
    """Where they are during an online class, as far as it was said when this was saved."""
    today = entry.facts.today if entry.facts else None
    return [where_words(today), f"Ring {telephone(today.phone)}", with_words(today)] if today else []


def _contact(entry: Entry) -> dict[str, str] | None:
    """Whom to call for this person; None outside the window, and for a bare name."""
    if entry.facts is None:
        return None
    contact = entry.facts.emergency
    if contact is None:
        return {"words": "Not given. Ask before the class.", "number": "", "link": ""}
    related = f" ({contact.relationship})" if contact.relationship else ""
    return {
        "words": f"{contact.name}{related}",
        "number": telephone(contact.phone),
        "link": telephone_link(contact.phone),
    }
