"""The desk's waiting list of a class: who is offered a place, who is next and why, and what staff decide.

Booking for a person happens on the same pages as for oneself, after choosing
for whom (people.py). What is shown of clearance here is logged as read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.happenings import names_of
from accounts.history import log_read, log_reads
from accounts.permissions import Permission
from accounts.signin import requires
from classes.happenings import last_change_of
from classes.judging.refusals import BeyondWeeklyLimit, NotEligible, NotWaiting, Refusal
from classes.listing import waiting_list as who_waits
from classes.models import Booking, BookingState, Session
from classes.waiting_list.answering import give_place, pass_by
from classes.waiting_list.offers import last_offers
from classes.waiting_list.priority import LONGEST_REASON, set_priority
from frontend import forms
from frontend.booking_flow import told
from frontend.class_words import DESK_REASONS, limit_words, place_of
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.treatment_form import days_words
from frontend.views.desk.offer_words import no_more_words, offered_words, why_not_words
from frontend.views.desk.timeline_words import PLACE_WORDS
from frontend.wording import count, moment, ordinal, today
from participants import details, treatments
from participants.models import Participant

at_desk = requires(Permission.WORK_AT_DESK)
REFUSED = {
    "session_full": "No place is free in this class.",
    "no_room_for_companion": "There is a place, but no room in the hall for who comes along. They can come alone.",
    "too_late": "The class has started.",
    "session_not_open": "The class is cancelled.",
    "overlaps": "They have a place in another class at that time. Cancel that one first.",
    "offer_over": "The time to answer is over, and the place goes to the next person.",
    "not_waiting": "They are not on the waiting list any more.",
    "try_again": "Many people are booking at this moment. Nothing was changed. Press the button again.",
}


@at_desk
@require_safe
def waiting_list(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(_classes(request), pk=pk)
    return _page(request, session)


class PastLimitForm(forms.Form):
    despite_limit = forms.TextField(
        label="Why is one more class in this week right?",
        missing="Enter why one more class in this week is right",
        hint="Staff read it in the history. No health facts, please.",
        max_length=LONGEST_REASON,
    )


@at_desk
@require_POST
def give_waiting_place(request: HttpRequest, pk: int, booking_pk: int) -> HttpResponse:
    """Who has as many classes in that week as they may is given one more only with a reason."""
    session, booking = _turn(request, pk, booking_pk)
    form = PastLimitForm(forms.posted(request))
    past_limit = "despite_limit" in request.POST
    if past_limit and not form.is_valid():
        return _ask_past_limit(request, session, booking, form)
    why = form.cleaned_data["despite_limit"] if past_limit else ""
    try:
        give_place(booking=booking, by=user_of(request).person, despite_limit=why)
    except BeyondWeeklyLimit as beyond:
        return _ask_past_limit(request, session, booking, PastLimitForm(), beyond=beyond)
    except Refusal as refusal:
        return _refused(request, session, booking, refusal)
    messages.success(request, f"{booking.participant.person.full_name} now has a place. We are sending the details.")
    return redirect("desk:waiting_list", session.pk)


def _ask_past_limit(
    request: HttpRequest,
    session: Session,
    booking: Booking,
    form: PastLimitForm,
    *,
    beyond: BeyondWeeklyLimit | None = None,
) -> HttpResponse:
    person = booking.participant.person
    words = limit_words(beyond, person.first_name) if beyond else ""
    context = {"session": session, "booking": booking, "person": person, "words": words}
    status = 409 if beyond else 422
    return forms.render_form(request, "frontend/desk/give_past_limit.html", context, form, status=status)


@at_desk
@require_POST
def pass_by_waiting(request: HttpRequest, pk: int, booking_pk: int) -> HttpResponse:
    return _do(request, pk, booking_pk, pass_by, "keeps the turn; a free place goes to the next person.")


def _classes(request: HttpRequest) -> Any:
    return Session.objects.at_desk_of(request.user).select_related("class_type", "venue", "room")


def _turn(request: HttpRequest, pk: int, booking_pk: int) -> tuple[Session, Booking]:
    session = get_object_or_404(_classes(request), pk=pk)
    visible = Booking.objects.visible_to(request.user).select_related("participant__person")
    return session, get_object_or_404(visible, pk=booking_pk, session=session)


def _do(request: HttpRequest, pk: int, booking_pk: int, action: Callable[..., Booking], outcome: str) -> HttpResponse:
    session, booking = _turn(request, pk, booking_pk)
    try:
        action(booking=booking, by=user_of(request).person)
    except Refusal as refusal:
        return _refused(request, session, booking, refusal)
    messages.success(request, f"{booking.participant.person.full_name} {outcome}")
    return redirect("desk:waiting_list", session.pk)


def _refused(request: HttpRequest, session: Session, booking: Booking, refusal: Refusal) -> HttpResponse:
    problem = f"{booking.participant.person.full_name}: {_words(refusal, booking)}"
    return _page(request, session, problem=problem, status=409)


def _words(refusal: Refusal, booking: Booking) -> str:
    if isinstance(refusal, NotWaiting):
        return f"{REFUSED[refusal.code]} {_who_was_first(booking)}"
    if isinstance(refusal, NotEligible):
        return f"this person {DESK_REASONS[refusal.reasons[0]]}."
    return REFUSED[refusal.code]


def _who_was_first(booking: Booking) -> str:
    """To the second of two colleagues: what became of it, by whom and when."""
    state, by, at = last_change_of(booking)
    name = names_of([by]).get(by)
    return f"{PLACE_WORDS[BookingState(state)]}{f' by {name}' if name else ''}: {moment(at)}."


def _page(request: HttpRequest, session: Session, *, problem: str = "", status: int = 200) -> HttpResponse:
    waiting, asked = who_waits(session)
    offers = last_offers([*waiting, *asked])
    told_of_health = [b.participant.person for b in waiting if b.skipped_reason or b.priority_reason]
    log_reads(targets=told_of_health, purpose="booking", what="clearance", by=user_of(request).person)
    needs = details.needs_of_each({booking.participant.person_id for booking in (*waiting, *asked)})

    def with_needs(booking: Booking) -> list[str]:
        return words_of(needs.get(booking.participant.person_id, []))

    # Who answers health questions at this moment stands on no waiting list: their places are only counted.
    kept = [booking for booking in asked if booking.state == BookingState.OFFERED]
    offered = [booking for booking in kept if booking.pk in offers]
    context: dict[str, Any] = {
        "session": session,
        "place": place_of(session),
        "free": count(max(session.places_left, 0), "free place"),
        "any_free": session.places_left > 0,
        "held": len(kept) - len(offered),
        "offered": [
            (booking, offers[booking.pk], offered_words(offers[booking.pk]), with_needs(booking)) for booking in offered
        ],
        "waiting": [
            (booking, ordinal(turn), why_not_words(booking, offers.get(booking.pk)), with_needs(booking))
            for turn, booking in enumerate(waiting, start=1)
        ],
        "over": [
            (booking, no_more_words(booking, offers.get(booking.pk)))
            for booking in asked
            if booking.state != BookingState.OFFERED
        ],
    }
    if problem:
        context["form"] = told(problem)
    return render(request, "frontend/desk/waiting_list.html", context, status=status)


class PriorityForm(forms.Form):
    reason = forms.TextField(
        label="Why do they come first?",
        missing="Enter why they come first",
        hint="For example: an operation in three weeks. Staff read it, and nobody else.",
        max_length=LONGEST_REASON,
    )


def _days_to_come(participant: Participant) -> list[str]:
    """Days of treatment, or of an operation, that they noted and that are still to come."""
    noted = [row.days for row in treatments.noted_by(participant)]
    return [days_words(days) for days in noted if days.next_from(today()) is not None]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def put_first(request: HttpRequest, pk: int, booking_pk: int) -> HttpResponse:
    """Let somebody come first in this waiting list, and say why."""
    session, booking = _turn(request, pk, booking_pk)
    form = PriorityForm(forms.posted(request))
    person, days = booking.participant.person, _days_to_come(booking.participant)
    if days:
        log_read(target=person, purpose="waiting list", what="treatment days", by=user_of(request).person)
    context = {"session": session, "person": person, "days": days}
    if not form.is_valid():
        return forms.render_form(request, "frontend/desk/put_first.html", context, form)
    try:
        set_priority(booking=booking, first=True, reason=form.cleaned_data["reason"], by=user_of(request).person)
    except Refusal as refusal:
        form.add_error(None, REFUSED[refusal.code])
        return forms.render_form(request, "frontend/desk/put_first.html", context, form, status=409)
    messages.success(request, f"{booking.participant.person.full_name} comes first now.")
    return redirect("desk:waiting_list", session.pk)


@at_desk
@require_POST
def put_in_turn(request: HttpRequest, pk: int, booking_pk: int) -> HttpResponse:
    """In the order of joining again."""
    in_turn = partial(set_priority, first=False)
    return _do(request, pk, booking_pk, in_turn, "waits in the order of joining again.")


urlpatterns = [
    path("timetable/<int:pk>/waiting/", waiting_list, name="waiting_list"),
    path("timetable/<int:pk>/waiting/<int:booking_pk>/give/", give_waiting_place, name="give_waiting_place"),
    path("timetable/<int:pk>/waiting/<int:booking_pk>/pass-by/", pass_by_waiting, name="pass_by_waiting"),
    path("timetable/<int:pk>/waiting/<int:booking_pk>/first/", put_first, name="put_first"),
    path("timetable/<int:pk>/waiting/<int:booking_pk>/in-turn/", put_in_turn, name="put_in_turn"),
]
