"""A place that is kept for somebody who waits: one page, one button to take it and one to say no.

Opening the page changes nothing. Whoever comes back to an offer that is over reads
what became of it. What the buttons do is decided in classes/waiting_list/answering.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from classes.judging.judgement import reasons_to_refuse
from classes.judging.refusals import BeyondWeeklyLimit, NotEligible, OfferOver, Refusal
from classes.models import Booking, BookingState, Offer, OfferState
from classes.waiting_list.answering import accept_offer, decline_offer
from classes.waiting_list.offers import last_offers
from frontend.booking_flow import books, reasons_shown, told
from frontend.class_words import place_of
from frontend.signed_in import user_of
from frontend.views.me.bookings import bookings_shown
from frontend.wording import when
from participants.standing import standing_of

REFUSED = {
    "too_late": "This class has started, so the place cannot be taken any more.",
    "session_not_open": "This class is cancelled, so the place cannot be taken any more.",
    "try_again": "Many people are booking at this moment. Nothing was changed. Press the button again.",
    "overlaps": (
        "There is a place in another class at that time. To come to this one instead, cancel that one first. "
        "The turn in the waiting list is kept."
    ),
}
JUST_GONE = "The free place has just gone. The turn in the waiting list is kept."


HELD = "The place is booked when the questions about health are answered."


@dataclass(frozen=True)
class Over:
    """What became of an offer, in words; `again` when one may wait once more."""

    title: str
    words: str
    again: bool = True


USED = Over("This offer has been used", "The place was taken, and given up later.")
OVER = {
    OfferState.ACCEPTED: USED,
    OfferState.DECLINED: Over("This offer has been answered", "The answer was no, so the place went to somebody else."),
    OfferState.EXPIRED: Over(
        "The time to answer is over", "The place goes to the next person in the list. It is never held against anybody."
    ),
    OfferState.WITHDRAWN: Over("This place is no longer kept", "The booking has been cancelled since."),
}
CLASS_OFF = Over("This class is cancelled", "We are sorry. There is nothing to do.", again=False)


@require_safe
@books
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(bookings_shown(request), pk=pk)
    made = last_offers([found]).get(found.pk)
    if made is None and found.state == BookingState.OFFERED:
        return redirect("me:held", found.pk)
    if made is None or found.state in (BookingState.BOOKED, BookingState.WAITING):
        return redirect("me:booking", found.pk)
    return _page(request, found, made)


@require_POST
@books
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, accept_offer)


@require_POST
@books
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, decline_offer)


def _answer(request: HttpRequest, pk: int, answer: Callable[..., Booking]) -> HttpResponse:
    found = get_object_or_404(bookings_shown(request), pk=pk)
    try:
        answered = answer(booking=found, by=user_of(request).person)
    except OfferOver:
        if found.state == BookingState.WAITING:
            messages.error(request, JUST_GONE)
        return redirect("me:offer", found.pk)  # which says what became of it
    except Refusal as refusal:
        return _refused(request, found, refusal)
    if answered.state == BookingState.BOOKED:
        return redirect("me:booked", found.pk)
    gone = when(found.session.starts_at, found.session.ends_at)
    messages.success(request, f"The place in {found.session.class_type.name}, {gone}, goes to somebody else.")
    return redirect("me:bookings")


def _refused(request: HttpRequest, found: Booking, refusal: Refusal) -> HttpResponse:
    if found.state == BookingState.WAITING:
        return _still_waiting(request, found, refusal)
    made = last_offers([found]).get(found.pk)
    problem = "" if isinstance(refusal, NotEligible) else REFUSED[refusal.code]
    if made is not None:
        return _page(request, found, made, problem=problem, status=409)  # why somebody may not come stands on it
    messages.error(request, problem or HELD)  # what is held while somebody answers questions has a page of its own
    return redirect("me:held", found.pk)


def _still_waiting(request: HttpRequest, found: Booking, refusal: Refusal) -> HttpResponse:
    """A place that anybody could book was not theirs to take: why, on the page of their turn."""
    if isinstance(refusal, NotEligible):
        beyond = refusal if isinstance(refusal, BeyondWeeklyLimit) else None
        lines = reasons_shown(request, found.participant, refusal.reasons, beyond)
    else:
        lines = [REFUSED[refusal.code]]
    for line in lines:
        messages.error(request, line)
    return redirect("me:booking", found.pk)


def _page(request: HttpRequest, found: Booking, made: Offer, *, problem: str = "", status: int = 200) -> HttpResponse:
    over = _over(found, made)
    reasons = () if over else reasons_to_refuse(standing_of(found.participant), found.session)
    context = {
        "booking": found,
        "session": found.session,
        "place": place_of(found.session),
        "offer": made,
        "over": over,
        "again": over is not None and over.again and not found.session.has_started(timezone.now()),
        "reasons": reasons_shown(request, found.participant, reasons),
        "form": told(problem) if problem else None,
    }
    return render(request, "frontend/me/offer.html", context, status=status)


def _over(found: Booking, made: Offer) -> Over | None:
    if made.state == OfferState.OPEN:
        return OVER[OfferState.EXPIRED] if timezone.now() >= made.expires_at else None
    return CLASS_OFF if found.session.is_cancelled else OVER[OfferState(made.state)]


urlpatterns = [
    path("bookings/<int:pk>/offer/", offer, name="offer"),
    path("bookings/<int:pk>/offer/accept/", accept, name="accept_offer"),
    path("bookings/<int:pk>/offer/decline/", decline, name="decline_offer"),
]
