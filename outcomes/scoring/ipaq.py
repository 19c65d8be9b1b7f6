"""IPAQ, short form, last seven days: minutes by energy, and the category. PURE.

After the guidelines for data processing of November 2005. Called by this package,
as no row of operations can say this: what is too little does not count, what
cannot be puts the form aside, and what is much is cut, in this order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

METS: Final[Mapping[str, float]] = {"vig": 8.0, "mod": 4.0, "walk": 3.3}  # energy of one minute, rest being 1
LEAST_BOUT: Final = 10  # minutes a day: less does not count
MOST_A_DAY: Final = 960  # minutes of all three: more cannot be
CUT: Final = 180  # minutes a day of each kind that count at most
LOW, MODERATE, HIGH = 1, 2, 3


@dataclass(frozen=True)
class Activity:
    """MET-minutes a week, and the category: 1 low, 2 moderate, 3 high."""

    vigorous: float
    moderate: float
    walking: float
    category: int

    @property
    def total(self) -> float:
        return self.vigorous + self.moderate + self.walking


@dataclass(frozen=True)
class _Week:
    days: Mapping[str, float]
    minutes: Mapping[str, float]

    def met(self, kind: str) -> float:
        return METS[kind] * self.days[kind] * self.minutes[kind]


def lacking(answers: Mapping[str, float]) -> str | None:
    """The first item without which nothing can be said; None when all is there. No days need no minutes."""
    for kind in METS:
        if f"{kind}_days" not in answers:
            return f"{kind}_days"
        if answers[f"{kind}_days"] and f"{kind}_min" not in answers:
            return f"{kind}_min"
    return None


def activity_of(answers: Mapping[str, float]) -> Activity | None:
    """What the answers come to; None when they add up to more than a day can hold. `lacking` has been asked."""
    week = _week(answers)
    if sum(week.minutes.values()) > MOST_A_DAY:
        return None
    week = _Week(week.days, {kind: min(minutes, CUT) for kind, minutes in week.minutes.items()})
    return Activity(week.met("vig"), week.met("mod"), week.met("walk"), _category(week))


def _week(answers: Mapping[str, float]) -> _Week:
    days = {kind: answers[f"{kind}_days"] for kind in METS}
    minutes = {kind: answers[f"{kind}_min"] if days[kind] else 0.0 for kind in METS}
    counts = {kind: minutes[kind] >= LEAST_BOUT for kind in METS}
    return _Week(
        {kind: days[kind] if counts[kind] else 0.0 for kind in METS},
        {kind: minutes[kind] if counts[kind] else 0.0 for kind in METS},
    )


def _category(week: _Week) -> int:
    total, days = sum(week.met(kind) for kind in METS), sum(week.days.values())
    if (week.days["vig"] >= 3 and total >= 1500) or (days >= 7 and total >= 3000):
        return HIGH
    vigorous_enough = week.days["vig"] >= 3 and week.minutes["vig"] >= 20
    half_hours = sum(week.days[kind] for kind in ("mod", "walk") if week.minutes[kind] >= 30)
    if vigorous_enough or half_hours >= 5 or (days >= 5 and total >= 600):
        return MODERATE
    return LOW
