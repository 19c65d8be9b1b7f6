"""My classes: places to come, turns in waiting lists, what is past; one booking, and giving it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from classes.judging.eligibility import Step
from classes.judging.judgement import Doubt, doubt_about, reasons_to_refuse
from classes.judging.refusals import Refusal
from classes.judging.weekly_limits import beyond_limit
from classes.leader_there import may_say_nobody_is_there
from classes.listing import is_open_to, open_among, positions, waits_that_day, with_classes
from classes.models import Booking, BookingState, Mode, Session, SessionNote
from classes.places.blocks import later_ones
from classes.places.booking import APPOINTMENT, NOT_WELL, OTHER_PLANS, PREFER_NOT_TO_SAY, TRAVEL, cancel_booking
from classes.register import marks_of, own_notes
from classes.rehearsing import is_offered_to
from classes.telling.calendars import appointment
from classes.telling.class_note import notes_for
from classes.telling.notes_kept import notes_in_force
from classes.telling.running_late import delay_of
from classes.waiting_list.offers import open_offers
from frontend import forms
from frontend.acting import called, current_participant, is_acting_for_another, name_acted_for
from frontend.booking_flow import COPY_WORDS, books, participant_of, reasons_shown, where_to_choose
from frontend.class_lists import booked_rows, by_day
from frontend.class_words import IN_DOUBT, SETTLED_BY, TALK_FIRST, place_of, rings_on
from frontend.session_notes import own_rows
from frontend.signed_in import user_of
from frontend.views.me.safety_check import notice_for
from frontend.views.me.wording import past_label
from frontend.wording import Label, booking_label, clock_range, ordinal, uk, when
from participants.health import clearance_of
from participants.models import Participant, SupporterScope
from participants.refer_back import REFERRED_BACK
from participants.standing import standing_of
from participants.support import sees_messages

PAST_SHOWN = 10
CANCEL_REASONS = (
    (NOT_WELL, "I am not well enough"),
    (APPOINTMENT, "I have an appointment"),
    (TRAVEL, "I cannot get there"),
    (OTHER_PLANS, "I have other plans"),
    (PREFER_NOT_TO_SAY, "I would rather not say"),
)
REASONS_FOR_ANOTHER = (
    (NOT_WELL, "Not well enough"),
    (APPOINTMENT, "An appointment"),
    (TRAVEL, "Cannot get there"),
    (OTHER_PLANS, "Other plans"),
    (PREFER_NOT_TO_SAY, "I would rather not say"),
)

REFUSED = {
    "too_late": "The class has started, so it cannot be cancelled here. Call us if you cannot come.",
    "try_again": "Many people are booking at this moment. Nothing was changed. Press the button again.",
}


class CancelForm(forms.Form):
    """`name`: of the person acted for, when it is not oneself. `copy`: whether a copy may be asked for."""

    reason = forms.RadiosField(
        label="Why can you not come?",
        called="the reason",
        hint="You do not have to say. It is never held against you.",
        options=CANCEL_REASONS,
        required=False,
    )
    copy = forms.ConfirmField(label=COPY_WORDS, missing="Tick or leave empty", required=False)

    def __init__(self, data: Any = None, *, name: str = "", copy: bool = False, waits: bool = False) -> None:
        """`waits`: nobody is asked why they leave a waiting list."""
        super().__init__(data)
        if not copy:
            del self.fields["copy"]
        if waits:
            del self.fields["reason"]
        elif name:
            self.fields["reason"].label = f"Why can {name} not come?"
            self.fields["reason"].hint = f"You do not have to say. It is never held against {name}."  # type: ignore[attr-defined]
            self.fields["reason"].offer(REASONS_FOR_ANOTHER)  # type: ignore[attr-defined]


def bookings_shown(request: HttpRequest) -> QuerySet[Booking]:
    """Those of the person this page is about, and of nobody else."""
    return _bookings_of(request, current_participant(request, SupporterScope.BOOK))


def _bookings_of(request: HttpRequest, participant: Participant) -> QuerySet[Booking]:
    return with_classes(Booking.objects.visible_to(request.user).filter(participant=participant))


@require_safe
@books
def bookings(request: HttpRequest) -> HttpResponse:
    participant = participant_of(request)
    if participant is None:  # somebody who has not said yet for whom
        return render(request, "frontend/me/bookings_nobody.html", {"choose": where_to_choose(request)})
    rows = _bookings_of(request, participant)
    coming = list(rows.live().upcoming())  # type: ignore[attr-defined]
    held = [b for b in coming if b.state == BookingState.BOOKED]
    waits = [b for b in coming if b.state == BookingState.WAITING]
    whose, turns, free = called(request, participant), positions(waits), open_among(waits, timezone.now())
    context = {
        "kept": kept_among(coming),
        "coming": by_day(booked_rows(held, whose=whose)),
        "waiting": [
            (row, ordinal(turns[b.pk]), b.pk in free) for b, row in zip(waits, booked_rows(waits), strict=True)
        ],
        "left": participant.has_left and not is_acting_for_another(request),
        "past": _past(request, list(rows.past()[:PAST_SHOWN])),  # type: ignore[attr-defined]
    }
    return render(request, "frontend/me/bookings.html", context)


def kept_among(coming: list[Booking]) -> list[tuple[Booking, datetime]]:
    """Places that are kept for somebody until they answer, and until when."""
    offers = open_offers(coming)
    return [(booking, offers[booking.pk].expires_at) for booking in coming if booking.pk in offers]


@dataclass(frozen=True)
class Past:
    """A class that is over, and what became of the place in it."""

    on: date
    time: str
    title: str
    state: Label
    href: str  # "" where there is nothing more to read


def _past(request: HttpRequest, rows: list[Booking]) -> list[Past]:
    """What became of each, by the register as it stands; the person alone goes on to what was noted for them."""
    marks, noted = marks_of(rows), set()
    if rows and not is_acting_for_another(request):
        noted = {note.session_id for note in own_notes(request.user, [booking.session for booking in rows])}
    return [_past_row(one, past_label(one, marks.get(one.pk)), one.session_id in noted) for one in rows]


def _past_row(booking: Booking, state: Label, noted: bool) -> Past:
    session = booking.session
    time = clock_range(session.starts_at, session.ends_at)
    href = reverse("me:booking", args=[booking.pk]) if noted else ""
    return Past(uk(session.starts_at).date(), time, session.class_type.name, state, href)


@require_safe
@books
def booking(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(bookings_shown(request), pk=pk)
    if found.state == BookingState.OFFERED:
        return redirect("me:offer", found.pk)
    went = own_notes(request.user, [found.session]) if not is_acting_for_another(request) else []
    context = {**_about(request, found), **_notes_read(request, found), "how_it_went": _how_it_went(went)}
    return render(request, "frontend/me/booking.html", context)


def _how_it_went(notes: list[SessionNote]) -> list[tuple[str, str]]:
    return own_rows(notes[0]) if notes else []


def _notes_read(request: HttpRequest, found: Booking) -> dict[str, object]:
    """What everybody in the class was told: for the person, and for who helps them and may see their messages.

    `in_force`: those that are about the class as it is now.
    """
    reader = user_of(request).person
    if reader != found.participant.person and not sees_messages(person=reader, participant=found.participant):
        return {"notes": [], "in_force": []}
    return {"notes": notes_for(found), "in_force": notes_in_force([found.session])[found.session.pk]}


@require_safe
@books
def booked(request: HttpRequest, pk: int) -> HttpResponse:
    """The good news, once it is committed. Harmless to open again."""
    found = get_object_or_404(bookings_shown(request), pk=pk)
    if found.ended_at is not None:
        return redirect("me:booking", found.pk)
    return render(request, "frontend/me/booked.html", _about(request, found))


def _about(request: HttpRequest, found: Booking) -> dict[str, object]:
    turn = positions([found]).get(found.pk)
    live, holds_place = found.ended_at is None, found.state == BookingState.BOOKED
    ahead = not found.session.has_started(timezone.now())
    online = found.session.mode == Mode.REMOTE and found.session.ends_at > timezone.now()
    doubt = doubt_about(found)
    return {
        "doubt": _doubt_words(request, found, doubt) if doubt else None,
        "booking": found,
        "session": found.session,
        "place": place_of(found.session),
        "label": _label(found),
        "turn": ordinal(turn) if turn else "",
        "passes_by": _passes_by(request, found) if turn and ahead else [],
        "is_free": bool(turn) and ahead and is_open_to(found, timezone.now()),
        "may_cancel": live and ahead,
        "holds_place": holds_place,
        "rings_on": rings_on(found.session, found.participant),
        "that_day": waits_that_day(found) if holds_place and ahead else [],
        "later": len(later_ones(found)) if holds_place else 0,
        "delay": delay_of(found.session) if holds_place and found.session.ends_at > timezone.now() else None,
        "safety_check": notice_for(request, found),
        "nobody_there": not is_acting_for_another(request) and may_say_nobody_is_there(found, timezone.now()),
        "rehearse": online and holds_place and _rehearses(request, found),
        "may_join": online and holds_place and doubt is None and not is_acting_for_another(request),
    }


def _rehearses(request: HttpRequest, found: Booking) -> bool:
    """For the person alone: it is tried on the device that will be used."""
    return not is_acting_for_another(request) and is_offered_to(found.participant)


def _label(found: Booking) -> Label:
    if found.session.ends_at > timezone.now():
        return booking_label(found.state)
    return past_label(found, marks_of([found]).get(found.pk))


def _doubt_words(request: HttpRequest, found: Booking, doubt: Doubt) -> dict[str, object]:
    """What is said of a place that does not stand: to the person what to do, to who acts for them no reason."""
    own = not is_acting_for_another(request)
    review = clearance_of(found.participant) if doubt.step is Step.WAIT else None
    talks = review is not None and REFERRED_BACK in review.flags
    return {
        "words": f"{IN_DOUBT} {called(request, found.participant)}",
        "next": (TALK_FIRST if talks else SETTLED_BY[doubt.step]) if own else "",
        "answer": own and doubt.step is Step.ANSWER,
        "review_by": review.review_due_at if own and review else None,
        "freed_from": doubt.freed_from if doubt.freed_from > timezone.now() else None,
    }


def _passes_by(request: HttpRequest, waiting: Booking) -> list[str]:
    """Why a place that comes free now would not be theirs."""
    standing = standing_of(waiting.participant)
    if reasons := reasons_to_refuse(standing, waiting.session):
        return reasons_shown(request, waiting.participant, reasons)
    beyond = beyond_limit(waiting.participant, waiting.session, standing)
    return reasons_shown(request, waiting.participant, beyond.reasons, beyond) if beyond else []


@require_http_methods(["GET", "HEAD", "POST"])
@books
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(bookings_shown(request), pk=pk)
    waits = found.state == BookingState.WAITING
    context: dict[str, object] = {"booking": found, "session": found.session, "waits": waits}
    copy = sees_messages(person=user_of(request).person, participant=found.participant)
    form = CancelForm(forms.posted(request), name=name_acted_for(request), copy=copy, waits=waits)
    if form.is_valid():
        return _cancel(request, found, form, context)
    if not form.is_bound and found.ended_at is not None:
        return redirect("me:booking", found.pk)
    return forms.render_form(request, "frontend/me/cancel_booking.html", context, form)


def _cancel(request: HttpRequest, found: Booking, form: CancelForm, context: dict[str, object]) -> HttpResponse:
    try:
        cancel_booking(
            booking=found,
            by=user_of(request).person,
            reason=form.cleaned_data.get("reason", ""),
            copy=bool(form.cleaned_data.get("copy")),
        )
    except Refusal as refusal:
        form.add_error(None, REFUSED[refusal.code])
        return forms.render_form(request, "frontend/me/cancel_booking.html", context, form, status=409)
    which = f"{found.session.class_type.name}, {_when(found.session)}"
    if found.ended_at is not None:
        messages.info(request, f"{which}: that was over before, so there was nothing left to do.")
    else:
        gone = "You have left the waiting list for" if context["waits"] else "You have cancelled"
        messages.success(request, f"{gone} {which}.")
    return redirect("me:bookings")


def _when(session: Session) -> str:
    return when(session.starts_at, session.ends_at)


@require_safe
@books
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The place as a calendar file, to whomever it belongs: a telephone takes it without an email address."""
    found = get_object_or_404(bookings_shown(request), pk=pk, state=BookingState.BOOKED)
    file = appointment(found)
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
