"""A class that an instructor has held before, as the beginning of a new one: everything but its dates.

Here: which ones are offered, their words, and their facts as answers of a draft. Not here: the
draft (draft.py), the pages (pages.py).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from classes.models import Session
from classes.teaching import last_led_by
from classes.timetable.aspects import clock_time_of
from classes.wall_time import local_date
from frontend.class_words import where_led
from frontend.publishing.forms import AFTER_NUMBER, ONCE, places_in, usual_release
from frontend.wording import clock, today
from instructors.models import Instructor

SHOWN, LOOKED_AT, USUAL_NUMBER = 3, 60, 10
WEEK, SOON = timedelta(weeks=1), timedelta(weeks=26)


def held_before(instructor: Instructor) -> list[Session]:
    """The latest date of each of their last few classes that can be published again; two alike are one."""
    alike: dict[tuple[object, ...], Session] = {}
    for one in last_led_by(instructor)[:LOOKED_AT]:
        on = local_date(one.starts_at).weekday()
        alike.setdefault((one.class_type_id, one.venue_id, on, clock_time_of(one)), one)
    return list(alike.values())[:SHOWN]


def before_words(session: Session) -> str:
    """Gentle strength, Tuesdays at 6pm, Church hall, Poole."""
    on = f"{local_date(session.starts_at):%A}s at {clock(session.starts_at)}"
    return f"{session.class_type.name}, {on}, {where_led(session)}"


def as_before(session: Session) -> dict[str, Any]:
    """Its facts, for as many dates as usual from the next such day on which none of its dates lies."""
    series, dates = session.series, dict[str, Any]()
    if series:
        dates = {"ends": AFTER_NUMBER, "number": USUAL_NUMBER}
    if (on := _next(session)) < today() + SOON:  # a class that goes on for long says nothing about a new one
        dates["first" if series else "on"] = on
    return {
        "class_type": str(session.class_type_id),
        "repeats": str(series.interval_weeks) if series else ONCE,
        "mode": session.mode,
        "place": places_in(session.venue, session.room)[0][0] if session.venue else "",
        "join_url": session.join_url,
        "dial_in": session.dial_in,
        "start": clock_time_of(session),
        "minutes": str(int((session.ends_at - session.starts_at).total_seconds()) // 60),
        "capacity": session.capacity,
        "reserved": session.reserved or None,
        "release_hours": usual_release(session.mode),
        "walk_in": session.walk_in or None,
        "minimum": session.minimum,
        **dates,
    }


def _next(session: Session) -> date:
    """A week after its latest date, or the next such day where that is over."""
    last = (
        max(session.series.last_date, local_date(session.starts_at))
        if session.series
        else local_date(session.starts_at)
    )
    on = local_date(session.starts_at) + WEEK
    while on < today() or on <= last:
        on += WEEK
    return on
