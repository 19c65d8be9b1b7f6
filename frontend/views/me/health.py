"""My health: what follows from my answers, and "my health has changed".

Here: the state in words and the questions asked again. Not here: what answers
mean (participants/screening.py). Only the person themselves; the desk has its own page.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.acting import own_participant
from frontend.views.me.wording import clearance_label
from frontend.views.public.join_forms import question_field
from participants import consents, health
from participants.adaptations import labels_of
from participants.models import ConsentKind, ParticipantStatus
from participants.questions import health_questions

NOT_NOW = (
    "You are not in the programme at the moment. Call us to come back.",
    "You are having a pause. Call us to come back: then we ask about your health again.",
)


class HealthForm(forms.Form):
    """Every health question on one page. Nothing is filled in beforehand: health changes."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for question in health_questions():
            self.fields[question.id] = question_field(question, named=True)
        self.fields["note"] = forms.LongTextField(
            label="Is there anything else we should know to keep you safe?",
            hint="One of our team reads what you write.",
            called="what else we should know",
            required=False,
            max_length=2000,
        )

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "note"}


@requires(Permission.TAKE_PART)
def my_health(request: HttpRequest) -> HttpResponse:
    participant = own_participant(request)
    clearance = health.clearance_of(participant)
    context = {
        "label": clearance_label(clearance.state if clearance else None),
        "clearance": clearance,
        "adaptations": labels_of(clearance.adaptations) if clearance else (),
    }
    return render(request, "frontend/me/health.html", context)


@requires(Permission.TAKE_PART)
def update_health(request: HttpRequest) -> HttpResponse:
    """The questions again. Consent to hold the answers comes first, here as everywhere."""
    participant = own_participant(request)
    if not consents.agreed_to(ConsentKind.HEALTH, [participant]):
        return _ask_for_consent(request)
    if participant.status != ParticipantStatus.ACTIVE:  # after a pause the questions are asked again
        messages.info(request, NOT_NOW[participant.status == ParticipantStatus.PAUSED])
        return redirect("me:health")
    form = HealthForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        note = form.cleaned_data["note"]
        try:
            health.update_health(participant=participant, answers=form.answers(), note=note, by=participant.person)
        except health.NoConsent:  # taken back in another tab, a moment ago
            return _ask_for_consent(request)
        messages.success(request, "Thank you. Your answers are saved.")
        return redirect("me:health")
    return forms.render_form(request, "frontend/me/update_health.html", {}, form)


def _ask_for_consent(request: HttpRequest) -> HttpResponse:
    messages.info(request, "Before we ask about your health, please say whether we may keep your answers.")
    return redirect("me:consent", kind=ConsentKind.HEALTH.value)


urlpatterns = [
    path("health/", my_health, name="health"),
    path("health/changed/", update_health, name="update_health"),
]
