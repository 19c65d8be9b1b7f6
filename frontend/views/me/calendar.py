"""My classes in my own calendar: the page of the private address.

Not here: the address itself (classes/telling/feeds.py), what is read there (public/calendar.py), the file of a
single place (bookings.py). The address is the person's own: nobody who helps them makes or sees it.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes.telling import feeds
from frontend.acting import own_participant

own_page = requires(Permission.TAKE_PART)


@require_safe
@own_page
def my_calendar(request: HttpRequest) -> HttpResponse:
    feed = feeds.feed_of(own_participant(request))
    address = settings.PUBLIC_URL + reverse("public:calendar", args=[feed.token]) if feed else ""
    return render(request, "frontend/me/calendar.html", {"address": address})


@require_POST
@own_page
def open_calendar(request: HttpRequest) -> HttpResponse:
    participant = own_participant(request)
    feeds.open_feed(participant=participant, by=participant.person)
    messages.success(request, "Your address is ready.")
    return redirect("me:calendar")


@require_POST
@own_page
def close_calendar(request: HttpRequest) -> HttpResponse:
    participant = own_participant(request)
    feeds.close_feed(participant=participant, by=participant.person)
    messages.success(request, "Your calendar cannot read your classes any more.")
    return redirect("me:calendar")


urlpatterns = [
    path("bookings/in-my-calendar/", my_calendar, name="calendar"),
    path("bookings/in-my-calendar/open/", open_calendar, name="open_calendar"),
    path("bookings/in-my-calendar/close/", close_calendar, name="close_calendar"),
]
