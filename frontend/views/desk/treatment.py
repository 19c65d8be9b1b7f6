"""A person's days of treatment, at the desk: noted, changed and removed while they say so on the telephone.

Not here: the form and its words (frontend/treatment_form.py), the person's own
pages (me/treatment.py). They are health facts: each look is logged.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from accounts.content import signature_of
from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.treatment_form import TreatmentForm, days_words, filled, next_words
from frontend.views.desk.people import at_desk_or_404
from participants import consents, details, treatments
from participants.health import NoConsent
from participants.health_content import RULES
from participants.models import ConsentKind, Participant, TreatmentDays

at_desk = requires(Permission.WORK_AT_DESK)
NO_CONSENT = "They have not agreed that we keep facts about their health, so no days can be noted. Nothing was changed."


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def treatment_days(request: HttpRequest, pk: int) -> HttpResponse:
    participant, by = at_desk_or_404(request, pk), user_of(request).person
    if not consents.agreed_to(ConsentKind.HEALTH, [participant]):
        return _not_noted(request, pk)
    form = TreatmentForm(forms.posted(request))
    try:
        if form.is_valid() and form.keep(lambda days: treatments.note_days(participant=participant, days=days, by=by)):
            messages.success(request, "Noted.")
            return redirect("desk:treatment_days", pk=pk)
    except NoConsent:  # taken back during the call
        return _not_noted(request, pk)
    log_read(target=participant.person, purpose="noting treatment days", what="treatment days", by=by)
    context = {
        **_about(participant),
        "noted": [(row, days_words(row.days), next_words(row.days)) for row in treatments.noted_by(participant)],
        "days_after": treatments.days_after(),
        "signed": signature_of(RULES) is not None,
    }
    return forms.render_form(request, "frontend/desk/treatment_days.html", context, form, status=form.refused_with)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def change_treatment_days(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    participant, by = at_desk_or_404(request, pk), user_of(request).person
    found = get_object_or_404(TreatmentDays.objects.visible_to(request.user), participant=participant, pk=row)
    form = TreatmentForm(forms.posted(request), initial=filled(found.days))
    try:
        if form.is_valid() and form.keep(lambda days: treatments.change_days(row=found, days=days, by=by)):
            messages.success(request, "Changed.")
            return redirect("desk:treatment_days", pk=pk)
    except (NoConsent, TreatmentDays.DoesNotExist):  # removed meanwhile
        messages.info(request, "These days are not noted any more.")
        return redirect("desk:treatment_days", pk=pk)
    log_read(target=participant.person, purpose="changing treatment days", what="treatment days", by=by)
    context = _about(participant)
    return forms.render_form(
        request, "frontend/desk/change_treatment_days.html", context, form, status=form.refused_with
    )


@require_POST
@at_desk
def remove_treatment_days(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Pressed twice, it is gone all the same."""
    participant = at_desk_or_404(request, pk)
    found = TreatmentDays.objects.visible_to(request.user).filter(participant=participant, pk=row).first()
    if found is not None:
        treatments.remove_days(row=found, by=user_of(request).person)
    messages.success(request, "Removed.")
    return redirect("desk:treatment_days", pk=pk)


def _about(participant: Participant) -> dict[str, object]:
    return {"participant": participant, "needs": words_of(details.current_needs_of(participant.person))}


def _not_noted(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, NO_CONSENT)
    return redirect("desk:person", pk=pk)


urlpatterns = [
    path("people/<int:pk>/days/", treatment_days, name="treatment_days"),
    path("people/<int:pk>/days/<int:row>/", change_treatment_days, name="change_treatment_days"),
    path("people/<int:pk>/days/<int:row>/remove/", remove_treatment_days, name="remove_treatment_days"),
]
