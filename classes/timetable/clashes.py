"""What stands against dates that change: judged as when they are published, and against one another.

Here: obstacles to each changed date, and people who have another class at its new
time. Not here: what is changed (edits.py). Called by edits.py only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from typing import cast

from classes.models import Booking
from classes.models.booking import HELD_STATES
from classes.timetable.aspects import JUDGED, leaders_of
from classes.timetable.cautions import Caution, cautions_about
from classes.timetable.looked_at import DateChange
from classes.timetable.plans import Clash, ClassFields, Obstacle, ObstacleKind, obstacles_to
from classes.wall_time import Span
from instructors.models import Instructor

OF_A_LEADER = {ObstacleKind.AWAY, ObstacleKind.INSTRUCTOR_BUSY}


def judge(changes: Sequence[DateChange], now: datetime) -> list[DateChange]:
    """`changes` with what stands against each of them, and who has another class at its new time."""
    found = _obstacles(changes, now)
    busy = _busy(changes)
    return [
        replace(change, obstacles=(*change.obstacles, *found[change.session.pk]), busy=busy[change.session.pk])
        for change in changes
    ]


def _obstacles(changes: Sequence[DateChange], now: datetime) -> dict[int, list[Obstacle]]:
    found: dict[int, list[Obstacle]] = defaultdict(list)
    judged = [change for change in changes if change.aspects & JUDGED and change.new is not None]
    apart_from = {change.session.pk for change in changes}
    for fields, alike in _alike(judged):
        for obstacle in obstacles_to(fields, [_new(c) for c in alike], now=now, apart_from=apart_from):
            _put(found, alike, obstacle)
    for fields, alike in _alike_by_others(judged):
        for obstacle in obstacles_to(fields, [_new(c) for c in alike], now=now, apart_from=apart_from):
            if obstacle.kind in OF_A_LEADER:
                _put(found, alike, obstacle)
    for one, other in combinations(judged, 2):
        for kind in _clash_of(one, other):
            found[one.session.pk].append(Obstacle(_new(one).on, kind, _as_clash(other)))
    return found


def cautions_of(changes: Sequence[DateChange]) -> tuple[Caution, ...]:
    """What to think of about the dates as they would be; alike dates are looked at together."""
    judged = [change for change in changes if change.new is not None]
    apart_from = {change.session.pk for change in changes}
    found = [
        cautions_about(fields, [_new(c) for c in alike], apart_from=apart_from, instructors=_fewest_leaders(alike))
        for fields, alike in _alike(judged)
    ]
    return tuple(dict.fromkeys(caution for cautions in found for caution in cautions))


def _fewest_leaders(changes: Iterable[DateChange]) -> int:
    """Of any of these dates: one that nobody leads yet will have one."""
    return max(1, min(len(leaders_of(change.session)) for change in changes))


def _put(found: dict[int, list[Obstacle]], alike: Iterable[DateChange], obstacle: Obstacle) -> None:
    for change in alike:
        if _new(change).on == obstacle.on:
            found[change.session.pk].append(obstacle)


def _new(change: DateChange) -> Span:
    return cast(Span, change.new)  # those without were left out


def _alike(changes: Iterable[DateChange]) -> list[tuple[ClassFields, list[DateChange]]]:
    """Dates that are judged by the same facts, so that one look is enough for all of them."""
    groups: dict[tuple[object, ...], tuple[ClassFields, list[DateChange]]] = {}
    for change in changes:
        after = change.after
        facts = (after["instructor"], after["class_type"], after["mode"], after.get("venue"), after.get("room"))
        groups.setdefault(facts, (after, []))[1].append(change)
    return list(groups.values())


def _alike_by_others(changes: Iterable[DateChange]) -> list[tuple[ClassFields, list[DateChange]]]:
    """The same for whoever assists or covers: they go where the date goes."""
    groups: dict[Instructor, tuple[ClassFields, list[DateChange]]] = {}
    for change in changes:
        for leader in leaders_of(change.session):
            if leader.instructor not in (change.before["instructor"], change.after["instructor"]):
                fields = cast(ClassFields, {**change.after, "instructor": leader.instructor})
                groups.setdefault(leader.instructor, (fields, []))[1].append(change)
    return list(groups.values())


def _clash_of(one: DateChange, other: DateChange) -> list[ObstacleKind]:
    """In what two of the changed dates get into each other's way."""
    if not _overlap(_new(one), _new(other)):
        return []
    there, here = one.after, other.after
    same_leader = there["instructor"] == here["instructor"]
    return [ObstacleKind.INSTRUCTOR_BUSY] * same_leader + [ObstacleKind.ROOM_BUSY] * _share_a_room(there, here)


def _share_a_room(one: ClassFields, other: ClassFields) -> bool:
    """A class without a room has the whole hall. Online nothing is in the way."""
    if one.get("venue") is None or one.get("venue") != other.get("venue"):
        return False
    rooms = {one.get("room"), other.get("room")}
    return len(rooms) == 1 or None in rooms


def _as_clash(change: DateChange) -> Clash:
    return Clash(change.session.pk, change.after["class_type"].name, _new(change).starts_at, _new(change).ends_at)


def _overlap(one: Span, other: Span) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _busy(changes: Sequence[DateChange]) -> dict[int, tuple[Booking, ...]]:
    """By date: whose places there are in the way of another place of theirs, which is not part of this change."""
    moved = [change for change in changes if change.moves and change.new is not None]
    held = {change.session.pk: [b for b in change.bookings if b.state in HELD_STATES] for change in moved}
    elsewhere = _held_elsewhere(moved, {b.participant_id for bookings in held.values() for b in bookings})
    found: dict[int, tuple[Booking, ...]] = defaultdict(tuple)
    for change in moved:
        found[change.session.pk] = tuple(
            b for b in held[change.session.pk] if any(_overlap(_new(change), s) for s in elsewhere[b.participant_id])
        )
        for booking in held[change.session.pk]:  # of two that are moved onto each other the later one gives way
            elsewhere[booking.participant_id].append(_new(change))
    return found


def _held_elsewhere(moved: Sequence[DateChange], people: set[int]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    if not people:
        return found
    envelope = (min(_new(c).starts_at for c in moved), max(_new(c).ends_at for c in moved))
    theirs = Booking.objects.filter(participant__in=people, state__in=HELD_STATES, during__overlap=envelope)
    for booking in theirs.exclude(session__in=[change.session.pk for change in moved]):
        found[booking.participant_id].append(Span(_new(moved[0]).on, booking.during.lower, booking.during.upper))
    return found
