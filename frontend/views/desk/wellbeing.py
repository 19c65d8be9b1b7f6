"""The wellbeing check over the telephone: staff read the exact words and type what is said."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import questionnaires
from frontend.needs import words_of
from frontend.questionnaires import Form
from frontend.wording import Label
from outcomes import recording
from outcomes.models import AnswerMode, AssessmentState
from participants import access, details

LABELS = {
    AssessmentState.PLANNED: Label("Not open", "quiet"),
    AssessmentState.SUBMITTED: Label("Sent", "ok"),
    AssessmentState.MISSED: Label("Not answered in time", "full"),
    AssessmentState.NOT_WANTED: Label("No longer wanted", "full"),
}


def _sheet(request: HttpRequest, pk: int) -> Form:
    assessment = get_object_or_404(recording.assessments_answerable_by(request.user), pk=pk)
    sheet = Form(request, assessment, "desk")
    if sheet.mode != AnswerMode.PHONE:
        raise Http404  # one's own form, or a friend's, is not filled in at the desk
    return sheet


@require_safe
@requires(Permission.WORK_AT_DESK)
def wellbeing_checks(request: HttpRequest, participant_pk: int) -> HttpResponse:
    """Every form of one person: what is due, what was sent, without any answer."""
    participant = get_object_or_404(access.at_desk_of(request.user), pk=participant_pk)
    rows = recording.own_assessments(participant).select_related("response").defer("response__answers")
    assessments = [(assessment, recording.is_open(assessment)) for assessment in rows]
    labels = {assessment.pk: _label(assessment.state, is_open) for assessment, is_open in assessments}
    needs = words_of(details.current_needs_of(participant.person))
    context = {"participant": participant, "assessments": assessments, "labels": labels, "needs": needs}
    return render(request, "frontend/desk/wellbeing_checks.html", context)


def _label(state: str, is_open: bool) -> Label:
    if is_open:
        return Label("Can be answered now", "few")
    return LABELS[AssessmentState(state)]


@require_safe
@requires(Permission.WORK_AT_DESK)
def wellbeing(request: HttpRequest, pk: int) -> HttpResponse:
    return questionnaires.introduction(_sheet(request, pk))


@requires(Permission.WORK_AT_DESK)
def wellbeing_question(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    return questionnaires.question_page(_sheet(request, pk), item)


@requires(Permission.WORK_AT_DESK)
def wellbeing_answers(request: HttpRequest, pk: int) -> HttpResponse:
    return questionnaires.answers_page(_sheet(request, pk))


@require_safe
@requires(Permission.WORK_AT_DESK)
def wellbeing_thanks(request: HttpRequest, pk: int) -> HttpResponse:
    return questionnaires.thanks(_sheet(request, pk))


urlpatterns = [
    path("people/<int:participant_pk>/wellbeing/", wellbeing_checks, name="wellbeing_checks"),
    path("wellbeing/<int:pk>/", wellbeing, name="wellbeing"),
    path("wellbeing/<int:pk>/answers/", wellbeing_answers, name="wellbeing_answers"),
    path("wellbeing/<int:pk>/thanks/", wellbeing_thanks, name="wellbeing_thanks"),
    path("wellbeing/<int:pk>/question/<slug:item>/", wellbeing_question, name="wellbeing_question"),
]
