"""My health: what follows from my answers, "my health has changed", and what happens after answering.

Here: the state in words and the questions asked again. Not here: what answers
mean (participants/rules/screening.py). Only the person themselves; the desk has its own page.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes.judging.judgement import doubts_about
from classes.listing import with_classes
from classes.models import Booking, BookingState
from classes.places.holds import hold_of_now
from frontend import forms
from frontend.acting import own_participant
from frontend.health_form import HealthForm
from frontend.views.me.wording import clearance_label
from participants import consents, health
from participants.models import ConsentKind, Participant, ParticipantStatus
from participants.refusals import NotPossibleNow
from participants.rules.adaptations import labels_of

NOT_NOW = "You are not in the programme at the moment. Call us to come back."
NOT_KEPT = "Your answers were not kept, because you have left or started a break meanwhile."


@require_safe
@requires(Permission.TAKE_PART)
def my_health(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/me/health.html", _standing(own_participant(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TAKE_PART)
def update_health(request: HttpRequest) -> HttpResponse:
    """The questions again. Consent to hold the answers comes first, here as everywhere."""
    participant = own_participant(request)
    if not consents.agreed_to(ConsentKind.HEALTH, [participant]):
        return _ask_for_consent(request)
    if participant.status != ParticipantStatus.ACTIVE:
        return _not_now(request, participant)
    form = HealthForm(forms.posted(request), last=health.last_answers(participant))
    try:
        if form.is_valid() and form.keep(participant=participant, mode="self", by=participant.person):
            return redirect("me:health_answered")
    except NotPossibleNow:  # it changed while they were answering
        messages.info(request, NOT_KEPT)
        return _not_now(request, participant)
    except health.NoConsent:  # taken back in another tab, a moment ago
        return _ask_for_consent(request)
    return forms.render_form(request, "frontend/me/update_health.html", {}, form, status=form.refused_with)


def _not_now(request: HttpRequest, participant: Participant) -> HttpResponse:
    if participant.status == ParticipantStatus.PAUSED:  # coming back is there, and then the questions are asked
        return redirect("me:paused")
    messages.info(request, NOT_NOW)
    return redirect("me:health")


@require_safe
@requires(Permission.TAKE_PART)
def answered(request: HttpRequest) -> HttpResponse:
    """What happens next and by when, and what it means for classes that are booked. Harmless to open again."""
    participant = own_participant(request)
    rows = Booking.objects.visible_to(request.user).filter(participant=participant).live().upcoming()
    held = list(with_classes(rows))
    doubts = doubts_about(held)
    in_doubt = [(b, doubts[b.pk].freed_from) for b in held if b.pk in doubts and b.state != BookingState.OFFERED]
    context = {"in_doubt": in_doubt, "now": timezone.now(), "hold": hold_of_now(participant)}
    return render(request, "frontend/me/health_answered.html", {**_standing(participant), **context})


def _standing(participant: Participant) -> dict[str, object]:
    clearance = health.clearance_of(participant)
    state = health.state_today(clearance)
    return {
        "state": state,
        "on_a_break": participant.status == ParticipantStatus.PAUSED,
        "label": clearance_label(state),
        "clearance": clearance,
        "adaptations": labels_of(clearance.adaptations) if clearance else (),
    }


def _ask_for_consent(request: HttpRequest) -> HttpResponse:
    messages.info(request, "Before we ask about your health, please say whether we may keep your answers.")
    return redirect("me:consent", kind=ConsentKind.HEALTH.value)


urlpatterns = [
    path("health/", my_health, name="health"),
    path("health/changed/", update_health, name="update_health"),
    path("health/answered/", answered, name="health_answered"),
]
