"""What a telephone kept, as it sends it, read one by one: what cannot be read costs the others nothing.

Here: JSON values and parcels in, marks out. Not here: what becomes of them (classes/register/kept_marks.py), how a
parcel is opened (accounts/parcels.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from accounts.parcels import Unreadable, open_parcel
from classes.models import AttendanceState
from classes.register import KeptMark, NewMark

MOST_ITEMS, MOST_NOTE, BIGGEST = 500, 200, 2**63 - 1


def read_items(sent: list[Any]) -> tuple[list[KeptMark], list[str]]:
    """What was kept among `sent`, at most 500, and the ids of what is none as far as there are any."""
    kept: list[KeptMark] = []
    unreadable: list[str] = []
    for one in sent[:MOST_ITEMS]:
        try:
            kept.append(_mark(one))
        except (Unreadable, KeyError, TypeError, ValueError, OverflowError):
            unreadable += _id_of(one)
    return kept, unreadable


def _mark(sent: Any) -> KeptMark:
    if not isinstance(sent, dict):
        raise TypeError(sent)
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
