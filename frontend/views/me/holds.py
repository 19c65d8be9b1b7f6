"""A place that is kept for a quarter of an hour while somebody answers our questions about their health.

Only the person themselves: nobody else answers for them here. Not here: any rule
(classes/places/holds.py), the questions (health.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes.judging.refusals import BeyondWeeklyLimit, CannotBeHeld, HeldBefore, NotEligible, Refusal
from classes.listing import for_lists
from classes.models import BookingSource, BookingState, OfferState, Session
from classes.places.holds import hold_place, last_hold
from frontend.acting import own_participant
from frontend.booking_flow import TITLES, WORDS, books, reasons_shown, told
from frontend.class_words import place_of
from frontend.signed_in import user_of
from frontend.views.me.bookings import bookings_shown
from frontend.views.public.classes import address_of
from participants.models import Participant

AGAIN = (
    "A place was kept for you before, and can be kept once in each class and for one class at a time. "
    "You can still answer the questions, and then book if there is a place."
)


@require_POST
@requires(Permission.TAKE_PART)
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    participant = own_participant(request)
    session = get_object_or_404(for_lists(Session.objects.public()), pk=pk)
    try:
        kept = hold_place(
            participant=participant, session=session, by=user_of(request).person, source=BookingSource.SELF
        )
    except CannotBeHeld:
        return redirect(address_of(session))  # which says what can be done now
    except Refusal as refusal:
        return _not_kept(request, participant, session, refusal)
    return redirect("me:held", kept.pk)


def _not_kept(request: HttpRequest, participant: Participant, session: Session, refusal: Refusal) -> HttpResponse:
    if isinstance(refusal, HeldBefore):
        lines, title = [AGAIN], "No place is kept this time"
    elif isinstance(refusal, NotEligible):
        beyond = refusal if isinstance(refusal, BeyondWeeklyLimit) else None
        lines, title = reasons_shown(request, participant, refusal.reasons, beyond), TITLES[refusal.code]
    else:
        lines, title = [WORDS[refusal.code]], TITLES[refusal.code]
    context = {"session": session, "place": place_of(session), "title": title, "form": told(*lines)}
    return render(request, "frontend/me/not_held.html", context, status=409)


@require_safe
@books
def held(request: HttpRequest, pk: int) -> HttpResponse:
    """Until when, what to do, and afterwards what became of it. Opening it changes nothing.

    Who acts for somebody reads it too, and may let the place go; only the person answers the questions.
    """
    found = get_object_or_404(bookings_shown(request), pk=pk)
    offer = last_hold(found)
    if offer is None or found.state == BookingState.BOOKED:
        return redirect("me:booking" if offer is None else "me:booked", found.pk)
    context = {
        "booking": found,
        "session": found.session,
        "place": place_of(found.session),
        "until": offer.expires_at,
        "open": offer.state == OfferState.OPEN and timezone.now() < offer.expires_at,
        "again": reverse("public:class", args=[found.session_id]),
    }
    return render(request, "frontend/me/held.html", context)


urlpatterns = [
    path("classes/<int:pk>/hold/", hold, name="hold_place"),
    path("bookings/<int:pk>/held/", held, name="held"),
]
