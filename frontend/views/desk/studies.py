"""Research studies at the desk: written, counted for, opened, people told, closed.

Here: the pages and their words. Not here: what each step does (outcomes/studies/running.py), what people read and
answer (me/studies.py). A study team is given the numbers that stand here, and never a name.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Programme
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.about_programme import AboutProgramme
from frontend.signed_in import user_of
from frontend.views.desk.study_forms import StudyForm
from frontend.wording import Label
from outcomes.models import Study, StudyState
from outcomes.releases.agreements import programmes_at_desk_of
from outcomes.studies import running
from outcomes.studies.matching import choices_of
from outcomes.studies.shown import MOST_COUNTS, K

PER_PAGE = 20
LABELS = {
    StudyState.DRAFT: Label("Being written", "few"),
    StudyState.OPEN: Label("Open", "ok"),
    StudyState.CLOSED: Label("Closed", "quiet"),
}
OVER = Label("To be closed", "wait")
MOVED_ON = "Somebody else was first: this is how the study stands now."
ENOUGH = f"For one study {MOST_COUNTS} different criteria can be counted, and they were. Go on with one of those below."
NOT_TODAY = "People are told between the day it opens and the day it closes, and today is neither nor between."
TOO_FEW = (
    f"Fewer than {K} people match, so nobody was told: answers of so few could be known again. Try again when more "
    "people have said that we may tell them of studies."
)


def in_words(number: int | None) -> str:
    """A number as it is kept: 0 is fewer than eight."""
    return f"About {number:,}" if number else f"Fewer than {K}"


def label_of(study: Study) -> Label:
    return OVER if is_over(study) else LABELS[StudyState(study.state)]


def is_over(study: Study) -> bool:
    """It is open, and takes no answers any more."""
    return study.state == StudyState.OPEN and not running.takes_answers(study)


def _study(request: HttpRequest, pk: int) -> Study:
    return get_object_or_404(running.studies_at_desk_of(request.user), pk=pk)


@require_safe
@requires(Permission.BUILD_RELEASES)
def studies(request: HttpRequest) -> HttpResponse:
    page = Paginator(running.studies_at_desk_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, label_of(row)) for row in page]
    return render(request, "frontend/desk/studies.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.BUILD_RELEASES)
def new_study(request: HttpRequest) -> HttpResponse:
    """The programme first, where there are several: what can be asked for hangs on it."""
    programmes = programmes_at_desk_of(request.user)
    asked = AboutProgramme(programmes, request.GET if "programme" in request.GET else None)
    if len(programmes) > 1 and not asked.is_valid():
        return forms.render_form(request, "frontend/desk/study_programme.html", {}, asked)
    programme = programmes[0] if len(programmes) == 1 else asked.about
    form = StudyForm(choices_of(programme), forms.posted(request))
    if not form.is_valid():
        return _form(request, form, {"programme": programme, "study": None})
    made = running.write_study(programme=programme, words=form.words(), by=user_of(request).person)
    return redirect("desk:study", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.BUILD_RELEASES)
def change_study(request: HttpRequest, pk: int) -> HttpResponse:
    study = _study(request, pk)
    form = StudyForm(choices_of(study.programme), forms.posted(request), initial=StudyForm.kept(study))
    if study.state != StudyState.DRAFT:
        messages.error(request, "A study that was opened is not changed any more. Close it, and write another one.")
        return redirect("desk:study", study.pk)
    if not form.is_valid():
        return _form(request, form, {"programme": study.programme, "study": study})
    try:
        running.change_study(study=study, words=form.words(), by=user_of(request).person)
    except running.WrongState:
        messages.error(request, MOVED_ON)
    return redirect("desk:study", study.pk)


def _form(request: HttpRequest, form: StudyForm, about: dict[str, Study | Programme | None]) -> HttpResponse:
    return forms.render_form(request, "frontend/desk/study_form.html", about, form)


@require_safe
@requires(Permission.BUILD_RELEASES)
def study(request: HttpRequest, pk: int) -> HttpResponse:
    found = _study(request, pk)
    context: dict[str, Any] = {
        "study": found,
        "label": label_of(found),
        "is_over": is_over(found),
        "criteria": criteria_in_words(found.criteria),
        "counts": [(row, criteria_in_words(row.criteria), in_words(row.shown)) for row in found.counts.order_by("-pk")],
        "invited": in_words(found.invited),
        "interested": in_words(found.interested),
        "least": K,
    }
    return render(request, "frontend/desk/study.html", context)


def criteria_in_words(criteria: dict[str, list[str]]) -> list[str]:
    """Age: 50 to 64 or 65 to 74. One line for each criterion; none of them where everybody may be told."""
    names = {"age": "Age", "area": "Area", "cancer": "Kind of cancer", "phase": "Phase"}
    return [f"{words}: {' or '.join(criteria[name])}" for name, words in names.items() if name in criteria]


@require_POST
@requires(Permission.BUILD_RELEASES)
def count_for_study(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        running.count_for(study=_study(request, pk), by=user_of(request).person)
    except running.EnoughCounts:
        messages.error(request, ENOUGH)
    except running.WrongState:
        messages.error(request, MOVED_ON)
    return redirect("desk:study", pk)


@require_POST
@requires(Permission.BUILD_RELEASES)
def open_study(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        running.open_study(study=_study(request, pk), by=user_of(request).person)
    except running.WrongState:
        messages.error(request, MOVED_ON)
    return redirect("desk:study", pk)


@require_POST
@requires(Permission.BUILD_RELEASES)
def invite_to_study(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        told = running.invite(study=_study(request, pk), by=user_of(request).person)
    except running.NotToday:
        messages.error(request, NOT_TODAY)
    except running.TooFew:
        messages.error(request, TOO_FEW)
    except running.WrongState:
        messages.error(request, MOVED_ON)
    else:
        messages.success(
            request, "The messages are on their way." if told else "Everybody who matches was told before."
        )
    return redirect("desk:study", pk)


@require_POST
@requires(Permission.BUILD_RELEASES)
def close_study(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        running.close_study(study=_study(request, pk), by=user_of(request).person)
    except running.WrongState:
        messages.error(request, MOVED_ON)
    return redirect("desk:study", pk)


urlpatterns = [
    path("studies/", studies, name="studies"),
    path("studies/new/", new_study, name="new_study"),
    path("studies/<int:pk>/", study, name="study"),
    path("studies/<int:pk>/change/", change_study, name="change_study"),
    path("studies/<int:pk>/count/", count_for_study, name="count_for_study"),
    path("studies/<int:pk>/open/", open_study, name="open_study"),
    path("studies/<int:pk>/invite/", invite_to_study, name="invite_to_study"),
    path("studies/<int:pk>/close/", close_study, name="close_study"),
]
