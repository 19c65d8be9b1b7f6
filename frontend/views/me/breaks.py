"""I need a break, another day for its end, and coming back: the person's own pages.

Not here: what a break does (participants/taking_part/life.py and its consequences), the
desk's pages for a person (desk/breaks.py).
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
from classes.models import Booking
from frontend import forms
from frontend.acting import own_participant
from frontend.break_form import BUSY, BreakForm, UntilForm, reason_words
from frontend.wording import day
from participants.course import course_of
from participants.models import Participant, ParticipantStatus
from participants.taking_part import life

own_page = requires(Permission.TAKE_PART)
NOT_NOW = "You are not in the programme at the moment. Call us to come back."


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def pause(request: HttpRequest) -> HttpResponse:
    participant = own_participant(request)
    if participant.status == ParticipantStatus.PAUSED:  # pressed twice, or a link from a message
        return redirect("me:paused")
    if participant.status != ParticipantStatus.ACTIVE:
        messages.info(request, NOT_NOW)
        return redirect("me:details")
    form = BreakForm(forms.posted(request))
    if form.is_valid() and _start(participant, form):
        messages.success(request, "Your break has begun. Take the time you need.")
        return redirect("me:paused")
    rows = Booking.objects.visible_to(request.user).filter(participant=participant)
    context = {"booked": rows.live().upcoming().count()}
    status = 409 if form.non_field_errors() else None
    return forms.render_form(request, "frontend/me/pause.html", context, form, status=status)


def _start(participant: Participant, form: BreakForm) -> bool:
    """Whether it has begun; otherwise the form says why not."""
    try:
        life.pause(participant=participant, by=participant.person, **form.cleaned_data)
    except life.NotPossibleNow:  # two at once
        form.add_error(None, "Your break has begun already, or you have left. Nothing was changed.")
    except TryAgain:
        form.add_error(None, BUSY)
    return not form.errors


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def paused(request: HttpRequest) -> HttpResponse:
    """The break that goes on: another day for its end, and the button to come back."""
    participant = own_participant(request)
    if participant.status != ParticipantStatus.PAUSED:
        return redirect("me:pause")
    form = UntilForm(forms.posted(request))
    if form.is_valid():
        try:
            life.move_review(participant=participant, review_on=form.cleaned_data["review_on"], by=participant.person)
        except life.NotPossibleNow:  # ended meanwhile
            return redirect("me:pause")
        messages.success(request, f"Changed: we ask you again on {day(form.cleaned_data['review_on'])}.")
        return redirect("me:paused")
    course = course_of(participant)
    going_on = course.pause if course else None
    context = {"going_on": going_on, "reason": reason_words(going_on.reason) if going_on else ""}
    return forms.render_form(request, "frontend/me/paused.html", context, form)


@require_POST
@own_page
def resume(request: HttpRequest) -> HttpResponse:
    """Back, and on to the health questions: without new answers nothing can be booked."""
    participant = own_participant(request)
    try:
        life.resume(participant=participant, by=participant.person)
    except life.NotPossibleNow:
        messages.info(request, "Nothing was changed: you are not having a break.")
        return redirect("me:home")
    messages.success(request, "Welcome back. Before you book, please tell us how things are now.")
    return redirect("me:update_health")


urlpatterns = [
    path("break/", pause, name="pause"),
    path("break/now/", paused, name="paused"),
    path("break/end/", resume, name="resume"),
]
