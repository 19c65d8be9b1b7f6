"""What is held about somebody without a login: a copy that a clinical lead has made, reads through and gives to them.

Not here: what is in a copy (records/exporting/), the page of whoever signs in (views/me/rights.py): they take
their own, and nobody at the desk takes it for them.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import must_hold, requires
from frontend.needs import words_of
from frontend.record_copies import GONE, copy_context, parcel
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from participants import details
from participants.models import Participant
from records.exporting import copies

decides = requires(Permission.WORK_AT_DESK)


def _participant(request: HttpRequest, pk: int) -> Participant:
    """Somebody at whose desk the user reads health answers: they are in it. Raises Http404, PermissionDenied."""
    participant = at_desk_or_404(request, pk)
    must_hold(request.user, Permission.DECIDE_CLEARANCE, programme_id=participant.programme_id)
    return participant


def signs_in(participant: Participant) -> bool:
    return hasattr(participant.person, "user")


@require_safe
@decides
def record(request: HttpRequest, pk: int) -> HttpResponse:
    participant = _participant(request, pk)
    needs = words_of(details.current_needs_of(participant.person))
    context = {"participant": participant, "signs_in": signs_in(participant), "needs": needs}
    return render(request, "frontend/desk/record.html", context | copy_context(participant.person))


@require_POST
@decides
def ask_for_copy(request: HttpRequest, pk: int) -> HttpResponse:
    participant = _without_login(request, pk)
    copies.ask_for_copy(person=participant.person, by=user_of(request).person)
    return redirect("desk:record", pk)


@require_POST
@decides
def take_copy(request: HttpRequest, pk: int) -> HttpResponse:
    participant = _without_login(request, pk)
    try:
        return parcel(copies.take_copy(person=participant.person, by=user_of(request).person))
    except copies.NotThere:
        messages.error(request, GONE)
        return redirect("desk:record", pk)


def _without_login(request: HttpRequest, pk: int) -> Participant:
    participant = _participant(request, pk)
    if signs_in(participant):
        raise Http404
    return participant


urlpatterns = [
    path("people/<int:pk>/record/", record, name="record"),
    path("people/<int:pk>/record/ask/", ask_for_copy, name="ask_for_copy"),
    path("people/<int:pk>/record/take/", take_copy, name="take_copy"),
]
