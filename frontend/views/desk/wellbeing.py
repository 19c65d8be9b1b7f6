"""Questionnaires at the desk: staff read the exact words and type what is said, or type what stands on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms, questionnaires
from frontend.letters import CannotBeDrawn
from frontend.needs import words_of
from frontend.question_paper import draw_questions
from frontend.questionnaires import Form
from frontend.signed_in import user_of
from frontend.wording import Label, joined, plain_date, today
from messaging.models import TaskState
from outcomes.answering import recording
from outcomes.asking.open_forms import with_head
from outcomes.asking.said import Said, said_about
from outcomes.asking.to_come import refuses_questions
from outcomes.models import AnswerMode, Assessment, AssessmentState
from participants import access, details
from participants.needs import letter_size

CALLS = {
    TaskState.OPEN: "A call to offer help with the questions is to be made.",
    TaskState.DONE: "The call to offer help with the questions was made; nobody asks again.",
}
LABELS = {
    AssessmentState.PLANNED: Label("Not open", "quiet"),
    AssessmentState.SUBMITTED: Label("Sent", "ok"),
    AssessmentState.MISSED: Label("Not answered in time", "full"),
    AssessmentState.NOT_WANTED: Label("No longer wanted", "full"),
}


def _sheet(request: HttpRequest, pk: int) -> Form:
    assessment = get_object_or_404(recording.assessments_answerable_by(request.user), pk=pk)
    sheet = Form(request, assessment, "desk")
    if sheet.mode not in recording.DESK_MODES:
        raise Http404  # one's own form, or a friend's, is not filled in at the desk
    return sheet


@require_safe
@requires(Permission.WORK_AT_DESK)
def wellbeing_checks(request: HttpRequest, participant_pk: int) -> HttpResponse:
    """Every form of one person: what is due, what was sent, without any answer."""
    participant = get_object_or_404(access.at_desk_of(request.user), pk=participant_pk)
    own = recording.own_assessments(participant).select_related("response").defer("response__answers")
    rows = with_head(own)
    typed = AnswerMode.PHONE
    assessments = [(row, recording.takes_answers(row, typed, rows)) for row in rows]
    labels = {assessment.pk: _label(assessment.state, is_open) for assessment, is_open in assessments}
    context = {
        "participant": participant,
        "assessments": assessments,
        "labels": labels,
        "said": {pk: said_words(said) for pk, said in said_about(list(rows)).items()},
        "once_more": _asked_once_more(rows),
        "refused": refuses_questions(participant),
        "needs": words_of(details.current_needs_of(participant.person)),
    }
    return render(request, "frontend/desk/wellbeing_checks.html", context)


def _asked_once_more(rows: Iterable[Assessment]) -> set[int]:
    """Those that were answered too early: the same has a window anew. Where it has none, they may count after all."""
    places = {(row.questionnaire_id, row.timepoint_id, row.round): row for row in rows}
    nexts = {row.pk: places.get((asked, at, number + 1)) for (asked, at, number), row in places.items()}
    return {pk for pk, anew in nexts.items() if anew is not None and anew.opens_on}


def said_words(said: Said) -> str:
    """On which days they were asked, and how the offer to call stands; "" before the first word."""
    sentences = []
    if said.on:
        first, *again = map(plain_date, said.on)
        sentences.append(f"We asked on {first}{f', and again on {joined(again)}' if again else ''}.")
    if said.call is not None:
        sentences.append(CALLS[said.call])
    return " ".join(sentences)


def _label(state: str, is_open: bool) -> Label:
    if is_open and state == AssessmentState.PLANNED:
        return Label("Can be answered now", "few")
    return LABELS[AssessmentState(state)]


class PaperForm(forms.Form):
    """Where the answers come from paper: the day that stands on it."""

    answered_on = forms.DateField(
        label="When did they fill it in?",
        hint="The day on the form. If there is none, the day on which it came.",
        called="the day on which they filled it in",
        latest=today,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def wellbeing(request: HttpRequest, pk: int) -> HttpResponse:
    """The way in; posting says that the answers are typed from paper, or read out after all."""
    sheet = _sheet(request, pk)
    if "aloud" in request.POST:
        return _begin(sheet, PaperForm(), AnswerMode.PHONE, None)
    form = PaperForm(forms.posted(request), initial={"answered_on": sheet.draft and sheet.draft.answered_on})
    if form.is_valid():
        return _begin(sheet, form, AnswerMode.PAPER, form.cleaned_data["answered_on"])
    return questionnaires.introduction(sheet, form)


@require_safe
@requires(Permission.WORK_AT_DESK)
def wellbeing_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions to be filled in by hand, as a file, in the size of print that the person asked for."""
    sheet = _sheet(request, pk)
    if not sheet.is_open:
        return redirect(*sheet.way("wellbeing"))
    try:
        pdf = draw_questions(sheet.assessment, sheet.questions, size=letter_size(sheet.assessment.participant.person))
    except CannotBeDrawn:
        return sheet.draw("wellbeing_no_paper", status=409)
    name = f"questions-{today():%Y-%m-%d}.pdf"  # tells nobody whom it is for
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store, private"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _begin(sheet: Form, form: PaperForm, mode: AnswerMode, answered_on: date | None) -> HttpResponse:
    by = user_of(sheet.request).person
    try:
        response = recording.begin(assessment=sheet.assessment, mode=mode, answered_on=answered_on, by=by)
    except recording.WrongDay as refusal:
        opened = plain_date(refusal.earliest or refusal.latest)
        form.add_error("answered_on", f"That is too early for these questions. Enter a day from {opened} to today")
        return questionnaires.introduction(sheet, form)
    except (recording.NotOpen, recording.AlreadySent):
        return redirect(*sheet.way("wellbeing"))
    return redirect(*sheet.next_page(response.answers))


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
    path("wellbeing/<int:pk>/paper/", wellbeing_paper, name="wellbeing_paper"),
    path("wellbeing/<int:pk>/thanks/", wellbeing_thanks, name="wellbeing_thanks"),
    path("wellbeing/<int:pk>/question/<slug:item>/", wellbeing_question, name="wellbeing_question"),
]
