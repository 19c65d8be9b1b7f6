"""Forms that were sent, scored once more by the recipe of today.

Called by `manage.py rescore`. With the recipe they were scored by, nothing
changes; a new version of it adds rows. A row that is there is never changed:
what was shown to somebody can always be found again. Frozen releases keep
their figures; the next one is made from the scores in force.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.history import Actor, acting
from outcomes.answering.scores import score_rows
from outcomes.instruments import recipe_called
from outcomes.instruments.recipe import Recipe
from outcomes.models import Questionnaire, Response, Score

BATCH = 500
ALMOST = 1e-9  # the same sum in another order

Key = tuple[str, str, str]  # scale, version of the recipe, value set: one row for each


@dataclass
class Rescored:
    """What a re-score did. `differing`: scores that the same version does not come to any more, by scale."""

    forms: int = 0
    same: int = 0
    added: int = 0
    differing: Counter[str] = field(default_factory=Counter)

    def __iadd__(self, other: Rescored) -> Rescored:
        self.forms, self.same, self.added = self.forms + other.forms, self.same + other.same, self.added + other.added
        self.differing += other.differing
        return self


def rescore(*, questionnaire: Questionnaire, by: Actor) -> Rescored:
    """Score every sent form of `questionnaire` by its recipe as it is now, in steps of `BATCH` forms.

    Can be stopped and begun again: each step stands for itself, and what is
    there is not done twice.
    """
    recipe = recipe_called(questionnaire.recipe)
    sent = Response.objects.filter(assessment__questionnaire=questionnaire, submitted_at__isnull=False).order_by("pk")
    locked = sent.select_for_update(of=("self",)).select_related("assessment__questionnaire").prefetch_related("scores")
    done, last = Rescored(), 0
    while True:
        with acting(by, "outcomes.rescore"):
            forms = list(locked.filter(pk__gt=last)[:BATCH])
            done += _rescored(forms, recipe)
        if len(forms) < BATCH:
            return done
        last = forms[-1].pk


def questionnaires_with_forms() -> QuerySet[Questionnaire]:
    """Those that are scored and that anybody has answered."""
    sent = Response.objects.filter(submitted_at__isnull=False).values("assessment__questionnaire")
    return Questionnaire.objects.filter(pk__in=sent).exclude(recipe="").order_by("code", "version", "pk")


def _rescored(forms: Iterable[Response], recipe: Recipe) -> Rescored:
    step, new = Rescored(), list[Score]()
    for form in forms:
        step.forms += 1
        there = {_key(row): row for row in form.scores.all()}
        for row in score_rows(form, recipe):
            earlier = there.get(_key(row))
            if earlier is None:
                new.append(row)
            elif _is_same(earlier, row):
                step.same += 1
            else:
                step.differing[row.scale] += 1
    Score.objects.bulk_create(new)
    step.added = len(new)
    return step


def _key(row: Score) -> Key:
    return row.scale, row.recipe_version, row.value_set


def _is_same(earlier: Score, now: Score) -> bool:
    if earlier.value is None or now.value is None:
        return (earlier.value, earlier.reason) == (now.value, now.reason)
    return abs(earlier.value - now.value) <= ALMOST and sorted(earlier.flags) == sorted(now.flags)
