"""What somebody led in a month: classes, hours, covers, and how many people came.

Here: the classes that are over, one by one and summed for each instructor. Not here: the pages and the file
(frontend/hours.py), pay. A class counts for whoever led it to the end: not for who gave it away, and not when it was
called off. Called by the pages of instructors, about their own, and of the desk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.permissions import Permission, programmes_allowing
from classes.adherence import ATTENDED_STATES
from classes.models import Attendance, AttendanceState, BookingState, LeaderRole, Session, SessionLeader, SessionStatus
from instructors.models import Instructor

CAME = (*ATTENDED_STATES, AttendanceState.SENT_HOME)  # was there, also who was sent home unwell


@dataclass(frozen=True)
class Led:
    """One class that is over. `unmarked`: people with a place of whom nobody has said whether they came."""

    session: Session
    instructor: Instructor
    role: LeaderRole
    minutes: int
    booked: int
    came: int
    absent: int
    unmarked: int


@dataclass(frozen=True)
class Month:
    """Those of one instructor together. `assisted` is counted apart, and so are its hours."""

    instructor: Instructor
    led: int
    covers: int
    assisted: int
    minutes: int
    minutes_assisting: int
    came: int
    absent: int
    unmarked: int


def own_classes_in(month: date, user: object) -> list[Led]:
    """What the user led or assisted in, in the order of the classes. Three queries."""
    return _led(month, SessionLeader.objects.filter(instructor__in=Instructor.objects.of(user)))


def classes_at_desk_in(month: date, user: object) -> list[Led]:
    """What everybody led in the programmes in which the user publishes for anybody. Three queries."""
    programmes = programmes_allowing(user, Permission.PUBLISH_FOR_ANYONE)
    return _led(month, SessionLeader.objects.filter(session__programme_id__in=programmes))


def by_instructor(classes: Iterable[Led]) -> list[Month]:
    """In the order of names."""
    theirs: dict[int, list[Led]] = {}
    for one in classes:
        theirs.setdefault(one.instructor.pk, []).append(one)
    return sorted(map(_month, theirs.values()), key=lambda m: (m.instructor.person.full_name, m.instructor.pk))


def bounds(month: date) -> tuple[date, date]:
    """Its first and its last day."""
    first = month.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _led(month: date, leaders: QuerySet[SessionLeader]) -> list[Led]:
    on = leaders.filter(
        active=True,
        session__status=SessionStatus.PUBLISHED,
        session__ends_at__lte=timezone.now(),
        session__starts_at__date__range=bounds(month),
    )
    read = ("session__class_type", "session__venue", "instructor__person")
    rows = list(on.select_related(*read).order_by("session__starts_at", "pk"))
    sessions = {row.session_id for row in rows}
    marks, booked = _marks(sessions), _booked(sessions)
    return [_of(row, marks[row.session_id], *booked[row.session_id]) for row in rows]


def _of(row: SessionLeader, marks: Counter[str], booked: int, unmarked: int) -> Led:
    length = row.session.ends_at - row.session.starts_at
    came = sum(marks[state] for state in CAME)
    absent = marks[AttendanceState.ABSENT_TOLD] + marks[AttendanceState.ABSENT_UNTOLD]
    minutes = int(length / timedelta(minutes=1))
    return Led(row.session, row.instructor, LeaderRole(row.role), minutes, booked, came, absent, unmarked)


def _marks(sessions: Collection[int]) -> dict[int, Counter[str]]:
    """By key of the class: marks in force by state, of bookings and of guests."""
    found: dict[int, Counter[str]] = {pk: Counter() for pk in sessions}
    for pk, state in Attendance.objects.filter(session__in=sessions).in_force().values_list("session", "state"):
        found[pk][state] += 1
    return found


def _booked(sessions: Collection[int]) -> dict[int, tuple[int, int]]:
    """By key of the class: how many have a place, and how many of these have no mark."""
    has_place = Q(bookings__state=BookingState.BOOKED)
    unmarked = has_place & Q(bookings__attendances=None)
    counted = Session.objects.filter(pk__in=sessions).annotate(
        places=Count("bookings", filter=has_place, distinct=True),
        without=Count("bookings", filter=unmarked, distinct=True),
    )
    rows = counted.order_by().values_list("pk", "places", "without")
    return {pk: (places, without) for pk, places, without in rows}


def _month(classes: list[Led]) -> Month:
    led = [one for one in classes if one.role is not LeaderRole.SECOND]
    assisted = [one for one in classes if one.role is LeaderRole.SECOND]
    return Month(
        instructor=classes[0].instructor,
        led=len(led),
        covers=sum(one.role is LeaderRole.COVER for one in led),
        assisted=len(assisted),
        minutes=sum(one.minutes for one in led),
        minutes_assisting=sum(one.minutes for one in assisted),
        came=sum(one.came for one in led),
        absent=sum(one.absent for one in led),
        unmarked=sum(one.unmarked for one in led),
    )
