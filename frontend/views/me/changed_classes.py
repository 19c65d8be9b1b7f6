"""Can you still come? The page that a message about changed classes leads to.

Here: what is new about each date, and giving back those to which somebody cannot
come. Not here: which changes there are (classes/telling/change_notices.py). Opening it
changes nothing; giving back leaves no mark, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from classes.judging.refusals import Refusal
from classes.models import BookingState
from classes.places.booking import CLASS_CHANGED, cancel_booking
from classes.telling.change_notices import Changed, changes_in, changes_told_to
from frontend import forms
from frontend.acting import current_participant
from frontend.booking_flow import books
from frontend.signed_in import user_of
from frontend.views.me.bookings import REFUSED
from frontend.wording import count, short_moment, when
from participants.models import SupporterScope

PAGE = "frontend/me/changed_classes.html"


class CannotComeForm(forms.Form):
    """Each date is a tick; where there is only one, the button says it."""

    cannot = forms.CheckboxesField(
        label="Which of them can you not come to?",
        hint="You do not have to say why. It is never held against you.",
        missing="Select the classes that you cannot come to. If you can come to all of them, you need do nothing",
    )

    def __init__(self, data: Any, *, changes: Sequence[Changed], name: str) -> None:
        super().__init__(data)
        field = self.fields["cannot"]
        assert isinstance(field, forms.CheckboxesField)  # noqa: S101  declared above
        field.offer(_option(one) for one in changes)
        if name:
            field.label = f"Which of them can {name} not come to?"
            field.hint = f"You do not have to say why. It is never held against {name}."
        if len(changes) == 1:
            self.fields["cannot"] = forms.HiddenField(initial=str(changes[0].booking.pk))

    def chosen(self) -> set[str]:
        given = self.cleaned_data["cannot"]
        return {given} if isinstance(given, str) else set(given)


@require_http_methods(["GET", "HEAD", "POST"])
@books
def changed_classes(request: HttpRequest, pk: int) -> HttpResponse:
    participant = current_participant(request, SupporterScope.BOOK)
    changes = changes_in(get_object_or_404(changes_told_to(participant), pk=pk))
    open_to_answer = [one for one in changes if not one.given_up and not _begun(one)]
    name = str(getattr(request, "acting_for", ""))
    form = CannotComeForm(forms.posted(request) if open_to_answer else None, changes=open_to_answer, name=name)
    context = {"changes": changes, "open": open_to_answer}
    if not form.is_valid():
        return forms.render_form(request, PAGE, context, form)
    chosen = [one for one in open_to_answer if str(one.booking.pk) in form.chosen()]
    if refused := _give_back(request, chosen):
        form.add_error(None, refused)
        return forms.render_form(request, PAGE, context, form, status=409)
    messages.success(request, f"{_done(chosen)} Thank you for telling us.")
    return redirect("me:bookings")


def _done(chosen: Sequence[Changed]) -> str:
    waits = all(one.booking.state == BookingState.WAITING for one in chosen)
    return "You have left the waiting list." if waits else f"You have given back {count(len(chosen), 'place')}."


def _begun(one: Changed) -> bool:
    return one.session.has_started(timezone.now())


def _give_back(request: HttpRequest, chosen: Sequence[Changed]) -> str:
    """Empty when all of them are given back, else why not."""
    for one in chosen:
        try:
            cancel_booking(booking=one.booking, by=user_of(request).person, reason=CLASS_CHANGED)
        except Refusal as refusal:
            return REFUSED[refusal.code]
    return ""


def _option(one: Changed) -> forms.Choice:
    start = one.session.starts_at
    words = f"{one.session.class_type.name}, {short_moment(start)}"
    was = f"Before, it was {when(one.was_start, one.was_end)}" if "time" in one.new else ""
    return forms.Choice(str(one.booking.pk), words, hint=was)


urlpatterns = [path("bookings/changes/<int:pk>/", changed_classes, name="changed_classes")]
