"""What classes are made of, at the desk: kinds of class, halls with their rooms, days off, limits of a week.

Here: the pages. Not here: what is kept and refused (classes/offering.py, participants/phases.py),
their forms (offering_forms.py), the words of a change (offering_words.py). For whoever arranges the timetable.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Programme
from accounts.permissions import Permission
from accounts.signin import requires
from accounts.versions import shown_of, versions_of
from classes import offering
from classes.judging.weekly_limits import most_in_one_week
from classes.models import ClassType, DaysOff, Session, Venue
from classes.offering import NameTaken
from classes.timetable import leave_out_days, to_make_within
from classes.unqualified import dates_led_without
from frontend import forms
from frontend.signed_in import user_of
from frontend.views.desk.offering_forms import (
    DAYS_FIELDS,
    HALL_FIELDS,
    KIND_FIELDS,
    LIMIT_FIELDS,
    NOTES,
    WAY_IN,
    CloseForm,
    DaysForm,
    HallForm,
    KindForm,
    LimitForm,
    RoomForm,
)
from frontend.views.desk.offering_words import beyond_rows, days_words, history_of, limit_words
from frontend.wording import clock, count, day, joined, plain_date, sentence, short_moment
from participants.phases import limit_week, phases_set_by, plan_talks

arranges = requires(Permission.PUBLISH_FOR_ANYONE)
SHOWN = [name for name in HALL_FIELDS if name not in NOTES]  # a note stands beside its fact
ROOM_TAKEN = "This hall has a room of that name already. Enter another name"
DAYS_TAKEN = "There are days of this name and first day already. Change those"
TAKEN = "There is one of this name already. Choose another name, or change that one"


@require_safe
@arranges
def overview(request: HttpRequest) -> HttpResponse:
    context = {
        "kinds": offering.kinds_kept_by(request.user),
        "halls": offering.halls_kept_by(request.user),
        "days_off": offering.days_off_kept_by(request.user),
        "days_words": days_words,
        "phases": phases_set_by(request.user),
        "limit_words": limit_words,
    }
    return render(request, "frontend/desk/offering.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def add_kind(request: HttpRequest) -> HttpResponse:
    programmes = list(offering.programmes_kept_by(request.user))
    form = KindForm(forms.posted(request), programmes=programmes)
    if form.is_valid():
        try:
            kind = offering.add_kind(
                programme=_programme(programmes, form),
                facts=form.facts(),
                wanted_first=form.wanted_first,
                by=user_of(request).person,
            )
        except NameTaken:
            form.add_error("name", TAKEN)
        else:
            return _done(request, f"{kind.name} is added. It can be chosen when a class is published.")
    return forms.render_form(request, "frontend/desk/kind.html", {"kind": None}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def kind(request: HttpRequest, pk: int) -> HttpResponse:
    found: ClassType = get_object_or_404(offering.kinds_kept_by(request.user), pk=pk)
    shown = shown_of(found, KIND_FIELDS, request.POST.get("seen", ""))
    form = KindForm(forms.posted(request), initial=KindForm.of(shown, found.programme), programmes=())
    if form.is_valid():
        by = user_of(request).person
        try:
            offering.change_kind(
                kind=found, facts=form.facts(), changed=form.changed(), wanted_first=form.wanted_first, by=by
            )
        except NameTaken:
            form.add_error("name", TAKEN)
        else:
            if "credentials_needed" in form.changed() and dates_led_without(found):
                messages.success(request, f"{found.name} is changed. The desk has a task about the dates named here.")
                return redirect("desk:kind", pk)
            return _done(request, f"{found.name} is changed.")
    context = {
        "kind": found,
        "led_without": [
            (one, f"{short_moment(one.starts_at)}, {who.person.full_name}") for one, who in dates_led_without(found)
        ],
        "history": history_of(versions_of(found, KIND_FIELDS)),
    }
    return forms.render_form(request, "frontend/desk/kind.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def add_hall(request: HttpRequest) -> HttpResponse:
    programmes = list(offering.programmes_kept_by(request.user))
    form = HallForm(forms.posted(request), programmes=programmes)
    if form.is_valid():
        try:
            found = offering.add_hall(
                programme=_programme(programmes, form), facts=form.facts(), by=user_of(request).person
            )
        except NameTaken:
            form.add_error("name", TAKEN)
        else:
            messages.success(request, f"{found.name} is added. If it has rooms, add them here.")
            return redirect("desk:hall", found.pk)
    return forms.render_form(request, "frontend/desk/change_hall.html", {"hall": None}, form)


@require_safe
@arranges
def hall(request: HttpRequest, pk: int) -> HttpResponse:
    return _hall(request, _found_hall(request, pk), RoomForm())


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def change_hall(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found_hall(request, pk)
    shown = shown_of(found, HALL_FIELDS, request.POST.get("seen", ""))
    form = HallForm(forms.posted(request), initial=HallForm.of(shown), programmes=())
    if form.is_valid():
        by = user_of(request).person
        try:
            offering.change_hall(hall=found, facts=form.facts(), changed=form.changed(), by=by)
        except NameTaken:
            form.add_error("name", TAKEN)
        else:
            messages.success(request, f"{found.name} is changed.")
            way = "?changed=way-in" if WAY_IN.intersection(form.changed()) else ""
            return redirect(reverse("desk:hall", args=[found.pk]) + way)
    return forms.render_form(request, "frontend/desk/change_hall.html", {"hall": found}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def add_room(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found_hall(request, pk)
    form = RoomForm(forms.posted(request))
    if form.is_valid():
        try:
            offering.add_room(hall=found, name=form.cleaned_data["name"], by=user_of(request).person)
        except NameTaken:
            form.add_error("name", ROOM_TAKEN)
        else:
            messages.success(request, f"{form.cleaned_data['name']} is added.")
            return redirect("desk:hall", pk)
    return _hall(request, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def change_room(request: HttpRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(offering.rooms_kept_by(request.user), pk=pk)
    form = RoomForm(forms.posted(request), initial={"name": room.name})
    if form.is_valid():
        try:
            offering.change_room(room=room, name=form.cleaned_data["name"], by=user_of(request).person)
        except NameTaken:
            form.add_error("name", ROOM_TAKEN)
        else:
            messages.success(request, f"The room is called {room.name} now.")
            return redirect("desk:hall", room.venue_id)
    context = {"room": room, "history": history_of(versions_of(room, ("name",)))}
    return forms.render_form(request, "frontend/desk/room.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def close_hall(request: HttpRequest, pk: int) -> HttpResponse:
    """From which day on; what is planned after it is named, and stays until somebody moves or cancels it."""
    found = _found_hall(request, pk)
    if request.method == "POST" and "open" in request.POST:
        offering.close_hall(hall=found, closed_from=None, by=user_of(request).person)
        messages.success(request, f"{found.name} is open again.")
        return redirect("desk:hall", pk)
    form = CloseForm(forms.posted(request), initial={"closed_from": found.closed_from})
    if form.is_valid():
        on = form.cleaned_data["closed_from"]
        planned = offering.close_hall(hall=found, closed_from=on, by=user_of(request).person)
        left = f"{count(len(planned), 'date is', 'dates are')} still planned there after that." if planned else ""
        messages.success(request, f"{found.name} is closed from {plain_date(on)}. {left}".strip())
        return redirect("desk:hall", pk)
    return forms.render_form(request, "frontend/desk/close_hall.html", {"hall": found}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def add_days_off(request: HttpRequest) -> HttpResponse:
    programmes = list(offering.programmes_kept_by(request.user))
    form = DaysForm(forms.posted(request), programmes=programmes)
    if form.is_valid():
        try:
            days = offering.add_days_off(
                programme=_programme(programmes, form), facts=form.facts(), by=user_of(request).person
            )
        except NameTaken:
            form.add_error("name", DAYS_TAKEN)
        else:
            return _days_added(request, days)
    return forms.render_form(request, "frontend/desk/days_off.html", {"days": None, "hall": None}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def add_hall_days_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Days on which one hall is shut, and the others are not."""
    found = _found_hall(request, pk)
    form = DaysForm(forms.posted(request), programmes=())
    if form.is_valid():
        by = user_of(request).person
        try:
            days = offering.add_days_off(programme=found.programme, hall=found, facts=form.facts(), by=by)
        except NameTaken:
            form.add_error("name", DAYS_TAKEN)
        else:
            return _days_added(request, days)
    return forms.render_form(request, "frontend/desk/days_off.html", {"days": None, "hall": found}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def days_off(request: HttpRequest, pk: int) -> HttpResponse:
    """What is on the timetable already on these days is named, and stays until somebody cancels or leaves it out."""
    found: DaysOff = get_object_or_404(offering.days_off_kept_by(request.user), pk=pk)
    if request.method == "POST" and "leave_out" in request.POST:
        left = count(leave_out_days(days=found, by=user_of(request).person), "date is", "dates are")
        messages.success(request, f"{sentence(left)} left out. Nobody is told: nobody has a place there yet.")
        return redirect("desk:days_off", pk)
    shown = shown_of(found, DAYS_FIELDS, request.POST.get("seen", ""))
    form = DaysForm(forms.posted(request), initial=DaysForm.of(shown), programmes=())
    if form.is_valid():
        by = user_of(request).person
        try:
            offering.change_days_off(days=found, facts=form.facts(), changed=form.changed(), by=by)
        except NameTaken:
            form.add_error("name", DAYS_TAKEN)
        else:
            messages.success(request, f"{found.name} is changed.")
            return _after_days_off(found)
    to_make = to_make_within(found)
    context = {
        "days": found,
        "hall": found.venue,
        "planned": _dated(offering.dates_within(found)),
        "to_make": [
            f"{one.class_type.name}, {clock(one.start_time)}: {joined(map(day, dates))}"
            for one, dates in to_make.items()
        ],
        "how_many": sum(map(len, to_make.values())),
        "history": history_of(versions_of(found, DAYS_FIELDS)),
    }
    return forms.render_form(request, "frontend/desk/days_off.html", context, form)


def _days_added(request: HttpRequest, days: DaysOff) -> HttpResponse:
    messages.success(request, f"{days.name}: {days_words(days)}. Offered as dates to leave out from now on.")
    return _after_days_off(days)


def _after_days_off(days: DaysOff) -> HttpResponse:
    """Back to where one came from; or to the dates that are planned on these days, where there are some."""
    if offering.dates_within(days) or to_make_within(days):
        return redirect("desk:days_off", days.pk)
    return redirect("desk:hall", days.venue_id) if days.venue_id else redirect("desk:offering")


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def limit(request: HttpRequest, pk: int) -> HttpResponse:
    phase = get_object_or_404(phases_set_by(request.user), pk=pk)
    initial = {
        "most": phase.most_a_week,
        "one_to_ones_apart": phase.one_to_ones_apart,
        "talks": phase.talks or None,
        "talks_per_weeks": phase.talks_per_weeks,
    }
    form = LimitForm(forms.posted(request), initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        done = limit_week(
            phase=phase,
            most=given["most"],
            one_to_ones_apart=bool(given["one_to_ones_apart"]),
            by=user_of(request).person,
        )
        per_weeks = given["talks_per_weeks"] or phase.talks_per_weeks
        plan_talks(phase=phase, talks=given["talks"] or 0, per_weeks=per_weeks, by=user_of(request).person)
        return _done(request, f"{phase.name}: {limit_words(done)}.")
    context = {
        "phase": phase,
        "now": limit_words(phase),
        "beyond": beyond_rows(
            most_in_one_week(phase, one_to_ones_apart=False), most_in_one_week(phase, one_to_ones_apart=True)
        ),
        "history": history_of(versions_of(phase, LIMIT_FIELDS)),
    }
    return forms.render_form(request, "frontend/desk/limit.html", context, form)


def _done(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("desk:offering")


def _found_hall(request: HttpRequest, pk: int) -> Venue:
    found: Venue = get_object_or_404(offering.halls_kept_by(request.user), pk=pk)
    return found


def _hall(request: HttpRequest, found: Venue, form: RoomForm) -> HttpResponse:
    with_people = offering.dates_with_people(found) if request.GET.get("changed") == "way-in" else ()
    context: dict[str, Any] = {
        "hall": found,
        "facts": [
            (HallForm.base_fields[name].label, HallForm.shown(found, name)) for name in HALL_FIELDS if name not in NOTES
        ],
        "closed": day(found.closed_from) if found.closed_from else "",
        "planned": _dated(offering.planned_after_closing(found)),
        "days_off": offering.days_off_kept_by(request.user).filter(venue=found),
        "days_words": days_words,
        "with_people": _dated(with_people),
        "history": history_of(versions_of(found, (*HALL_FIELDS, "closed_from"))),
    }
    return forms.render_form(request, "frontend/desk/hall.html", context, form)


def _dated(dates: Iterable[Session]) -> list[tuple[Session, str]]:
    return [(one, f"{one.class_type.name}, {short_moment(one.starts_at)}") for one in dates]


def _programme(programmes: list[Programme], form: forms.Form) -> Programme:
    chosen = form.cleaned_data.get("programme", str(programmes[0].pk))
    return next(one for one in programmes if str(one.pk) == chosen)


urlpatterns = [
    path("timetable/made-of/", overview, name="offering"),
    path("timetable/made-of/kinds/add/", add_kind, name="add_kind"),
    path("timetable/made-of/kinds/<int:pk>/", kind, name="kind"),
    path("timetable/made-of/halls/add/", add_hall, name="add_hall"),
    path("timetable/made-of/halls/<int:pk>/", hall, name="hall"),
    path("timetable/made-of/halls/<int:pk>/change/", change_hall, name="change_hall"),
    path("timetable/made-of/halls/<int:pk>/rooms/", add_room, name="add_room"),
    path("timetable/made-of/rooms/<int:pk>/", change_room, name="change_room"),
    path("timetable/made-of/halls/<int:pk>/close/", close_hall, name="close_hall"),
    path("timetable/made-of/halls/<int:pk>/days/", add_hall_days_off, name="add_hall_days_off"),
    path("timetable/made-of/days/add/", add_days_off, name="add_days_off"),
    path("timetable/made-of/days/<int:pk>/", days_off, name="days_off"),
    path("timetable/made-of/limits/<int:pk>/", limit, name="limit"),
]
