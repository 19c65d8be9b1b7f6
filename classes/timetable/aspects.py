"""What can be changed about a class on the timetable, and what differs between two plans of it.

Here: a series and a date as the same fields, gathered under the five things that
people speak of (time, place, kind of class, instructor, places); which of them a
date keeps for itself. Not here: judging or writing a change (edits.py, changing.py).
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from datetime import date, time
from typing import cast

from classes.models import LeaderRole, Mode, Series, Session, SessionLeader
from classes.timetable.plans import ClassFields
from classes.timetable.scopes import Scope
from classes.wall_time import UK, Span, local_date
from instructors.models import Instructor


class Aspect(enum.StrEnum):
    """One thing about a class. Its name stands in `Session.overridden` where a date differs from its series."""

    TIME = "time"
    PLACE = "place"
    CLASS_TYPE = "class_type"
    INSTRUCTOR = "instructor"
    CAPACITY = "capacity"


FIELDS: dict[Aspect, tuple[str, ...]] = {
    Aspect.TIME: ("start_time", "duration_minutes"),
    Aspect.PLACE: ("mode", "venue", "room", "join_url", "dial_in"),
    Aspect.CLASS_TYPE: ("class_type",),
    Aspect.INSTRUCTOR: ("instructor",),
    Aspect.CAPACITY: ("capacity", "reserved", "walk_in", "minimum", "release_hours"),
}
TOLD = frozenset({Aspect.TIME, Aspect.PLACE, Aspect.CLASS_TYPE})  # whoever comes must know of these
JUDGED = frozenset({Aspect.TIME, Aspect.PLACE, Aspect.CLASS_TYPE, Aspect.INSTRUCTOR})  # as when it is published


def fields_of_series(series: Series) -> ClassFields:
    return {
        "instructor": series.instructor,
        "class_type": series.class_type,
        "mode": Mode(series.mode),
        "start_time": series.start_time,
        "duration_minutes": series.duration_minutes,
        "capacity": series.capacity,
        "venue": series.venue,
        "room": series.room,
        "reserved": series.reserved,
        "walk_in": series.walk_in,
        "join_url": series.join_url,
        "dial_in": series.dial_in,
        "minimum": series.minimum,
        "release_hours": series.release_hours,
    }


def fields_of_date(session: Session) -> ClassFields:
    """The same of one date, in UK clock time."""
    fields = {
        "instructor": leader_of(session),
        "class_type": session.class_type,
        "mode": Mode(session.mode),
        "start_time": clock_time_of(session),
        "duration_minutes": int((session.ends_at - session.starts_at).total_seconds() // 60),
        "capacity": session.capacity,
        "venue": session.venue,
        "room": session.room,
        "reserved": session.reserved,
        "walk_in": session.walk_in,
        "join_url": session.join_url,
        "dial_in": session.dial_in,
        "minimum": session.minimum,
        "release_hours": session.release_hours,
        "buffer_minutes": session.buffer_minutes,
    }
    return cast(ClassFields, fields)


def fields_now(session: Session, scope: Scope) -> ClassFields:
    """How the dates of a scope are now: one date by itself, or its series."""
    if scope is Scope.ONE or session.series is None:
        return fields_of_date(session)
    return fields_of_series(session.series)


def clock_time_of(session: Session) -> time:
    return session.starts_at.astimezone(UK).time().replace(fold=0)


def span_of(session: Session) -> Span:
    return Span(local_date(session.starts_at), session.starts_at, session.ends_at)


def leaders_of(session: Session) -> list[SessionLeader]:
    """Who leads, assists or covers as things stand; read `leaders__instructor` with the date."""
    return [leader for leader in session.leaders.all() if leader.active]


def leader_of(session: Session) -> Instructor | None:
    """Who covers it, or else leads it; of a date that nobody leads, whoever leads its series."""
    leading = {leader.role: leader.instructor for leader in leaders_of(session)}
    if found := leading.get(LeaderRole.COVER) or leading.get(LeaderRole.LEAD):
        return found
    return session.series.instructor if session.series else None


def differing(one: ClassFields, other: ClassFields) -> frozenset[Aspect]:
    """In what two plans differ, whatever day each of them is for."""
    return frozenset(a for a in Aspect if any(one.get(name) != other.get(name) for name in FIELDS[a]))


def with_aspects(own: ClassFields, wanted: ClassFields, aspects: Collection[Aspect]) -> ClassFields:
    """`own`, but for these `aspects`, which are as `wanted` has them."""
    taken = {name: wanted.get(name) for aspect in aspects for name in FIELDS[aspect]}
    return cast(ClassFields, {**own, **taken})


def kept_by(session: Session, series: ClassFields) -> frozenset[Aspect]:
    """What this date keeps for itself when its series changes.

    The number of places may have been changed on a page of its own, which leaves no
    other trace than the number.
    """
    own = {Aspect(name) for name in session.overridden}
    return frozenset(own | ({Aspect.CAPACITY} if session.capacity != series["capacity"] else set()))


def any_keeps_its_own(dates: Iterable[Session], series: ClassFields) -> bool:
    """Whether any of these dates of a series was changed by itself."""
    return any(kept_by(one, series) for one in dates)


def overridden_after(session: Session, after: ClassFields, on: date, changed: Collection[Aspect]) -> list[str]:
    """What a date of a series keeps for itself once `changed` is done, and it is held on `on`: whatever differs."""
    if session.series is None:
        return []
    apart = differing(after, fields_of_series(session.series))
    apart |= {Aspect.TIME} if on != session.occurs_on else set()
    own = {Aspect(name) for name in session.overridden} | set(changed)
    return sorted(aspect.value for aspect in own & apart)
