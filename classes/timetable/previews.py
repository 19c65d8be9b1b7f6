"""What publishing would do: every date, with what stands against it. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Unpack

from django.utils import timezone

from classes.models import SessionKind
from classes.timetable.cautions import Caution, cautions_about
from classes.timetable.plans import ClassFields, Obstacle, ObstacleKind, Problem, obstacles_to, problems_with, spans_of
from classes.wall_time import Span, Which, clock_changes, dates_of_series, local_date

HORIZON = timedelta(weeks=12)  # how far ahead the dates of a series can be booked
MOST_DATES = 110  # two years of a weekly class
LONGEST_SERIES = timedelta(weeks=2 * MOST_DATES)  # no series has more dates, and a preview lists every one of them


@dataclass(frozen=True)
class PlannedDate:
    """One date of a preview. `span` is None when the clocks allow none. `later`: made when it comes nearer."""

    on: date
    span: Span | None
    obstacles: tuple[Obstacle, ...]
    later: bool = False


@dataclass(frozen=True)
class Preview:
    """What publishing would do, judged now and again when the button is pressed."""

    problems: tuple[Problem, ...]
    dates: tuple[PlannedDate, ...]
    clock_changes: tuple[date, ...]
    cautions: tuple[Caution, ...] = ()

    @property
    def refused(self) -> tuple[PlannedDate, ...]:
        return tuple(planned for planned in self.dates if planned.obstacles)


def preview_series(
    *,
    first_date: date,
    last_date: date,
    interval_weeks: int = 1,
    excluded_dates: Collection[date] = (),
    **fields: Unpack[ClassFields],
) -> Preview:
    """Every date of a series with what stands against it. Writes nothing."""
    dates = dates_of_series(first_date, last_date, interval_weeks=interval_weeks, excluded=excluded_dates)
    problems = problems_with(fields) + problems_of_dates(dates)
    until = local_date(timezone.now()) + HORIZON
    changes = clock_changes(dates[0], dates[-1]) if dates else ()
    planned = _planned(fields, dates[:MOST_DATES], until=until)
    return Preview(problems, planned, changes, _cautions(fields, planned))


def preview_session(
    *, on: date, kind: SessionKind = SessionKind.GROUP, which: Which | None = None, **fields: Unpack[ClassFields]
) -> Preview:
    """The same for a single date."""
    planned = _planned(fields, [on], until=on, which=which)
    return Preview(problems_with(fields, kind=kind), planned, (), _cautions(fields, planned))


def _cautions(fields: ClassFields, planned: Sequence[PlannedDate]) -> tuple[Caution, ...]:
    """About the dates that can be booked at once; nothing is known of what stands next to the others."""
    return cautions_about(fields, [one.span for one in planned if one.span is not None and not one.later])


def problems_of_dates(dates: Sequence[date]) -> tuple[Problem, ...]:
    if not dates:
        return (Problem.NO_DATES,)
    return (Problem.TOO_MANY_DATES,) if len(dates) > MOST_DATES else ()


def _planned(
    fields: ClassFields, dates: Sequence[date], *, until: date, which: Which | None = None
) -> tuple[PlannedDate, ...]:
    spans, obstacles = spans_of(dates, fields["start_time"], fields["duration_minutes"], which=which)
    found = (*obstacles, *obstacles_to(fields, spans, now=timezone.now()))
    by_date = {span.on: span for span in spans}
    return tuple(
        PlannedDate(on, by_date.get(on), tuple(o for o in found if o.on == on and _counts(o, until)), later=on > until)
        for on in dates
    )


def _counts(obstacle: Obstacle, until: date) -> bool:
    """Beyond the horizon only the clock is judged now; the rest when the date is made."""
    return obstacle.on <= until or obstacle.kind in {ObstacleKind.NO_SUCH_TIME, ObstacleKind.HAPPENS_TWICE}
