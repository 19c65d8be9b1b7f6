"""Scores worked out from answers by a recipe. PURE.

Here: every operation a recipe may name, and the reason when there is no score.
Not here: the recipes (outcomes/instruments/), keeping a score (answering/).
Nothing that came from outside is ever run: a recipe is data, and its
operations are the ones below.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from outcomes.instruments.recipe import (
    CheckRange,
    FromScales,
    Function,
    Linear,
    Lookup,
    Mean,
    MinAnswered,
    Operation,
    Product,
    ProratedSum,
    Recipe,
    Recode,
    Rescale,
    Reverse,
    SafetyItem,
    Scale,
    Sum,
    UnableIsZero,
    Weigh,
)
from outcomes.scoring.ipaq import Activity, activity_of, lacking

DECLINED: Final = "declined"  # "I would rather not answer": asked, and left out on purpose
UNABLE: Final = "unable"  # "I could not do it": an answer to an item that says so
Answer = int | str
Answers = Mapping[str, Answer]
Given = Mapping[str, float | str]  # answers of a file too, where a score of another's making may have decimals


class Reason(enum.StrEnum):
    """Why there is no score."""

    TOO_FEW = "too few answers"
    MISSING = "not answered"
    DECLINED = "the person would rather not answer"
    OUT_OF_RANGE = "an answer lies outside its range"
    PART_MISSING = "a score that it is made of is missing"
    CANNOT_BE = "more than a day can hold"


class Flag(enum.StrEnum):
    """What to know of a score that stands."""

    CAPPED = "capped"
    UNABLE = "unable"


@dataclass(frozen=True)
class ScaleResult:
    """One scale of one form. `value` is None exactly when `reason` says why; it is never 0 for missing."""

    value: float | None
    reason: Reason | None = None
    flags: frozenset[Flag] = frozenset()


Results = Mapping[str, ScaleResult]


class _NoScore(Exception):
    def __init__(self, reason: Reason) -> None:
        self.reason = reason


@dataclass(frozen=True)
class _Form:
    """What the operations may look at: the recipe, the scale that is worked out, its answers, scales before it."""

    recipe: Recipe
    scale: Scale
    given: Given
    before: Results


@dataclass(frozen=True)
class _Working:
    """Where the work stands: answers still apart, or the number they came to."""

    values: Mapping[str, float]
    number: float = math.nan
    flags: frozenset[Flag] = frozenset()


def score(recipe: Recipe, answers: Given) -> dict[str, ScaleResult]:
    """Every scale of `recipe`, by id.

    `answers` maps an item id to a number, to `DECLINED`, or to `UNABLE` where
    the item takes that; an item that is not there was not answered. Declined
    and missing both count as unanswered, and the reason tells them apart.
    Items that the recipe does not know are left out.
    """
    results: dict[str, ScaleResult] = {}
    for scale in recipe.scales:
        results[scale.id] = _score_scale(_Form(recipe, scale, _of_scale(scale, answers), results))
    return results


def is_worrying(item: SafetyItem, answers: Given) -> bool | None:
    """Whether the answer is one that a person must see, whatever else is missing; None when there is no answer."""
    answer = answers.get(item.item)
    return None if answer is None or isinstance(answer, str) else answer >= item.least


def _of_scale(scale: Scale, answers: Given) -> Given:
    return {item: answers[item] for item in scale.items if item in answers}


def _score_scale(form: _Form) -> ScaleResult:
    work = _Working({item: float(answer) for item, answer in form.given.items() if not isinstance(answer, str)})
    try:
        for operation in form.scale.operations:
            work = _apply(operation, work, form)
    except _NoScore as none:
        return ScaleResult(None, none.reason)
    return ScaleResult(work.number, flags=work.flags)


def _apply(operation: Operation, work: _Working, form: _Form) -> _Working:
    match operation:
        case CheckRange():
            return _check_range(work, form.recipe)
        case MinAnswered():
            return _enough(operation, work, form)
        case Reverse() | Recode() | Weigh():
            changed = {name: _changed(operation, name, value, form.recipe) for name, value in work.values.items()}
            return replace(work, values=changed)
        case UnableIsZero():
            return _unable_is_zero(work, form)
        case FromScales():
            return replace(work, values=dict(_scores_of(operation, form)))
        case Function():
            return FUNCTIONS[operation.name](work, form)
        case Product():
            return _product(operation, work, form)
        case Mean() | Sum() | ProratedSum():
            return replace(work, number=_together(operation, work, form.scale))
        case _:  # mypy proves that no operation is forgotten
            return replace(work, number=_number(operation, work.number))


# --- answers, one by one -----------------------------------------------------


def _check_range(work: _Working, recipe: Recipe) -> _Working:
    if not all(recipe.item(name).takes(value) for name, value in work.values.items()):
        raise _NoScore(Reason.OUT_OF_RANGE)
    return work


def _enough(rule: MinAnswered, work: _Working, form: _Form) -> _Working:
    answered, items = len(work.values), len(form.scale.items)
    if rule.count is not None:
        enough = answered >= rule.count
    else:
        enough = answered > rule.share * items if rule.over else answered >= rule.share * items
    if not enough:
        raise _NoScore(_why_missing(form.scale.items[0], form) if items == 1 else Reason.TOO_FEW)
    return work


def _why_missing(item: str, form: _Form) -> Reason:
    return Reason.DECLINED if form.given.get(item) == DECLINED else Reason.MISSING


def _changed(rule: Reverse | Recode | Weigh, name: str, value: float, recipe: Recipe) -> float:
    item = recipe.item(name)
    match rule:
        case Reverse():
            return item.lo + item.hi - value if name in rule.items else value
        case Recode():
            return rule.numbers[name][int(value) - item.lo] if name in rule.numbers else value
        case _:
            return rule.weights[name] * value


def _unable_is_zero(work: _Working, form: _Form) -> _Working:
    unable = {name: 0.0 for name, answer in form.given.items() if answer == UNABLE and form.recipe.item(name).unable}
    flags = work.flags | {Flag.UNABLE} if unable else work.flags
    return replace(work, values={**work.values, **unable}, flags=flags)


def _scores_of(rule: FromScales, form: _Form) -> Iterator[tuple[str, float]]:
    for name in rule.scales:
        value = form.before[name].value
        if value is None:
            raise _NoScore(Reason.PART_MISSING)
        scale = form.recipe.scale(name)
        yield name, scale.lo + scale.hi - value if name in rule.turned else value


# --- all of them together ----------------------------------------------------


def _together(rule: Mean | Sum | ProratedSum, work: _Working, scale: Scale) -> float:
    if not work.values:
        raise _NoScore(Reason.TOO_FEW)
    total = sum(work.values.values())
    match rule:
        case Mean():
            return total / len(work.values)
        case Sum():
            return total
        case _:
            return total * len(scale.items) / len(work.values)


def _product(rule: Product, work: _Working, form: _Form) -> _Working:
    """0 whatever else was said, as soon as one of the two is 0."""
    for name in (rule.first, rule.second):
        if name not in work.values:
            raise _NoScore(_why_missing(name, form))
        if work.values[name] == 0:
            return replace(work, number=0.0)
    product = work.values[rule.first] * work.values[rule.second]
    flags = work.flags | {Flag.CAPPED} if product > rule.at_most else work.flags
    return replace(work, number=min(product, rule.at_most), flags=flags)


def _number(rule: Linear | Rescale | Lookup, number: float) -> float:
    match rule:
        case Linear():
            return rule.a * number + rule.b
        case Rescale():
            return rule.new_lo + (rule.new_hi - rule.new_lo) * ((number - rule.lo) / (rule.hi - rule.lo))
        case _:
            return float(rule.numbers[round(number) - rule.start])


# --- rules with a name -------------------------------------------------------


def _ipaq(read: Callable[[Activity], float], work: _Working, form: _Form) -> _Working:
    if (item := lacking(work.values)) is not None:
        raise _NoScore(_why_missing(item, form))
    activity = activity_of(work.values)
    if activity is None:
        raise _NoScore(Reason.CANNOT_BE)
    return replace(work, number=float(read(activity)))


FUNCTIONS: dict[str, Callable[[_Working, _Form], _Working]] = {
    "ipaq_vigorous": partial(_ipaq, lambda activity: activity.vigorous),
    "ipaq_moderate": partial(_ipaq, lambda activity: activity.moderate),
    "ipaq_walking": partial(_ipaq, lambda activity: activity.walking),
    "ipaq_total": partial(_ipaq, lambda activity: activity.total),
    "ipaq_category": partial(_ipaq, lambda activity: activity.category),
}
