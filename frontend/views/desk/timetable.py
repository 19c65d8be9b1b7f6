"""The desk's timetable: what is coming, publish for any instructor, change the places of a date, cancel it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission, allows
from accounts.signin import requires
from classes import teaching
from classes.judging.refusals import CapacityBelowHeld, FewerNeeded, PlacesBeyondHall, TooLate, TryAgain
from classes.models import Booking, BookingState, Session
from classes.models.timetable import SessionQuerySet
from classes.places import booking, making_smaller
from classes.timetable import HORIZON, attention
from frontend import forms
from frontend import timetable_words as words
from frontend.calling_off import call_off_page, called_off_page
from frontend.cancelling import cancel_page
from frontend.choices import Choice
from frontend.publishing import GivingTimes, Publishing
from frontend.signed_in import user_of
from frontend.wording import count, sentence, short_day, short_moment, today
from instructors.access import instructors_published_for

PER_PAGE = 40
DAYS = 2  # that can be called off at once: today and tomorrow
FIXED = {
    making_smaller.CANCELLED: "This class is cancelled.",
    making_smaller.OVER: "This class is over.",
    making_smaller.ONE_TO_ONE: "A one-to-one session always has one place.",
}
CAPACITY_PAGE = "frontend/desk/change_capacity.html"
BUSY = "Many people are booking this class just now. Nothing was changed. Press the button again."


class TimetableFilters(forms.FilterForm):
    week = forms.SelectField(label="From the week of", empty="Today")
    kind = forms.SelectField(label="Kind of class", empty="Every kind")
    led_by = forms.SelectField(label="Led by", empty="Everybody")

    def __init__(self, data: Any, coming: SessionQuerySet) -> None:
        super().__init__(data)
        self._offer("week", ((monday.isoformat(), short_day(monday)) for monday in _weeks()))
        self._offer("kind", ((str(pk), name) for pk, name in teaching.kinds_of(coming)))
        self._offer("led_by", ((str(pk), name) for pk, name in teaching.leaders_of(coming)))

    def _offer(self, name: str, options: Iterable[tuple[str, str]]) -> None:
        self.fields[name].offer(options)  # type: ignore[attr-defined]

    def narrowed(self, coming: SessionQuerySet) -> SessionQuerySet:
        """All of them when something cannot be used."""
        chosen = self.cleaned_data if self.is_valid() else {}
        if chosen.get("week"):
            coming = coming.filter(starts_at__date__gte=chosen["week"])
        if chosen.get("kind"):
            coming = coming.filter(class_type=chosen["kind"])
        return teaching.led_by(coming, int(chosen["led_by"])) if chosen.get("led_by") else coming


def _weeks() -> list[date]:
    """The Mondays to come within which dates are made."""
    monday = today() + timedelta(days=-today().weekday())
    return [monday + timedelta(weeks=n) for n in range(1, HORIZON // timedelta(weeks=1) + 1)]


@require_safe
@requires(Permission.WORK_AT_DESK)
def sessions(request: HttpRequest) -> HttpResponse:
    """Every class from now on, or from a week on, of one kind or one instructor, by day, a page at a time."""
    coming = teaching.classes_at_desk_of(request.user).filter(ends_at__gt=timezone.now())
    filters = TimetableFilters(request.GET, coming)
    coming = filters.narrowed(coming)
    query = request.GET.copy()
    query.pop("page", None)
    page = Paginator(coming.prefetch_related("leaders__instructor__person"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "days": words.by_day(page.object_list),
        "attention": attention.notes_on(list(page.object_list)),
        "words": words,
        "filters": filters,
        "narrowed": any(query.values()),
        "query": query.urlencode(),
        "arranges": allows(request.user, Permission.PUBLISH_FOR_ANYONE),
    }
    return render(request, "frontend/desk/sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def cancel_session(request: HttpRequest, pk: int) -> HttpResponse:
    return cancel_page(request, get_object_or_404(teaching.classes_arranged_by(request.user), pk=pk), audience="desk")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def call_off(request: HttpRequest) -> HttpResponse:
    """Several of today's and tomorrow's at once."""
    offered = teaching.to_call_off(teaching.classes_arranged_by(request.user), days=DAYS)
    return call_off_page(request, offered=offered, off=_off(request), audience="desk")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def called_off(request: HttpRequest) -> HttpResponse:
    arranges = allows(request.user, Permission.PUBLISH_FOR_ANYONE)
    return called_off_page(request, off=_off(request), audience="desk", may_call_off=arranges)


def _off(request: HttpRequest) -> SessionQuerySet:
    return teaching.called_off(teaching.classes_at_desk_of(request.user), days=DAYS)


class PlacesForm(forms.Form):
    capacity = forms.NumberField(
        label="How many places does this class have?",
        called="the number of places",
        hint="With 0 nobody can book, and people can still wait",
        min_value=0,
        max_value=making_smaller.MOST_PLACES,
        width=4,
    )


class GivingUpForm(PlacesForm):
    """The same, when it takes places away from people."""

    giving_up = forms.CheckboxesField(
        label="Whose place is given back?",
        called="whose place is given back",
        missing="Select whose place is given back",
        hint="We tell each of them at once, in the way they chose",
    )
    reason = forms.TextField(
        label="Why?", called="why", hint="The history keeps this. It is not sent to anybody", max_length=200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def change_capacity(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one date larger or smaller; people who wait get the new places at once.

    Smaller than what is held asks whose places are given back, and why.
    """
    session = get_object_or_404(teaching.classes_arranged_by(request.user), pk=pk)
    context = {
        "session": session,
        "held": session.places_taken + session.kept,
        "fixed": _fixed(session),
        "asked": "",
    }
    if request.POST.get("reason") or request.POST.get("giving_up"):  # else another number was set, and nobody chosen
        return _make_smaller(request, session, context)
    form = PlacesForm(request.POST if request.method == "POST" else None, initial={"capacity": session.capacity})
    if not form.is_valid():
        return forms.render_form(request, CAPACITY_PAGE, context, form)
    capacity, by = form.cleaned_data["capacity"], user_of(request).person
    if context["fixed"]:
        return forms.render_form(request, CAPACITY_PAGE, context, form, status=409)
    try:
        booking.change_capacity(session=session, capacity=capacity, by=by)
    except CapacityBelowHeld as refusal:
        asked = _giving_up_form(session, initial={"capacity": capacity})
        context["asked"] = _too_many(refusal.held, capacity)
        return forms.render_form(request, CAPACITY_PAGE, context, asked, status=409)
    except PlacesBeyondHall as refusal:
        form.add_error("capacity", _beyond_hall(refusal.most))
        return forms.render_form(request, CAPACITY_PAGE, context, form, status=409)
    except TryAgain:
        form.add_error(None, BUSY)
        return forms.render_form(request, CAPACITY_PAGE, context, form, status=409)
    return _done(request, session, capacity)


def _make_smaller(request: HttpRequest, session: Session, context: dict[str, object]) -> HttpResponse:
    form = _giving_up_form(session, request.POST)
    if context["fixed"] or not form.is_valid():
        status = 409 if context["fixed"] else None
        return forms.render_form(request, CAPACITY_PAGE, context, form, status=status)
    given = form.cleaned_data
    try:
        making_smaller.make_smaller(
            session=session,
            capacity=given["capacity"],
            giving_up=forms.keys_in(given["giving_up"]),
            reason=given["reason"],
            by=user_of(request).person,
        )
    except CapacityBelowHeld as refusal:
        form.add_error("giving_up", _too_many(refusal.held, given["capacity"]))
    except FewerNeeded as refusal:
        form.add_error("giving_up", _fewer(refusal.held, given["capacity"]))
    except TooLate:
        form.add_error(None, "This class has begun. Nothing was changed.")
    except TryAgain:
        form.add_error(None, BUSY)
    else:
        return _done(request, session, given["capacity"])
    return forms.render_form(request, CAPACITY_PAGE, context, form, status=409)


def _giving_up_form(session: Session, sent: QueryDict | None = None, **given: Any) -> GivingUpForm:
    form = GivingUpForm(sent, **given)
    form.fields["giving_up"].offer(  # type: ignore[attr-defined]
        [_holder(one) for one in teaching.places_held_in(session)]
    )
    return form


def _holder(one: Booking) -> Choice:
    held = {BookingState.BOOKED: "Booked", BookingState.OFFERED: "Kept while they answer"}[BookingState(one.state)]
    two = ", for two" if one.party > 1 else ""
    return Choice(str(one.pk), str(one.participant.person), hint=f"{held}, since {short_moment(one.joined_at)}{two}")


def _too_many(held: int, capacity: int) -> str:
    """`held` may count places that are kept: then fewer people have to be asked than places are too many."""
    taken, over = sentence(count(held, "place is", "places are")), held - capacity
    return f"{taken} taken or kept: {over} too many. Choose whose are given back, or set a higher number."


def _beyond_hall(most: int) -> str:
    return f"With those who come along, the hall holds at most {count(most, 'place')} in this class"


def _fewer(held: int, capacity: int) -> str:
    """Somebody has given a place back since the page was drawn, or another number was typed."""
    taken, over = sentence(count(held, "place is", "places are")), max(held - capacity, 0)
    needed = f"only {over} too many" if over else "none too many"
    return f"{taken} taken or kept now: {needed}. Choose fewer people, or nobody. Nothing was changed."


def _done(request: HttpRequest, session: Session, capacity: int) -> HttpResponse:
    messages.success(request, f"{session.class_type.name} now has {count(capacity, 'place')}.")
    return redirect("desk:sessions")


def _fixed(session: Session) -> str:
    """Why the places of this date stay as they are; empty when they may change."""
    return FIXED.get(making_smaller.fixed_because(session, timezone.now()), "")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def new_class(request: HttpRequest) -> HttpResponse:
    return _page(request, "what")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def new_class_step(request: HttpRequest, step: str) -> HttpResponse:
    return _page(request, step)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def new_times(request: HttpRequest) -> HttpResponse:
    return GivingTimes(request, "desk", list(instructors_published_for(request.user))).ask()


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def check_times(request: HttpRequest) -> HttpResponse:
    return GivingTimes(request, "desk", list(instructors_published_for(request.user))).check()


def _page(request: HttpRequest, step: str) -> HttpResponse:
    return Publishing(request, "desk", list(instructors_published_for(request.user))).answer(step)


urlpatterns = [
    path("timetable/", sessions, name="sessions"),
    path("timetable/new-class/", new_class, name="new_class"),
    path("timetable/new-class/<slug:step>/", new_class_step, name="new_class_step"),
    path("timetable/call-off/", call_off, name="call_off"),
    path("timetable/called-off/", called_off, name="called_off"),
    path("timetable/one-to-ones/add/", new_times, name="new_times"),
    path("timetable/one-to-ones/check/", check_times, name="check_times"),
    path("timetable/<int:pk>/places/", change_capacity, name="change_capacity"),
    path("timetable/<int:pk>/cancel/", cancel_session, name="cancel_session"),
]
