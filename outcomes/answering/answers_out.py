"""One form's answers on their way out, as FHIR R4.

Here: which rows go into the resource. Not here: its shape (fhir/response.py), who
may have it (recording.may_read_answers, asked by the API). Called by the API.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from outcomes.answering.response import Scored, Sheet, canonical_of, response_of
from outcomes.answering.scores import rows_in_force
from outcomes.models import AnswerMode, Assessment, Questionnaire, QuestionnaireFile, Response

WAYS: Final = {
    AnswerMode.SELF: "ONLINEWRIT",
    AnswerMode.PHONE: "PHONE",
    AnswerMode.PAPER: "HANDWRIT",
    AnswerMode.SCRIBE: "DICTATE",
}


def name_of(questionnaire: Questionnaire) -> str:
    """Its name among all questionnaires, without the version."""
    return canonical_of(questionnaire.url, questionnaire.code)


def as_fhir(assessment: Assessment, response: Response | None) -> dict[str, Any]:
    """What was answered so far, or was sent with its scores, as a QuestionnaireResponse."""
    questionnaire = assessment.questionnaire
    sheet = Sheet(
        name=str(assessment.pk),
        participant=str(assessment.participant_id),
        canonical=f"{name_of(questionnaire)}|{questionnaire.version}",
        replies=response.answers if response else {},
        given_at=_given_at(response) if response else None,
        way=WAYS[AnswerMode(response.mode)] if response else "",
        scores=_scores(response) if response else (),
    )
    licensed = QuestionnaireFile.objects.filter(questionnaire=questionnaire).exists()
    return response_of(sheet, questionnaire.items, assessment.questions, with_words=not licensed)


def _scores(response: Response) -> tuple[Scored, ...]:
    return tuple(
        Scored(row.scale, row.value, row.reason, row.recipe, row.recipe_version, row.value_set)
        for row in rows_in_force(response.scores.all())
    )


def _given_at(response: Response) -> datetime | date | None:
    """The day that stands on a paper form, else when it was sent; None for a draft."""
    return response.submitted_at and (response.answered_on or response.submitted_at)
