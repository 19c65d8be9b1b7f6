"""Marks as a telephone sends them, read one by one: one that cannot be read costs the others nothing.

Here: JSON values in, marks out. Not here: what becomes of them (classes/register/kept_marks.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from classes.models import AttendanceState
from classes.register import KeptMark, NewMark

MOST_MARKS, MOST_NOTE, BIGGEST = 500, 200, 2**63 - 1


def read_marks(sent: list[Any]) -> tuple[list[KeptMark], list[str]]:
    """The marks among `sent`, at most 500, and the ids of what is none as far as there are any."""
    marks: list[KeptMark] = []
    unreadable: list[str] = []
    for one in sent[:MOST_MARKS]:
        try:
            marks.append(_mark(one))
        except (KeyError, TypeError, ValueError, OverflowError):
            unreadable += _id_of(one)
    return marks, unreadable


def _mark(sent: Any) -> KeptMark:
    if not isinstance(sent, dict):
        raise TypeError(sent)
    knew, note = sent.get("knew"), sent.get("note", "")
    if not isinstance(note, str) or "\0" in note or not (knew is None or knew in ("", *AttendanceState.values)):
        raise ValueError("note or knew")
    note.encode()  # half of a pair of characters can be sent, and not be stored: a ValueError too
    mark = NewMark(
        id=UUID(str(sent["id"])),
        state=AttendanceState(sent["state"]),
        marked_at=datetime.fromtimestamp(_number(sent["at"]) / 1000, UTC),
        booking_id=_key(sent.get("booking")),
        guest_id=_key(sent.get("guest")),
        note=note.strip()[:MOST_NOTE],
        knew=knew,
    )
    return KeptMark(_number(sent["session"]), mark)


def _key(value: object) -> int | None:
    return None if value is None else _number(value)


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= BIGGEST:
        raise ValueError(value)
    return value


def _id_of(one: object) -> Iterable[str]:
    named = one.get("id") if isinstance(one, dict) else None
    return [named[:40]] if isinstance(named, str) else []
