"""The desk gives somebody one of the places that are kept back in a class, and says why.

Not here: any rule (classes/places/kept_back.py), how many are kept back (the pages that change a class).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.signin import requires
from classes.judging.refusals import BeyondWeeklyLimit, NotEligible, Refusal
from classes.models import Booking, BookingState, Session
from classes.places.kept_back import LONGEST_WHY, give_kept_place
from frontend import forms
from frontend.booking_flow import reasons_shown
from frontend.class_words import companion_hint
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from participants.models import Participant

PAGE = "frontend/desk/give_kept_place.html"
REFUSED = {
    "session_full": "So many places are not kept back in this class any more.",
    "no_room_for_companion": "The hall is full for people who come along. Take the tick out: they can come alone.",
    "offered_there": "A place is offered to them at this moment: give them that one, on the waiting list.",
    "too_late": "The class has started.",
    "session_not_open": "The class is cancelled, or not theirs to come to.",
    "overlaps": "They have a place in another class at that time. Cancel that one first.",
    "try_again": "Many people are booking at this moment. Nothing was changed. Press the button again.",
}


class KeptPlaceForm(forms.Form):
    why = forms.TextField(
        label="Why do they have it before whoever waits?",
        called="why they have it",
        missing="Enter why they have it",
        hint="For example: new, and this is the only class near them. Staff read it in the history. No health facts, "
        "please.",
        max_length=LONGEST_WHY,
    )
    companion = forms.ConfirmField(
        label="Somebody comes with them",
        hint="A friend, a relative or a carer. They need a place too, so we count two.",
        missing="Tick or leave empty",
        required=False,
    )
    despite_limit = forms.TextField(
        label="Why is one more class in this week right?",
        missing="Enter why one more class in this week is right",
        hint="Staff read it in the history. No health facts, please.",
        max_length=LONGEST_WHY,
    )

    def __init__(self, data: Any = None, *, session: Session, waits: bool, past_limit: bool) -> None:
        """`waits`: for as many as they wait for."""
        super().__init__(data)
        if waits:
            del self.fields["companion"]
        else:
            self.fields["companion"].hint = companion_hint(session)  # type: ignore[attr-defined]
        if not past_limit:
            del self.fields["despite_limit"]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def give(request: HttpRequest, pk: int, participant_pk: int) -> HttpResponse:
    classes = Session.objects.at_desk_of(request.user).select_related("class_type", "venue", "room")
    session, participant = get_object_or_404(classes, pk=pk), at_desk_or_404(request, participant_pk)
    turn = (
        Booking.objects.visible_to(request.user)
        .filter(session=session, participant=participant, state=BookingState.WAITING)
        .first()
    )
    past_limit = "despite_limit" in request.POST
    form = KeptPlaceForm(forms.posted(request), session=session, waits=turn is not None, past_limit=past_limit)
    context = {"session": session, "participant": participant, "turn": turn, "kept": session.reserved}
    if not form.is_valid():
        return forms.render_form(request, PAGE, context, form)
    given = form.cleaned_data
    try:
        give_kept_place(
            participant=participant,
            session=session,
            why=given["why"],
            by=user_of(request).person,
            party=2 if given.get("companion") else 1,
            despite_limit=given.get("despite_limit", ""),
        )
    except Refusal as refusal:
        if isinstance(refusal, BeyondWeeklyLimit) and not past_limit:
            form = _asks_past_limit(request, session, waits=turn is not None)
        for line in _lines(request, participant, refusal):
            form.add_error(None, line)
        return forms.render_form(request, PAGE, context, form, status=409)
    messages.success(request, f"{participant.person.full_name} now has a place. We are sending the details.")
    return redirect("desk:waiting_list", session.pk)


def _asks_past_limit(request: HttpRequest, session: Session, *, waits: bool) -> KeptPlaceForm:
    """What was typed stands, and one more question with it."""
    sent = request.POST.copy()
    sent["despite_limit"] = ""
    return KeptPlaceForm(sent, session=session, waits=waits, past_limit=True)


def _lines(request: HttpRequest, participant: Participant, refusal: Refusal) -> list[str]:
    if isinstance(refusal, NotEligible):
        beyond = refusal if isinstance(refusal, BeyondWeeklyLimit) else None
        return reasons_shown(request, participant, refusal.reasons, beyond)
    return [REFUSED[refusal.code]]


urlpatterns = [
    path("timetable/<int:pk>/kept-back/<int:participant_pk>/", give, name="give_kept_place"),
]
