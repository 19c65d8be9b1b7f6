"""Moving a place with two real connections: however they meet, one person has one place and no class is oversold."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place
from classes.places.moving import move_booking
from participants.models import Participant
from tests.concurrency.racers import Racers
from tests.factories.accounts import ProgrammeFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db(transaction=True)


def book(participant: Participant, session: Session) -> Booking:
    return book_place(participant=participant, session=session, by=participant.person, source=BookingSource.SELF)


def move(booking: Booking, to: Session) -> Any:
    return move_booking(booking=booking, to=to, by=booking.participant.person, source=BookingSource.SELF)


def test_one_place_moved_to_two_dates_at_once_ends_in_one_of_them(rounds: int) -> None:  # pitfalls 33
    programme = ProgrammeFactory()
    with Racers(2) as racers:
        for _ in range(rounds):
            pat = ParticipantFactory(programme=programme)
            start = timezone.now() + dt.timedelta(days=2)
            days = [SessionFactory(programme=programme, starts_at=start + n * dt.timedelta(days=1)) for n in range(3)]
            held = book(pat, days[0])
            results = racers.run([partial(move, held, to) for to in days[1:]])
            assert sorted(getattr(r, "state", getattr(r, "code", repr(r))) for r in results) == ["booked", "no_place"]
            assert Booking.objects.filter(participant=pat).live().count() == 1
            taken = Session.objects.filter(pk__in=[day.pk for day in days]).values_list("places_taken", flat=True)
            assert sum(taken) == 1


def test_two_people_who_swap_full_classes_keep_what_they_have_and_do_not_wait_for_each_other() -> None:
    programme = ProgrammeFactory()
    people = [ParticipantFactory(programme=programme) for _ in range(2)]
    start = timezone.now() + dt.timedelta(days=2)
    days = [
        SessionFactory(programme=programme, capacity=1, starts_at=start + n * dt.timedelta(days=1)) for n in range(2)
    ]
    places = [book(person, session) for person, session in zip(people, days, strict=True)]
    with Racers(2) as racers:
        results = racers.run([partial(move, places[0], days[1]), partial(move, places[1], days[0])])
    assert [getattr(result, "code", repr(result)) for result in results] == ["session_full"] * 2
    assert [Booking.objects.get(pk=place.pk).state for place in places] == ["booked"] * 2
