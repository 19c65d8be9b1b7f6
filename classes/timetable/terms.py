"""The next term: classes that come back as they were, on other dates, all of them or none.

Here: which dates each series would have in the new term, what stands against them,
and publishing. Nobody is told: nobody has a place yet. Not here: one new series
(publishing.py), words (pages). Called by the desk's pages.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise, permutations

from django.db.models import QuerySet

from accounts.history import Actor, acting
from classes.models import Series
from classes.timetable.aspects import fields_of_series
from classes.timetable.cautions import Caution, CautionKind, too_close
from classes.timetable.days_off import DaysOffRead, read_days_off
from classes.timetable.plans import Clash, Obstacle, ObstacleKind, Problem
from classes.timetable.previews import PlannedDate, Preview, preview_series
from classes.timetable.publishing import publish_series
from classes.timetable.refusals import DatesRefused, NotPossible
from classes.wall_time import dates_of_series

WEEK = timedelta(weeks=1)
STILL_OFFERED = timedelta(weeks=12)  # after its last date a class may still be asked for again


@dataclass(frozen=True)
class Term:
    """Which classes come back, from when to when. `leave_out`: without dates that cannot be held, and without classes
    that are there already."""

    series: tuple[Series, ...]
    first: date
    last: date
    on_holidays: bool = False
    leave_out: bool = False


@dataclass(frozen=True)
class ComingBack:
    """One class in the new term. `holidays` are left out: bank holidays, and days on which the programme holds none.
    `already`: its instructor has a class at that time there."""

    series: Series
    first: date
    preview: Preview
    holidays: dict[date, str]
    left_out: tuple[date, ...] = ()
    already: Series | None = None

    @property
    def held(self) -> tuple[PlannedDate, ...]:
        return tuple(planned for planned in self.preview.dates if not planned.obstacles)

    @property
    def stands(self) -> bool:
        return not (self.preview.refused or self.preview.problems or self.already)


@dataclass(frozen=True)
class TermPreview:
    """`dropped`: classes that are in the term already, and are left out of it."""

    term: Term
    classes: tuple[ComingBack, ...]
    dropped: tuple[ComingBack, ...] = ()

    @property
    def may_be_published(self) -> bool:
        return bool(self.classes) and all(one.stands for one in self.classes)

    @property
    def fingerprint(self) -> str:
        """The same only while every class and date is as it was looked at."""
        seen = [(one.series.pk, fields_of_series(one.series), one.preview, one.left_out) for one in self.classes]
        return hashlib.sha256(repr((self.term, seen)).encode()).hexdigest()


def series_to_repeat(series: QuerySet[Series], today: date) -> QuerySet[Series]:
    """Those that go on, or ended not long ago, in the order of the week."""
    recent = series.filter(last_date__gte=today - STILL_OFFERED)
    return recent.select_related(
        "class_type", "venue", "room", "instructor__person", "instructor__programme", "programme"
    ).order_by("first_date__week_day", "start_time", "pk")


def first_in_term(of_series: date, interval_weeks: int, weeks: int, first: date) -> date:
    """The first date from `first` on of a series moved by `weeks`; every second week stays every second week."""
    step = interval_weeks * WEEK
    moved = of_series + weeks * WEEK
    return moved + -((moved - first) // step) * step


class TermOutdated(Exception):
    """The classes of a new term are not as they were looked at, so none was published. Carries what is true now."""

    def __init__(self, preview: TermPreview) -> None:
        super().__init__()
        self.preview = preview


def preview_term(term: Term) -> TermPreview:
    """Every class with its dates in the new term, and what stands against each. Writes nothing."""
    if not term.series:
        return TermPreview(term, ())
    weeks = _weeks_between(min(one.first_date for one in term.series), term.first)
    off = _days_off(term)
    coming = [_coming_back(one, weeks, term, _off_for(one, off)) for one in term.series]
    classes = _with_little_time(_among_themselves(coming))
    if not term.leave_out:
        return TermPreview(term, tuple(classes))
    new = tuple(_without_refused(one, term) for one in classes if one.already is None)
    return TermPreview(term, new, tuple(one for one in classes if one.already is not None))


def publish_term(*, term: Term, seen: str, by: Actor) -> list[Series]:
    """Publish all of them, if they still are what the preview with the fingerprint `seen` said; otherwise none.

    Raises TermOutdated (with a new preview), NotPossible, DatesRefused.
    """
    with acting(by, "classes.publish_term"):
        list(
            Series.objects.filter(pk__in=[one.pk for one in term.series]).order_by("pk").select_for_update(of=("self",))
        )
        preview = preview_term(term)
        if preview.fingerprint != seen:
            raise TermOutdated(preview)
        _refuse(preview.classes)
        return [_publish(one, term, by) for one in preview.classes]


def _days_off(term: Term) -> dict[int, DaysOffRead]:
    """By programme, each asked once; none where classes are held on such days too."""
    programmes = set() if term.on_holidays else {one.programme_id for one in term.series}
    return {pk: read_days_off(pk, term.first, term.last) for pk in programmes}


def _off_for(series: Series, off: dict[int, DaysOffRead]) -> dict[date, str]:
    read = off.get(series.programme_id)
    return read.at(series.venue_id) if read else {}


def _coming_back(series: Series, weeks: int, term: Term, off: dict[date, str]) -> ComingBack:
    first = first_in_term(series.first_date, series.interval_weeks, weeks, term.first)
    every = dates_of_series(first, term.last, interval_weeks=series.interval_weeks)
    holidays = {on: off[on] for on in every if on in off}
    return ComingBack(
        series, first, _preview(series, first, term, holidays), holidays, already=_already(series, first, term)
    )


def _preview(series: Series, first: date, term: Term, excluded: Iterable[date]) -> Preview:
    return preview_series(
        first_date=first,
        last_date=max(first, term.last),
        interval_weeks=series.interval_weeks,
        excluded_dates=[*excluded, *([first] if first > term.last else [])],
        **fields_of_series(series),
    )


def _already(series: Series, first: date, term: Term) -> Series | None:
    """A class of the same instructor, on that day and at that time, which is in the new term already."""
    same = Series.objects.filter(instructor=series.instructor_id, start_time=series.start_time)
    there = same.filter(first_date__lte=term.last, last_date__gte=term.first).select_related("class_type")
    weekday = (first.isoweekday() % 7) + 1  # as the database counts: Sunday is 1
    return there.filter(first_date__week_day=weekday, interval_weeks=series.interval_weeks).order_by("pk").first()


def _among_themselves(classes: Sequence[ComingBack]) -> list[ComingBack]:
    """The same, with what the new classes would be in each other's way."""
    found: dict[int, list[Obstacle]] = defaultdict(list)
    for kind, key in ((ObstacleKind.INSTRUCTOR_BUSY, _leader), (ObstacleKind.ROOM_BUSY, _room)):
        groups: dict[object, list[tuple[datetime, PlannedDate, ComingBack]]] = defaultdict(list)
        for one in classes:
            if (where := key(one.series)) is not None:
                groups[where] += [(p.span.starts_at, p, one) for p in one.preview.dates if p.span is not None]
        for group in groups.values():
            group.sort(key=lambda row: (row[0], row[2].series.pk))
            for (_, before, there), (_, after, one) in pairwise(group):
                assert before.span is not None and after.span is not None  # noqa: S101  those without were left out
                if after.span.starts_at < before.span.ends_at:
                    clash = Clash(0, there.series.class_type.name, before.span.starts_at, before.span.ends_at)
                    found[one.series.pk].append(Obstacle(after.on, kind, clash))
    return [_with(one, found[one.series.pk]) for one in classes]


def _with_little_time(classes: Sequence[ComingBack]) -> list[ComingBack]:
    """The same, with what to think of between them: the first date on which one instructor has to hurry."""
    found = {one.series.pk: list(one.preview.cautions) for one in classes}
    for before, after in permutations(classes, 2):
        if (
            before.series.instructor_id == after.series.instructor_id
            and before.series.venue_id != after.series.venue_id
        ):
            found[after.series.pk] += _first_hurry(before, after)
    return [replace(one, preview=replace(one.preview, cautions=tuple(found[one.series.pk]))) for one in classes]


def _first_hurry(there: ComingBack, one: ComingBack) -> list[Caution]:
    """On a day on which `one` begins less than an hour after the other has ended."""
    by_day = {planned.on: planned.span for planned in there.preview.dates if planned.span}
    for planned in one.preview.dates:
        before, after = by_day.get(planned.on), planned.span
        if before and after and before.starts_at < after.starts_at and too_close(before, after):
            clash = Clash(0, there.series.class_type.name, before.starts_at, before.ends_at)
            return [Caution(CautionKind.LITTLE_TIME, planned.on, clash)]
    return []


def _leader(series: Series) -> object:
    return series.instructor_id


def _room(series: Series) -> object:
    return (series.venue_id, series.room_id) if series.venue_id else None


def _with(one: ComingBack, obstacles: Sequence[Obstacle]) -> ComingBack:
    dates = tuple(
        replace(p, obstacles=(*p.obstacles, *(o for o in obstacles if o.on == p.on))) for p in one.preview.dates
    )
    return replace(one, preview=replace(one.preview, dates=dates))


def _without_refused(one: ComingBack, term: Term) -> ComingBack:
    """Without the dates that cannot be held; a class that keeps none of them is told as one without dates."""
    left_out = tuple(planned.on for planned in one.preview.refused)
    if not left_out:
        return one
    preview = _preview(one.series, one.first, term, [*one.holidays, *left_out])
    return replace(one, preview=preview, left_out=left_out)


def _refuse(classes: Sequence[ComingBack]) -> None:
    problems = [problem for one in classes for problem in one.preview.problems]
    problems += [Problem.ALREADY_THERE for one in classes if one.already]
    if problems or not classes:
        raise NotPossible(problems or [Problem.NO_DATES])
    if refused := [o for one in classes for planned in one.preview.refused for o in planned.obstacles]:
        raise DatesRefused(refused)


def _publish(one: ComingBack, term: Term, by: Actor) -> Series:
    return publish_series(
        first_date=one.first,
        last_date=term.last,
        interval_weeks=one.series.interval_weeks,
        excluded_dates=sorted({*one.holidays, *one.left_out}),
        by=by,
        **fields_of_series(one.series),
    )


def _weeks_between(one: date, other: date) -> int:
    return ((other - timedelta(days=other.weekday())) - (one - timedelta(days=one.weekday()))) // WEEK
