"""A timetable that exists already, brought in from a list: each row is a class that comes back.

Here: what one row means. Not here: reading the file and bringing it in (accounts/
lists/), publishing (publishing.py), which judges each row as if it were typed, with
the rows above it already there. Nobody is told of anything. Kinds of class, places,
rooms and instructors are found by their names and never made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from accounts.history import Actor
from accounts.lists.bringing import Found, Report, bring_list
from accounts.lists.cells import clock, day, number, words
from accounts.lists.rows import Fault, Faulty, Line, Reading
from accounts.lists.sheets import Columns, Row
from accounts.models import BroughtList, Programme
from classes.models import ClassType, Mode, Room, Series, Venue
from classes.timetable.days_off import days_off_among
from classes.timetable.plans import Obstacle
from classes.timetable.previews import LONGEST_SERIES
from classes.timetable.publishing import publish_series
from classes.timetable.refusals import DatesRefused, NotPossible
from classes.wall_time import dates_of_series
from instructors.models import Instructor

T = TypeVar("T")
TIMETABLE = "timetable"
COLUMNS = Columns(
    needed=("class_type", "instructor", "weekday", "start", "minutes", "first_date", "last_date", "places"),
    optional=("venue", "room", "every_weeks", "kept_back", "walk_in", "least_number", "link", "dial_in"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_LINK, LONGEST_DIAL_IN = 200, 100

# Codes of faults that only this list knows; problems and obstacles of a plan keep theirs.
NOT_FOUND, SEVERAL, NO_SUCH_WEEKDAY, ANOTHER_WEEKDAY = "not_found", "several", "no_such_weekday", "another_weekday"
WEEKLY_OR_FORTNIGHTLY, ENDS_BEFORE_IT_BEGINS, TOO_LONG = "weekly_or_fortnightly", "ends_before_it_begins", "too_long"


@dataclass(frozen=True)
class Names:
    """What the programme has, by the names that a list uses."""

    class_types: list[ClassType]
    instructors: list[Instructor]
    venues: list[Venue]
    rooms: list[Room]

    @classmethod
    def of(cls, programme: Programme) -> Names:
        return cls(
            class_types=list(ClassType.objects.filter(programme=programme)),
            instructors=list(Instructor.objects.filter(programme=programme).select_related("person", "programme")),
            venues=list(Venue.objects.filter(programme=programme)),
            rooms=list(Room.objects.filter(venue__programme=programme)),
        )


def bring_timetable(
    *, programme: Programme, content: bytes, leave_out_days_off: bool = True, for_real: bool, by: Actor
) -> Report:
    """Look at a timetable, or bring it in: whole or not at all. Raises Unreadable.

    Bank holidays, and days without classes of the programme and of the hall, are left out unless somebody says no.
    """
    names = Names.of(programme)

    def each(row: Row, brought_by: BroughtList) -> Found:
        plan, line = read_class(row, names)
        if _is_there(plan):
            return Found(line, known=True)
        off = _days_off(programme, plan) if leave_out_days_off else {}
        _publish({**plan, "excluded_dates": tuple(off)}, line, by)
        return Found(replace(line, without=tuple(off.items())))

    return bring_list(
        kind=TIMETABLE, programme=programme, content=content, columns=COLUMNS, each=each, for_real=for_real, by=by
    )


def read_class(row: Row, names: Names) -> tuple[dict[str, Any], Line]:
    """What publish_series takes. Raises Faulty."""
    reading = Reading(row)
    kind = _named(reading, "class_type", names.class_types, lambda one: one.name)
    venue = _named(reading, "venue", names.venues, lambda one: one.name, needed=False)
    rooms = [room for room in names.rooms if venue and room.venue_id == venue.pk]
    online = not str(reading.row.cells.get("venue") or "").strip()  # a hall that is not found is not online
    plan: dict[str, Any] = {
        "class_type": kind,
        "instructor": _named(reading, "instructor", names.instructors, lambda one: one.person.full_name),
        "mode": Mode.IN_PERSON if venue else Mode.REMOTE,
        "venue": venue,
        "room": _named(reading, "room", rooms, lambda one: one.name, needed=False),
        "start_time": reading.take("start", clock),
        "duration_minutes": reading.take("minutes", number),
        "interval_weeks": _weeks(reading),
        "capacity": reading.take("places", number),
        "reserved": reading.take("kept_back", number, needed=False) or 0,
        "walk_in": reading.take("walk_in", number, needed=False) or 0,
        "minimum": reading.take("least_number", number, needed=False),
        "join_url": _short(reading, "link", LONGEST_LINK, needed=online),  # without it nobody can join
        "dial_in": _short(reading, "dial_in", LONGEST_DIAL_IN),
        **_days(reading),
    }
    reading.stop_if_faulty()
    return plan, Line(row.number, plan["class_type"].name, plan["first_date"])


def _named(
    reading: Reading, column: str, there: Iterable[T], name: Callable[[T], str], *, needed: bool = True
) -> T | None:
    said = " ".join((reading.take(column, words, needed=needed) or "").split())
    found = [one for one in there if name(one).casefold() == said.casefold()]
    if said and len(found) != 1:
        reading.wrong(column, SEVERAL if found else NOT_FOUND, said)
    return found[0] if len(found) == 1 else None


def _weeks(reading: Reading) -> int:
    said = reading.take("every_weeks", number, needed=False)
    if said not in (None, 1, 2):
        reading.wrong("every_weeks", WEEKLY_OR_FORTNIGHTLY)
    return said or 1


def _short(reading: Reading, column: str, longest: int, *, needed: bool = False) -> str:
    said = reading.take(column, words, needed=needed) or ""
    if len(said) > longest:
        reading.wrong(column, TOO_LONG)
    return said


def _days(reading: Reading) -> dict[str, date | None]:
    """The weekday is asked for as well as the first date: two that differ are a slip that somebody must look at."""
    first, last = reading.take("first_date", day), reading.take("last_date", day)
    said = (reading.take("weekday", words) or "").lower()
    if said and said not in WEEKDAYS:
        reading.wrong("weekday", NO_SUCH_WEEKDAY, said)
    elif said and first and WEEKDAYS[first.weekday()] != said:
        reading.wrong("weekday", ANOTHER_WEEKDAY, WEEKDAYS[first.weekday()])
    if first and last and last < first:
        reading.wrong("last_date", ENDS_BEFORE_IT_BEGINS)
    return {"first_date": first, "last_date": last}


def _days_off(programme: Programme, plan: dict[str, Any]) -> dict[date, str]:
    """Those of its dates that are days without classes, in order, by name."""
    last = min(plan["last_date"], plan["first_date"] + LONGEST_SERIES)
    dates = dates_of_series(plan["first_date"], last, interval_weeks=plan["interval_weeks"])
    return days_off_among(programme.pk, dates, venue_id=plan["venue"].pk if plan["venue"] else None)


def _is_there(plan: dict[str, Any]) -> bool:
    """The same kind, by the same person, from the same day and time: it was brought in before, in another file."""
    same = ("class_type", "instructor", "first_date", "start_time")
    return Series.objects.filter(**{name: plan[name] for name in same}).exists()


def _publish(plan: dict[str, Any], line: Line, by: Actor) -> None:
    try:
        publish_series(**plan, by=by)
    except NotPossible as refused:
        raise Faulty(tuple(Fault(line.row, "", problem.value) for problem in refused.problems)) from None
    except DatesRefused as refused:
        raise Faulty(tuple(_fault(line, obstacle) for obstacle in refused.obstacles)) from None


def _fault(line: Line, obstacle: Obstacle) -> Fault:
    clash = obstacle.clash.class_name if obstacle.clash else ", ".join(reason.kind for reason in obstacle.credentials)
    return Fault(line.row, "", obstacle.kind.value, f"{obstacle.on.isoformat()} {clash}".strip())
