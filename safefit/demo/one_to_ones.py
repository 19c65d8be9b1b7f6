"""Times with one person at a time in the demonstration, given by two instructors as the product does it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from classes.models import ClassType, Mode, Venue
from classes.timetable import days_off
from classes.timetable.one_to_ones import Times, preview_times, publish_times
from classes.timetable.plans import ClassFields
from instructors.models import Instructor
from safefit.demo.timetable import LINK

WEEKS = 6


def begin_with(kind: ClassType) -> None:
    """The programme begins with it, one to one."""
    kind.one_to_one = kind.first_contact = True
    kind.save(update_fields=["one_to_one", "first_contact"])


def give_times(first: ClassType, hall: Venue, ines: Instructor, ivor: Instructor) -> None:
    """A first conversation, with which the programme begins, by telephone on Tuesdays or in the hall on Fridays; and
    on Wednesdays another talk by video."""
    later = ClassType.objects.create(
        programme=first.programme,
        name="A talk about your exercise",
        summary="How it goes, and what to change.",
        effort=first.effort,
        positions=first.positions,
        one_to_one=True,
    )
    room = hall.rooms.first()
    _give(ines, first, 1, dt.time(14), {"mode": Mode.PHONE})
    _give(ines, first, 4, dt.time(10), {"mode": Mode.IN_PERSON, "venue": hall, "room": room})
    _give(ivor, later, 2, dt.time(9, 30), {"mode": Mode.REMOTE, "join_url": LINK})


def _give(instructor: Instructor, kind: ClassType, weekday: int, begins: dt.time, how: dict[str, object]) -> None:
    """Three hours of that weekday, in as many weeks; what is in the way of a class is left out."""
    today = timezone.localdate()
    day = today + dt.timedelta(days=(weekday - today.weekday()) % 7 or 7)
    last = day + dt.timedelta(weeks=WEEKS)
    off = frozenset(days_off(instructor.programme_id, day, last))
    times = Times(day, WEEKS, begins, dt.time(begins.hour + 3, begins.minute), off)
    fields: ClassFields = {
        "instructor": instructor,
        "class_type": kind,
        "start_time": begins,
        "duration_minutes": 45,
        "capacity": 1,
        "buffer_minutes": 15,
        **how,  # type: ignore[typeddict-item]
    }
    without = {one.span.starts_at for one in preview_times(times=times, **fields).refused}
    publish_times(times=times, without=without, by=instructor.person, **fields)
