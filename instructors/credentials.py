"""Whether somebody may lead on a date, by what they hold.

A credential counts from the day it was issued to the day it expires, both
included, once somebody has seen the evidence. What is pending extends nothing.
PURE: no Django. Called by classes/timetable.py and by the pages that explain it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Held:
    """One credential. `expires` None means that it does not run out."""

    kind: str
    issued: date
    expires: date | None
    verified: bool


class Why(enum.StrEnum):
    MISSING = "missing"
    UNVERIFIED = "unverified"
    NOT_YET = "not_yet"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Reason:
    """Why one kind of credential does not stand on the date. `day`: when it ran out, or begins."""

    kind: str
    why: Why
    day: date | None = None


def reasons_against_leading(held: Iterable[Held], needed: Iterable[str], on: date) -> tuple[Reason, ...]:
    """One reason for each kind in `needed` that does not stand on `on`; empty means that they may lead."""
    by_kind: dict[str, list[Held]] = {}
    for credential in held:
        by_kind.setdefault(credential.kind, []).append(credential)
    found = (_reason(kind, by_kind.get(kind, []), on) for kind in dict.fromkeys(needed))
    return tuple(reason for reason in found if reason is not None)


def _reason(kind: str, held: list[Held], on: date) -> Reason | None:
    """Of several of one kind the best one decides: one that stands, else the reason nearest to standing."""
    in_force = [c for c in held if c.issued <= on and (c.expires is None or on <= c.expires)]
    if any(c.verified for c in in_force):
        return None
    if in_force:
        return Reason(kind, Why.UNVERIFIED)
    if expired := [c.expires for c in held if c.expires is not None and c.expires < on]:
        return Reason(kind, Why.EXPIRED, max(expired))
    if held:
        return Reason(kind, Why.NOT_YET, min(c.issued for c in held))
    return Reason(kind, Why.MISSING)
