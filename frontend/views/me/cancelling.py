"""Give back one date and all that come after it: every date is listed, and exactly those are given back.

One date alone has its own page (bookings.py). Not here: any rule (classes/places/blocks.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from classes.judging.refusals import Refusal
from classes.models import Booking
from classes.places.blocks import cancel_dates, later_ones
from frontend import forms
from frontend.acting import name_acted_for
from frontend.booking_flow import books
from frontend.signed_in import user_of
from frontend.views.me.bookings import REFUSED, CancelForm, bookings_shown
from frontend.wording import booking_label, count, short_day, short_moment
from participants.support import sees_messages

PAGE = "frontend/me/cancel_later.html"


class CancelLaterForm(CancelForm):
    """The dates that stand on the page, so that nothing is given back which nobody has read."""

    dates = forms.HiddenField(max_length=1000)

    def __init__(self, data: Any = None, *, dates: list[Booking], **rest: Any) -> None:
        super().__init__(data, **rest)
        self.initial["dates"] = " ".join(str(booking.pk) for booking in dates)

    def named(self) -> list[int]:
        return forms.keys_in(self.cleaned_data["dates"].split())


@require_http_methods(["GET", "HEAD", "POST"])
@books
def cancel_later(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(bookings_shown(request), pk=pk)
    dates = [found, *later_ones(found)]
    if request.method != "POST" and (found.ended_at is not None or len(dates) == 1):
        return redirect("me:booking", found.pk)
    copy = sees_messages(person=user_of(request).person, participant=found.participant)
    form = CancelLaterForm(forms.posted(request), dates=dates, name=name_acted_for(request), copy=copy)
    context = {
        "booking": found,
        "session": found.session,
        "later": len(dates) - 1,
        "dates": [(_words(booking), booking_label(booking.state).words) for booking in dates],
    }
    if not form.is_valid():
        return forms.render_form(request, PAGE, context, form)
    try:
        ended = cancel_dates(
            participant=found.participant,
            bookings=form.named(),
            by=user_of(request).person,
            reason=form.cleaned_data["reason"],
            copy=bool(form.cleaned_data.get("copy")),
        )
    except Refusal as refusal:
        form.add_error(None, REFUSED[refusal.code])
        return forms.render_form(request, PAGE, context, form, status=409)
    _say(request, ended)
    return redirect("me:bookings")


def _say(request: HttpRequest, ended: list[Booking]) -> None:
    if not ended:
        messages.info(request, "Those dates were over before, so there was nothing left to do.")
        return
    days = ", ".join(short_day(booking.session.starts_at) for booking in ended)
    messages.success(request, f"You have cancelled {count(len(ended), 'date')}: {days}.")


def _words(booking: Booking) -> str:
    return short_moment(booking.session.starts_at)


urlpatterns = [path("bookings/<int:pk>/cancel-later/", cancel_later, name="cancel_later")]
