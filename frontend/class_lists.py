"""Lists of classes by day: the filters, the rows, and the words of each link.

Here: what the public list, a person's own list and the desk's list for a person
share. Not here: which classes there are (`visible_to`), what a filter means
(classes/filtering.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from classes.filtering import WEEKDAYS, area_choices, narrowed
from classes.judging.judgement import doubts_about
from classes.listing import Availability, availability, for_lists, live_bookings
from classes.models import Booking, Effort, Position, Session, SessionKind
from frontend import forms
from frontend.class_words import (
    EFFORT_WORDS,
    MODE_WORDS,
    POSITION_WORDS,
    VENUE_WORDS,
    place_of,
    state_label,
    what_it_is_like,
)
from frontend.near_treatment import near_for
from frontend.wording import Label, clock_range, sentence, short_moment, uk
from participants.models import Participant

PER_PAGE = 30


class ClassFilters(forms.FilterForm):
    area = forms.SelectField(label="Area", empty="Anywhere")
    mode = forms.SelectField(
        label="In person or online", empty="Both", options=[(m.value, words) for m, words in MODE_WORDS.items()]
    )
    weekday = forms.SelectField(label="Day of the week", empty="Any day", options=WEEKDAYS)
    effort = forms.SelectField(label="Effort", empty="Any effort", options=[(e.value, EFFORT_WORDS[e]) for e in Effort])
    position = forms.SelectField(
        label="How you exercise", empty="Any way", options=[(p.value, sentence(POSITION_WORDS[p])) for p in Position]
    )
    place_has = forms.CheckboxesField(
        label="The place must have",
        hint="Where we do not know, the class is left out. Call us and we will find out.",
        options=VENUE_WORDS.items(),
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        area = self.fields["area"]
        assert isinstance(area, forms.SelectField)  # noqa: S101  declared above
        area.offer(area_choices())

    def wanted(self) -> dict[str, str]:
        """Names and values for `narrowed`; none of them when something cannot be used."""
        if not self.is_valid():
            return {}
        given = dict(self.cleaned_data)
        facts = given.pop("place_has")
        return {name: value for name, value in given.items() if value} | dict.fromkeys(facts, "yes")


@dataclass(frozen=True)
class Row:
    """One class in a list. `about` is read out after the title, so that each link says all there is to know."""

    day: date
    time: str
    title: str
    href: str
    meta: list[str]
    state: Label
    about: str
    near: Label | None = None


@dataclass(frozen=True)
class Day:
    on: date
    rows: list[Row]


def row_of(
    session: Session,
    href: str,
    booking: Booking | None,
    available: Availability,
    *,
    in_doubt_for: str = "",
    near: Label | None = None,
) -> Row:
    """`near`: the tag of a class close to a treatment."""
    state = state_label(session, booking, available, in_doubt_for=in_doubt_for)
    about = f"{short_moment(session.starts_at)}, {place_of(session)}, {state.words.lower()}"
    meta = [place_of(session), *what_it_is_like(session)]
    time = clock_range(session.starts_at, session.ends_at)
    return Row(uk(session.starts_at).date(), time, session.class_type.name, href, meta, state, about, near)


def booked_rows(bookings: Collection[Booking], *, whose: str = "you") -> list[Row]:
    """Classes that one has a place in, or waits for, each leading to that place; `whose` they are, by name or "you"."""
    doubts = doubts_about(bookings)
    return [_booked_row(booking, whose if booking.pk in doubts else "") for booking in bookings]


def _booked_row(booking: Booking, in_doubt_for: str) -> Row:
    available = Availability.CANCELLED if booking.session.is_cancelled else Availability.PLACES
    href = reverse("me:booking", args=[booking.pk])
    return row_of(booking.session, href, booking, available, in_doubt_for=in_doubt_for)


def by_day(rows: Iterable[Row]) -> list[Day]:
    """Rows in order of time, gathered under their UK day."""
    return [Day(on, list(same_day)) for on, same_day in groupby(rows, key=lambda row: row.day)]


def class_list(
    request: HttpRequest,
    sessions: QuerySet[Session],
    *,
    address: Callable[[Session], str],
    participant: Participant | None = None,
) -> dict[str, Any]:
    """What a page with a list of coming classes is given: filters, days, the page of the list, its query."""
    filters = ClassFilters(request.GET)
    wanted = filters.wanted()
    groups = sessions.filter(ends_at__gt=timezone.now(), kind=SessionKind.GROUP)  # one-to-ones have a page of their own
    coming = for_lists(narrowed(groups, wanted)).order_by("starts_at", "id")
    page: Page[Session] = Paginator(coming, PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    held = live_bookings(participant, page.object_list) if participant else {}
    near = near_for(request, participant)
    rows = [
        row_of(s, address(s), held.get(s.pk), availability(s, now), near=near.label(s.starts_at))
        for s in page.object_list
    ]
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "filters": filters,
        "narrowed": bool(wanted),
        "days": by_day(rows),
        "near_advice": near.listed if any(row.near for row in rows) else "",
        "page": page,
        "query": query.urlencode(),
    }
