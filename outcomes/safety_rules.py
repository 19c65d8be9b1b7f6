"""Which answers worry, and by when somebody calls about them. PURE.

Here: rules as pairs (item, least). Not here: whose they are and what happens
then (safety.py). Not signed off by anybody with a clinical registration.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from outcomes.scoring import Answers

Rule = tuple[str, int]  # the item, and from which answer on it worries

DAY_ENDS, CALLED_BY_NOON = time(17), time(12)
FRIDAY = 4


def met(rules: Iterable[Rule], answers: Answers) -> tuple[str, ...]:
    """The items whose answers worry, each once. What was left out or declined worries by no rule."""
    found = (item for item, least in rules if _at_least(answers.get(item), least))
    return tuple(dict.fromkeys(found))


def _at_least(answer: object, least: int) -> bool:
    return isinstance(answer, int | float) and not isinstance(answer, bool) and answer >= least


def call_by(now: datetime) -> datetime:
    """`now` is local. By 5pm of the same working day; what comes later, or at a weekend, by noon of the next one."""
    if now.weekday() <= FRIDAY and now.time() < DAY_ENDS:
        return now.replace(hour=DAY_ENDS.hour, minute=0, second=0, microsecond=0)
    on = now.date() + timedelta(days=1)
    while on.weekday() > FRIDAY:
        on += timedelta(days=1)
    return datetime.combine(on, CALLED_BY_NOON, now.tzinfo)
