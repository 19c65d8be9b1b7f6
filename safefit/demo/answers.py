"""The rows of wellbeing checks: when they were due, what was answered, how it scored.

As `outcomes.planning` and `outcomes.recording` write them. Not here: the answers (story/answering.py).
"""

from __future__ import annotations

from accounts.models import Person
from outcomes.answering.scores import score_rows
from outcomes.instruments import recipe_called
from outcomes.models import Assessment, Questionnaire, Response, Score
from participants.models import Participant, Timepoint
from safefit.demo.story import Story
from safefit.demo.story.answering import SELF, Form

BATCH = 2000


def make_answers(
    story: Story, members: list[Participant], questionnaire: Questionnaire, *, desk: Person
) -> list[Assessment]:
    """The assessments, in the order of the story's forms, with the answers of those who sent or began one."""
    timepoints = {point.code: point for point in Timepoint.objects.filter(programme=questionnaire.programme)}
    assessments = Assessment.objects.bulk_create(
        (_assessment(form, members[form.life], timepoints[form.timepoint], questionnaire) for form in story.forms),
        batch_size=BATCH,
    )
    answered = [(form, row) for form, row in zip(story.forms, assessments, strict=True) if form.answers]
    responses = Response.objects.bulk_create(_response(form, row, desk) for form, row in answered)
    _keep_scores([response for response in responses if response.submitted_at], questionnaire)
    return assessments


def _assessment(form: Form, member: Participant, timepoint: Timepoint, questionnaire: Questionnaire) -> Assessment:
    return Assessment(
        participant=member,
        questionnaire=questionnaire,
        timepoint=timepoint,
        state=form.state,
        opens_on=form.window.opens_on,
        due_on=form.window.due_on,
        closes_on=form.window.closes_on,
    )


def _response(form: Form, assessment: Assessment, desk: Person) -> Response:
    began = {"started_at": form.sent_at} if form.sent_at else {}
    return Response(
        assessment=assessment,
        answers=dict(form.answers),
        mode=form.mode,
        entered_by=assessment.participant.person if form.mode == SELF else desk,
        submitted_at=form.sent_at,
        **began,
    )


def _keep_scores(responses: list[Response], questionnaire: Questionnaire) -> None:
    recipe = recipe_called(questionnaire.recipe)
    Score.objects.bulk_create(
        (row for response in responses for row in score_rows(response, recipe, scored_at=response.submitted_at)),
        batch_size=BATCH,
    )
