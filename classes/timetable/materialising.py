"""Make the coming dates of each series: run by the nightly job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone

from accounts.history import Actor, acting
from classes.models import Series
from classes.timetable.aspects import fields_of_series
from classes.timetable.plans import ClassFields, Obstacle, ObstacleKind, obstacles_to, problems_with, spans_of
from classes.timetable.publishing import create_date, hold_places
from classes.wall_time import Span, dates_of_series, local_date
from messaging.one_by_one import one_by_one
from messaging.worklist import cancel_tasks, raise_task

TASK_DATE_NOT_PUBLISHED = "date_not_published"
TASK_DUE = timedelta(days=2)


@dataclass(frozen=True)
class Materialised:
    """What one run made, and the dates it could not (each one is a task for the desk)."""

    made: int
    refused: tuple[Obstacle, ...]


def materialise(*, until: date, by: Actor) -> Materialised:
    """Make the dates of every series up to `until` that are not there yet. Repeating it adds nothing.

    A cancelled date is still there, so it never comes back. A date that cannot be
    held is left out and becomes a task for the desk; it is tried again each time. A
    series that cannot be looked at stops none of the others.
    """
    going_on = Series.objects.filter(last_date__gte=timezone.localdate()).order_by("pk")
    done = one_by_one(partial(_materialise_one, until=until, by=by), going_on.only("pk"))
    return Materialised(sum(one.made for one in done), tuple(o for one in done for o in one.refused))


def _materialise_one(known: Series, *, until: date, by: Actor) -> Materialised:
    with acting(by, "classes.materialise"):
        whole = Series.objects.select_for_update(of=("self",)).select_related("instructor__programme")
        series = whole.get(pk=known.pk)
        fields, now = fields_of_series(series), timezone.now()
        with hold_places(fields):
            spans, obstacles = _judge(series, fields, until, now)
            free = [one for one in spans if one.on not in {o.on for o in obstacles}]
            for one in free:
                create_date(fields, one, series=series, by=by)
        _tell_desk(series, obstacles, now, by)
        Series.objects.filter(pk=series.pk).update(materialised_until=max(until, series.materialised_until or until))
        return Materialised(len(free), obstacles)


def _judge(
    series: Series, fields: ClassFields, until: date, now: datetime
) -> tuple[tuple[Span, ...], tuple[Obstacle, ...]]:
    dates = _dates_to_make(series, until, now)
    if problems := problems_with(fields, as_before=series.class_type):
        return (), tuple(Obstacle(on, ObstacleKind.NOT_POSSIBLE, problems=problems) for on in dates)
    spans, impossible = spans_of(dates, series.start_time, series.duration_minutes)
    return spans, (*impossible, *obstacles_to(fields, spans, now=now))


def _dates_to_make(series: Series, until: date, now: datetime) -> list[date]:
    """Dates from tomorrow on that no row stands for yet: what was missed in the past stays missed."""
    known = set(series.sessions.values_list("occurs_on", flat=True))
    dates = dates_of_series(
        series.first_date,
        min(until, series.last_date),
        interval_weeks=series.interval_weeks,
        excluded=series.excluded_dates,
    )
    return [on for on in dates if on not in known and on > local_date(now)]


def _tell_desk(series: Series, obstacles: Sequence[Obstacle], now: datetime, by: Actor) -> None:
    """One open task for each date that could not be made, however often it is tried; none once all are made."""
    if not obstacles:
        cancel_tasks(kinds=[TASK_DATE_NOT_PUBLISHED], subject_id=series.pk, by=by)
    for on in sorted({o.on for o in obstacles}):
        raise_task(
            programme=series.programme,
            kind=TASK_DATE_NOT_PUBLISHED,
            due_at=now + TASK_DUE,
            subject_id=series.pk,
            context={
                "class": series.class_type.name,
                "on": on.isoformat(),
                "why": sorted({str(o.kind) for o in obstacles if o.on == on}),
            },
            dedupe_key=f"{TASK_DATE_NOT_PUBLISHED}:{series.pk}:{on.isoformat()}",
            by=by,
        )
