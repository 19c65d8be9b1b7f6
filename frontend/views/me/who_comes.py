"""Change who comes: with somebody or alone, and how one waits. The place, or the turn, is kept meanwhile.

For oneself, for somebody whom one supports, and at the desk. Not here: any rule (classes/places/who_comes.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from classes.judging.refusals import Refusal
from classes.models import Booking, BookingState
from classes.places.who_comes import MAY_CHANGE, change_who_comes
from classes.waiting_list.offer_times import AUTOMATIC_UNTIL
from frontend import forms
from frontend.acting import name_acted_for
from frontend.booking_flow import books
from frontend.class_words import companion_hint
from frontend.signed_in import user_of
from frontend.views.me.bookings import bookings_shown
from frontend.wording import short_day

PAGE = "frontend/me/who_comes.html"
REFUSED = {
    "session_full": (
        "No second place is free at the moment, so nothing was changed: the one place is kept. If nobody can come "
        "without company, call us and we will look for a way."
    ),
    "no_room_for_companion": (
        "The hall is full for people who come along, so nothing was changed: the place is kept. If nobody can come "
        "without company, call us and we will look for a way."
    ),
    "too_late": "The class has started, so nothing was changed. Call us if something is not right.",
    "no_place": "This place was given back before, so there was nothing to change.",
    "try_again": "Many people are booking at this moment. Nothing was changed. Press the button again.",
}


class WhoComesForm(forms.Form):
    party = forms.RadiosField(label="Who comes?", called="who comes", missing="Select who comes")
    book_automatically = forms.ConfirmField(
        label="Book me in at once if a place comes free",
        hint="Only while that is more than 24 hours before the class. Leave it empty if we should ask you first.",
        missing="Tick or leave empty",
        required=False,
    )

    def __init__(self, data: Any = None, *, found: Booking, name: str) -> None:
        drawn = {"party": str(found.party), "book_automatically": found.book_automatically}
        super().__init__(data, initial=drawn)
        two = f"{name} and somebody else" if name else "Somebody comes with me"
        self.fields["party"].offer(  # type: ignore[attr-defined]
            [
                forms.Choice("1", f"{name} alone" if name else "I come alone"),
                forms.Choice("2", two, companion_hint(found.session)),
            ]
        )
        if name:
            self.fields["book_automatically"].label = f"Book {name} in at once if a place comes free"
        if not _may_ask_automatically(found):
            del self.fields["book_automatically"]


def _may_ask_automatically(found: Booking) -> bool:
    return found.state == BookingState.WAITING and timezone.now() < found.session.starts_at - AUTOMATIC_UNTIL


@require_http_methods(["GET", "HEAD", "POST"])
@books
def who_comes(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(bookings_shown(request), pk=pk)
    over = found.state not in MAY_CHANGE or found.session.has_started(timezone.now())
    if found.session.is_one_to_one or (request.method != "POST" and over):
        return redirect("me:booking", found.pk)
    form = WhoComesForm(forms.posted(request), found=found, name=name_acted_for(request))
    context = {"booking": found, "session": found.session, "waits": found.state == BookingState.WAITING}
    if not form.is_valid():
        return forms.render_form(request, PAGE, context, form)
    try:
        changed = change_who_comes(
            booking=found,
            party=int(form.cleaned_data["party"]),
            book_automatically=form.cleaned_data.get("book_automatically"),
            by=user_of(request).person,
        )
    except Refusal as refusal:
        form.add_error(None, REFUSED[refusal.code])
        return forms.render_form(request, PAGE, context, form, status=409)
    messages.success(
        request, f"{_said(changed)}: {found.session.class_type.name}, {short_day(found.session.starts_at)}."
    )
    return redirect("me:booking", found.pk)


def _said(changed: Booking) -> str:
    many = "two" if changed.party > 1 else "one"
    if changed.state == BookingState.WAITING:
        return f"The wait is for {many} now, and the turn is kept"
    return f"The place is for {many} now"


urlpatterns = [path("bookings/<int:pk>/who-comes/", who_comes, name="who_comes")]
