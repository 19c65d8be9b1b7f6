"""My days of treatment: noting, changing and removing them, for whoever wants to.

Not here: the form and its words (frontend/treatment_form.py), keeping them
(participants/treatments.py), the desk's pages (desk/treatment.py). Only the person
themselves: no scope of a supporter reaches what is known of somebody's health.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.acting import own_participant
from frontend.treatment_form import TreatmentForm, days_words, filled, next_words
from participants import consents, treatments
from participants.health import NoConsent
from participants.models import ConsentKind, Participant, TreatmentDays
from participants.models.treatment import TreatmentDaysQuerySet

own_page = requires(Permission.TAKE_PART)
ASKED = "Before you note anything about your health, please say whether we may keep it."


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def treatment_days(request: HttpRequest) -> HttpResponse:
    """What is noted, and one more. Consent to hold it comes first, here as everywhere."""
    participant = own_participant(request)
    if not consents.agreed_to(ConsentKind.HEALTH, [participant]):
        return _ask_for_consent(request)
    form = TreatmentForm(forms.posted(request))
    try:
        if form.is_valid() and form.keep(
            lambda days: treatments.note_days(participant=participant, days=days, by=participant.person)
        ):
            messages.success(request, "Noted.")
            return redirect("me:treatment_days")
    except NoConsent:  # taken back in another tab, a moment ago
        return _ask_for_consent(request)
    context = {
        "noted": [(row, days_words(row.days), next_words(row.days)) for row in treatments.noted_by(participant)],
        "days_after": treatments.days_after(),
    }
    return forms.render_form(request, "frontend/me/treatment_days.html", context, form, status=form.refused_with)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def change_treatment_days(request: HttpRequest, pk: int) -> HttpResponse:
    participant = own_participant(request)
    row = get_object_or_404(_rows(request, participant), pk=pk)
    form = TreatmentForm(forms.posted(request), initial=filled(row.days))
    try:
        if form.is_valid() and form.keep(
            lambda days: treatments.change_days(row=row, days=days, by=participant.person)
        ):
            messages.success(request, "Changed.")
            return redirect("me:treatment_days")
    except (NoConsent, TreatmentDays.DoesNotExist):  # removed in another tab
        messages.info(request, "These days are not noted any more.")
        return redirect("me:treatment_days")
    return forms.render_form(request, "frontend/me/change_treatment_days.html", {}, form, status=form.refused_with)


@require_POST
@own_page
def remove_treatment_days(request: HttpRequest, pk: int) -> HttpResponse:
    """Pressed twice, it is gone all the same."""
    participant = own_participant(request)
    row = _rows(request, participant).filter(pk=pk).first()
    if row is not None:
        treatments.remove_days(row=row, by=participant.person)
    messages.success(request, "Removed.")
    return redirect("me:treatment_days")


def _rows(request: HttpRequest, participant: Participant) -> TreatmentDaysQuerySet:
    return TreatmentDays.objects.visible_to(request.user).filter(participant=participant)


def _ask_for_consent(request: HttpRequest) -> HttpResponse:
    messages.info(request, ASKED)
    return redirect("me:consent", kind=ConsentKind.HEALTH.value)


urlpatterns = [
    path("health/days/", treatment_days, name="treatment_days"),
    path("health/days/<int:pk>/", change_treatment_days, name="change_treatment_days"),
    path("health/days/<int:pk>/remove/", remove_treatment_days, name="remove_treatment_days"),
]
