"""My classes: places to come, turns in waiting lists, what is past; one booking, and giving it back."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission, allows
from classes.booking import APPOINTMENT, NOT_WELL, OTHER_PLANS, PREFER_NOT_TO_SAY, TRAVEL, cancel_booking
from classes.calendars import invitation
from classes.listing import positions, with_classes
from classes.models import Booking, BookingState, Mode, Session
from classes.refusals import Refusal
from classes.register import marks_of
from frontend import forms
from frontend.acting import current_participant, is_acting_for_another
from frontend.booking_flow import books, participant_of
from frontend.class_lists import booked_row, by_day
from frontend.class_words import place_of
from frontend.signed_in import user_of
from frontend.views.me.wording import past_words
from frontend.wording import booking_label, ordinal, when
from participants.models import Participant, SupporterScope

PAST_SHOWN = 10
CANCEL_REASONS = (
    (NOT_WELL, "I am not well enough"),
    (APPOINTMENT, "I have an appointment"),
    (TRAVEL, "I cannot get there"),
    (OTHER_PLANS, "I have other plans"),
    (PREFER_NOT_TO_SAY, "I would rather not say"),
)

REFUSED = {
    "too_late": "The class has started, so it cannot be cancelled here. Call us if you cannot come.",
    "try_again": "Many people are booking at this moment. Nothing was changed. Press the button again.",
}


class CancelForm(forms.Form):
    reason = forms.RadiosField(
        label="Why can you not come?",
        called="why you cannot come",
        hint="You do not have to say. It is never held against you.",
        options=CANCEL_REASONS,
        required=False,
    )


def _bookings(request: HttpRequest) -> QuerySet[Booking]:
    """Those of the person this page is about, and of nobody else."""
    return _bookings_of(request, current_participant(request, SupporterScope.BOOK))


def _bookings_of(request: HttpRequest, participant: Participant) -> QuerySet[Booking]:
    return with_classes(Booking.objects.visible_to(request.user).filter(participant=participant))


@require_safe
@books
def bookings(request: HttpRequest) -> HttpResponse:
    participant = participant_of(request)
    if participant is None:  # somebody who has not said yet for whom
        at_desk = allows(request.user, Permission.WORK_AT_DESK)
        return render(
            request, "frontend/me/bookings_nobody.html", {"choose": "desk:people" if at_desk else "me:supporters"}
        )
    rows = _bookings_of(request, participant)
    coming = list(rows.live().upcoming())  # type: ignore[attr-defined]
    turns = positions(coming)
    context = {
        "coming": by_day(booked_row(b) for b in coming if b.state != BookingState.WAITING),
        "waiting": [(booked_row(b), ordinal(turns[b.pk])) for b in coming if b.state == BookingState.WAITING],
        "past": _past(list(rows.past()[:PAST_SHOWN])),  # type: ignore[attr-defined]
    }
    return render(request, "frontend/me/bookings.html", context)


def _past(rows: list[Booking]) -> list[list[str]]:
    """What became of each, by the register as it stands."""
    marks = marks_of(rows)
    return [[b.session.class_type.name, _when(b.session), past_words(b, marks.get(b.pk))] for b in rows]


@require_safe
@books
def booking(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_bookings(request), pk=pk)
    return render(request, "frontend/me/booking.html", _about(request, found))


@require_safe
@books
def booked(request: HttpRequest, pk: int) -> HttpResponse:
    """The good news, once it is committed. Harmless to open again."""
    found = get_object_or_404(_bookings(request), pk=pk)
    if found.ended_at is not None:
        return redirect("me:booking", found.pk)
    return render(request, "frontend/me/booked.html", _about(request, found))


def _about(request: HttpRequest, found: Booking) -> dict[str, object]:
    turn = positions([found]).get(found.pk)
    live, holds_place = found.ended_at is None, found.state == BookingState.BOOKED
    online = found.session.mode == Mode.REMOTE and found.session.ends_at > timezone.now()
    return {
        "booking": found,
        "session": found.session,
        "place": place_of(found.session),
        "label": booking_label(found.state),
        "turn": ordinal(turn) if turn else "",
        "may_cancel": live and not found.session.has_started(timezone.now()),
        "holds_place": holds_place,
        "may_join": online and holds_place and not is_acting_for_another(request),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@books
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_bookings(request), pk=pk)
    waits = found.state == BookingState.WAITING
    context: dict[str, object] = {"session": found.session, "place": place_of(found.session), "waits": waits}
    form = CancelForm(request.POST) if request.method == "POST" else CancelForm()
    if form.is_valid():
        return _cancel(request, found, form, context)
    if not form.is_bound and found.ended_at is not None:
        return redirect("me:booking", found.pk)
    return forms.render_form(request, "frontend/me/cancel_booking.html", context, form)


def _cancel(request: HttpRequest, found: Booking, form: CancelForm, context: dict[str, object]) -> HttpResponse:
    try:
        cancel_booking(booking=found, by=user_of(request).person, reason=form.cleaned_data["reason"])
    except Refusal as refusal:
        form.add_error(None, REFUSED[refusal.code])
        return forms.render_form(request, "frontend/me/cancel_booking.html", context, form, status=409)
    gone = "You have left the waiting list for" if context["waits"] else "You have cancelled"
    messages.success(request, f"{gone} {found.session.class_type.name}, {_when(found.session)}.")
    return redirect("me:bookings")


def _when(session: Session) -> str:
    return when(session.starts_at, session.ends_at)


@require_safe
@books
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The place as a calendar file, for the mailbox of whoever asks."""
    found = get_object_or_404(_bookings(request), pk=pk, state=BookingState.BOOKED)
    email = user_of(request).email
    if not email:
        raise Http404
    file = invitation(found, attendee=email)
    answer = HttpResponse(file.text, content_type=f"{file.mime_type}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


urlpatterns = [
    path("bookings/", bookings, name="bookings"),
    path("bookings/<int:pk>/", booking, name="booking"),
    path("bookings/<int:pk>/booked/", booked, name="booked"),
    path("bookings/<int:pk>/cancel/", cancel, name="cancel_booking"),
    path("bookings/<int:pk>/calendar/", calendar, name="booking_calendar"),
]
