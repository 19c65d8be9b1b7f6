"""What each kind of credential needs, how long it holds, when to remind, when cover must be found. PURE: no Django.

Here: what each number means, its limits, reading and checking a version, and what follows
from it for one credential. Not here: which version is in use (rules_in_use.py), whether
somebody may lead (credentials.py). A number counts for what is recorded while it is in use:
a credential that was recorded before keeps its last day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta

CURRENT = "2026-1"  # the newest version that came with the software
SHIPPED = {CURRENT: Path(__file__).parent / "content" / "credentials_v1.toml"}
IN_PERSON, REMOTE = "in_person", "remote"  # how classes are held; what is neither is led from home, like one online


class BadCredentialRules(ValueError):
    """Numbers that cannot be used; says which, and why."""


@dataclass(frozen=True)
class Number:
    """What a number is called, and from where to where it may go."""

    title: str
    least: int
    most: int


OF_ALL: Mapping[str, Number] = {
    "first_notice_days": Number("First notice that something runs out (days before)", 8, 180),
    "second_notice_days": Number("Second notice, and a task for the desk (days before)", 8, 180),
    "last_notice_days": Number("Last notice (days before)", 1, 60),
    "cover_hours_in_person": Number("Cover in person must be found (hours before)", 1, 96),
    "cover_hours_online": Number("Cover online must be found (hours before)", 1, 96),
}
OF_A_KIND: Mapping[str, Number] = {
    "months": Number("Holds for so many months (0: as is written on it)", 0, 120),
    "says_its_end": Number("Must say when it runs out (1: yes, 0: no)", 0, 1),
    "in_person": Number("Needed for every class in person (1: yes, 0: where the kind of class says so)", 0, 1),
    "online": Number("Needed for every class online (1: yes, 0: where the kind of class says so)", 0, 1),
    "override_days": Number("Somebody may lead without it for so many days at most (0: never)", 0, 90),
}


@dataclass(frozen=True)
class KindRule:
    """How one kind of credential is treated."""

    months: int
    says_its_end: bool
    in_person: bool
    online: bool
    override_days: int

    @property
    def needs_end(self) -> bool:
        """Whether nothing can be recorded without the day that is written on it."""
        return self.says_its_end and not self.months

    def last_day(self, issued: date, written: date | None) -> date | None:
        """The last day on which it counts: as is written on it, and no longer than it holds. None: it has no end."""
        held = issued + relativedelta(months=self.months, days=-1) if self.months else None
        days = [day for day in (held, written) if day is not None]
        return min(days) if days else None


@dataclass(frozen=True)
class CredentialRules:
    """One version."""

    version: str
    first_notice_days: int
    second_notice_days: int
    last_notice_days: int
    cover_hours_in_person: int
    cover_hours_online: int
    kinds: Mapping[str, KindRule]

    @property
    def notice_days(self) -> tuple[int, ...]:
        """So many days before the end each notice is given, the last one on the day after it."""
        return (self.first_notice_days, self.second_notice_days, self.last_notice_days)

    def needed_always(self, mode: str) -> tuple[str, ...]:
        """What every class of this mode needs, whatever its kind."""
        return tuple(
            kind for kind, rule in self.kinds.items() if (rule.in_person if mode == IN_PERSON else rule.online)
        )

    def cover_hours(self, mode: str) -> int:
        return self.cover_hours_in_person if mode == IN_PERSON else self.cover_hours_online


def read_rules(content: Mapping[str, Any], *, known: Collection[str]) -> CredentialRules:
    """Check and freeze what content says, for the `known` kinds. Raises BadCredentialRules."""
    rows = {str(row.get("id")): row for row in content.get("credentials", ())}
    _same("kinds", rows, known)
    _same("numbers", set(content) - {"version", "credentials"}, OF_ALL)
    numbers = {name: _number(content, name, number, name) for name, number in OF_ALL.items()}
    if not numbers["first_notice_days"] > numbers["second_notice_days"] > numbers["last_notice_days"]:
        raise BadCredentialRules("Each notice must come nearer to the end than the one before it.")
    return CredentialRules(content["version"], **numbers, kinds={kind: _kind(kind, rows[kind]) for kind in known})


def _kind(kind: str, row: Mapping[str, Any]) -> KindRule:
    _same(f"numbers of {kind}", set(row) - {"id"}, OF_A_KIND)
    said = {name: _number(row, name, number, f"{kind}, {name}") for name, number in OF_A_KIND.items()}
    return KindRule(
        months=said["months"],
        says_its_end=bool(said["says_its_end"]),
        in_person=bool(said["in_person"]),
        online=bool(said["online"]),
        override_days=said["override_days"],
    )


def _number(said: Mapping[str, Any], name: str, number: Number, called: str) -> int:
    value = said[name]
    if type(value) is not int or not number.least <= value <= number.most:
        raise BadCredentialRules(f"{called}: a whole number from {number.least} to {number.most}, not {value!r}.")
    return int(value)


def _same(what: str, said: Collection[str], known: Collection[str]) -> None:
    if apart := sorted(set(said) ^ set(known)):
        raise BadCredentialRules(f"Unknown or missing {what}: {', '.join(apart)}.")
