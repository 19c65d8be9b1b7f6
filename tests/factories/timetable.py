"""A class that comes back every week, published as the product does it: with its room, its dates and who leads them."""

from __future__ import annotations

import datetime as dt

from classes.models import Mode, Series
from classes.timetable import publish_series
from instructors.models import Instructor
from tests.factories.classes import ClassTypeFactory, RoomFactory, VenueFactory


def published_weekly(instructor: Instructor, *, first: dt.date, dates: int) -> Series:
    """Gentle strength in the main hall of the Old hall, at 6pm, with ten places."""
    venue = VenueFactory(programme=instructor.programme, name="Old hall")
    return publish_series(
        instructor=instructor,
        class_type=ClassTypeFactory(programme=instructor.programme, name="Gentle strength"),
        mode=Mode.IN_PERSON,
        venue=venue,
        room=RoomFactory(venue=venue),
        start_time=dt.time(18),
        duration_minutes=60,
        capacity=10,
        first_date=first,
        last_date=first + dt.timedelta(weeks=dates - 1),
        by=instructor.person,
    )
