"""An instructor's own times with one person at a time: giving them, seeing them, taking a day of them away."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes.judging.refusals import TryAgain
from classes.models import Session
from classes.one_to_ones import own_times
from classes.timetable import SomebodyBooked, TooLateToCancel, cancel_sessions, people_to_tell
from frontend import forms
from frontend import timetable_words as words
from frontend.cancelling import CancelForm
from frontend.publishing import GivingTimes
from frontend.signed_in import user_of
from frontend.wording import count
from instructors.access import own_instructors

NOBODY_HAD_IT = "Taken away before anybody had booked it"
LOOK_AGAIN = "Something has changed since you looked, so nothing was taken away. Look again, then press the button."


class TakenForm(CancelForm):
    """Why, for whoever has one; which times the page showed: exactly these are taken away, or none."""

    seen = forms.HiddenField(max_length=2000, required=False)


class FreeForm(forms.Form):
    """Nobody has to be told, so nothing is asked."""

    seen = forms.HiddenField(max_length=2000, required=False)

    def chosen(self) -> str:
        return NOBODY_HAD_IT


@require_safe
@requires(Permission.TEACH)
def one_to_ones(request: HttpRequest) -> HttpResponse:
    days = words.by_day(own_times(request.user))
    return render(request, "frontend/teach/one_to_ones.html", {"days": days, "words": words})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def new_times(request: HttpRequest) -> HttpResponse:
    return _giving(request).ask()


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def check_times(request: HttpRequest) -> HttpResponse:
    return _giving(request).check()


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def take_away_day(request: HttpRequest, on: str) -> HttpResponse:
    """All times of one day: whoever has one is told why, so that is asked where anybody has."""
    times = _ahead_on(request, on)
    if not times:
        return redirect("teach:one_to_ones")
    told = people_to_tell(*times)
    shown = " ".join(str(one.pk) for one in times)
    form = (TakenForm if told else FreeForm)(forms.posted(request), initial={"seen": shown})
    status = None
    if form.is_valid():
        if refused := _take_away(request, times, form, free_only=not told, seen=form.cleaned_data["seen"] == shown):
            told = people_to_tell(*times)
            form = (TakenForm if told else FreeForm)({**request.POST.dict(), "seen": shown})
            form.add_error(None, refused)
            status = 409
        else:
            people = f" {count(told, 'person is', 'people are').capitalize()} being told." if told else ""
            messages.success(request, f"{count(len(times), 'time is', 'times are').capitalize()} taken away.{people}")
            return redirect("teach:one_to_ones")
    context = {"times": times, "told": told, "words": words}
    return forms.render_form(request, "frontend/teach/take_away_day.html", context, form, status=status)


def _take_away(
    request: HttpRequest, times: list[Session], form: TakenForm | FreeForm, *, free_only: bool, seen: bool
) -> str:
    """Empty when it is done, else why not."""
    if not seen:
        return LOOK_AGAIN
    try:
        cancel_sessions(sessions=times, reason=form.chosen(), free_only=free_only, by=user_of(request).person)
    except (SomebodyBooked, TooLateToCancel, TryAgain):
        return LOOK_AGAIN
    return ""


def _ahead_on(request: HttpRequest, on: str) -> list[Session]:
    try:
        day = date.fromisoformat(on)
    except ValueError as unreadable:
        raise Http404 from unreadable
    return list(own_times(request.user).filter(starts_at__date=day, starts_at__gt=timezone.now()))


def _giving(request: HttpRequest) -> GivingTimes:
    return GivingTimes(request, "teach", list(own_instructors(request.user)))


urlpatterns = [
    path("one-to-ones/", one_to_ones, name="one_to_ones"),
    path("one-to-ones/add/", new_times, name="new_times"),
    path("one-to-ones/check/", check_times, name="check_times"),
    path("one-to-ones/day/<slug:on>/", take_away_day, name="take_away_day"),
]
