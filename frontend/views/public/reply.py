"""The answer to a reminder: /reply/<token>/, opened from a message, without signing in.

Here: the page of one class with two buttons. Not here: the token and what it opens
(classes/telling/replies.py), giving the place back (classes/places/booking.py). GET changes nothing: mail
programs open links by themselves.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.signin import public_page
from classes.judging.refusals import NoPlace, TooLate, TryAgain
from classes.models import Booking, BookingState
from classes.places.booking import cancel_booking
from classes.telling import replies
from frontend.class_words import place_of

COMING, CANNOT = "coming", "cannot"


@public_page
@never_cache
def reply(request: HttpRequest, token: str) -> HttpResponse:
    booking = replies.booking_behind(token)
    if booking is None:
        return render(request, "frontend/public/reply_gone.html", status=404)
    if request.method != "POST":
        return render(request, "frontend/public/reply.html", _about(booking))
    try:
        _answer(booking, request.POST.get("answer", ""))
    except NoPlace:
        pass  # the page says what has become of the place
    except TooLate:
        messages.error(request, "The class has begun. If you are not there, please call us.")
    except TryAgain:
        messages.error(request, "Many people are booking just now. Nothing was changed. Please try again.")
    return redirect("public:reply", token)


def _answer(booking: Booking, answer: str) -> None:
    person = booking.participant.person
    if answer == COMING:
        replies.say_coming(booking=booking, by=person)
    elif answer == CANNOT and booking.state == BookingState.BOOKED:
        cancel_booking(booking=booking, by=person)


def _about(booking: Booking) -> dict[str, object]:
    session = booking.session
    return {
        "booking": booking,
        "session": session,
        "place": place_of(session),
        "held": booking.state == BookingState.BOOKED and not session.is_cancelled,
        "ahead": not session.has_started(timezone.now()),
    }


urlpatterns = [path("reply/<str:token>/", reply, name="reply")]
