"""Talk to somebody, one to one: who has times, and the times of one instructor by day.

For oneself, for somebody whom one supports, and at the desk, like classes (classes.py), whose page
books the time. Not here: which times are free (classes/one_to_ones.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from classes.judging.first_contact import still_to_have_it
from classes.models import ClassType, Session
from classes.one_to_ones import free_times, offered_by, teaches_in, times_with
from frontend.acting import current_participant
from frontend.booking_flow import books
from frontend.class_words import place_of
from frontend.timetable_words import by_day
from participants.models import Participant, SupporterScope

PER_PAGE, FIRST_TIMES = 24, 3


@dataclass(frozen=True)
class Suggested:
    """The first contact that somebody is still to have, with the next free times for it, by day."""

    kind: ClassType
    days: list[tuple[date, list[Session]]]


@require_safe
@books
def one_to_ones(request: HttpRequest) -> HttpResponse:
    """Who has times. Where it is one instructor only, their times stand here at once."""
    participant = current_participant(request, SupporterScope.BOOK)
    offered = offered_by(free_times(participant, timezone.now()))
    if len(offered) == 1:
        return redirect("me:one_to_ones_with", offered[0].instructor_id)
    context = {"offered": offered, "suggested": suggested_to(participant), "place_of": place_of}
    return render(request, "frontend/me/one_to_ones.html", context)


@require_safe
@books
def one_to_ones_with(request: HttpRequest, pk: int) -> HttpResponse:
    """Where all of them have gone meanwhile the page says so, and leads to the others."""
    participant = current_participant(request, SupporterScope.BOOK)
    times = free_times(participant, timezone.now())
    offered = offered_by(times)
    instructor = next((one for one in offered if one.instructor_id == pk), None)
    if instructor is None and not teaches_in(participant.programme_id, pk):
        raise Http404
    page = Paginator(times_with(times, pk), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "instructor": instructor,
        "others": [one for one in offered if one != instructor],
        "days": by_day(page.object_list),
        "page": page,
        "place_of": place_of,
    }
    return render(request, "frontend/me/one_to_ones_with.html", context)


def suggested_to(participant: Participant) -> Suggested | None:
    """None where the programme has no first contact, and for whoever has had or booked it."""
    kind = still_to_have_it(participant)
    if kind is None:
        return None
    times = free_times(participant, timezone.now()).filter(class_type=kind)
    return Suggested(kind, by_day(times[:FIRST_TIMES]))


urlpatterns = [
    path("one-to-ones/", one_to_ones, name="one_to_ones"),
    path("one-to-ones/<int:pk>/", one_to_ones_with, name="one_to_ones_with"),
]
