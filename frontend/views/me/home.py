"""The first page after signing in: what is next, what is asked of me, whom I help."""

from __future__ import annotations

from typing import TypeGuard

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes.listing import with_classes
from classes.models import Booking, BookingState
from frontend.acting import called, current_participant, is_acting_for_another
from frontend.class_lists import booked_rows, by_day
from frontend.class_words import place_of
from frontend.questionnaires import due_rows
from frontend.views.me.bookings import kept_among
from frontend.views.me.one_to_ones import suggested_to
from frontend.views.me.safety_check import checks_to_answer
from frontend.views.me.wording import clearance_label
from outcomes.answering import recording
from participants import access, details
from participants.course import course_of
from participants.health import CLEARED, clearance_of, state_today
from participants.models import Participant, ParticipantStatus, SupporterScope
from participants.rescreening import REMIND_BEFORE

SHOWN = 2  # classes to come; the rest stand under My classes


@require_safe
@requires(Permission.TAKE_PART, Permission.SUPPORT)
def home(request: HttpRequest) -> HttpResponse:
    own = access.own_record(request.user)
    whose = _whose(request, own)
    helping = list(access.supported_by(request.user, SupporterScope.BOOK))
    health = _health(own) if own and own.status == ParticipantStatus.ACTIVE else None
    context = {
        "own": own,
        "checks": checks_to_answer(request, timezone.now()),
        "whose": whose,
        **(_coming(request, whose) if whose else {"kept": [], "coming": []}),
        "suggested": suggested_to(own) if _may_begin(own, health) else None,
        "place_of": place_of,
        "due": due_rows(recording.assessments_answerable_in_private_by(request.user)),
        "health": health,
        "left": own is not None and own.has_left,
        "course": course_of(own) if own and not own.has_left else None,
        "does_not_arrive": own is not None and details.does_not_arrive(own.person),
        "helping": helping,
        "helps_nobody": not own and not helping and not access.supported_by(request.user).exists(),
    }
    return render(request, "frontend/me/home.html", context)


def _may_begin(own: Participant | None, health: dict[str, object] | None) -> TypeGuard[Participant]:
    """Whether they are cleared and taking part, so that a first contact can be suggested."""
    return own is not None and health is not None and health["label"] is None


def _whose(request: HttpRequest, own: Participant | None) -> Participant | None:
    """Whose classes stand here: the person acted for, else oneself; nobody's for a supporter who has not said."""
    return current_participant(request, SupporterScope.BOOK) if is_acting_for_another(request) else own


def _coming(request: HttpRequest, participant: Participant) -> dict[str, object]:
    rows = Booking.objects.visible_to(request.user).filter(participant=participant)
    coming = list(with_classes(rows.live().upcoming()))
    settled = [booking for booking in coming if booking.state != BookingState.OFFERED]
    whose = called(request, participant)
    return {"kept": kept_among(coming), "coming": by_day(booked_rows(settled[:SHOWN], whose=whose))}


def _health(participant: Participant) -> dict[str, object]:
    """What to say of one's health answers: until when they are good, or what is waited for, and by when."""
    clearance = clearance_of(participant)
    state = state_today(clearance)
    good = clearance is not None and state in CLEARED
    until = clearance.valid_until if clearance and good else None
    return {
        "label": None if good else clearance_label(state),
        "review_by": clearance.review_due_at if clearance and not good else None,
        "until": until,
        "runs_out_soon": until is not None and (until - timezone.localdate()).days <= REMIND_BEFORE[0],
    }


urlpatterns = [path("", home, name="home")]
