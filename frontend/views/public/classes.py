"""Find a class: the timetable by day, and the page of one class. Anybody may look; booking asks who you are."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.signin import public_page
from classes.listing import Availability, availability, for_lists
from classes.models import Session
from frontend.acting import is_acting_for_another
from frontend.booking_flow import choice_for, may_pass_limit, participant_of, reasons_shown, where_to_choose
from frontend.class_lists import class_list
from frontend.class_words import AVAILABILITY_LABELS, map_of, place_of, venue_facts, what_it_is_like
from frontend.near_treatment import near_for
from frontend.wording import joined
from participants.models import Participant
from participants.rules.adaptations import labels_of

ASKS_FOR_A_CHOICE = ("open", "full", "booked", "waiting")  # to come or not: there is something to weigh
CAN_BE_GIVEN = ("full", "waiting", "limit")  # a place that is kept back, at the desk
CAN_COME_AGAIN = ("open", "full", "booked", "offered", "waiting", "limit")


def address_of(session: Session) -> str:
    return reverse("public:class", args=[session.pk])


@public_page
@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    context = class_list(request, Session.objects.public(), address=address_of, participant=participant_of(request))
    return render(request, "frontend/public/classes.html", context)


@public_page
@require_safe
def class_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One class, and the one thing that this person can do about it now."""
    session = get_object_or_404(for_lists(Session.objects.public()), pk=pk)
    now = timezone.now()
    participant = participant_of(request)
    choice, available = choice_for(session, participant, now), availability(session, now)
    near = near_for(request, participant)
    context = {
        "session": session,
        "place": place_of(session),
        "like": what_it_is_like(session),
        "made_for": joined(labels_of(session.class_type.adaptations_met)),
        "map_of": map_of,
        "venue_facts": venue_facts(session.venue) if session.venue else [],
        "label": AVAILABILITY_LABELS[available],
        "is_full": available is Availability.FULL,
        "choice": choice,
        "reasons": reasons_shown(request, participant, choice.reasons, choice.beyond),
        "may_pass_limit": choice.beyond is not None and may_pass_limit(request, participant),
        "may_give_kept": _may_give_kept(request, session, choice.state, participant),
        "choose": where_to_choose(request),
        "has_other_dates": session.series_id is not None and choice.state in CAN_COME_AGAIN,
        "may_hold": choice.may_hold and not is_acting_for_another(request),
        "near": near.label(session.starts_at) if choice.state in ASKS_FOR_A_CHOICE else None,
        "near_advice": near.advice,
        "sign_in": f"{reverse('account_login')}?{urlencode({'next': request.path})}",
    }
    return render(request, "frontend/public/class.html", context)


def _may_give_kept(request: HttpRequest, session: Session, state: str, participant: Participant | None) -> int | None:
    """For whom somebody at the desk may give one of the places that are kept back."""
    if not session.reserved or state not in CAN_BE_GIVEN or not may_pass_limit(request, participant):
        return None
    return participant.pk if participant else None


urlpatterns = [
    path("classes/", classes, name="classes"),
    path("classes/<int:pk>/", class_page, name="class"),
]
