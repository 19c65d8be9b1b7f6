"""The health questions over the telephone: staff read the exact words and type what is said.

Here: the page of the desk. Not here: deciding (clearance.py), what answers mean
(participants/rules/screening.py). What was answered last is a health fact: each look is logged.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.health_form import HealthForm
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from frontend.views.desk.wording import clearance_label
from frontend.wording import moment
from participants import consents, details, health
from participants.models import ConsentKind, Participant, ParticipantStatus
from participants.refusals import NotPossibleNow

NO_CONSENT = "They have not agreed that we keep health answers, so we cannot ask. Nothing was changed."
NOT_TAKING_PART = "They do not take part at the moment, so there is nothing to ask. Nothing was changed."


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def ask_health(request: HttpRequest, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    by = user_of(request).person
    if not consents.agreed_to(ConsentKind.HEALTH, [participant]):
        return _not_asked(request, pk, NO_CONSENT)
    if participant.status != ParticipantStatus.ACTIVE:
        return _not_asked(request, pk, NOT_TAKING_PART)
    last = health.last_answers(participant)
    log_read(target=participant.person, purpose="asking health", what="health answers", by=by)
    form = HealthForm(forms.posted(request), last=last)
    try:
        if form.is_valid() and form.keep(participant=participant, mode="desk", by=by):
            messages.success(request, _said(participant))
            return redirect("desk:person", pk=pk)
    except NotPossibleNow:  # it changed during the call
        return _not_asked(request, pk, NOT_TAKING_PART)
    except health.NoConsent:
        return _not_asked(request, pk, NO_CONSENT)
    context = {"participant": participant, "needs": words_of(details.current_needs_of(participant.person))}
    return forms.render_form(request, "frontend/desk/ask_health.html", context, form, status=form.refused_with)


def _not_asked(request: HttpRequest, pk: int, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("desk:person", pk=pk)


def _said(participant: Participant) -> str:
    """What to tell the person before hanging up."""
    clearance = health.clearance_of(participant)
    assert clearance is not None  # noqa: S101  the answers have just made one
    words = f"Kept: “{clearance_label(clearance.state).words}”."
    if clearance.review_due_at:
        return f"{words} Tell them that somebody will be in touch by {moment(clearance.review_due_at)}."
    return f"{words} Tell them that they can book now."


urlpatterns = [path("people/<int:pk>/health/", ask_health, name="ask_health")]
