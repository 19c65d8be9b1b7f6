"""Several dates of one class: tick them, press once, and read what came of each.

For oneself, for somebody whom one supports, and at the desk, like booking one date
(classes.py). Not here: any rule (classes/places/blocks.py), the words of one refusal
(frontend/booking_flow.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from classes.judging.eligibility import Reason
from classes.judging.first_contact import reasons_before_first_contact
from classes.judging.judgement import reasons_to_refuse
from classes.judging.refusals import Refusal
from classes.listing import Availability, availability, for_lists, live_bookings, with_classes
from classes.models import Booking, BookingState, Session, SessionKind
from classes.places.blocks import MOST_DATES, book_dates, dates_like
from classes.places.idempotency import Outcome, kept_outcome, once
from classes.sources import source_of
from frontend import forms
from frontend.acting import current_participant, name_acted_for
from frontend.booking_flow import (
    COPY_WORDS,
    WORDS,
    Refused,
    books,
    may_pass_limit,
    new_key,
    reasons_shown,
    refused_of,
    with_new_key,
)
from frontend.class_words import AVAILABILITY_LABELS, place_of
from frontend.near_treatment import near_for
from frontend.signed_in import user_of
from frontend.wording import booking_label, count, short_moment
from participants.models import Participant, SupporterScope
from participants.standing import standing_of
from participants.support import sees_messages

PAGE = "frontend/me/book_dates.html"
FULL = "Full: you wait for a place"


class DatesForm(forms.Form):
    """A tick for each date and one button. The key makes a second press harmless; `person` is for whom it was drawn."""

    request_key = forms.RequestKeyField()
    person = forms.HiddenField(max_length=20)
    dates = forms.CheckboxesField(
        label="Which dates?",
        called="the dates",
        missing="Select the dates that you would like",
    )
    companion = forms.ConfirmField(
        label="Somebody comes with me each time",
        hint="A friend, a relative or a carer. Where they need a place too, we count two.",
        missing="Tick or leave empty",
        required=False,
    )
    book_automatically = forms.ConfirmField(
        label="Where a class is full, book me in at once if a place comes free",
        hint="Only while that is more than 24 hours before the class. Leave it empty if we should ask you first.",
        missing="Tick or leave empty",
        required=False,
    )
    copy = forms.ConfirmField(label=COPY_WORDS, missing="Tick or leave empty", required=False)
    despite_limit = forms.TextField(
        label="Where a week holds more than their phase allows, why is that right?",
        called="why that is right",
        hint="Leave it empty to leave such dates out. Staff read it in the history. No health facts, please.",
        max_length=200,
        required=False,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        dates: Iterable[forms.Choice],
        participant: Participant,
        name: str,
        copy: bool,
        past_limit: bool,
    ) -> None:
        super().__init__(data, initial={"request_key": new_key(), "person": str(participant.pk)})
        field = self.fields["dates"]
        assert isinstance(field, forms.CheckboxesField)  # noqa: S101  declared above
        field.offer(dates)
        if name:
            self.fields["companion"].label = f"Somebody comes with {name} each time"
            self.fields[
                "book_automatically"
            ].label = f"Where a class is full, book {name} in at once if a place comes free"
        if not any(choice.hint.startswith(FULL) for choice in field.options if isinstance(choice, forms.Choice)):
            del self.fields["book_automatically"]
        if not copy:
            del self.fields["copy"]
        if not past_limit:
            del self.fields["despite_limit"]

    def chosen(self) -> list[int]:
        return sorted(int(pk) for pk in self.cleaned_data["dates"])


@require_http_methods(["GET", "HEAD", "POST"])
@books
def book_several(request: HttpRequest, pk: int) -> HttpResponse:
    participant = current_participant(request, SupporterScope.BOOK)
    session = get_object_or_404(for_lists(Session.objects.public()), pk=pk, series__isnull=False)
    open_dates, others = _dates(request, participant, session)
    form = _form(request, forms.posted(request), participant, session, open_dates)
    context = {"session": session, "place": place_of(session), "others": others, "any_open": bool(open_dates)}
    if not form.is_valid():
        return forms.render_form(request, PAGE, context, form)
    refused = _attempt(request, participant, form)
    if refused is None:
        return redirect("me:booked_dates", session.pk, form.cleaned_data["request_key"])
    again = _form(request, with_new_key(request), participant, session, open_dates)
    again.add_error(None, refused.words)
    return forms.render_form(request, PAGE, context, again, status=refused.status)


def _form(
    request: HttpRequest, sent: Any, participant: Participant, session: Session, dates: list[forms.Choice]
) -> DatesForm:
    form = DatesForm(
        sent,
        dates=dates,
        participant=participant,
        name=name_acted_for(request),
        copy=sees_messages(person=user_of(request).person, participant=participant),
        past_limit=may_pass_limit(request, participant) and standing_of(participant).limited,
    )
    if session.kind == SessionKind.ONE_TO_ONE:
        del form.fields["companion"]
    return form


def _dates(
    request: HttpRequest, participant: Participant, session: Session
) -> tuple[list[forms.Choice], list[tuple[str, str]]]:
    """Dates to tick; and the others, each with why. What was sent is taken as it is: book_dates judges every date."""
    now, near = timezone.now(), near_for(request, participant)
    dates = list(dates_like(session, to_choose_from=for_lists(Session.objects.public())))
    mine = live_bookings(participant, dates)
    may, why_not = _judged(request, participant, [one for one in dates if one.pk not in mine])
    booked = [(short_moment(one.starts_at), booking_label(mine[one.pk].state).words) for one in dates if one.pk in mine]
    open_dates = may + _sent(request, session, without=may)
    return [_option(one, availability(one, now), near.label(one.starts_at)) for one in open_dates], booked + why_not


def _judged(
    request: HttpRequest, participant: Participant, dates: list[Session]
) -> tuple[list[Session], list[tuple[str, str]]]:
    """Those to which the person may come, and the others with the reason, which is read out once for all of a kind."""
    standing, said = standing_of(participant), dict[tuple[Reason, ...], str]()
    first = reasons_before_first_contact(standing, dates[0]) if dates else ()  # dates of one class are alike in this
    may, why_not = list[Session](), list[tuple[str, str]]()
    for one in dates:
        reasons = reasons_to_refuse(standing, one) + first
        if not reasons:
            may.append(one)
            continue
        if reasons not in said:
            said[reasons] = reasons_shown(request, participant, reasons)[0]
        why_not.append((short_moment(one.starts_at), said[reasons]))
    return may, why_not


def _sent(request: HttpRequest, session: Session, *, without: list[Session]) -> list[Session]:
    """Dates that were ticked on a page drawn earlier, and would not be offered now."""
    ticked = forms.keys_in(request.POST.getlist("dates"))
    if not ticked:
        return []
    same = for_lists(Session.objects.public()).filter(series=session.series_id, pk__in=ticked[:MOST_DATES])
    return [one for one in same if one not in without]


def _option(session: Session, available: Availability, near: Any) -> forms.Choice:
    words = FULL if available is Availability.FULL else AVAILABILITY_LABELS[available].words
    hint = f"{words}. {near.words}" if near else words
    return forms.Choice(str(session.pk), short_moment(session.starts_at), hint=hint)


def _attempt(request: HttpRequest, participant: Participant, form: DatesForm) -> Refused | None:
    """None when it was done, now or by an earlier press of the same button."""
    given, by = form.cleaned_data, user_of(request)
    if given["person"] != str(participant.pk):
        return Refused("another_person")
    wish = {
        "party": 2 if given.get("companion") else 1,
        "book_automatically": bool(given.get("book_automatically")),
        "copy": bool(given.get("copy")),
        "despite_limit": given.get("despite_limit", ""),
    }
    body = {"dates": form.chosen(), "participant": participant.pk, **wish}

    def action() -> Outcome:
        return _book(participant, form, by, wish)

    try:
        once(key=given["request_key"], body=body, action=action, by=by.person)
    except Refusal as refusal:
        return Refused(refusal.code)
    return None


def _book(participant: Participant, form: DatesForm, by: User, wish: dict[str, Any]) -> Outcome:
    done = book_dates(
        participant=participant,
        sessions=list(Session.objects.public().filter(pk__in=form.chosen())),
        by=by.person,
        source=source_of(participant, by),
        request_key=form.cleaned_data["request_key"],
        **wish,
    )
    return Outcome(201, {"participant": participant.pk, "party": wish["party"], "dates": [one.facts for one in done]})


@dataclass(frozen=True)
class NotBooked:
    """Dates that were refused for the same reason, in words."""

    dates: list[Session]
    why: list[str]
    booking_id: int | None


@require_safe
@books
def booked_several(request: HttpRequest, pk: int, pressed: str) -> HttpResponse:
    """What came of each date, once it is committed. Harmless to open again: it says what the button came to.

    `pressed` is the key of that button, looked up among one's own: it opens nothing for anybody else.
    """
    participant = current_participant(request, SupporterScope.BOOK)
    kept = kept_outcome(key=pressed, by=user_of(request).person)
    if kept is None or kept.body.get("participant") != participant.pk:
        raise Http404
    dates = {one["session"]: one for one in kept.body["dates"]}
    sessions = list(for_lists(Session.objects.public().filter(pk__in=dates)).order_by("starts_at", "id"))
    bookings = _bookings(request, [one["booking"] for one in dates.values() if one["booking"]])
    booked = [b for b in bookings if dates[b.session_id]["state"] == BookingState.BOOKED]
    waiting = [b for b in bookings if b not in booked]
    refused = [(one, dates[one.pk]["refusal"]) for one in sessions if dates[one.pk]["refusal"]]
    context = {
        "session_pk": pk,
        "booked": booked,
        "waiting": waiting,
        "refused": _not_booked(request, participant, refused),
        "heading": _heading(len(booked), len(waiting), name_acted_for(request)),
        "party": kept.body["party"],
    }
    return render(request, "frontend/me/booked_dates.html", context)


def _bookings(request: HttpRequest, ids: list[int]) -> list[Booking]:
    rows = Booking.objects.visible_to(request.user).filter(pk__in=ids)
    return list(with_classes(rows).order_by("session__starts_at", "id"))


def _not_booked(
    request: HttpRequest, participant: Participant, refused: list[tuple[Session, dict[str, Any]]]
) -> list[NotBooked]:
    """One reason is said once, over all the dates that it stands against."""
    found = dict[str, NotBooked]()
    for session, kept in refused:
        same = {name: value for name, value in kept.items() if name != "week_from"}
        if str(same) not in found:
            said = refused_of(kept)
            words = WORDS[said.code]
            why = [words] if words else reasons_shown(request, participant, said.reasons, said.beyond)
            found[str(same)] = NotBooked([], why, said.booking_id)
        found[str(same)].dates.append(session)
    return list(found.values())


def _heading(booked: int, waiting: int, name: str) -> str:
    if booked:
        return f"{count(booked, 'class', 'classes')} booked"
    if waiting:
        return f"{f'{name} is' if name else 'You are'} on {count(waiting, 'waiting list')}"
    return "Nothing was booked"


urlpatterns = [
    path("classes/<int:pk>/dates/", book_several, name="book_dates"),
    path("classes/<int:pk>/dates/<slug:pressed>/", booked_several, name="booked_dates"),
]
