"""What is on now and next in the demonstration: coming dates, a class today, a full one, places booked."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.history import System
from accounts.models import Person, Programme
from classes.booking import book_place
from classes.models import (
    Booking,
    BookingSource,
    BookingState,
    ClassType,
    Mode,
    Session,
    SessionLeader,
    SessionStatus,
    Venue,
)
from classes.timetable import HORIZON, cancel_session, materialise, publish_session
from classes.wall_time import local_date
from instructors.models import Instructor
from participants.models import Participant

CLOCKS_GO_FORWARD = dt.date(2027, 3, 28)


def make_coming_dates(*, desk: Person) -> None:
    """Twelve weeks of every series, with one date cancelled so that people see what that looks like."""
    materialise(until=timezone.localdate() + HORIZON, by=System.COMMAND)
    later = timezone.now() + dt.timedelta(days=16)
    date = Session.objects.published().filter(starts_at__gt=later, mode=Mode.IN_PERSON).order_by("starts_at").first()
    if date is not None:
        cancel_session(session=date, reason="The hall is closed for repairs", by=desk)


def publish_one_offs(class_types: dict[str, ClassType], instructors: dict[str, Instructor]) -> None:
    """A class next Saturday, and one on the day the clocks go forward."""
    _publish_online(_next_weekday(5), class_types["Gentle stretch"], instructors["ivor"])
    if timezone.localdate() < CLOCKS_GO_FORWARD:
        _publish_online(CLOCKS_GO_FORWARD, class_types["Gentle stretch"], instructors["ivor"])


def _publish_online(on: dt.date, class_type: ClassType, instructor: Instructor) -> None:
    publish_session(
        on=on,
        instructor=instructor,
        class_type=class_type,
        mode=Mode.REMOTE,
        start_time=dt.time(11, 30),
        duration_minutes=30,
        capacity=8,
        join_url="https://meet.safefit.example/saturday",
        dial_in="01632 960 050, code 4321",
        by=instructor.person,
    )


def _next_weekday(weekday: int) -> dt.date:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    return tomorrow + dt.timedelta(days=(weekday - tomorrow.weekday()) % 7)


def make_class_of_today(
    programme: Programme, class_type: ClassType, venue: Venue, instructor: Instructor, people: list[Participant]
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
        ends_at=starts_at + dt.timedelta(minutes=60),
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
        )
        for participant in people
    )
    return session


def _free_start(instructor: Instructor) -> dt.datetime:
    """A quarter of an hour ago, or as many hours earlier as the instructor needs to be free."""
    start = timezone.now().replace(second=0, microsecond=0) - dt.timedelta(minutes=15)
    start -= dt.timedelta(minutes=start.minute % 5)
    while instructor.leading.filter(active=True, during__overlap=(start, start + dt.timedelta(minutes=60))).exists():
        start -= dt.timedelta(hours=1)
    return start


def book_places(known: dict[str, Participant], others: list[Participant]) -> None:
    """Pat has a place next week; a full class has Quinn waiting, who wants the first place that is freed."""
    in_two_days = timezone.now() + dt.timedelta(days=2)
    soon = Session.objects.published().filter(starts_at__gt=in_two_days).order_by("starts_at", "id")
    mine = soon.filter(mode=Mode.REMOTE).first()
    full = soon.filter(class_type__name="Steady circuits").first()
    if mine is not None:
        _book(known["pat"], mine)
    if full is not None:
        for participant in others[: full.places_left]:
            _book(participant, full)
        _book(known["quinn"], full, wait=True)


def _book(participant: Participant, session: Session, *, wait: bool = False) -> None:
    book_place(
        participant=participant,
        session=session,
        source=BookingSource.SELF,
        or_wait=wait,
        book_automatically=wait,
        by=participant.person,
    )
