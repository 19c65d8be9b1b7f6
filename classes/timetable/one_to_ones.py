"""Times for one person at a time: "Tuesdays from 2pm to 5pm, 45 minutes each, 15 minutes between".

Each time is a session of its own with one place, so that it is booked, moved, cancelled and
reminded of like any other. The time kept free after each is part of when its instructor is
busy, which the database holds against whatever else they lead. Not here: pages and words
(frontend/publishing), taking a time away (cancelling.py). Called by pages and the demo data.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Unpack

from django.utils import timezone

from accounts.history import Actor, acting
from classes.models import Session, SessionKind
from classes.timetable.plans import ClassFields, Obstacle, Problem, obstacles_by_span, problems_with, spans_of
from classes.timetable.previews import HORIZON
from classes.timetable.publishing import create_date, hold_places, named_clashes
from classes.timetable.refusals import DatesRefused, NotPossible
from classes.wall_time import Span, dates_of_series, local_date

MOST_TIMES = 150
WEEKS = range(1, HORIZON.days // 7 + 1)


@dataclass(frozen=True)
class Times:
    """The same hours of one weekday, in so many weeks from `first_date` on, but for days that are left out. Clock times
    are UK ones.
    """

    first_date: date
    weeks: int
    begins: time
    ends: time
    left_out: frozenset[date] = frozenset()

    @property
    def last_date(self) -> date:
        return self.first_date + timedelta(weeks=self.weeks - 1)

    @property
    def dates(self) -> tuple[date, ...]:
        return dates_of_series(self.first_date, self.last_date, excluded=self.left_out)


@dataclass(frozen=True)
class PlannedTime:
    """One time, with what stands against it."""

    span: Span
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True)
class TimesPreview:
    """What giving these times would do. `impossible`: times that no clock shows, or shows twice."""

    problems: tuple[Problem, ...]
    times: tuple[PlannedTime, ...]
    impossible: tuple[Obstacle, ...] = ()

    @property
    def free(self) -> tuple[Span, ...]:
        return tuple(one.span for one in self.times if not one.obstacles)

    @property
    def refused(self) -> tuple[PlannedTime, ...]:
        return tuple(one for one in self.times if one.obstacles)


def starts_within(begins: time, ends: time, *, minutes: int, between: int) -> tuple[time, ...]:
    """When each time starts. The last one ends by `ends`; what is kept free after it may lie beyond."""
    day = datetime.combine(date.min, time())
    at, until = datetime.combine(day, begins), datetime.combine(day, ends)
    found: list[time] = []
    while minutes > 0 and at + timedelta(minutes=minutes) <= until:
        found.append(at.time())
        at += timedelta(minutes=minutes + between)
    return tuple(found)


def preview_times(*, times: Times, **fields: Unpack[ClassFields]) -> TimesPreview:
    """Each time with what stands against it. Writes nothing."""
    spans, impossible = _spans(times, fields)
    if problems := _problems(fields, spans):
        return TimesPreview(problems, ())
    found = obstacles_by_span(fields, spans, now=timezone.now())
    planned = tuple(PlannedTime(one, tuple(o for span, o in found if span == one)) for one in spans)
    return TimesPreview((), planned, impossible)


def publish_times(
    *, times: Times, without: Collection[datetime] = (), by: Actor, **fields: Unpack[ClassFields]
) -> list[Session]:
    """Publish every time but those that start at one of `without`; all of them or none.

    `start_time` of the fields says nothing: `times` does. Raises NotPossible for the plan, and DatesRefused when one
    of the times cannot be held.
    """
    now = timezone.now()
    spans = [one for one in _spans(times, fields)[0] if one.starts_at not in without]
    if problems := _problems(fields, spans):
        raise NotPossible(problems)
    with acting(by, "classes.publish_times"), hold_places(fields):
        if found := obstacles_by_span(fields, spans, now=now):
            raise DatesRefused([obstacle for _, obstacle in found])
        with named_clashes(fields, spans, now):
            return [create_date(fields, one, kind=SessionKind.ONE_TO_ONE, by=by) for one in spans]


def _problems(fields: ClassFields, spans: Sequence[Span]) -> tuple[Problem, ...]:
    found = problems_with(fields, kind=SessionKind.ONE_TO_ONE)
    if not spans:
        return (*found, Problem.NO_DATES)
    beyond = spans[-1].on > local_date(timezone.now()) + HORIZON
    return (*found, Problem.TOO_MANY_DATES) if len(spans) > MOST_TIMES or beyond else found


def _spans(times: Times, fields: ClassFields) -> tuple[list[Span], tuple[Obstacle, ...]]:
    """In order of time."""
    minutes, between = fields["duration_minutes"], fields.get("buffer_minutes", 0)
    made, impossible = list[Span](), list[Obstacle]()
    for start in starts_within(times.begins, times.ends, minutes=minutes, between=between):
        spans, obstacles = spans_of(times.dates, start, minutes)
        made += spans
        impossible += obstacles
    return sorted(made, key=lambda one: one.starts_at), tuple(impossible)
