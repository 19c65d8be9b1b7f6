"""Scores worked out from answers by a recipe. PURE.

Here: every operation a recipe may name, and the reason when there is no score.
Not here: the recipes (outcomes/instruments/), keeping a score (recording.py).
Nothing that came from outside is ever run: a recipe is data, and its
operations are the ones below.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, assert_never

from outcomes.instruments.recipe import (
    CheckRange,
    Function,
    Linear,
    Mean,
    MinAnswered,
    Operation,
    ProratedSum,
    Recipe,
    Reverse,
    Scale,
    Sum,
)

DECLINED: Final = "declined"  # "I would rather not answer": asked, and left out on purpose
Answer = int | str
Answers = Mapping[str, Answer]

ACTIVE_MINUTES_CAP: Final = 1680  # four hours a day for a week


class Reason(enum.StrEnum):
    """Why there is no score."""

    TOO_FEW = "too few answers"
    MISSING = "not answered"
    DECLINED = "the person would rather not answer"
    OUT_OF_RANGE = "an answer lies outside its range"


class Flag(enum.StrEnum):
    """What to know of a score that stands."""

    CAPPED = "capped"


@dataclass(frozen=True)
class ScaleResult:
    """One scale of one form. `value` is None exactly when `reason` says why; it is never 0 for missing."""

    value: float | None
    reason: Reason | None = None
    flags: frozenset[Flag] = frozenset()


class _NoScore(Exception):
    def __init__(self, reason: Reason) -> None:
        self.reason = reason


@dataclass(frozen=True)
class _Working:
    """Where the work stands: answers still apart, or the number they came to."""

    values: Mapping[str, float]
    number: float = math.nan
    flags: frozenset[Flag] = frozenset()


def score(recipe: Recipe, answers: Answers) -> dict[str, ScaleResult]:
    """Every scale of `recipe`, by id.

    `answers` maps an item id to a whole number, or to `DECLINED`; an item that
    is not there was not answered. Both count as unanswered, and the reason
    tells them apart. Items that the recipe does not know are left out.
    """
    return {scale.id: _score_scale(recipe, scale, answers) for scale in recipe.scales}


def _score_scale(recipe: Recipe, scale: Scale, answers: Answers) -> ScaleResult:
    given = {item: answers[item] for item in scale.items if item in answers}
    work = _Working({item: float(answer) for item, answer in given.items() if not isinstance(answer, str)})
    try:
        for operation in scale.operations:
            work = _apply(operation, work, recipe, scale, given)
    except _NoScore as none:
        return ScaleResult(None, none.reason)
    return ScaleResult(work.number, flags=work.flags)


def _apply(operation: Operation, work: _Working, recipe: Recipe, scale: Scale, given: Answers) -> _Working:
    match operation:
        case CheckRange():
            return _check_range(work, recipe)
        case MinAnswered():
            return _enough(operation, work, scale, given)
        case Reverse():
            return replace(
                work, values={name: _turned(name, value, operation, recipe) for name, value in work.values.items()}
            )
        case Mean():
            return replace(work, number=_total(work) / len(work.values))
        case Sum():
            return replace(work, number=_total(work))
        case ProratedSum():
            return replace(work, number=_total(work) * len(scale.items) / len(work.values))
        case Linear():
            return replace(work, number=operation.a * work.number + operation.b)
        case Function():
            return FUNCTIONS[operation.name](work, given)
        case _:  # pragma: no cover  (mypy proves that no operation is forgotten)
            assert_never(operation)


def _total(work: _Working) -> float:
    if not work.values:
        raise _NoScore(Reason.TOO_FEW)
    return sum(work.values.values())


def _check_range(work: _Working, recipe: Recipe) -> _Working:
    for name, value in work.values.items():
        item = recipe.item(name)
        if not item.lo <= value <= item.hi:
            raise _NoScore(Reason.OUT_OF_RANGE)
    return work


def _enough(rule: MinAnswered, work: _Working, scale: Scale, given: Answers) -> _Working:
    answered, items = len(work.values), len(scale.items)
    if rule.count is not None:
        enough = answered >= rule.count
    else:
        enough = answered > rule.share * items if rule.over else answered >= rule.share * items
    if not enough:
        raise _NoScore(_why_missing(scale.items[0], given) if items == 1 else Reason.TOO_FEW)
    return work


def _why_missing(item: str, given: Answers) -> Reason:
    return Reason.DECLINED if given.get(item) == DECLINED else Reason.MISSING


def _turned(name: str, value: float, rule: Reverse, recipe: Recipe) -> float:
    item = recipe.item(name)
    return item.lo + item.hi - value if name in rule.items else value


def _active_minutes(work: _Working, given: Answers) -> _Working:
    """Days times minutes a day; no days is 0 minutes whatever else was said; at most 1,680."""
    for name in ("act_days", "act_min"):
        if name not in work.values:
            raise _NoScore(_why_missing(name, given))
        if work.values[name] == 0:
            return _Working(work.values, 0.0)
    minutes = work.values["act_days"] * work.values["act_min"]
    flags = frozenset({Flag.CAPPED}) if minutes > ACTIVE_MINUTES_CAP else frozenset()
    return _Working(work.values, min(minutes, float(ACTIVE_MINUTES_CAP)), flags)


FUNCTIONS: dict[str, Callable[[_Working, Answers], _Working]] = {"active_minutes": _active_minutes}
