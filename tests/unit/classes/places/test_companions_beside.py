"""Companions who take no place: counted beside the places, and let in where the hall holds them and all places."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import Sum

from accounts.history import acting
from accounts.models import Person
from classes.judging.refusals import CapacityBelowHeld, NoRoomForCompanion, PlacesBeyondHall, Refusal, SessionFull
from classes.models import Booking, BookingSource, Mode, OfferState, Session, SessionKind, Venue
from classes.models.booking import HELD_STATES
from classes.offering import change_hall
from classes.places.booking import Wish, book_place, cancel_booking, change_capacity, release_all
from classes.places.booking_once import book_once
from classes.places.kept_back import give_kept_place
from classes.places.making_smaller import make_smaller
from classes.places.moving import move_booking
from classes.places.who_comes import change_who_comes
from classes.timetable.plans import ClassFields
from classes.timetable.publishing import create_date
from classes.waiting_list.answering import accept_offer, decline_offer, give_place
from classes.waiting_list.serving import offer_freed_places
from classes.wall_time import Span
from instructors.models import Instructor
from participants.models import Participant
from tests.factories.accounts import ContactPointFactory, PersonFactory
from tests.factories.classes import ClassTypeFactory, SessionFactory, VenueFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def desk() -> Person:
    return PersonFactory()


def a_class(participant: Participant, **rest: Any) -> Session:
    beside = {"companions_beside": True, "capacity": 2, "holds": 3, "mode": Mode.REMOTE, "starts_at": NOON + 3 * DAY}
    return SessionFactory(programme=participant.programme, **beside | rest)


def one(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


def somebody(session: Session) -> Participant:
    participant = ParticipantFactory(programme=session.programme)
    ContactPointFactory(person=participant.person)
    return participant


def counted(session: Session) -> tuple[int, int]:
    """Places and companions of the class, which are what its live bookings come to."""
    session.refresh_from_db()
    held = Booking.objects.filter(session=session, state__in=HELD_STATES)
    people, bookings = held.aggregate(n=Sum("party"))["n"] or 0, held.count()
    places = bookings if session.companions_beside else people
    assert (session.places_taken, session.companions) == (places, people - places)
    return session.places_taken, session.companions


def change(booking: Booking, party: int) -> Booking:
    return change_who_comes(booking=booking, party=party, by=booking.participant.person)


@pytest.mark.parametrize("beside", [True, False], ids=["beside", "counted"])
def test_whatever_happens_the_counters_are_what_live_bookings_come_to(
    pat: Participant, desk: Person, beside: bool
) -> None:
    session = a_class(pat, companions_beside=beside, capacity=4, reserved=2, holds=None)
    other = a_class(pat, companions_beside=not beside, capacity=4, starts_at=NOON + 5 * DAY, holds=None)
    place = one(pat, session, party=2)
    seen = [counted(session)]
    place = change(place, 1)
    seen += [counted(session)]
    place = change(place, 2)
    kept = give_kept_place(participant=somebody(session), session=session, why="New", party=2, by=desk)
    seen += [counted(session)]
    moved = move_booking(booking=place, to=other, by=pat.person, source=BookingSource.SELF)
    seen += [counted(session), counted(other)]
    move_booking(booking=moved, to=session, by=pat.person, source=BookingSource.SELF)
    seen += [counted(session), counted(other)]
    make_smaller(session=session, capacity=2 if beside else 3, giving_up=[kept.pk], reason="Smaller", by=desk)
    seen += [counted(session)]
    release_all(session=session, by=desk)
    seen += [counted(session)]
    assert seen == (
        [(1, 1), (1, 0), (2, 2), (1, 1), (2, 0), (2, 2), (0, 0), (1, 1), (0, 0)]
        if beside
        else [(2, 0), (1, 0), (4, 0), (2, 0), (1, 1), (4, 0), (0, 0), (2, 0), (0, 0)]
    )


def test_nobody_loses_a_place_to_somebody_who_comes_along_and_who_does_may_come_alone(pat: Participant) -> None:
    session = a_class(pat)
    first = one(pat, session, party=2)
    second = somebody(session)
    with pytest.raises(NoRoomForCompanion):
        one(second, session, party=2)
    assert counted(session) == (1, 1)
    place = one(second, session)
    with pytest.raises(NoRoomForCompanion):
        change(place, 2)
    with pytest.raises(SessionFull):
        one(somebody(session), session, party=2)
    assert counted(session) == (2, 1)
    change(first, 1)
    assert change(place, 2).party == 2
    assert counted(session) == (2, 1)


def test_a_turn_for_two_waits_for_room_in_the_hall_and_is_offered_it(pat: Participant, desk: Person) -> None:
    session = a_class(pat, capacity=3, holds=4)
    first = one(pat, session, party=2)
    waits = one(somebody(session), session, party=2, or_wait=True)
    assert (waits.state, waits.skipped_reason) == ("waiting", "party_too_large")
    with pytest.raises(NoRoomForCompanion):
        give_place(booking=waits, by=desk)
    change(first, 1)
    waits.refresh_from_db()
    assert (waits.state, counted(session)) == ("offered", (2, 1))
    assert accept_offer(booking=waits, by=waits.participant.person).offers.get().state == OfferState.ACCEPTED
    assert counted(session) == (2, 1)


def test_a_full_class_offers_a_place_for_two_where_one_place_and_the_hall_will_do(pat: Participant) -> None:
    session = a_class(pat, capacity=1, holds=2)
    first = one(pat, session)
    waits, behind = (one(somebody(session), session, party=2, or_wait=True) for _ in range(2))
    cancel_booking(booking=first, by=pat.person)
    waits.refresh_from_db()
    assert (waits.state, counted(session)) == ("offered", (1, 1))
    decline_offer(booking=waits, by=waits.participant.person)
    behind.refresh_from_db()
    assert (behind.state, counted(session)) == ("offered", (1, 1))
    Session.objects.filter(pk=session.pk).update(capacity=2, holds=3)
    offer_freed_places(session=session, by=pat.person)
    assert counted(session) == (1, 1)


def test_a_place_kept_back_and_a_move_are_refused_a_companion_too(pat: Participant, desk: Person) -> None:
    session = a_class(pat, capacity=2, reserved=1, holds=2)
    with pytest.raises(NoRoomForCompanion):
        give_kept_place(participant=pat, session=session, why="New", party=2, by=desk)
    there = one(pat, a_class(pat, starts_at=NOON + 5 * DAY), party=2)
    with pytest.raises(NoRoomForCompanion):
        move_booking(booking=there, to=session, by=pat.person, source=BookingSource.SELF)
    there.refresh_from_db()
    assert (there.state, counted(there.session), counted(session)) == ("booked", (1, 1), (0, 0))


@pytest.mark.parametrize("beside", [True, False])
@pytest.mark.parametrize("holds", [None, 3, 2])
def test_the_short_way_comes_to_what_the_long_way_does(pat: Participant, beside: bool, holds: int | None) -> None:
    came: list[tuple[object, tuple[int, int]]] = []
    for way in ("short", "long"):
        session = a_class(pat, companions_beside=beside, holds=holds, starts_at=NOON + (len(way) * DAY))
        person = somebody(session)
        wish = Wish(person, session, person.person, BookingSource.SELF, way, party=2)
        if way == "short":
            body = book_once(wish, lambda booking: {"id": booking.pk, "party": booking.party}).outcome.body
            came.append((body.get("code", "booked"), counted(session)))
            continue
        try:
            outcome = one(person, session, party=2).state
        except Refusal as refusal:
            outcome = refusal.code
        came.append((outcome, counted(session)))
    assert came[0] == came[1]
    full_hall = beside and holds == 2
    assert came[0][0] == ("no_room_for_companion" if full_hall else "booked")


def test_more_places_than_the_hall_holds_beside_who_comes_along_are_refused(pat: Participant, desk: Person) -> None:
    session = a_class(pat)
    change_capacity(session=session, capacity=5, by=desk)  # nobody comes along: places are the desk's to decide
    change_capacity(session=session, capacity=2, by=desk)
    one(pat, session, party=2)
    with pytest.raises(PlacesBeyondHall) as refused:
        change_capacity(session=session, capacity=3, by=desk)
    assert refused.value.details == {"most": 2}
    with pytest.raises(CapacityBelowHeld):
        change_capacity(session=session, capacity=0, by=desk)
    assert session.places_taken == 0 and counted(session) == (1, 1)
    with pytest.raises(IntegrityError, match="companions_beside_places_fit_into_the_hall"), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(capacity=3)


@pytest.mark.parametrize(("holds", "kept", "free"), [(9, 9, 9), (1, 3, 1), (None, None, None)])
def test_dates_to_come_follow_their_hall_and_nobody_who_was_let_in_is_put_out(
    pat: Participant, desk: Person, holds: int | None, kept: int | None, free: int | None
) -> None:
    hall: Venue = VenueFactory(programme=pat.programme, holds=3)
    at = {"venue": hall, "mode": Mode.IN_PERSON}
    with_somebody, alone = a_class(pat, **at), a_class(pat, starts_at=NOON + 4 * DAY, **at)
    over = a_class(pat, starts_at=NOON - DAY, **at)
    one(pat, with_somebody, party=2)
    change_hall(hall=hall, facts={"holds": holds}, changed=["holds"], by=desk)  # type: ignore[typeddict-item]
    found = [Session.objects.get(pk=date.pk).holds for date in (with_somebody, alone, over)]
    assert (hall.holds, found) == (holds, [kept, free, 3])


@pytest.mark.parametrize(
    ("kind", "beside"), [(SessionKind.GROUP, True), (SessionKind.ONE_TO_ONE, False)], ids=["class", "one to one"]
)
def test_a_date_is_as_its_kind_and_hall_are_when_it_is_made(ines: Instructor, kind: SessionKind, beside: bool) -> None:
    hall = VenueFactory(programme=ines.programme, holds=20)
    class_type = ClassTypeFactory(programme=ines.programme, companions_beside=True)
    fields: ClassFields = {
        "instructor": ines,
        "class_type": class_type,
        "mode": Mode.IN_PERSON,
        "venue": hall,
        "capacity": 1,
        "start_time": dt.time(12),
        "duration_minutes": 60,
    }
    on = Span(NOON.date(), NOON + 3 * DAY, NOON + 3 * DAY + dt.timedelta(hours=1))
    with acting(ines.person, "classes.test"):
        made = create_date(fields, on, by=ines.person, kind=kind)
    type(class_type).objects.update(companions_beside=False)
    made.refresh_from_db()
    assert (made.companions_beside, made.holds) == (beside, 20)
