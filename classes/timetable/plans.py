"""What stands against a class as planned: in its facts, and on each of its dates.

Here: the fields of a plan, problems with them, obstacles on a date (time, may
not lead, away, already busy). Not here: writing anything (timetable.py), words
(pages). Called by timetable.py, which judges again under lock, and through it
by the pages that preview a plan.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NotRequired, TypedDict

from django.db.models import Q

from classes.leading import credentials_needed
from classes.models import ClassType, Mode, Room, Session, SessionKind, SessionLeader, SessionStatus, Venue
from classes.wall_time import NoSuchTime, Span, TimeHappensTwice, Which, span
from instructors.credentials import Reason, reasons_against_leading
from instructors.models import Instructor, InstructorStatus, Unavailability
from instructors.rules_in_use import credential_rules
from instructors.standing import held_by

DURATIONS = range(10, 481)  # minutes, as the database has it
CAPACITIES = range(0, 501)
BUFFERS = range(0, 61)  # minutes, no more than somebody needs to get to another hall
RELEASE_HOURS = {
    Mode.IN_PERSON: 24,
    Mode.REMOTE: 2,
    Mode.PHONE: 2,
}  # before the start, where nobody says when kept places are given away


class ClassFields(TypedDict):
    """What a series and a single date have in common. `start_time` is UK clock time."""

    instructor: Instructor
    class_type: ClassType
    mode: Mode
    start_time: time
    duration_minutes: int
    capacity: int
    venue: NotRequired[Venue | None]
    room: NotRequired[Room | None]
    reserved: NotRequired[int]
    walk_in: NotRequired[int]
    join_url: NotRequired[str]
    dial_in: NotRequired[str]
    minimum: NotRequired[int | None]
    release_hours: NotRequired[int | None]
    buffer_minutes: NotRequired[int]


def hall_in(fields: ClassFields) -> int | None:
    """The key of its hall; None online."""
    hall = fields.get("venue")
    return hall.pk if hall else None


def people_held_by(fields: ClassFields) -> int | None:
    """How many people its hall holds; None online, and where that is not known."""
    hall = fields.get("venue")
    return hall.holds if hall else None


class Problem(enum.StrEnum):
    """Something about the plan itself, whatever its dates."""

    STOOD_DOWN = "stood_down"
    NOT_OFFERED = "not_offered"
    OTHER_PROGRAMME = "other_programme"
    VENUE_MISSING = "venue_missing"
    VENUE_NOT_WANTED = "venue_not_wanted"
    ROOM_ELSEWHERE = "room_elsewhere"
    LINK_NOT_SAFE = "link_not_safe"
    DURATION = "duration"
    CAPACITY = "capacity"
    RESERVED = "reserved"
    WALK_IN = "walk_in"
    MINIMUM = "minimum"
    ONE_TO_ONE_HOLDS_ONE = "one_to_one_holds_one"
    PHONE_IS_FOR_ONE = "phone_is_for_one"
    KIND_IS_FOR_ONE = "kind_is_for_one"
    KIND_IS_FOR_A_GROUP = "kind_is_for_a_group"
    BUFFER = "buffer"
    ALREADY_THERE = "already_there"
    NO_DATES = "no_dates"
    TOO_MANY_DATES = "too_many_dates"


class ObstacleKind(enum.StrEnum):
    PAST = "past"
    NO_SUCH_TIME = "no_such_time"
    HAPPENS_TWICE = "happens_twice"
    MAY_NOT_LEAD = "may_not_lead"
    NOT_POSSIBLE = "not_possible"
    AWAY = "away"
    INSTRUCTOR_BUSY = "instructor_busy"
    ROOM_BUSY = "room_busy"
    PLACES_HELD = "places_held"
    HALL_CLOSED = "hall_closed"
    HALL_TOO_SMALL = "hall_too_small"


@dataclass(frozen=True)
class Clash:
    """The class that is already there."""

    session_id: int
    class_name: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Obstacle:
    """Why a class cannot be held on `on`, with the clash, credentials or problems that its kind speaks of."""

    on: date
    kind: ObstacleKind
    clash: Clash | None = None
    credentials: tuple[Reason, ...] = ()
    problems: tuple[Problem, ...] = ()


def problems_with(
    fields: ClassFields, *, kind: SessionKind = SessionKind.GROUP, as_before: ClassType | None = None
) -> tuple[Problem, ...]:
    """Every problem of a plan that no date can mend; empty when there is none.

    `as_before`: the kind of class that it has had so far, which may stay although it is for others since.
    """
    for_one, other = fields["class_type"].one_to_one, fields["class_type"] != as_before
    walk_in = fields.get("walk_in", 0)
    walk_in_fits = 0 <= walk_in <= max(0, fields["capacity"] - fields.get("reserved", 0))
    found = {
        **_problems_of_people(fields),
        **_problems_of_place(fields),
        Problem.DURATION: fields["duration_minutes"] not in DURATIONS,
        Problem.CAPACITY: fields["capacity"] not in CAPACITIES,
        Problem.RESERVED: not 0 <= fields.get("reserved", 0) <= fields["capacity"],
        Problem.WALK_IN: not walk_in_fits,
        Problem.MINIMUM: (fields.get("minimum") or 0) > fields["capacity"] - (walk_in if walk_in_fits else 0),
        Problem.ONE_TO_ONE_HOLDS_ONE: kind == SessionKind.ONE_TO_ONE and fields["capacity"] != 1,
        Problem.PHONE_IS_FOR_ONE: kind == SessionKind.GROUP and fields["mode"] == Mode.PHONE,
        Problem.KIND_IS_FOR_ONE: other and for_one and kind == SessionKind.GROUP,
        Problem.KIND_IS_FOR_A_GROUP: other and not for_one and kind == SessionKind.ONE_TO_ONE,
        Problem.BUFFER: fields.get("buffer_minutes", 0) not in (BUFFERS if kind == SessionKind.ONE_TO_ONE else (0,)),
    }
    return tuple(problem for problem in Problem if found.get(problem))


def _problems_of_people(fields: ClassFields) -> dict[Problem, bool]:
    instructor, class_type, venue = fields["instructor"], fields["class_type"], fields.get("venue")
    programmes = {instructor.programme_id, class_type.programme_id} | ({venue.programme_id} if venue else set())
    return {
        Problem.STOOD_DOWN: instructor.status != InstructorStatus.ACTIVE,
        Problem.NOT_OFFERED: not class_type.active,
        Problem.OTHER_PROGRAMME: len(programmes) > 1,
    }


def _problems_of_place(fields: ClassFields) -> dict[Problem, bool]:
    venue, room, link = fields.get("venue"), fields.get("room"), fields.get("join_url", "")
    in_person = fields["mode"] == Mode.IN_PERSON
    return {
        Problem.VENUE_MISSING: in_person and venue is None,
        Problem.VENUE_NOT_WANTED: not in_person and (venue is not None or room is not None),
        Problem.ROOM_ELSEWHERE: in_person and room is not None and venue is not None and room.venue_id != venue.pk,
        Problem.LINK_NOT_SAFE: bool(link) and not link.startswith("https://"),
    }


def with_release(fields: ClassFields) -> ClassFields:
    """The same, with a time at which places kept back are given away; None says that they stay kept, and stays."""
    if "release_hours" in fields or not fields.get("reserved"):
        return fields
    return {**fields, "release_hours": RELEASE_HOURS[fields["mode"]]}


def spans_of(
    dates: Iterable[date], at: time, minutes: int, *, which: Which | None = None
) -> tuple[tuple[Span, ...], tuple[Obstacle, ...]]:
    """The instants of each date, and the dates on which the clocks allow none."""
    spans, obstacles = [], []
    for on in dates:
        try:
            spans.append(span(on, at, minutes, which=which))
        except NoSuchTime:
            obstacles.append(Obstacle(on, ObstacleKind.NO_SUCH_TIME))
        except TimeHappensTwice:
            obstacles.append(Obstacle(on, ObstacleKind.HAPPENS_TWICE))
    return tuple(spans), tuple(obstacles)


def obstacles_to(
    fields: ClassFields, spans: Sequence[Span], *, now: datetime, apart_from: Collection[int] = ()
) -> tuple[Obstacle, ...]:
    """What stands against each of `spans`, ordered by date. Six queries, however many dates.

    `apart_from` are the dates (their ids) that are being changed: where they are now is in nobody's way.
    """
    return tuple(obstacle for _, obstacle in obstacles_by_span(fields, spans, now=now, apart_from=apart_from))


def obstacles_by_span(
    fields: ClassFields, spans: Sequence[Span], *, now: datetime, apart_from: Collection[int] = ()
) -> tuple[tuple[Span, Obstacle], ...]:
    """The same, each beside the span that it stands against: there may be several on one date."""
    if not spans:
        return ()
    instructor, room = fields["instructor"], fields.get("room")
    after = timedelta(minutes=fields.get("buffer_minutes", 0))
    envelope = (min(s.starts_at for s in spans), max(s.ends_at for s in spans) + after)
    held = held_by(instructor)
    needed = credentials_needed(fields["class_type"], fields["mode"], credential_rules())
    away = list(Unavailability.objects.filter(instructor=instructor, during__overlap=envelope))
    leading = [s for s in led_within(instructor, envelope) if s.pk not in apart_from]
    there = [s for s in _held_there(fields.get("venue"), room, envelope) if s.pk not in apart_from]
    found: list[tuple[Span, Obstacle]] = []
    for one in spans:
        against: list[Obstacle] = []
        if one.starts_at <= now:
            against.append(Obstacle(one.on, ObstacleKind.PAST))
        if reasons := reasons_against_leading(held, needed, one.on):
            against.append(Obstacle(one.on, ObstacleKind.MAY_NOT_LEAD, credentials=reasons))
        if any(_overlaps(one, a.during.lower, a.during.upper) for a in away):
            against.append(Obstacle(one.on, ObstacleKind.AWAY))
        if _is_closed(fields.get("venue"), one.on):
            against.append(Obstacle(one.on, ObstacleKind.HALL_CLOSED))
        busy = replace(one, ends_at=one.ends_at + after)  # the time after it is the instructor's, not the room's
        against += [_clash(ObstacleKind.INSTRUCTOR_BUSY, one.on, s) for s in leading if _led_then(busy, s)]
        against += [_clash(ObstacleKind.ROOM_BUSY, one.on, s) for s in there if _overlaps(one, s.starts_at, s.ends_at)]
        found += [(one, obstacle) for obstacle in against]
    return tuple(found)


def _is_closed(venue: Venue | None, on: date) -> bool:
    return venue is not None and venue.closed_from is not None and on >= venue.closed_from


def led_within(instructor: Instructor, envelope: tuple[datetime, datetime]) -> list[Session]:
    """What the instructor leads, assists or covers in that time."""
    leading = SessionLeader.objects.filter(instructor=instructor, active=True, during__overlap=envelope)
    return list(Session.objects.filter(pk__in=leading.values("session")).select_related("class_type"))


def _held_there(venue: Venue | None, room: Room | None, envelope: tuple[datetime, datetime]) -> list[Session]:
    """In the room or in the hall as a whole, which is what a class without a room has. Online nothing is in the way."""
    if venue is None:
        return []
    there = Session.objects.filter(venue=venue, starts_at__lt=envelope[1], ends_at__gt=envelope[0])
    if room is not None:
        there = there.filter(Q(room=room) | Q(room=None))
    return list(there.exclude(status=SessionStatus.CANCELLED).select_related("class_type"))


def _clash(kind: ObstacleKind, on: date, session: Session) -> Obstacle:
    return Obstacle(on, kind, Clash(session.pk, session.class_type.name, session.starts_at, session.ends_at))


def _led_then(busy: Span, session: Session) -> bool:
    return _overlaps(busy, session.starts_at, session.led_until)


def _overlaps(one: Span, start: datetime | None, end: datetime | None) -> bool:
    """Half-open: one may end as the next begins. A bound that is None is open."""
    return (end is None or one.starts_at < end) and (start is None or start < one.ends_at)
