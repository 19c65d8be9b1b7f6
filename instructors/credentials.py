"""Whether somebody may lead on a date, by what they hold, and how long what they hold lasts.

A credential counts from the day it was issued to the day it expires, both
included, once somebody has seen the evidence. What is pending extends nothing. An
override of the desk stands in for one kind between its days, and is told apart.
PURE: no Django. Called by classes/timetable, and by the pages that explain it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Held:
    """One credential. `expires` None means that it does not run out. `override`: the desk lets it pass instead."""

    kind: str
    issued: date
    expires: date | None
    verified: bool
    override: bool = False

    def in_force(self, on: date) -> bool:
        return self.issued <= on and (self.expires is None or on <= self.expires)


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


@dataclass(frozen=True)
class Standing:
    """How one kind stands on a day. `until`: the last day of what was verified, renewals in a row counted together;
    None where it does not end, or where nothing verified is in force. `pending`: something waits to be checked.
    """

    kind: str
    reason: Reason | None
    until: date | None
    endless: bool
    by_override: bool
    pending: bool

    @property
    def verified(self) -> bool:
        """Whether it stands by itself, without an override."""
        return self.endless or self.until is not None


def reasons_against_leading(held: Iterable[Held], needed: Iterable[str], on: date) -> tuple[Reason, ...]:
    """One reason for each kind in `needed` that does not stand on `on`; empty means that they may lead."""
    by_kind: dict[str, list[Held]] = {}
    for credential in held:
        by_kind.setdefault(credential.kind, []).append(credential)
    found = (_reason(kind, by_kind.get(kind, []), on) for kind in dict.fromkeys(needed))
    return tuple(reason for reason in found if reason is not None)


def overridden(held: Iterable[Held], needed: Iterable[str], on: date) -> tuple[str, ...]:
    """Those of `needed` that stand on `on` only because the desk lets them pass."""
    held = list(held)
    own = [one for one in held if not one.override]
    lacking = {reason.kind for reason in reasons_against_leading(own, needed, on)}
    return tuple(kind for kind in dict.fromkeys(needed) if kind in lacking and not _lacks(kind, held, on))


def standing_of(kind: str, held: Iterable[Held], on: date) -> Standing:
    own = [one for one in held if one.kind == kind]
    verified = [one for one in own if one.verified and not one.override]
    endless, until = _lasts(verified, on)
    reason = _reason(kind, own, on)
    stands = endless or until is not None
    return Standing(
        kind,
        reason,
        until,
        endless,
        by_override=reason is None and not stands,
        pending=any(not one.verified for one in own),
    )


def ran_out(kind: str, held: Iterable[Held], on: date) -> date | None:
    """The last day of what was verified and is over on `on`, where nothing verified has taken its place."""
    own = [one for one in held if one.kind == kind and one.verified and not one.override]
    if any(one.in_force(on) for one in own):
        return None
    return max((one.expires for one in own if one.expires is not None and one.expires < on), default=None)


def _lacks(kind: str, held: list[Held], on: date) -> bool:
    return bool(reasons_against_leading([one for one in held if one.kind == kind], [kind], on))


def _lasts(verified: Sequence[Held], on: date) -> tuple[bool, date | None]:
    """Whether what is in force on `on` never ends, and else its last day. What begins the day after goes on with it."""
    until: date | None = None
    for one in sorted(verified, key=lambda one: one.issued):
        begins_in_time = one.issued <= (on if until is None else until + timedelta(days=1))
        if not begins_in_time:
            break
        if one.expires is None:
            return True, None
        if one.expires >= on and (until is None or one.expires > until):
            until = one.expires
    return False, until


def _reason(kind: str, held: list[Held], on: date) -> Reason | None:
    """Of several of one kind the best one decides: one that stands, else the reason nearest to standing."""
    in_force = [c for c in held if c.in_force(on)]
    if any(c.verified for c in in_force):
        return None
    if in_force:
        return Reason(kind, Why.UNVERIFIED)
    own = [c for c in held if not c.override]
    if expired := [c.expires for c in own if c.expires is not None and c.expires < on]:
        return Reason(kind, Why.EXPIRED, max(expired))
    if own:
        return Reason(kind, Why.NOT_YET, min(c.issued for c in own))
    return Reason(kind, Why.MISSING)
