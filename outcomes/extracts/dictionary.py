"""What the dictionary of an extract says beside its columns, of questionnaires, scores and timepoints. PURE.

Facts of recipes and of the questions that were asked: names, ranges, which way is better, codes, whose licence holds.
Words of questions are given of our own questionnaires alone. Only what was agreed to is named. Called by making.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from outcomes import instruments
from outcomes.extracts.answers import code_of, name_of
from outcomes.extracts.facts import Form, Scale
from outcomes.extracts.fields import as_code
from outcomes.extracts.tables import Person
from outcomes.instruments.recipe import Direction, Recipe
from outcomes.questions import Question
from outcomes.questions.binding import weights_of

Json = dict[str, Any]
BETTER = {Direction.UP: "more", Direction.DOWN: "less"}


def described(people: Iterable[Person], keys: Collection[str], days: Mapping[str, int]) -> Json:
    """By what it is of. `days`: on which day of the programme each timepoint is."""
    forms = [form for person in people for form in person.facts.forms]
    return {
        "questionnaires": _questionnaires(forms, keys),
        "scores": _scores(forms, keys),
        "timepoints": _timepoints(days) if {"form.timepoint", "goal.timepoint"} & set(keys) else [],
    }


def _questionnaires(forms: Iterable[Form], keys: Collection[str]) -> list[Json]:
    """Each version once, with every question of it that was asked at any timepoint."""
    if "form.instrument" not in keys:
        return []
    longest: dict[tuple[str, str], Form] = {}
    for form in forms:
        before = longest.setdefault((form.instrument, form.version), form)
        if len(form.questions) > len(before.questions):
            longest[form.instrument, form.version] = form
    return [_questionnaire(longest[name], "item.item" in keys) for name in sorted(longest)]


def _questionnaire(form: Form, with_items: bool) -> Json:
    recipe = instruments.recipe_called(form.recipe) if form.recipe else None
    found: Json = {"instrument": as_code(form.instrument), "version": as_code(form.version)}
    if recipe is not None:
        found |= {
            "title": recipe.title, "measures": recipe.measures, "citation": recipe.citation, "licence": recipe.licence,
        }  # fmt: skip
    if with_items:
        found["items"] = [_item(form, recipe, place, one) for place, one in enumerate(form.questions, 1)]
    return found


def _item(form: Form, recipe: Recipe | None, place: int, question: Question) -> Json:
    found: Json = {"item": name_of(question, place), "type": str(question.shape.kind)}
    limits = weights_of(question)
    if limits is not None:
        found["range"] = [*limits]
    if question.shape.options:
        found["answers"] = [
            {"answer": code_of(question, option.kept), "number": option.weight} for option in question.shape.options
        ]
    bound = (form.binding.get(question.id) if form.binding else question.id) if recipe else None
    known = {item.id: item for item in recipe.items} if recipe else {}
    if bound in known:
        found |= {"recipe_item": bound, "better": BETTER[known[bound].direction]}
    return {**found, "words": question.text} if form.is_ours else found


def _scores(forms: Iterable[Form], keys: Collection[str]) -> list[Json]:
    if not {"score.scale", "score.recipe"} <= set(keys):
        return []
    scales = {(one.recipe, one.recipe_version, one.scale): one for form in forms for one in form.scores}
    return [_score(scales[name]) for name in sorted(scales)]


def _score(given: Scale) -> Json:
    recipe = instruments.recipe_called(given.recipe)
    scale = recipe.scale(given.scale)
    named = {
        "scale": as_code(scale.id),
        "recipe": as_code(recipe.code),
        "recipe_version": as_code(given.recipe_version),
    }
    if given.recipe_version != recipe.version:
        return {**named, "note": f"scored by an earlier rule than version {recipe.version}, and not described here"}
    return {
        **named,
        "label": scale.name or recipe.title,
        "range": [scale.lo, scale.hi],
        "better": BETTER[scale.direction],
        "value_set": scale.value_set,
        "codes": [{"system": str(code.system), "code": code.code} for code in scale.codes],
    }


def _timepoints(days: Mapping[str, int]) -> list[Json]:
    """Planned days; on which day a form was answered stands in the tables."""
    in_order = sorted(days.items(), key=lambda one: (one[1], one[0]))
    return [{"timepoint": as_code(code), "day": day} for code, day in in_order]
