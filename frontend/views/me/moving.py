"""Move a place to another date: choose one, press once; until then the place is kept.

For oneself, for somebody whom one supports, and at the desk. Not here: any rule
(classes/places/moving.py), the words of a refusal (frontend/booking_flow.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from classes.judging.judgement import reasons_against_moving
from classes.judging.refusals import NoPlace, NoRoomForCompanion, Refusal
from classes.listing import Availability, availability, for_lists, live_bookings, similar
from classes.models import Booking, BookingState, Session
from classes.one_to_ones import times_like
from classes.places.blocks import dates_like
from classes.places.idempotency import REFUSED, Outcome, kept_if_refused, once
from classes.places.moving import move_booking
from classes.sources import source_of
from frontend import forms
from frontend.booking_flow import (
    COPY_WORDS,
    Refused,
    books,
    may_pass_limit,
    new_key,
    reasons_shown,
    refused_of,
    with_new_key,
)
from frontend.class_words import AVAILABILITY_LABELS, place_of
from frontend.signed_in import user_of
from frontend.views.me.bookings import bookings_shown
from frontend.wording import short_day, short_moment
from participants.standing import standing_of
from participants.support import sees_messages

PAGE = "frontend/me/move_booking.html"
MOST_TIMES = 20
FULL_NOW = "The last place on that date has just gone. The place that you move is kept: choose another date."

NO_ROOM = (
    "On that date the hall is full for people who come along. The place that you move is kept: choose another date, "
    "or change who comes and move it then."
)


@dataclass(frozen=True)
class Dates:
    """Those with a place to move to, among them those (`kept`) where one is offered to this person; and full ones."""

    open: list[Session]
    full: list[Session]
    kept: set[int]


class MoveForm(forms.Form):
    """One of the dates that have a place. The key makes a second press harmless."""

    request_key = forms.RequestKeyField()
    to = forms.RadiosField(label="To which date?", called="the date", missing="Select the date to move to")
    copy = forms.ConfirmField(label=COPY_WORDS, missing="Tick or leave empty", required=False)
    despite_limit = forms.TextField(
        label="Why is one more class in this week right?",
        missing="Enter why one more class in this week is right",
        hint="Staff read it in the history. No health facts, please.",
        max_length=200,
    )

    def __init__(self, data: Any = None, *, dates: Dates, like: Session, copy: bool, past_limit: bool) -> None:
        super().__init__(data, initial={"request_key": new_key()})
        field = self.fields["to"]
        assert isinstance(field, forms.RadiosField)  # noqa: S101  declared above
        field.offer(_option(one, like, kept=one.pk in dates.kept) for one in dates.open)
        if not copy:
            del self.fields["copy"]
        if not past_limit:
            del self.fields["despite_limit"]


@require_http_methods(["GET", "HEAD", "POST"])
@books
def move(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(bookings_shown(request), pk=pk)
    sent = forms.posted(request)
    if sent is None and (found.state != BookingState.BOOKED or found.session.has_started(timezone.now())):
        return redirect("me:booking", found.pk)
    dates = _dates(found, sent)
    copy = sees_messages(person=user_of(request).person, participant=found.participant)
    past_limit = "despite_limit" in request.POST and may_pass_limit(request, found.participant)
    form = MoveForm(sent, dates=dates, like=found.session, copy=copy, past_limit=past_limit)
    context = {
        "booking": found,
        "session": found.session,
        "any_open": bool(dates.open),
        "full": [(one, short_moment(one.starts_at)) for one in dates.full],
    }
    if not form.is_valid():
        return forms.render_form(request, PAGE, context, form)
    result = _attempt(found, form, user_of(request))
    if isinstance(result, int):
        messages.success(request, f"Moved. The place on {short_day(found.session.starts_at)} is given back.")
        return redirect("me:booked", result)
    past_limit = past_limit or (result.beyond is not None and may_pass_limit(request, found.participant))
    again = MoveForm(with_new_key(request), dates=dates, like=found.session, copy=copy, past_limit=past_limit)
    for line in _lines(request, found, result):
        again.add_error(None, line)
    return forms.render_form(request, PAGE, context, again, status=result.status)


def _dates(found: Booking, sent: Any) -> Dates:
    """What was sent is taken as it is: move_booking judges it."""
    now, everything = timezone.now(), Session.objects.public()
    if found.session.is_one_to_one:
        dates = list(times_like(found.session, found.participant, now)[:MOST_TIMES])
    else:
        dates = list(dates_like(found.session, to_choose_from=for_lists(everything)))
    dates = dates or similar(found.session, to_choose_from=everything, at=now)
    mine, standing = live_bookings(found.participant, dates), standing_of(found.participant)
    kept = {pk for pk, booking in mine.items() if booking.state == BookingState.OFFERED}
    free = [one for one in dates if one.pk not in mine or one.pk in kept]
    may = [one for one in free if not reasons_against_moving(standing, found.session, one)]
    full = [one for one in may if one.pk not in kept and availability(one, now) is Availability.FULL]
    open_dates = [one for one in may if one not in full]
    if to := forms.keys_in([sent.get("to", "")] if sent else []):
        chosen = for_lists(everything).filter(pk__in=to, programme=found.participant.programme_id)
        open_dates += [one for one in chosen if one not in open_dates]
    return Dates(open_dates, full, kept)


def _option(session: Session, like: Session, *, kept: bool) -> forms.Choice:
    """The kind of class is said where it is another one."""
    label = "A place is kept here already" if kept else AVAILABILITY_LABELS[availability(session, timezone.now())].words
    kind = "" if session.class_type_id == like.class_type_id else f"{session.class_type.name}. "
    return forms.Choice(str(session.pk), short_moment(session.starts_at), hint=f"{kind}{place_of(session)}. {label}")


def _attempt(found: Booking, form: MoveForm, by: User) -> int | Refused:
    """The id of the new place, or why the old one is kept."""
    given = form.cleaned_data
    to, copy, why = int(given["to"]), bool(given.get("copy")), given.get("despite_limit", "")

    def action() -> Outcome:
        new = move_booking(
            booking=found,
            to=Session.objects.public().get(pk=to),
            by=by.person,
            source=source_of(found.participant, by),
            copy=copy,
            despite_limit=why,
        )
        return Outcome(201, {"booking": new.pk})

    body = {"move": found.pk, "to": to, "copy": copy, "despite_limit": why}
    try:
        outcome = once(key=given["request_key"], body=body, action=lambda: kept_if_refused(action), by=by.person)
    except Refusal as refusal:
        return Refused(refusal.code)
    return refused_of(outcome.body) if outcome.status == REFUSED else int(outcome.body["booking"])


def _lines(request: HttpRequest, found: Booking, refused: Refused) -> list[str]:
    if refused.code == "session_full":
        return [FULL_NOW]
    if refused.code == NoRoomForCompanion.code:
        return [NO_ROOM]
    if refused.code == NoPlace.code:
        return ["This place was given back or moved before. Nothing was changed now."]
    return (
        [refused.words] if refused.words else reasons_shown(request, found.participant, refused.reasons, refused.beyond)
    )


urlpatterns = [path("bookings/<int:pk>/move/", move, name="move_booking")]
