"""Which question of a form is which item of a recipe, and whether it may be scored so. PURE: no Django.

Here: pairs found by name or code, what answers weigh where somebody had to say it, what stands against a pair, and the
answers as the recipe reads them. A pair stands only when the question offers exactly the numbers of the recipe's item:
a form that was changed on its way is not scored as if it were the published one. Not here: scores (scoring/). Called by
bringing.py and answering/scores.py.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from outcomes.fhir.given import NUMBERS, Kind, Shape
from outcomes.instruments.recipe import Item, Recipe
from outcomes.questions import Question, Replies, Reply
from outcomes.scoring import Answer

Binding = Mapping[str, str]  # linkId → item of the recipe
Weights = Mapping[str, Sequence[float]]  # linkId → what each of its options weighs, in their order, said by hand
Kept = Mapping[str, Any]  # as a questionnaire keeps both: linkId → item, or {"item": …, "weights": […]}


class Against(enum.StrEnum):
    """What stands against scoring by a recipe."""

    NOT_THERE = "not_there"
    TWICE = "twice"
    NOT_WEIGHED = "not_weighed"
    SEVERAL_ANSWERS = "several_answers"
    NO_NUMBERS = "no_numbers"
    NO_LIMITS = "no_limits"
    OTHER_COUNT = "other_count"
    OTHER_RANGE = "other_range"


@dataclass(frozen=True)
class Obstacle:
    """Of one item of the recipe: the question it is paired with ("" when none), what that has, what is wanted."""

    why: Against
    item: str
    question: str = ""
    has: str = ""
    wants: str = ""


def kept_as(binding: Binding, weights: Weights) -> dict[str, Any]:
    """Both in one, for keeping; weights of what is paired with nothing are not kept."""
    return {
        link: {"item": item, "weights": [*weights[link]]} if link in weights else item for link, item in binding.items()
    }


def pairs_in(kept: Kept) -> dict[str, str]:
    return {link: pair if isinstance(pair, str) else pair["item"] for link, pair in kept.items()}


def weights_in(kept: Kept) -> dict[str, list[float]]:
    return {link: pair["weights"] for link, pair in kept.items() if not isinstance(pair, str)}


def weighed_by_hand(questions: Iterable[Question], weights: Weights) -> tuple[Question, ...]:
    """The questions with these weights, where there is one for each option. What the file says of one stands."""
    return tuple(
        _with_weights(one, weights[one.id]) if one.id in weights and lacks_weights(one) else one for one in questions
    )


def lacks_weights(question: Question) -> bool:
    """Whether somebody would have to say what its answers weigh: one of them is chosen, and not each has a number."""
    shape = question.shape
    return shape.kind is Kind.CHOICE and not shape.several and any(one.weight is None for one in shape.options)


def _with_weights(question: Question, weights: Sequence[float]) -> Question:
    options = question.shape.options
    if len(weights) != len(options):
        return question
    weighed = tuple(replace(one, weight=float(weight)) for one, weight in zip(options, weights, strict=True))
    return replace(question, shape=replace(question.shape, options=weighed))


def proposed(recipe: Recipe, questions: Iterable[Question]) -> dict[str, str]:
    """The pairs that names and codes tell: a linkId or a code that is the item's own. Nothing is guessed at."""
    by_name = {name: item.id for item in recipe.items for name in _names(item)}
    found = {question.id: [by_name[name] for name in _names_of(question) if name in by_name] for question in questions}
    return {link: items[0] for link, items in found.items() if items}


def _names(item: Item) -> list[tuple[str, str]]:
    return [("", item.id), *((str(code.system), code.code) for code in item.codes)]


def _names_of(question: Question) -> list[tuple[str, str]]:
    return [("", question.id), *question.codes, *(("", code) for _, code in question.codes)]


def against(recipe: Recipe, questions: Iterable[Question], binding: Binding) -> list[Obstacle]:
    """What stands against scoring the form by `recipe` so; nothing means that it may be."""
    by_name = {question.id: question for question in questions}
    found: list[Obstacle] = []
    for item in recipe.items:
        links = [link for link, bound in binding.items() if bound == item.id and link in by_name]
        if len(links) > 1:
            found.append(Obstacle(Against.TWICE, item.id, ", ".join(links)))
        elif links:
            found += _mismatch(item, by_name[links[0]])
        elif not item.optional:
            found.append(Obstacle(Against.NOT_THERE, item.id, wants=_range(item)))
    return found


def _range(item: Item) -> str:
    return f"{item.lo} to {item.hi}"


def _mismatch(item: Item, question: Question) -> list[Obstacle]:
    why, has = _of_options(item, question.shape) if question.shape.options else _of_numbers(item, question)
    return [Obstacle(why, item.id, question.id, has, _range(item))] if why else []


def _of_options(item: Item, shape: Shape) -> tuple[Against | None, str]:
    weights = [option.weight for option in shape.options if option.weight is not None]
    if shape.several:
        return Against.SEVERAL_ANSWERS, ""
    if len(shape.options) != item.hi - item.lo + 1:
        return Against.OTHER_COUNT, str(len(shape.options))
    if len(weights) != len(shape.options):
        return Against.NOT_WEIGHED, ""
    fits = sorted(weights) == list(range(item.lo, item.hi + 1))
    return (None, "") if fits else (Against.OTHER_RANGE, ", ".join(f"{weight:g}" for weight in sorted(weights)))


def _of_numbers(item: Item, question: Question) -> tuple[Against | None, str]:
    shape = question.shape
    if shape.kind not in NUMBERS:
        return Against.NO_NUMBERS, ""
    if shape.least is None or shape.most is None:
        return Against.NO_LIMITS, ""
    fits = (shape.least, shape.most, question.step) == (item.lo, item.hi, 1)
    return (None, "") if fits else (Against.OTHER_RANGE, f"{shape.least} to {shape.most}")


def for_scoring(binding: Binding, questions: Iterable[Question], replies: Replies) -> dict[str, Answer]:
    """The answers as the recipe reads them: item → number, or DECLINED. Without a binding, names are the items'."""
    found: dict[str, Answer] = {}
    for question in questions:
        item = binding.get(question.id) if binding else question.id
        number = weighed(question, replies[question.id]) if item and question.id in replies else None
        if item and number is not None:
            found[item] = number
    return found


def numbers_of(questions: tuple[Question, ...], replies: Replies) -> dict[str, Answer]:
    """What each answer weighs, by question; an answer that weighs nothing is not among them."""
    return for_scoring({question.id: question.id for question in questions}, questions, replies)


def weights_of(question: Question) -> tuple[float, float] | None:
    """From where to where its answers weigh; None where not each of them does, or several may be chosen."""
    shape = question.shape
    if question.is_numbered:
        return question.lo, question.hi
    if shape.options:
        weights = [option.weight for option in shape.options if option.weight is not None]
        whole = len(weights) == len(shape.options) and not shape.several and shape.kind is Kind.CHOICE
        return (min(weights), max(weights)) if whole else None
    return (question.lo, question.hi) if shape.kind in NUMBERS else None


def weighed(question: Question, reply: Reply) -> Answer | None:
    """What one answer weighs; DECLINED as it is, None for an answer that weighs nothing (words, a day)."""
    if not isinstance(reply, list):
        return reply
    if len(reply) != 1:
        return None
    option = question.shape.option_of(reply[0])
    number = option.weight if option else next(iter(reply[0].values()))
    number = number.get("value") if isinstance(number, Mapping) else number
    return number if isinstance(number, int | float) and not isinstance(number, bool) else None  # type: ignore[return-value]
