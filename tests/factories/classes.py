"""Classes that can be booked tomorrow unless a test says otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Programme
from classes.models import (
    Attendance,
    AttendanceState,
    Booking,
    BookingSource,
    BookingState,
    ClassType,
    DaysOff,
    Effort,
    Guest,
    Mode,
    Offer,
    OfferKind,
    Position,
    Room,
    Series,
    Session,
    SessionLeader,
    SessionStatus,
    Venue,
)
from instructors.models import Instructor
from tests.factories.accounts import PersonFactory, ProgrammeFactory
from tests.factories.instructors import InstructorFactory
from tests.factories.participants import ParticipantFactory


class ClassTypeFactory(DjangoModelFactory[ClassType]):
    class Meta:
        model = ClassType

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Class type {n}")
    summary = "Made up for a test."
    effort = Effort.GENTLE
    positions = [Position.SEATED]
    bring = "Water"


class VenueFactory(DjangoModelFactory[Venue]):
    class Meta:
        model = Venue

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Hall {n}")
    address = "1 Made Up Street"
    town = "Poole"
    postcode = "BH15 1AA"
    area = "Dorset"


class RoomFactory(DjangoModelFactory[Room]):
    class Meta:
        model = Room

    venue = factory.SubFactory(VenueFactory)
    name = "Main hall"


class SessionFactory(DjangoModelFactory[Session]):
    class Meta:
        model = Session
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    class_type = factory.SubFactory(ClassTypeFactory, programme=factory.SelfAttribute("..programme"))
    mode = Mode.IN_PERSON
    venue = factory.Maybe(
        "is_remote",
        yes_declaration=None,
        no_declaration=factory.SubFactory(VenueFactory, programme=factory.SelfAttribute("..programme")),
    )
    starts_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=2))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + dt.timedelta(minutes=60))
    occurs_on = factory.LazyAttribute(lambda o: timezone.localdate(o.starts_at))
    capacity = 10
    status = SessionStatus.PUBLISHED

    class Params:
        is_remote = factory.LazyAttribute(lambda o: o.mode != Mode.IN_PERSON)

    @factory.post_generation
    def leader(self: Session, create: bool, extracted: Instructor | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and extracted is not None:
            SessionLeader.objects.create(
                session=self, instructor=extracted, during=(self.starts_at, self.led_until), **kwargs
            )


class BookingFactory(DjangoModelFactory[Booking]):
    """A booking row as it stands. It does not touch `places_taken`: tests of places book with `book_place`."""

    class Meta:
        model = Booking
        skip_postgeneration_save = True

    session = factory.SubFactory(SessionFactory)
    participant = factory.SubFactory(ParticipantFactory, programme=factory.SelfAttribute("..session.programme"))
    state = BookingState.BOOKED
    during = factory.LazyAttribute(lambda o: (o.session.starts_at, o.session.ends_at))
    source = BookingSource.SELF
    made_by = factory.LazyAttribute(lambda o: o.participant.person)

    @factory.post_generation
    def offer(self: Booking, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        """Of a booking that is offered, since there is none without one; `offer__expires_at=…`."""
        if create and self.state == BookingState.OFFERED:
            kwargs.setdefault("expires_at", timezone.now() + dt.timedelta(hours=6))
            Offer.objects.create(booking=self, kind=OfferKind.WAITING_LIST, **kwargs)


class SeriesFactory(DjangoModelFactory[Series]):
    """A weekly class at 6pm, from tomorrow. It makes no dates: `materialise` does."""

    class Meta:
        model = Series

    instructor = factory.SubFactory(InstructorFactory)
    programme = factory.SelfAttribute("instructor.programme")
    class_type = factory.SubFactory(ClassTypeFactory, programme=factory.SelfAttribute("..programme"))
    mode = Mode.REMOTE
    start_time = dt.time(18)
    duration_minutes = 60
    first_date = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=1))
    last_date = factory.LazyAttribute(lambda o: o.first_date + dt.timedelta(weeks=20))
    capacity = 10


class DaysOffFactory(DjangoModelFactory[DaysOff]):
    """A week without classes, from in a month."""

    class Meta:
        model = DaysOff

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Holidays {n}")
    first = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=30))
    last = factory.LazyAttribute(lambda o: o.first + dt.timedelta(days=6))


class GuestFactory(DjangoModelFactory[Guest]):
    class Meta:
        model = Guest

    session = factory.SubFactory(SessionFactory)
    name = "Walter Walkin"


class AttendanceFactory(DjangoModelFactory[Attendance]):
    """A mark, of a booking unless `guest` is given."""

    class Meta:
        model = Attendance

    booking = factory.SubFactory(BookingFactory)
    session = factory.LazyAttribute(lambda o: (o.booking or o.guest).session)
    state = AttendanceState.ATTENDED
    marked_at = factory.LazyFunction(timezone.now)
    by = factory.SubFactory(PersonFactory)


def weekly_dates(programme: Programme, *, number: int = 3, capacity: int = 1) -> list[Session]:
    """So many dates of one class, the first in three days."""
    series = SeriesFactory(programme=programme)
    start = timezone.now() + dt.timedelta(days=3)
    return [
        SessionFactory(
            programme=programme,
            series=series,
            class_type=series.class_type,
            starts_at=start + dt.timedelta(weeks=n),
            capacity=capacity,
        )
        for n in range(number)
    ]
