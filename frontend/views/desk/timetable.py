"""The desk's timetable: what is coming, publish for any instructor, change the places of a date, cancel it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Person
from accounts.permissions import Permission, allows
from accounts.signin import requires
from classes import teaching
from classes.judging.refusals import CapacityBelowHeld, TryAgain
from classes.models import Session, SessionKind
from classes.places import booking
from frontend import forms
from frontend import timetable_words as words
from frontend.cancelling import cancel_page
from frontend.publishing import Publishing
from frontend.signed_in import user_of
from frontend.wording import count, sentence
from instructors.access import instructors_published_for

PER_PAGE = 40
MOST_PLACES = 500
CAPACITY_PAGE = "frontend/desk/change_capacity.html"


class LeaderForm(forms.FilterForm):
    led_by = forms.SelectField(label="Led by", empty="Everybody")


@require_safe
@requires(Permission.WORK_AT_DESK)
def sessions(request: HttpRequest) -> HttpResponse:
    """Every class from now on, or those of one instructor, by day, a page at a time."""
    coming = teaching.classes_at_desk_of(request.user).filter(ends_at__gt=timezone.now())
    filters = LeaderForm(request.GET)
    filters.fields["led_by"].offer(  # type: ignore[attr-defined]
        (str(pk), name) for pk, name in teaching.leaders_of(coming)
    )
    leader = filters.cleaned_data["led_by"] if filters.is_valid() else ""
    coming = teaching.led_by(coming, int(leader)) if leader else coming
    page = Paginator(coming.prefetch_related("leaders__instructor__person"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "days": words.by_day(page.object_list),
        "words": words,
        "filters": filters,
        "leader": leader,
        "arranges": allows(request.user, Permission.PUBLISH_FOR_ANYONE),
    }
    return render(request, "frontend/desk/sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def cancel_session(request: HttpRequest, pk: int) -> HttpResponse:
    return cancel_page(request, get_object_or_404(teaching.classes_arranged_by(request.user), pk=pk), audience="desk")


class PlacesForm(forms.Form):
    capacity = forms.NumberField(
        label="How many places does this class have?",
        called="the number of places",
        min_value=1,
        max_value=MOST_PLACES,
        width=4,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def change_capacity(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one date larger or smaller; people who wait get the new places at once."""
    session = get_object_or_404(teaching.classes_arranged_by(request.user), pk=pk)
    form = PlacesForm(request.POST if request.method == "POST" else None, initial={"capacity": session.capacity})
    context = {"session": session, "held": session.places_taken + session.reserved, "fixed": _fixed(session)}
    if not form.is_valid():
        return forms.render_form(request, CAPACITY_PAGE, context, form)
    if refused := context["fixed"] or _change(session, form.cleaned_data["capacity"], user_of(request).person):
        form.add_error(None, str(refused))
        return forms.render_form(request, CAPACITY_PAGE, context, form, status=409)
    places = count(form.cleaned_data["capacity"], "place")
    messages.success(request, f"{session.class_type.name} now has {places}.")
    return redirect("desk:sessions")


def _fixed(session: Session) -> str:
    """Why the places of this date stay as they are; empty when they may change."""
    if session.is_cancelled:
        return "This class is cancelled."
    if session.ends_at <= timezone.now():
        return "This class is over."
    return "A one-to-one session always has one place." if session.kind == SessionKind.ONE_TO_ONE else ""


def _change(session: Session, capacity: int, by: Person) -> str:
    """Empty when it is done, else why not."""
    try:
        booking.change_capacity(session=session, capacity=capacity, by=by)
    except CapacityBelowHeld as refusal:
        taken = sentence(count(refusal.held, "place is", "places are"))
        return f"{taken} taken or kept back, so the class cannot have fewer than {refusal.held}."
    except TryAgain:
        return "Many people are booking this class just now. Nothing was changed. Press the button again."
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def new_class(request: HttpRequest) -> HttpResponse:
    return _page(request, "what")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def new_class_step(request: HttpRequest, step: str) -> HttpResponse:
    return _page(request, step)


def _page(request: HttpRequest, step: str) -> HttpResponse:
    return Publishing(request, "desk", list(instructors_published_for(request.user))).answer(step)


urlpatterns = [
    path("timetable/", sessions, name="sessions"),
    path("timetable/new-class/", new_class, name="new_class"),
    path("timetable/new-class/<slug:step>/", new_class_step, name="new_class_step"),
    path("timetable/<int:pk>/places/", change_capacity, name="change_capacity"),
    path("timetable/<int:pk>/cancel/", cancel_session, name="cancel_session"),
]
