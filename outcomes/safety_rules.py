"""Which answers and scores worry, and by when somebody calls about them. PURE.

Here: rules. Not here: whose they are and what happens then (safety.py). Not signed off by anybody with a clinical
registration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from outcomes.scoring import Answers

DAY_ENDS, CALLED_BY_NOON = time(17), time(12)
FRIDAY = 4
ALMOST: Final = 1e-9  # scores move in thirds: exactly the line must count
OR_LESS, SCORE = "or_less", "score"  # how a row is marked


@dataclass(frozen=True)
class Rule:
    """From which number on an answer worries, or a score: so much or more; or so much or less, where less is worse.

    `of` is the question, or the scale of the recipe.
    """

    of: str
    line: float
    or_less: bool = False
    is_score: bool = False

    def is_met_by(self, number: object) -> bool:
        """What was left out or declined, and a score that there is none of, worries by no rule."""
        if not isinstance(number, int | float) or isinstance(number, bool):
            return False
        return number <= self.line + ALMOST if self.or_less else number >= self.line - ALMOST


def rule_of(row: Sequence[Any]) -> Rule:
    """As a route keeps it: [of, line], and marks."""
    of, line, *marks = row
    return Rule(of, line, OR_LESS in marks, SCORE in marks)


def row_of(rule: Rule) -> list[Any]:
    return [rule.of, rule.line, *([OR_LESS] if rule.or_less else []), *([SCORE] if rule.is_score else [])]


def met(rules: Iterable[Rule], answers: Answers, scores: Mapping[str, float]) -> tuple[Rule, ...]:
    """Those that the answers or scores meet, one for each answer and score."""
    found = [rule for rule in rules if rule.is_met_by((scores if rule.is_score else answers).get(rule.of))]
    return tuple({(rule.of, rule.is_score): rule for rule in found}.values())


def call_by(now: datetime) -> datetime:
    """`now` is local. By 5pm of the same working day; what comes later, or at a weekend, by noon of the next one."""
    if now.weekday() <= FRIDAY and now.time() < DAY_ENDS:
        return now.replace(hour=DAY_ENDS.hour, minute=0, second=0, microsecond=0)
    on = now.date() + timedelta(days=1)
    while on.weekday() > FRIDAY:
        on += timedelta(days=1)
    return datetime.combine(on, CALLED_BY_NOON, now.tzinfo)
