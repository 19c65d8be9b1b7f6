"""The rules of the programme that are numbers: versioned, each within limits. PURE: no Django.

Here: what each number means, its limits, reading and checking a version. Not
here: which version is in use (health_content.py), what is done with a number
(treatment_days.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CURRENT = "2026-1"  # the newest version that came with the software
SHIPPED = {CURRENT: Path(__file__).parent / "content" / "rules_v1.toml"}


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
    treatment_days_after: int


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
