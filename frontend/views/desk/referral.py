"""Somebody who was referred, at the desk: whom to get in touch with, and whoever referred them.

Here: the page of one referral, and letting go of one that the person does not want. Not here: the questions
(registering.py), referring somebody back to the clinical team (referring.py). Known to staff alone: whether somebody
of this name and date of birth takes part already.
"""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.history import log_read
from accounts.permissions import Permission, allows
from accounts.signin import requires
from frontend.signed_in import user_of
from frontend.views.public.join_forms import ContactForm
from participants import access
from participants.finding import of_same_name_and_birth
from participants.models import Participant, Referrer
from participants.registering.intake import application_of
from participants.registering.referrers import HasJoined, drop
from participants.rules.application import Application

at_desk = requires(Permission.WORK_AT_DESK)
CANCER = {"confirmed": "Confirmed", "suspected": "Suspected, being looked into"}


@require_safe
@at_desk
def referral(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(access.referrers_at_desk_of(request.user), pk=pk)
    draft, by = found.registration, user_of(request).person
    said = application_of(draft)
    if draft.participant is not None:
        log_read(target=draft.participant.person, purpose="desk", what="referral", by=by)
    context = {
        "referral": found,
        "draft": draft,
        "participant": draft.participant,
        "said": said,
        "ways": [(channel, said.contacts[channel]) for channel in ContactForm.by_channel if channel in said.contacts],
        "cancer": CANCER.get(found.cancer, found.cancer),
        "known": _known(found, said) if draft.participant is None else [],
        "reads_note": allows(request.user, Permission.DECIDE_CLEARANCE, programme_id=draft.programme_id),
    }
    return render(request, "frontend/desk/referral.html", context)


@require_POST
@at_desk
def drop_referral(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The person does not want to join: nothing of it is kept."""
    found = get_object_or_404(access.referrers_at_desk_of(request.user), pk=pk)
    try:
        drop(referrer=found, by=user_of(request).person)
    except HasJoined as joined:
        messages.error(request, "They have joined meanwhile. Nothing was deleted.")
        return redirect("desk:person", pk=joined.participant.pk)
    messages.success(request, "Deleted: the referral, and everything that was filled in for them.")
    return redirect("desk:worklist")


def _known(found: Referrer, said: Application) -> list[Participant]:
    name = f"{said.given_name} {said.family_name}"
    return of_same_name_and_birth(found.registration.programme, name, said.born) if said.born else []


urlpatterns = [
    path("referrals/<uuid:pk>/", referral, name="referral"),
    path("referrals/<uuid:pk>/delete/", drop_referral, name="drop_referral"),
]
