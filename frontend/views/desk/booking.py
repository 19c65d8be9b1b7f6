"""The desk's waiting list of a class: who is next, why somebody was passed by, and giving a place after a call.

Booking for a person happens on the same pages as for oneself, after choosing
for whom (people.py). What is shown of clearance here is logged as read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.history import log_reads
from accounts.permissions import Permission
from accounts.signin import requires
from classes.listing import waiting_list as who_waits
from classes.models import Booking, Session
from classes.refusals import NotEligible, Refusal
from classes.waiting import give_place, pass_by
from frontend.booking_flow import told
from frontend.class_words import DESK_REASONS, passed_by_words, place_of
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.wording import count, ordinal
from participants import details

at_desk = requires(Permission.WORK_AT_DESK)
REFUSED = {
    "session_full": "No place is free in this class.",
    "too_late": "The class has started.",
    "session_not_open": "The class is cancelled.",
    "overlaps": "They have a place in another class at that time. Cancel that one first.",
    "not_waiting": "They are not on the waiting list any more.",
    "try_again": "Many people are booking at this moment. Nothing was changed. Press the button again.",
}


@at_desk
@require_safe
def waiting_list(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(_classes(request), pk=pk)
    return _page(request, session)


@at_desk
@require_POST
def give_waiting_place(request: HttpRequest, pk: int, booking_pk: int) -> HttpResponse:
    return _do(request, pk, booking_pk, give_place, "now has a place. We are sending the details.")


@at_desk
@require_POST
def pass_by_waiting(request: HttpRequest, pk: int, booking_pk: int) -> HttpResponse:
    return _do(request, pk, booking_pk, pass_by, "keeps the turn; a free place goes to the next person.")


def _classes(request: HttpRequest) -> Any:
    return Session.objects.at_desk_of(request.user).select_related("class_type", "venue", "room")


def _do(request: HttpRequest, pk: int, booking_pk: int, action: Callable[..., Booking], outcome: str) -> HttpResponse:
    session = get_object_or_404(_classes(request), pk=pk)
    visible = Booking.objects.visible_to(request.user).select_related("participant__person")
    booking = get_object_or_404(visible, pk=booking_pk, session=session)
    name = booking.participant.person.full_name
    try:
        action(booking=booking, by=user_of(request).person)
    except Refusal as refusal:
        return _page(request, session, problem=f"{name}: {_words(refusal)}", status=409)
    messages.success(request, f"{name} {outcome}")
    return redirect("desk:waiting_list", session.pk)


def _words(refusal: Refusal) -> str:
    if isinstance(refusal, NotEligible):
        return f"this person {DESK_REASONS[refusal.reasons[0]]}."
    return REFUSED[refusal.code]


def _page(request: HttpRequest, session: Session, *, problem: str = "", status: int = 200) -> HttpResponse:
    waiting = who_waits(session)
    passed = [booking.participant.person for booking in waiting if booking.skipped_reason]
    log_reads(targets=passed, purpose="booking", what="clearance", by=user_of(request).person)
    needs = details.needs_of_each({booking.participant.person_id for booking in waiting})
    context: dict[str, Any] = {
        "session": session,
        "place": place_of(session),
        "free": count(max(session.places_left, 0), "free place"),
        "any_free": session.places_left > 0,
        "waiting": [
            (
                booking,
                ordinal(turn),
                passed_by_words(booking.skipped_reason),
                words_of(needs.get(booking.participant.person_id, [])),
            )
            for turn, booking in enumerate(waiting, start=1)
        ],
    }
    if problem:
        context["form"] = told(problem)
    return render(request, "frontend/desk/waiting_list.html", context, status=status)


urlpatterns = [
    path("timetable/<int:pk>/waiting/", waiting_list, name="waiting_list"),
    path("timetable/<int:pk>/waiting/<int:booking_pk>/give/", give_waiting_place, name="give_waiting_place"),
    path("timetable/<int:pk>/waiting/<int:booking_pk>/pass-by/", pass_by_waiting, name="pass_by_waiting"),
]
