"""What a telephone kept, as it sends it, read one by one: what cannot be read costs the others nothing.

Here: JSON values and parcels in, marks, people at the door, checks, reports and notes out. Not here: what becomes
of them (classes/handed_in.py), how a parcel is opened (accounts/parcels.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from accounts.parcels import Unreadable, open_parcel
from classes.handed_in import Kept, KeptCheck, KeptIncident, KeptNote, KeptWalkIn
from classes.incident_rules import Harm, IncidentKind
from classes.incidents import LONGEST_WORDS, NewIncident
from classes.models import LEAST_EFFORT, MOST_EFFORT, AttendanceState
from classes.register import LONGEST_PART, PARTS, KeptMark, NewCompanionMark, NewMark, NewNote, NewWalkIn
from frontend.views.teach.wording import CAME, COMPANION

MOST_ITEMS, MOST_NOTE, BIGGEST = 500, 200, 2**63 - 1
MOST_NAME, MOST_PHONE = 200, 40
ROOM = 100  # for what is put before a report, such as that nobody on the register is meant


def read_items(sent: list[Any]) -> tuple[list[Kept], list[str]]:
    """What was kept among `sent`, at most 500, and the ids of what is none as far as there are any."""
    kept: list[Kept] = []
    unreadable: list[str] = []
    for one in sent[:MOST_ITEMS]:
        try:
            kept.append(_READ[one["kind"]](one))
        except (Unreadable, KeyError, TypeError, ValueError, OverflowError):
            unreadable += _id_of(one)
    return kept, unreadable


def _mark(sent: dict[str, Any]) -> KeptMark:
    knew = sent.get("knew")
    if not (knew is None or knew in ("", *AttendanceState.values)):
        raise ValueError("knew")
    note = _words(_inside(sent)["note"]) if sent.get("parcel") is not None else None
    mark = NewMark(
        id=UUID(str(sent["id"])),
        state=AttendanceState(sent["state"]),
        marked_at=_moment(sent["at"]),
        booking_id=_key(sent.get("booking")),
        guest_id=_key(sent.get("guest")),
        note=note[:MOST_NOTE] if note is not None else None,
        knew=knew,
    )
    return KeptMark(_number(sent["session"]), mark)


def _companion(sent: dict[str, Any]) -> KeptMark:
    """`came` and `knew` as the register shows them: which of the two is chosen, "" for neither yet."""
    knew = sent["knew"]
    if sent["came"] not in COMPANION or knew not in ("", *COMPANION):
        raise ValueError("came or knew")
    mark = NewCompanionMark(
        id=UUID(str(sent["id"])),
        booking_id=_number(sent.get("booking")),
        came=sent["came"] == CAME,
        knew=knew == CAME if knew else None,
        seen=True,
    )
    return KeptMark(_number(sent["session"]), mark)


def _note(sent: dict[str, Any]) -> KeptNote:
    inside = _inside(sent)
    said: dict[str, Any] = {part: _words(inside[part])[:LONGEST_PART] for part in PARTS}
    effort = inside["effort"]
    if effort is not None and (type(effort) is not int or not LEAST_EFFORT <= effort <= MOST_EFFORT):
        raise ValueError("effort")
    if effort is None and not any(said.values()):
        raise ValueError("nothing said")
    return KeptNote(
        session_id=_number(sent["session"]),
        note=NewNote(id=UUID(str(sent["id"])), effort=effort, **said),
        booking_id=_key(sent.get("booking")),
        guest_id=_key(sent.get("guest")),
    )


def _walk_in(sent: dict[str, Any]) -> KeptWalkIn:
    inside = _inside(sent)
    name = " ".join(_words(inside["name"]).split())[:MOST_NAME]
    if not name:
        raise ValueError("name")
    walk_in = NewWalkIn(UUID(str(sent["id"])), name, _words(inside["phone"])[:MOST_PHONE], _moment(sent["at"]))
    return KeptWalkIn(_number(sent["session"]), walk_in)


def _check(sent: dict[str, Any]) -> KeptCheck:
    inside = _inside(sent)
    answers = inside["answers"]
    if not isinstance(answers, dict):
        raise TypeError(answers)
    return KeptCheck(
        session_id=_number(sent["session"]),
        id=UUID(str(sent["id"])),
        asked_at=_moment(sent["at"]),
        version=_words(inside["version"]),
        answers=answers,
        booking_id=_key(sent.get("booking")),
        guest_id=_key(sent.get("guest")),
    )


def _incident(sent: dict[str, Any]) -> KeptIncident:
    inside = _inside(sent)
    what_happened = _words(inside["what_happened"])[: LONGEST_WORDS - ROOM]
    if not what_happened or not isinstance(inside["called_999"], bool):
        raise ValueError("what happened, or whether 999 was called")
    report = NewIncident(
        id=UUID(str(sent["id"])),
        kind=IncidentKind(inside["kind"]),
        harm=Harm(inside["harm"]),
        happened_at=_moment(sent["at"]),
        what_happened=what_happened,
        what_was_done=_words(inside["what_was_done"])[:LONGEST_WORDS],
        called_999=inside["called_999"],
        booking_id=_key(sent.get("booking")),
        guest_id=_key(sent.get("guest")),
    )
    return KeptIncident(_number(sent["session"]), report)


_READ: dict[str, Callable[[dict[str, Any]], Kept]] = {
    "mark": _mark,
    "companion": _companion,
    "note": _note,
    "walk_in": _walk_in,
    "check": _check,
    "incident": _incident,
}


def _inside(sent: dict[str, Any]) -> dict[str, Any]:
    """What is sealed in an item. It opens under the kind and the id of that item alone."""
    inside = open_parcel(sent["parcel"], f"{sent['kind']}:{sent['id']}")
    if not isinstance(inside, dict):
        raise TypeError(inside)
    return inside


def _words(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("words")
    value.encode()  # half of a pair of characters can be sent, and not be stored: a ValueError too
    return value.strip()


def _moment(value: object) -> datetime:
    return datetime.fromtimestamp(_number(value) / 1000, UTC)


def _key(value: object) -> int | None:
    return None if value is None else _number(value)


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= BIGGEST:
        raise ValueError(value)
    return value


def _id_of(one: object) -> Iterable[str]:
    named = one.get("id") if isinstance(one, dict) else None
    return [named[:40]] if isinstance(named, str) else []
