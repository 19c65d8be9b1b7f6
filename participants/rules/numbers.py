"""The rules of the programme that are numbers: versioned, each within limits. PURE: no Django.

Here: what each number means, its limits, reading and checking a version. Not
here: which version is in use (health_content.py), what is done with a number
(health.py, needs.py, treatment_days.py). A number counts for what is decided while
it is in use: what was decided before keeps its date.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CURRENT = "2026-1"  # the newest version that came with the software
SHIPPED = {CURRENT: Path(__file__).parents[1] / "content" / "rules_v1.toml"}


class BadRules(ValueError):
    """Numbers that cannot be used; says which, and why."""


@dataclass(frozen=True)
class Number:
    """One rule: what it is called, in what it counts, from `least` to `most`. `since`: whom a new number is for."""

    title: str
    unit: str
    units: str
    least: int
    most: int
    since: str

    def words(self, value: int) -> str:
        return f"{value} {self.unit if value == 1 else self.units}"


NUMBERS: Mapping[str, Number] = {
    "clearance_months": Number(
        title="How long a clearance holds",
        unit="month",
        units="months",
        least=1,
        most=12,
        since="Clearances given before keep their date.",
    ),
    "review_days": Number(
        title="How soon somebody reads answers that need it",
        unit="working day",
        units="working days",
        least=1,
        most=10,
        since="Reviews asked for before keep their date.",
    ),
    "needs_review_months": Number(
        title="After how long somebody is asked again what helps them",
        unit="month",
        units="months",
        least=1,
        most=24,
        since="What was noted before keeps its date.",
    ),
    "emergency_review_months": Number(
        title="After how long somebody is asked whether their emergency contact is still right",
        unit="month",
        units="months",
        least=1,
        most=24,
        since="Holds from the next night on, whenever a contact was last known to be right.",
    ),
    "treatment_days_after": Number(
        title="How long after a treatment a class is said to be close to it",
        unit="day",
        units="days",
        least=0,
        most=7,
        since="Holds for every list from that moment on. Booking is the same.",
    ),
}


@dataclass(frozen=True)
class Rules:
    """One version of the numbers."""

    version: str
    clearance_months: int
    review_days: int
    needs_review_months: int
    emergency_review_months: int
    treatment_days_after: int


@cache
def shipped_rules() -> Rules:
    """The newest numbers that came with the software, whatever this copy uses now."""
    with SHIPPED[CURRENT].open("rb") as file:
        return read_rules(tomllib.load(file))


def read_rules(content: Mapping[str, Any]) -> Rules:
    """Check and freeze what content says. Raises BadRules."""
    if left_over := sorted(set(content) - {"version", *NUMBERS}):
        raise BadRules(f"No rule is called so: {', '.join(left_over)}.")
    if missing := sorted(set(NUMBERS) - set(content)):
        raise BadRules(f"These rules have no number: {', '.join(missing)}.")
    for name, number in NUMBERS.items():
        value = content[name]
        if type(value) is not int or not number.least <= value <= number.most:
            raise BadRules(f"{name}: a whole number from {number.least} to {number.most}, not {value!r}.")
    return Rules(content["version"], **{name: content[name] for name in NUMBERS})
