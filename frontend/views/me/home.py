"""The first page after signing in: what is next, what is asked of me, whom I help."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes.listing import with_classes
from classes.models import Booking
from frontend.acting import called, current_participant, is_acting_for_another
from frontend.class_lists import Day, booked_rows, by_day
from frontend.views.me.wording import clearance_label
from outcomes import recording
from participants import access
from participants.health import clearance_of
from participants.models import ClearanceState, Participant, SupporterScope

SHOWN = 2  # classes to come; the rest stand under My classes


@require_safe
@requires(Permission.TAKE_PART, Permission.SUPPORT)
def home(request: HttpRequest) -> HttpResponse:
    own = access.own_record(request.user)
    whose = _whose(request, own)
    context = {
        "own": own,
        "whose": whose,
        "coming": _coming(request, whose) if whose else [],
        "due": recording.own_assessments(own).answerable() if own else [],
        "clearance": _clearance(own) if own else None,
        "helping": access.supported_by(request.user, SupporterScope.BOOK),
    }
    return render(request, "frontend/me/home.html", context)


def _whose(request: HttpRequest, own: Participant | None) -> Participant | None:
    """Whose classes stand here: the person acted for, else oneself; nobody's for a supporter who has not said."""
    return current_participant(request, SupporterScope.BOOK) if is_acting_for_another(request) else own


def _coming(request: HttpRequest, participant: Participant) -> list[Day]:
    rows = Booking.objects.visible_to(request.user).filter(participant=participant)
    coming = list(with_classes(rows.live().upcoming())[:SHOWN])
    return by_day(booked_rows(coming, whose=called(request, participant)))


def _clearance(participant: Participant) -> dict[str, object] | None:
    """What to say of one's clearance; nothing when there is nothing to do or wait for."""
    clearance = clearance_of(participant)
    if clearance is not None and clearance.state in {ClearanceState.CLEARED, ClearanceState.CLEARED_WITH_ADAPTATIONS}:
        return None
    by = clearance.review_due_at if clearance else None
    return {"label": clearance_label(clearance.state if clearance else None), "by": by}


urlpatterns = [path("", home, name="home")]
