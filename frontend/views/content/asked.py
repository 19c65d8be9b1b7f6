"""When questionnaires are asked: the timepoints of a programme, and one more after a year.

Here: the page. Not here: what a timepoint means (outcomes/asking/windows.py).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Programme
from frontend.signed_in import user_of
from frontend.views.content.reading import answers_for_content
from frontend.wording import count
from outcomes.asking import timepoints
from participants.models import Timepoint

ANSWERED = "Somebody has begun to answer after a year. What they said stays, so people go on being asked then."


@require_safe
@answers_for_content
def asked(request: HttpRequest) -> HttpResponse:
    programmes = timepoints.programmes_answered_for_by(request.user)
    rows = [(one, [(point.label, window_words(point)) for point in one.timepoints.all()]) for one in programmes]
    yearly = {one.pk for one in programmes if any(point.code == timepoints.YEAR for point in one.timepoints.all())}
    return render(request, "frontend/content/asked.html", {"rows": rows, "yearly": yearly})


@require_POST
@answers_for_content
def ask_after_a_year(request: HttpRequest, pk: int) -> HttpResponse:
    timepoints.ask_after_a_year(programme=_programme(request, pk), by=user_of(request).person)
    messages.success(request, "Everybody who takes part is asked after 52 weeks too.")
    return redirect("content:asked")


@require_POST
@answers_for_content
def do_not_ask_after_a_year(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        timepoints.do_not_ask_after_a_year(programme=_programme(request, pk), by=user_of(request).person)
    except timepoints.AnsweredAlready:
        messages.error(request, ANSWERED)
    else:
        messages.success(request, "Nobody is asked after 52 weeks.")
    return redirect("content:asked")


def window_words(point: Timepoint) -> str:
    before, after = count(point.opens_before, "day"), count(point.closes_after, "day")
    if point.day == 0:
        return f"From joining until {after} after the first class; counted from {before} before that class"
    return f"From {before} before to {after} after day {point.day}, counted from the first class without breaks"


def _programme(request: HttpRequest, pk: int) -> Programme:
    found: Programme = get_object_or_404(timepoints.programmes_answered_for_by(request.user), pk=pk)
    return found


urlpatterns = [
    path("asked/", asked, name="asked"),
    path("asked/<int:pk>/year/", ask_after_a_year, name="ask_after_a_year"),
    path("asked/<int:pk>/no-year/", do_not_ask_after_a_year, name="do_not_ask_after_a_year"),
]
