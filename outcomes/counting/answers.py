"""The answers of those people who are counted by how each of their answers moved, read for many forms at once.

Here: deciphering the answers of these forms, in the memory of one build: they stand nowhere else. Not here: whose they
are (forms.py), which way each went (truth.py). Called by forms.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from outcomes.answering.scores import by_item
from outcomes.counting.columns import AT_ONCE, rows_of
from outcomes.disclosure.sheet import NONE, Floats, Ints
from outcomes.instruments.recipe import Direction, Recipe
from outcomes.models import Questionnaire, Response


def answers_of(keys: Ints, recipe: Recipe, items: Sequence[str]) -> list[dict[str, Floats]]:
    """For each row of `keys`, by item, how far towards better each form was answered; not a number where it is NONE.

    Each of the forms has come to a score that needs every one of the items.
    """
    forms = np.unique(keys[keys != NONE])
    read = np.full((len(items), len(forms) + 1), np.nan)  # the last is of none
    for first in range(0, len(forms), AT_ONCE):
        some = forms[first : first + AT_ONCE]
        found = dict(_read(some, recipe, items))
        read[:, rows_of(list(found), forms)] = np.array(list(found.values())).T
    better = [1 if recipe.item(item).direction is Direction.UP else -1 for item in items]
    turned = dict(zip(items, read * np.array(better)[:, np.newaxis], strict=True))
    return [{item: column[rows_of(row, forms)] for item, column in turned.items()} for row in keys]


def _read(forms: Ints, recipe: Recipe, items: Sequence[str]) -> Iterator[tuple[int, list[float]]]:
    by_questionnaire = {one.pk: by_item(one) for one in Questionnaire.objects.filter(recipe=recipe.code)}
    rows = Response.objects.filter(pk__in=forms.tolist()).order_by()
    for key, questionnaire, answers in rows.values_list("pk", "assessment__questionnaire", "answers").iterator():
        given = by_questionnaire[questionnaire](answers)
        yield key, [float(given[item]) for item in items]
