"""Joining an online class: when it opens, a word on safety, and one button that leads there.

Here: the page of one booking, which asks where somebody is today: what stood there last time is put forward, so that it
is one press. Not here: who may join and when (classes/joining.py).
Only the participant opens it, never a supporter or the desk: whoever is in the
class exercises there and is taken for the person whose health the instructor
knows. The link stands in no page: it is given as a redirect, at the press of the
button, so that it is in no history, no printout and no copied page.
"""

from __future__ import annotations

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.signin import requires
from classes.joining import CheckNeeded, Closed, NotYet, NoWayIn, way_in
from classes.leader_there import NotNow, may_say_nobody_is_there, say_nobody_is_there
from classes.listing import with_classes
from classes.models import Booking
from classes.register import asks_whom_to_call
from classes.rehearsing import is_offered_to
from classes.telling.running_late import delay_of
from classes.whereabouts import last_said, say_whereabouts
from frontend import forms
from frontend.acting import own_participant
from frontend.signed_in import user_of
from frontend.views.me.safety_check import notice_for
from frontend.whereabouts import WhereForm

PHONE = settings.PHONE_IN_WORDS
CLOSED = {
    Closed.NO_PLACE: "You do not have a place in this class.",
    Closed.CANCELLED: "This class is cancelled. You do not need to do anything.",
    Closed.NOT_PUBLISHED: "This class is not open yet.",
    Closed.NO_LINK: "This class has no link to join.",
    Closed.OVER: "This class has finished.",
    Closed.TALK_FIRST: (
        "Your class opens after your instructor has talked with you. Your instructor rings you, or you can call us."
    ),
    Closed.NOT_CLEARED: "You cannot join this class at the moment. Please call us, and we will talk about it with you.",
}


# Browsers hold the redirect after a form to form-action too, and services for online classes send people
# on from one of their own addresses to the next.
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TAKE_PART)
@csp_update({"form-action": ["https:"]})  # type: ignore[untyped-decorator]
def join_class(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Booking.objects.visible_to(request.user).filter(participant=own_participant(request))
    found = get_object_or_404(with_classes(visible), pk=pk)
    pressed = request.method == "POST"
    form = WhereForm(forms.posted(request), participant=found.participant, last=last_said(found.participant))
    context: dict[str, object] = {
        "booking": found,
        "session": found.session,
        "closed": "",
        "opens_at": None,
        "check_first": False,
        "nobody_there": may_say_nobody_is_there(found, timezone.now()),
        "rehearse": is_offered_to(found.participant),
        "delay": delay_of(found.session),
        "safety_check": notice_for(request, found),
        "participant": found.participant,
        "ask_contact": asks_whom_to_call(found.session, found.participant),
    }
    try:
        link = way_in(found, timezone.now())
    except NotYet as refusal:
        context["opens_at"] = refusal.opens_at
    except CheckNeeded:
        context["check_first"] = True
    except NoWayIn as refusal:
        context["closed"] = CLOSED[refusal.reason]
    else:
        if form.is_valid():
            say_whereabouts(booking=found, where=form.said(), by=user_of(request).person)
            return _way(link)
        return forms.render_form(request, "frontend/me/join_class.html", context, form)
    return render(request, "frontend/me/join_class.html", context, status=409 if pressed else 200)


@require_POST
@requires(Permission.TAKE_PART)
def nobody_there(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever waits for the class sees nobody who leads it."""
    visible = Booking.objects.visible_to(request.user).filter(participant=own_participant(request))
    found = get_object_or_404(with_classes(visible), pk=pk)
    try:
        say_nobody_is_there(booking=found, by=user_of(request).person)
        messages.success(request, f"Thank you. We are looking into it now. You can also call us on {PHONE}.")
    except NotNow:
        messages.error(request, f"Nothing was sent: this class has not begun, is over or is off. Call us on {PHONE}.")
    return redirect("me:booking", pk)


def _way(link: str) -> HttpResponse:
    """Nobody there learns from which page somebody came."""
    answer = HttpResponseRedirect(link)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


urlpatterns = [
    path("bookings/<int:pk>/join/", join_class, name="join_class"),
    path("bookings/<int:pk>/nobody-there/", nobody_there, name="nobody_there"),
]
