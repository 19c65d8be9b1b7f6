"""Hours and attendance of a month: a page and a file, for an instructor about their own and for the desk about all.

Here: which month, words and numbers, the file. Not here: what counts (classes/hours.py). Neither names anybody who
takes part.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.spreadsheets import harmless
from classes.hours import Led, Month, by_instructor
from classes.models import LeaderRole
from frontend import forms
from frontend.class_words import where_led
from frontend.wording import clock_range, count, short_day, today, uk

MONTHS = 13  # that can be chosen: this one and a year back
ROLES = {LeaderRole.LEAD: "Led", LeaderRole.COVER: "Covered", LeaderRole.SECOND: "Assisted"}
COLUMNS = (
    *("date", "start", "end", "class", "place", "instructor", "role", "minutes"),
    *("booked", "came", "absent", "unmarked"),
)
Read = Callable[[date], list[Led]]


class MonthForm(forms.FilterForm):
    month = forms.SelectField(label="Month", empty="")

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["month"].offer([(f"{m:%Y-%m}", f"{m:%B %Y}") for m in _months()])  # type: ignore[attr-defined]

    @property
    def chosen(self) -> date:
        """This month, where nothing else that there is was chosen."""
        said = self.cleaned_data["month"] if self.is_valid() else ""
        return next((month for month in _months() if f"{month:%Y-%m}" == said), _months()[0])


def hours_page(request: HttpRequest, read: Read, *, audience: str) -> HttpResponse:
    filters = MonthForm(request.GET)
    classes = read(filters.chosen)
    context = {
        "audience": audience,
        "filters": filters,
        "month": filters.chosen,
        "months": [_row(one) for one in by_instructor(classes)],
        "classes": [_class(one) for one in classes] if audience == "teach" else [],
        "total": next(iter(by_instructor(classes)), None) if audience == "teach" else None,
        "hours": hours,
    }
    return render(request, "frontend/hours.html", context)


def hours_file(request: HttpRequest, read: Read) -> HttpResponse:
    """One line for each class and whoever led it or assisted."""
    month = MonthForm(request.GET).chosen
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="hours-{month:%Y-%m}.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    writer.writerows(_line(one) for one in read(month))
    return answer


def hours(minutes: int) -> str:
    """1 hour 30 minutes; 45 minutes."""
    whole, rest = divmod(minutes, 60)
    said = [count(whole, "hour")] if whole else []
    return " ".join([*said, *([count(rest, "minute")] if rest or not whole else [])])


def _months() -> list[date]:
    """The first of each, the latest first."""
    found = [today().replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def _row(one: Month) -> list[object]:
    led = [one.instructor.person.full_name, one.led, hours(one.minutes), one.covers, one.assisted]
    return [*led, one.came, one.absent, one.unmarked]


def _class(one: Led) -> list[object]:
    when = f"{short_day(one.session.starts_at)}, {clock_range(one.session.starts_at, one.session.ends_at)}"
    return [when, one.session.class_type.name, ROLES[one.role], hours(one.minutes), one.came, one.absent, one.unmarked]


def _line(one: Led) -> Iterable[object]:
    start, end = (f"{moment:%H:%M}" for moment in (uk(one.session.starts_at), uk(one.session.ends_at)))
    named = (one.session.class_type.name, where_led(one.session), one.instructor.person.full_name)
    numbers = (one.minutes, one.booked, one.came, one.absent, one.unmarked)
    return (f"{uk(one.session.starts_at):%Y-%m-%d}", start, end, *map(harmless, named), ROLES[one.role], *numbers)
