"""The rows of scores: those that a form comes to, and those that count.

Called by recording.py when a form is sent, by rescoring.py, and by whoever
reads scores of a form. Not here: the scoring itself (scoring/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from django.utils import timezone

from outcomes.instruments.recipe import Recipe
from outcomes.models import Questionnaire, Response, Score
from outcomes.questions import Replies
from outcomes.questions.binding import for_scoring
from outcomes.scoring import Answers, score


class Scored(Protocol):
    """One scale of one form as it was scored once: a Score, or as much of one as was read."""

    @property
    def pk(self) -> int: ...
    @property
    def scale(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def recipe(self) -> str: ...
    @property
    def recipe_version(self) -> str: ...
    @property
    def scored_at(self) -> datetime: ...


Row = TypeVar("Row", bound=Scored)


def score_rows(response: Response, recipe: Recipe, *, scored_at: datetime | None = None) -> list[Score]:
    """One row for each scale of `recipe`, not saved."""
    moment = scored_at or timezone.now()
    return [
        Score(
            response=response,
            scale=scale,
            value=result.value,
            reason=result.reason or "",
            flags=sorted(result.flags),
            recipe=recipe.code,
            recipe_version=recipe.version,
            value_set=recipe.scale(scale).value_set,
            scored_at=moment,
        )
        for scale, result in score(recipe, answers_for_scoring(response)).items()
    ]


def answers_for_scoring(response: Response) -> Answers:
    """The answers by the items of the recipe that its questionnaire is bound to."""
    return by_item(response.assessment.questionnaire)(response.answers)


def by_item(questionnaire: Questionnaire) -> Callable[[Replies], Answers]:
    """What turns the answers to one of its forms into those; for many forms, its questions are read once."""
    if not questionnaire.binding:  # its questions are called as the items are
        return lambda answers: dict(answers)  # type: ignore[arg-type]  # of numbers alone
    pairs, questions = questionnaire.pairs, questionnaire.every_question
    return lambda answers: for_scoring(pairs, questions, answers)


def rows_in_force(rows: Iterable[Row]) -> list[Row]:
    """The rows of one form as it was last scored. What an earlier recipe came to stays a row and counts no more."""
    in_order = sorted(rows, key=lambda row: (row.scored_at, row.pk))
    last = [(row.recipe, row.recipe_version) for row in in_order[-1:]]
    return [row for row in in_order if (row.recipe, row.recipe_version) in last]


def values_in_force(rows: Iterable[Scored]) -> dict[str, float]:
    """The scores of one form by scale, as it was last scored; a scale without a score is not among them.

    An earlier score does not stand in, not even where the later recipe finds none.
    """
    return {row.scale: row.value for row in rows_in_force(rows) if row.value is not None}
