"""What one project is to get: the paper that two people sign, in one fixed spelling. PURE.

Here: its parts, its fingerprint, and everything that is wrong with one. Not here:
its row and its signatures (asking.py), whether a key can be sealed to (sealing.py says).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from outcomes.extracts.anonymity import Rules
from outcomes.extracts.fields import quasi_in, unknown
from outcomes.extracts.sealing import Unsealable, recipient_of
from outcomes.extracts.widening import steps_left_over

LEAST_K, LEAST_K_SECURE, LEAST_L = 5, 10, 2
LONGEST = timedelta(days=5 * 365)
MOST_DROPPED = 50  # in percent: what speaks for fewer than half of the people misleads
CANCER = "cancer"


@dataclass(frozen=True)
class NamedUser:
    """Somebody of the recipient who may open it, and when they were last trained to keep data safe."""

    name: str
    trained_on: date


@dataclass(frozen=True)
class Specification:
    """`secure`: it is opened in a secure data environment alone. `cancer_is_known`: others may know a person's kind."""

    title: str
    purpose: str
    agreement: str  # reference of the data-sharing agreement
    assessment: str  # reference of the data protection impact assessment
    recipient: str
    users: tuple[NamedUser, ...]
    fields: tuple[str, ...]
    k: int
    order: tuple[str, ...]
    public_key: str
    expires_on: date
    secure: bool = False
    cancer_is_known: bool = True
    l: int = LEAST_L  # noqa: E741 - its name in the literature
    drop_at_most: int = 5

    @property
    def least_k(self) -> int:
        return LEAST_K_SECURE if self.secure else LEAST_K

    @property
    def rules(self) -> Rules:
        quasi, apart = quasi_in(self.fields), f"person.{CANCER}" in self.fields and not self.cancer_is_known
        if not apart:
            return Rules(self.k, quasi, self.order, self.drop_at_most)
        others = tuple(name for name in quasi if name != CANCER)
        return Rules(self.k, others, self.order, self.drop_at_most, self.l, CANCER)


@dataclass(frozen=True)
class Fault:
    """What is wrong with which part; `named`: what of it."""

    part: str
    reason: str
    named: tuple[str, ...] = ()


def faults(spec: Specification, *, today: date) -> list[Fault]:
    """Everything that is wrong, in the order of the parts; empty: it can be signed."""
    return [*_said(spec), *_who(spec, today), *_what(spec), *_how(spec), *_until(spec, today)]


def canonical(spec: Specification) -> str:
    """The specification in one fixed spelling, which is what is signed."""
    return json.dumps(asdict(spec), sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Specification:
    """What `canonical` wrote."""
    parts: dict[str, Any] = json.loads(text)
    users = tuple(NamedUser(one["name"], date.fromisoformat(one["trained_on"])) for one in parts.pop("users"))
    expires_on = date.fromisoformat(parts.pop("expires_on"))
    fields, order = (tuple(parts.pop(name)) for name in ("fields", "order"))
    return Specification(users=users, expires_on=expires_on, fields=fields, order=order, **parts)


def _said(spec: Specification) -> Iterator[Fault]:
    for part in ("title", "purpose", "agreement", "assessment", "recipient"):
        if not getattr(spec, part).strip():
            yield Fault(part, "missing")


def _who(spec: Specification, today: date) -> Iterator[Fault]:
    if not spec.users:
        yield Fault("users", "missing")
    early = tuple(user.name for user in spec.users if user.trained_on > today)
    if early:
        yield Fault("users", "not_trained_yet", early)


def _what(spec: Specification) -> Iterator[Fault]:
    if not spec.fields:
        yield Fault("fields", "missing")
    not_listed = unknown(spec.fields)
    if not_listed:
        yield Fault("fields", "not_on_the_list", tuple(not_listed))


def _how(spec: Specification) -> Iterator[Fault]:
    if spec.k < spec.least_k:
        yield Fault("k", "too_small", (str(spec.least_k),))
    if spec.rules.diverse and spec.l < LEAST_L:
        yield Fault("l", "too_small", (str(LEAST_L),))
    if not 0 <= spec.drop_at_most <= MOST_DROPPED:
        yield Fault("drop_at_most", "out_of_range", (str(MOST_DROPPED),))
    over = steps_left_over(spec.order)
    if over:
        yield Fault("order", "no_such_step", tuple(over))


def _until(spec: Specification, today: date) -> Iterator[Fault]:
    try:
        recipient_of(spec.public_key)
    except Unsealable:
        yield Fault("public_key", "not_a_key")
    if not today < spec.expires_on <= today + LONGEST:
        yield Fault("expires_on", "out_of_range")
