"""Referred back to the clinical team: from a person's page, and the page where it is read.

Here: the pages. Not here: what it stops (participants/refer_back.py), the decision (clearance.py), which ends it.
"""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import must_hold, requires
from frontend import forms
from frontend.reporting import WorryForm, send_worry
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from participants import access
from participants.models import ReferBackOutcome

at_desk = requires(Permission.WORK_AT_DESK)
ENDED = {
    ReferBackOutcome.CLEARED: "Cleared again",
    ReferBackOutcome.STAYS_STOPPED: "Not suitable at the moment",
    ReferBackOutcome.LEFT: "Left the programme",
}


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def refer_back(request: HttpRequest, pk: int) -> HttpResponse:
    participant, by = at_desk_or_404(request, pk), user_of(request).person
    form = WorryForm(forms.posted(request), initial={"id": uuid.uuid4()})
    if form.is_valid() and send_worry(form, participant, by) is not None:
        messages.success(request, "Sent to the clinical team. Until they have decided, nothing can be booked.")
        return redirect("desk:person", pk)
    status = 409 if form.non_field_errors() else None
    return forms.render_form(
        request, "frontend/desk/refer_back.html", {"participant": participant}, form, status=status
    )


@require_safe
@at_desk
def referred_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(access.refer_backs_at_desk_of(request.user), pk=pk)
    participant, by = found.participant, user_of(request).person
    must_hold(request.user, Permission.DECIDE_CLEARANCE, programme_id=participant.programme_id)
    log_read(target=participant.person, purpose="clearance", what="referred back", by=by)
    every = access.refer_backs_at_desk_of(request.user).filter(participant=participant)
    rows = [(row, ENDED[ReferBackOutcome(row.end.outcome)] if hasattr(row, "end") else "") for row in every]
    context = {"participant": participant, "rows": rows, "open": any(not words for _, words in rows)}
    return render(request, "frontend/desk/referred_back.html", context)


urlpatterns = [
    path("people/<int:pk>/worry/", refer_back, name="refer_back"),
    path("referred-back/<uuid:pk>/", referred_back, name="referred_back"),
]
