"""A person's break, at the desk: starting it, another day for its end, and coming back.

Not here: what a break does (participants/taking_part/life.py), the person's own pages (me/breaks.py).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.signin import requires
from classes.judging.refusals import TryAgain
from frontend import forms
from frontend.break_form import BUSY, BreakForm, UntilForm, reason_words
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from frontend.wording import day
from participants import details
from participants.course import course_of
from participants.models import ParticipantStatus
from participants.taking_part import life

at_desk = requires(Permission.WORK_AT_DESK)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    if participant.status == ParticipantStatus.PAUSED:
        return redirect("desk:paused", pk=pk)
    form = BreakForm(forms.posted(request))
    context = {"participant": participant}
    if form.is_valid():
        try:
            life.pause(participant=participant, by=user_of(request).person, **form.cleaned_data)
        except life.NotPossibleNow as refused:
            form.add_error(None, f"This person cannot be paused: they are “{status_words(refused.status)}”.")
        except TryAgain:
            form.add_error(None, BUSY)
        else:
            messages.success(request, "Paused.")
            return redirect("desk:person", pk=pk)
    status = 409 if form.non_field_errors() else None
    return forms.render_form(request, "frontend/desk/pause.html", context, form, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def paused(request: HttpRequest, pk: int) -> HttpResponse:
    """The break that goes on: another day for its end, and the button to come back."""
    participant = at_desk_or_404(request, pk)
    if participant.status != ParticipantStatus.PAUSED:
        return redirect("desk:pause", pk=pk)
    form = UntilForm(forms.posted(request))
    course = course_of(participant)
    going_on = course.pause if course else None
    context = {
        "participant": participant,
        "needs": words_of(details.current_needs_of(participant.person)),
        "going_on": going_on,
        "reason": reason_words(going_on.reason) if going_on else "",
    }
    if form.is_valid():
        until = form.cleaned_data["review_on"]
        try:
            life.move_review(participant=participant, review_on=until, by=user_of(request).person)
        except life.NotPossibleNow as refused:
            form.add_error(None, f"Nothing was changed: this person is “{status_words(refused.status)}”.")
            return forms.render_form(request, "frontend/desk/paused.html", context, form, status=409)
        messages.success(request, f"Changed: they are asked again on {day(until)}.")
        return redirect("desk:person", pk=participant.pk)
    return forms.render_form(request, "frontend/desk/paused.html", context, form)


@at_desk
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    try:
        life.resume(participant=participant, by=user_of(request).person)
    except life.NotPossibleNow as refused:
        messages.error(request, f"Nothing was changed: this person is “{status_words(refused.status)}”.")
        return redirect("desk:person", pk=pk)
    messages.success(request, "Back in the programme. Ask the health questions now, or before they book.")
    return redirect("desk:ask_health", pk=pk)


def status_words(status: str) -> str:
    return ParticipantStatus(status).label


urlpatterns = [
    path("people/<int:pk>/pause/", pause, name="pause"),
    path("people/<int:pk>/pause/now/", paused, name="paused"),
    path("people/<int:pk>/resume/", resume, name="resume"),
]
