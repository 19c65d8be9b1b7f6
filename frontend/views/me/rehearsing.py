"""Trying camera and sound before a first class online, and asking for help with it.

Here: the page. Not here: the try itself, which happens in the browser and leaves it nowhere (assets/js/rehearsal.js),
what follows from how it went (classes/rehearsing.py).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.signin import requires
from classes.models import RehearsalOutcome
from classes.rehearsing import keep_rehearsal, last_rehearsal
from frontend import forms
from frontend.acting import own_participant
from frontend.signed_in import user_of

SAID = {
    RehearsalOutcome.READY: "Thank you. Your instructor sees that you have tried it.",
    RehearsalOutcome.HELP: "Thank you. We call you within one working day, and go through it with you.",
}


class RehearsalForm(forms.Form):
    outcome = forms.RadiosField(
        label="How did it go?",
        missing="Select how it went",
        options=[
            (RehearsalOutcome.READY.value, "I see myself, and the bar moves when I speak"),
            (RehearsalOutcome.HELP.value, "It does not work, or I would like help. Please call me"),
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TAKE_PART)
def rehearsal(request: HttpRequest) -> HttpResponse:
    participant = own_participant(request)
    form = RehearsalForm(forms.posted(request))
    if form.is_valid():
        outcome = RehearsalOutcome(form.cleaned_data["outcome"])
        keep_rehearsal(participant=participant, outcome=outcome, by=user_of(request).person)
        messages.success(request, SAID[outcome])
        return redirect("me:bookings")
    return forms.render_form(request, "frontend/me/rehearsal.html", {"last": last_rehearsal(participant)}, form)


urlpatterns = [path("rehearsal/", rehearsal, name="rehearsal")]
