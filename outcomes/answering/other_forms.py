"""What a person has sent of other instruments than our own, for the person alone.

Here: the forms, and the scores that may stand beside each other: those that the recipe says are told, at two
timepoints or more. Not here: their words (frontend/views/me/other_forms_words.py), our own check (recording.py). The
answers themselves are not read. Called by the page of one's own progress and by the API.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings

from outcomes.answering.progress import Form
from outcomes.answering.scores import rows_in_force
from outcomes.instruments import OWN, recipe_called
from outcomes.instruments.recipe import Recipe
from outcomes.models import AssessmentState, Response, Score
from participants.models import Participant


@dataclass(frozen=True)
class OtherForms:
    """All that somebody has sent of one instrument, oldest timepoint first, called as the latest was."""

    recipe: Recipe
    title: str
    forms: tuple[Form, ...]

    @property
    def scales(self) -> list[str]:
        """Of those that are told: which have a score at two timepoints or more."""
        return [name for name in self.recipe.to_tell if sum(name in form.scales for form in self.forms) > 1]


def other_forms(participant: Participant) -> list[OtherForms]:
    """By instrument, in the order of their codes. For the person alone: the caller has made sure of it."""
    rows = Score.objects.filter(
        response__assessment__participant=participant, response__assessment__state=AssessmentState.SUBMITTED
    ).exclude(recipe__in=OWN)
    rows = rows.select_related("response__assessment__timepoint", "response__assessment__questionnaire")
    in_order = rows.defer("response__answers").order_by(
        "response__assessment__timepoint__day", "response__assessment__timepoint", "response"
    )
    forms = [rows_in_force(list(of)) for _, of in groupby(in_order, key=lambda row: row.response_id)]
    return [_of_one(code, [form for form in forms if form[0].recipe == code]) for code in _codes(forms)]


def _codes(forms: Iterable[list[Score]]) -> list[str]:
    return sorted({form[0].recipe for form in forms})


def _of_one(code: str, forms: list[list[Score]]) -> OtherForms:
    """Who sent two at one timepoint by mistake reads the last, as summaries count it."""
    recipe = recipe_called(code).in_values_of(settings.EQ5D_VALUE_SET)
    by_timepoint = {form[0].response.assessment.timepoint_id: form for form in forms}
    sent = tuple(_sent(recipe, form) for form in by_timepoint.values())
    return OtherForms(recipe, forms[-1][0].response.assessment.questionnaire.title, sent)


def _sent(recipe: Recipe, rows: list[Score]) -> Form:
    """What was last scored in another way than today stands beside no other score: it is left out."""
    response: Response = rows[0].response
    today = {row.scale: row.value for row in rows if row.value is not None and row.recipe_version == recipe.version}
    point = response.assessment.timepoint
    return Form(point.label, point.day == 0, response.given_on, items={}, scales=today, is_late=response.is_late)
