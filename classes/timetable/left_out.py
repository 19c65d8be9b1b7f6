"""Dates that a series leaves out: which they are and why, putting one back, leaving out those that are not made yet.

A date that is made already is cancelled (cancelling.py): people may have a place in it. A
cancelled date is not one that was left out, and is never put back. Not here: words and pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.history import Actor, acting
from classes.models import DaysOff, Series, Session
from classes.timetable.aspects import fields_of_series
from classes.timetable.days_off import days_off_among
from classes.timetable.materialising import TASK_DATE_NOT_PUBLISHED
from classes.timetable.previews import Preview, preview_series
from classes.timetable.publishing import create_date, hold_places, named_clashes
from classes.timetable.refusals import DatesRefused, NotPossible
from classes.timetable.splitting import still_to_make
from classes.wall_time import Span, dates_of_series, local_date
from messaging.worklist import cancel_tasks

OF_SERIES = ("instructor__person", "instructor__programme", "class_type", "venue", "room", "programme")


class NotLeftOut(Exception):
    """This date is not one that the series leaves out and that is still to come: somebody was here before."""


class NotToMake(Exception):
    """This date is there already, or is none of the series: it cannot be left out."""


class LeftOutOutdated(Exception):
    """The date would not be what was looked at, so it was not put back. Carries what is true now."""

    def __init__(self, preview: PutBack) -> None:
        super().__init__()
        self.preview = preview


@dataclass(frozen=True)
class PutBack:
    """What putting `on` back would do: the one date of `preview`, made at once unless it is `later`."""

    on: date
    why: str
    preview: Preview
    fingerprint: str

    @property
    def may_be_put_back(self) -> bool:
        return not self.preview.refused and not self.preview.problems


def left_out_of(series: Series) -> dict[date, str]:
    """The dates to come that the series leaves out, in order, with the name of the day; "" where it has none."""
    today = local_date(timezone.now())
    coming = [on for on in _of_its_rhythm(series) if on > today]
    named = days_off_among(series.programme_id, coming, venue_id=series.venue_id)
    return {on: named.get(on, "") for on in coming}


def can_be_left_out(series: Series) -> tuple[date, ...]:
    """Dates that cannot be booked yet, since they are not made."""
    today = local_date(timezone.now())
    return tuple(on for on in still_to_make(series, series.first_date) if on > today)


def preview_put_back(*, series: Series, on: date) -> PutBack:
    """The date as it would be, with what stands against it. Writes nothing. Raises NotLeftOut."""
    named = left_out_of(series)
    if on not in named:
        raise NotLeftOut
    preview = preview_series(first_date=on, last_date=on, **fields_of_series(series))
    seen = hashlib.sha256(repr((series.pk, on, sorted(_facts(series).items()), preview)).encode()).hexdigest()
    return PutBack(on, named[on], preview, seen)


def put_back(*, series: Series, on: date, seen: str, by: Actor) -> PutBack:
    """Hold the class on `on` after all, if it still is what the preview with the fingerprint `seen` said.

    It can be booked at once, or once it comes within the horizon. Nobody is told: nobody has a place in it.
    Raises NotLeftOut, LeftOutOutdated (with a new preview), NotPossible, DatesRefused.
    """
    now = timezone.now()
    with acting(by, "classes.put_date_back"):
        locked = _locked(series)
        fields = fields_of_series(locked)
        with hold_places(fields):
            found = preview_put_back(series=locked, on=on)
            if found.fingerprint != seen:
                raise LeftOutOutdated(found)
            _refuse(found)
            _take_off(locked, on)
            (planned,) = found.preview.dates
            if planned.span is not None and not planned.later:
                _make(locked, planned.span, now, by)
    return found


def leave_out(*, series: Series, on: date, by: Actor) -> None:
    """Do not hold the class on `on`, which is not made yet; it never will be, unless it is put back.

    Raises NotToMake.
    """
    with acting(by, "classes.leave_date_out"):
        locked = _locked(series)
        if on not in can_be_left_out(locked):
            raise NotToMake
        _add(locked, [on], by)


def to_make_within(days: DaysOff) -> dict[Series, tuple[date, ...]]:
    """Dates on these days that are not made yet and would be, by class: of the hall, or of the whole programme.

    Two queries, however many classes there are.
    """
    first = max(days.first, local_date(timezone.now()) + timedelta(days=1))
    there = Series.objects.filter(programme=days.programme_id, first_date__lte=days.last, last_date__gte=first)
    if days.venue_id is not None:
        there = there.filter(venue=days.venue_id)
    series = list(there.select_related(*OF_SERIES).order_by("start_time", "pk")) if days.active else []
    made = Session.objects.filter(series__in=series, occurs_on__range=(first, days.last))
    known = set(made.values_list("series", "occurs_on")) if series else set()
    return {one: dates for one in series if (dates := _to_make(one, first, days.last, known))}


def leave_out_days(*, days: DaysOff, by: Actor) -> int:
    """Hold none of the dates of `to_make_within`, each of which may be put back. Returns how many they were.

    Nobody is told: nobody has a place in them. What can be booked already is cancelled by somebody who looks at it.
    """
    with acting(by, "classes.leave_days_out"):
        list(Series.objects.filter(programme=days.programme_id).order_by("pk").select_for_update(of=("self",)))
        found = to_make_within(days)
        for series, dates in found.items():
            _add(series, dates, by)
    return sum(map(len, found.values()))


def _to_make(series: Series, first: date, last: date, known: Collection[tuple[int, date]]) -> tuple[date, ...]:
    every = dates_of_series(
        series.first_date,
        min(series.last_date, last),
        interval_weeks=series.interval_weeks,
        excluded=series.excluded_dates,
    )
    return tuple(on for on in every if on >= first and (series.pk, on) not in known)


def _add(series: Series, dates: Iterable[date], by: Actor) -> None:
    series.excluded_dates = sorted({*series.excluded_dates, *dates})
    series.save(update_fields=["excluded_dates"])
    cancel_tasks(kinds=[TASK_DATE_NOT_PUBLISHED], subject_id=series.pk, by=by)  # those that still stand come back


def _of_its_rhythm(series: Series) -> list[date]:
    """What is left out of the days on which the class would be; a row may hold others, which say nothing."""
    every = dates_of_series(series.first_date, series.last_date, interval_weeks=series.interval_weeks)
    return [on for on in every if on in set(series.excluded_dates)]


def _facts(series: Series) -> dict[str, object]:
    return {name: getattr(value, "pk", value) for name, value in fields_of_series(series).items()}


def _locked(series: Series) -> Series:
    return Series.objects.select_for_update(of=("self",)).select_related(*OF_SERIES).get(pk=series.pk)


def _refuse(found: PutBack) -> None:
    if found.preview.problems:
        raise NotPossible(found.preview.problems)
    if found.preview.refused:
        raise DatesRefused([o for planned in found.preview.refused for o in planned.obstacles])


def _take_off(series: Series, on: date) -> None:
    series.excluded_dates = [one for one in series.excluded_dates if one != on]
    series.save(update_fields=["excluded_dates"])


def _make(series: Series, span: Span, now: datetime, by: Actor) -> None:
    fields = fields_of_series(series)
    with named_clashes(fields, [span], now):
        create_date(fields, span, series=series, by=by)
