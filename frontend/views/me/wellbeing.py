"""How I am doing: the wellbeing check, one's own progress, and what other questionnaires came to.

A supporter who may type answers uses the same pages for the person they help;
progress is nobody's but one's own.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import measuring, questionnaires
from frontend.acting import own_participant
from frontend.goals import near_words
from frontend.questionnaires import Form
from frontend.views.me.other_forms_words import in_numbers
from frontend.views.me.progress_words import Progress, progress_in_words
from outcomes.answering import goals, recording
from outcomes.answering.measuring import measures_of
from outcomes.answering.other_forms import other_forms
from outcomes.asking.to_come import ToCome, to_come
from participants import access
from participants.models import Participant

HIDDEN = "progress_hidden"  # kept in the session: what one would rather not see today


def _sheet(request: HttpRequest, pk: int) -> Form:
    assessment = get_object_or_404(recording.assessments_answerable_in_private_by(request.user), pk=pk)
    sheet = Form(request, assessment, "me")
    if sheet.for_another:
        request.typing_for = assessment.participant.person.first_name  # type: ignore[attr-defined]
    return sheet


@require_safe
@requires(Permission.TAKE_PART, Permission.SUPPORT)
def progress(request: HttpRequest) -> HttpResponse:
    """Own progress in words, forms that are due, and forms one may type for others."""
    participant = access.own_record(request.user)
    due = questionnaires.due_rows(recording.assessments_answerable_in_private_by(request.user))
    own = [(one, words) for one, words in due if one.participant == participant]
    every_goal = goals.goals_of(participant) if participant else []
    measures = measures_of(participant) if participant else []
    context = {
        "due": own,
        "to_come": to_come(participant) if participant and not own else ToCome.MORE,
        "for_others": [(one, words) for one, words in due if one.participant != participant],
        "hidden": bool(request.session.get(HIDDEN)),
        "progress": progress_of(participant) if participant else None,
        "others": in_numbers(other_forms(participant)) if participant else [],
        "goals": [(goal, near_words(goal)) for goal in goals.current(every_goal)],
        "to_rate": goals.to_rate(every_goal, goals.open_timepoint(participant)) if participant and every_goal else [],
        "takes_part": participant is not None,
        "measures": measuring.own_lines(measures),
        "measured": measuring.own_sentences(measures),
    }
    return render(request, "frontend/me/progress.html", context)


def progress_of(participant: Participant) -> Progress | None:
    """What the participant's own answers say of their way so far; None before the first form."""
    sheets = recording.own_forms(participant)
    return progress_in_words(sheets) if sheets else None


@require_POST
@requires(Permission.TAKE_PART)
def show_progress(request: HttpRequest) -> HttpResponse:
    """Hide one's progress, or show it again."""
    own_participant(request)
    request.session[HIDDEN] = request.POST.get("show") != "yes"
    return redirect("me:progress")


@require_safe
@requires(Permission.TAKE_PART, Permission.SUPPORT)
def wellbeing(request: HttpRequest, pk: int) -> HttpResponse:
    return questionnaires.introduction(_sheet(request, pk))


@requires(Permission.TAKE_PART, Permission.SUPPORT)
def wellbeing_question(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    return questionnaires.question_page(_sheet(request, pk), item)


@requires(Permission.TAKE_PART, Permission.SUPPORT)
def wellbeing_answers(request: HttpRequest, pk: int) -> HttpResponse:
    return questionnaires.answers_page(_sheet(request, pk))


@require_safe
@requires(Permission.TAKE_PART, Permission.SUPPORT)
def wellbeing_thanks(request: HttpRequest, pk: int) -> HttpResponse:
    return questionnaires.thanks(_sheet(request, pk))


urlpatterns = [
    path("progress/", progress, name="progress"),
    path("progress/show/", show_progress, name="show_progress"),
    path("wellbeing/<int:pk>/", wellbeing, name="wellbeing"),
    path("wellbeing/<int:pk>/answers/", wellbeing_answers, name="wellbeing_answers"),
    path("wellbeing/<int:pk>/thanks/", wellbeing_thanks, name="wellbeing_thanks"),
    path("wellbeing/<int:pk>/question/<slug:item>/", wellbeing_question, name="wellbeing_question"),
]
