"""Publish a series or a single date.

Obstacles are told by plans.py and judged under lock; the database's exclusion
constraints stand behind them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person
from classes.models import LeaderRole, Room, Series, Session, SessionKind, SessionLeader, SessionStatus
from classes.timetable.plans import (
    ClassFields,
    Obstacle,
    obstacles_to,
    people_held_by,
    problems_with,
    spans_of,
    with_release,
)
from classes.timetable.previews import HORIZON, problems_of_dates
from classes.timetable.refusals import DatesRefused, NotPossible
from classes.wall_time import Span, Which, dates_of_series, local_date
from instructors.models import Instructor


def publish_series(
    *,
    first_date: date,
    last_date: date,
    interval_weeks: int = 1,
    excluded_dates: Collection[date] = (),
    by: Actor,
    **fields: Unpack[ClassFields],
) -> Series:
    """Publish a class that comes back, and its dates within the horizon; all of them or none.

    Raises NotPossible for the plan, DatesRefused for dates that cannot be held.
    Clock time that does not exist, or happens twice, is refused on every date;
    who may lead and who is where is judged for the dates within the horizon,
    and for each later one when it is made. Places kept back are given away in time (with_release).
    """
    now, fields = timezone.now(), with_release(fields)
    dates = dates_of_series(first_date, last_date, interval_weeks=interval_weeks, excluded=excluded_dates)
    if problems := problems_with(fields) + problems_of_dates(dates):
        raise NotPossible(problems)
    spans, obstacles = spans_of(dates, fields["start_time"], fields["duration_minutes"])
    until = local_date(now) + HORIZON
    near = [span for span in spans if span.on <= until]
    with acting(by, "classes.publish_series"), hold_places(fields):
        _refuse((*obstacles, *obstacles_to(fields, near, now=now)))
        series = Series.objects.create(
            programme=fields["instructor"].programme,
            first_date=first_date,
            last_date=last_date,
            interval_weeks=interval_weeks,
            excluded_dates=sorted(excluded_dates),
            materialised_until=until,
            **fields,
        )
        with named_clashes(fields, near, now):
            for one in near:
                create_date(fields, one, series=series, by=by)
    return series


def publish_session(
    *,
    on: date,
    kind: SessionKind = SessionKind.GROUP,
    which: Which | None = None,
    by: Actor,
    **fields: Unpack[ClassFields],
) -> Session:
    """Publish a single date. `which` says which 1:30am is meant in the night the clocks go back.

    Raises NotPossible for the plan, DatesRefused for the date.
    """
    now, fields = timezone.now(), with_release(fields)
    if problems := problems_with(fields, kind=kind):
        raise NotPossible(problems)
    spans, obstacles = spans_of([on], fields["start_time"], fields["duration_minutes"], which=which)
    with acting(by, "classes.publish_session"), hold_places(fields):
        _refuse((*obstacles, *obstacles_to(fields, spans, now=now)))
        with named_clashes(fields, spans, now):
            return create_date(fields, spans[0], kind=kind, by=by)


def _refuse(obstacles: Sequence[Obstacle]) -> None:
    if obstacles:
        raise DatesRefused(obstacles)


@contextmanager
def hold_places(fields: ClassFields) -> Iterator[None]:
    """Hold the instructor and the room, in this order, so that two plans for them are judged one after the other."""
    Instructor.objects.select_for_update(of=("self",)).get(pk=fields["instructor"].pk)
    if room := fields.get("room"):
        Room.objects.select_for_update(of=("self",)).get(pk=room.pk)
    yield


@contextmanager
def named_clashes(fields: ClassFields, spans: Sequence[Span], now: datetime) -> Iterator[None]:
    """Turn a refusal by the database's exclusion constraints into the class that is in the way."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        _refuse(obstacles_to(fields, spans, now=now))
        raise


def create_date(
    fields: ClassFields,
    one: Span,
    *,
    by: Actor,
    series: Series | None = None,
    kind: SessionKind = SessionKind.GROUP,
) -> Session:
    instructor = fields["instructor"]
    session = Session.objects.create(
        programme=instructor.programme,
        series=series,
        occurs_on=one.on,
        class_type=fields["class_type"],
        kind=kind,
        mode=fields["mode"],
        venue=fields.get("venue"),
        room=fields.get("room"),
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        capacity=fields["capacity"],
        companions_beside=fields["class_type"].companions_beside and kind == SessionKind.GROUP,
        holds=people_held_by(fields),
        reserved=fields.get("reserved", 0),
        walk_in=fields.get("walk_in", 0),
        status=SessionStatus.PUBLISHED,
        join_url=fields.get("join_url", ""),
        dial_in=fields.get("dial_in", ""),
        minimum=fields.get("minimum"),
        release_hours=fields.get("release_hours"),
        buffer_minutes=fields.get("buffer_minutes", 0),
    )
    SessionLeader.objects.create(
        session=session,
        instructor=instructor,
        role=LeaderRole.LEAD,
        during=(session.starts_at, session.led_until),
        assigned_by=by if isinstance(by, Person) else None,
    )
    return session
