"""What is on today in the demonstration: a class with an open register, two single dates, one called off.

The class of today is made for the hour at which the demonstration is loaded, so that Ines has a register to take
whenever that is. Here and in desk.py things are done by the product's own actions, where it has one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from django.utils import timezone

from accounts.models import Person, Programme
from classes.models import (
    Booking,
    BookingSource,
    BookingState,
    ClassType,
    Mode,
    Session,
    SessionKind,
    SessionLeader,
    SessionStatus,
    Venue,
)
from classes.places.booking import book_place
from classes.timetable import cancel_session, publish_session
from classes.wall_time import clock_changes, local_date
from instructors.models import Instructor
from participants.models import Participant
from safefit.demo.timetable import DIAL_IN, LINK

LASTS = dt.timedelta(minutes=60)
BEGAN = dt.timedelta(minutes=15)  # ago
SATURDAY = 5


def make_class_of_today(
    programme: Programme, class_type: ClassType, venue: Venue, instructor: Instructor, people: Sequence[Participant]
) -> Session:
    """A class that began a quarter of an hour ago, so that its register can be tried at once."""
    starts_at = _free_start(instructor)
    session = Session.objects.create(
        programme=programme,
        occurs_on=local_date(starts_at),
        class_type=class_type,
        mode=Mode.IN_PERSON,
        venue=venue,
        starts_at=starts_at,
        ends_at=starts_at + LASTS,
        capacity=12,
        places_taken=len(people),
        status=SessionStatus.PUBLISHED,
    )
    during = (session.starts_at, session.ends_at)
    SessionLeader.objects.create(session=session, instructor=instructor, during=during)
    Booking.objects.bulk_create(
        Booking(
            session=session,
            participant=participant,
            state=BookingState.BOOKED,
            during=during,
            source=BookingSource.SELF,
            made_by=participant.person,
            joined_at=starts_at - dt.timedelta(days=3),
            facts_version=participant.facts_version,
        )
        for participant in people
    )
    return session


def _free_start(instructor: Instructor) -> dt.datetime:
    """A quarter of an hour ago, or as many hours earlier as the instructor needs to be free."""
    start = timezone.now().replace(second=0, microsecond=0) - BEGAN
    start -= dt.timedelta(minutes=start.minute % 5)
    while instructor.leading.filter(active=True, during__overlap=(start, start + LASTS)).exists():
        start -= dt.timedelta(hours=1)
    return start


def publish_single_dates(class_types: Mapping[str, ClassType], instructor: Instructor) -> list[Session]:
    """A class next Saturday, one on the day the clocks change, and two half hours for one person each."""
    today = timezone.localdate()
    changes = clock_changes(today + dt.timedelta(days=1), today + dt.timedelta(days=365))
    days = (_next_weekday(SATURDAY), changes[0])
    return [
        *(_publish(on, class_types["Gentle stretch"], instructor) for on in days),
        *(_publish(on, class_types["First conversation"], instructor, one_to_one=True) for on in _two_weekdays()),
    ]


def _publish(on: dt.date, class_type: ClassType, instructor: Instructor, *, one_to_one: bool = False) -> Session:
    return publish_session(
        on=on,
        kind=SessionKind.ONE_TO_ONE if one_to_one else SessionKind.GROUP,
        instructor=instructor,
        class_type=class_type,
        mode=Mode.REMOTE,
        start_time=dt.time(9, 0) if one_to_one else dt.time(11, 30),
        duration_minutes=30,
        capacity=1 if one_to_one else 8,
        join_url=LINK,
        dial_in=DIAL_IN,
        by=instructor.person,
    )


def _next_weekday(weekday: int) -> dt.date:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    return tomorrow + dt.timedelta(days=(weekday - tomorrow.weekday()) % 7)


def _two_weekdays() -> Iterator[dt.date]:
    """The next Tuesday and the next Thursday."""
    return (_next_weekday(weekday) for weekday in (1, 3))


def book_for_newcomers(known: Mapping[str, Participant], one_to_one: Session, *, desk: Person) -> None:
    """Rosa begins with a conversation; the desk has booked a class for Phyllis."""
    _book(known["rosa"], one_to_one, by=known["rosa"].person, source=BookingSource.SELF)
    soon = Session.objects.published().filter(starts_at__gt=timezone.now() + dt.timedelta(days=2), venue__area="Dorset")
    nearby = soon.with_places().filter(kind=SessionKind.GROUP).order_by("starts_at", "id").first()
    if nearby is not None:
        _book(known["phyllis"], nearby, by=desk, source=BookingSource.DESK)


def _book(participant: Participant, session: Session, *, by: Person, source: BookingSource) -> None:
    book_place(participant=participant, session=session, source=source, by=by)


def call_one_off(sessions: Sequence[Session], *, desk: Person, keep: Sequence[Participant]) -> None:
    """One date of the week after next is cancelled, so that people see what that looks like; none of `keep`'s."""
    first, last = (timezone.localdate() + dt.timedelta(days=days) for days in (15, 22))
    dates = [one for one in sessions if first < one.occurs_on < last and one.mode == Mode.IN_PERSON]
    theirs = set(Booking.objects.filter(participant__in=keep).live().values_list("session_id", flat=True))
    booked = [one for one in dates if one.places_taken and one.pk not in theirs]
    if booked:
        fewest = min(booked, key=lambda one: (one.places_taken, one.starts_at))
        cancel_session(session=fewest, reason="The hall is closed for repairs", by=desk)
