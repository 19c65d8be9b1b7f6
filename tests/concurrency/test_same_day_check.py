"""The same-day check at the moment of something else: joining, a place from the list, booking, another answer."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Programme
from accounts.permissions import Role
from classes.joining import CheckNeeded, NoWayIn, way_in
from classes.judging.refusals import NoPlace, NotEligible, NotWaiting, Overlaps, StoppedToday
from classes.models import Booking, BookingSource, BookingState, CheckMode, Session, SymptomCheck
from classes.places.booking import book_place, cancel_booking
from classes.readiness import todays_check
from classes.symptom_check import NOT_WELL_CALL, answer_check
from classes.waiting_list.answering import give_place
from messaging.models import Task
from participants.models import Participant
from tests.concurrency.racers import Racers
from tests.factories.accounts import ProgrammeFactory, someone
from tests.factories.participants import ParticipantFactory
from tests.factories.symptoms import LINK, VERSION, answers, class_today

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 8


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Late in the evening the classes below would fall on two days."""
    with time_machine.travel(dt.datetime(2027, 7, 6, 11, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory()


@pytest.fixture
def pat(programme: Programme) -> Participant:
    return ParticipantFactory(programme=programme)


def booked(participant: Participant, session: Session, **rest: bool) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


def answering(place: Booking, *yes: str) -> Callable[[], SymptomCheck]:
    def answer() -> SymptomCheck:
        found = Booking.objects.select_related("session", "participant__person", "participant__programme")
        own = found.get(pk=place.pk)
        return answer_check(
            place=own,
            answers=answers(*yes),
            version=VERSION,
            mode=CheckMode.SELF,
            client_id=uuid.uuid4(),
            by=own.participant.person,
        )

    return answer


def joining(place: Booking) -> Callable[[], str]:
    def join() -> str:
        own = Booking.objects.select_related("session", "participant").get(pk=place.pk)
        return way_in(own, timezone.now())

    return join


def consistent(session: Session) -> None:
    session.refresh_from_db()
    assert session.places_taken == Booking.objects.filter(session=session, state=BookingState.BOOKED).count()


def test_a_stop_and_joining_at_once_leave_no_way_in_behind(programme: Programme) -> None:
    with Racers(6) as racers:
        for number in range(ROUNDS):
            pat = ParticipantFactory(programme=programme)
            place = booked(pat, class_today(programme=programme, hours=0.1, online=True))
            answering(place)()
            results = racers.run([answering(place, "b"), *[joining(place)] * 5])
            assert isinstance(results[0], SymptomCheck), results[0]
            assert all(r == LINK or isinstance(r, NoWayIn | CheckNeeded) for r in results[1:]), f"round {number}"
            with pytest.raises(NoWayIn):
                joining(place)()


def test_a_stop_and_a_place_from_the_waiting_list_at_once_leave_no_place(programme: Programme) -> None:
    dee = someone("Dee Desk", Role.COORDINATOR, programme=programme).person
    with Racers(2) as racers:
        for number in range(ROUNDS):
            pat, other = (ParticipantFactory(programme=programme) for _ in range(2))
            place = booked(pat, class_today(programme=programme, capacity=1))
            later = class_today(programme=programme, hours=5, capacity=1)
            held = booked(other, later)
            wait = booked(pat, later, or_wait=True)
            cancel_booking(booking=held, by=other.person)
            stop, given = racers.run([answering(place, "a"), partial(give_place, booking=wait, by=dee)])
            assert isinstance(stop, SymptomCheck), stop
            assert isinstance(given, Booking | NotWaiting | NotEligible), given
            assert not Booking.objects.filter(participant=pat).live().exists(), f"round {number}: {given!r}"
            consistent(later)


def test_the_freed_place_goes_to_exactly_one_while_people_book(programme: Programme) -> None:
    with Racers(5) as racers:
        for _ in range(ROUNDS):
            pat, *others = (ParticipantFactory(programme=programme) for _ in range(5))
            session = class_today(programme=programme, capacity=1)
            place = booked(pat, session)
            results = racers.run([answering(place, "a"), *[partial(booked, person, session) for person in others]])
            assert isinstance(results[0], SymptomCheck), results[0]
            assert Booking.objects.filter(session=session, state=BookingState.BOOKED).count() <= 1
            consistent(session)
            assert not Booking.objects.filter(participant=pat).live().exists()


def test_a_stop_and_booking_another_class_of_the_day_at_once_leave_no_place(programme: Programme) -> None:
    with Racers(3) as racers:
        for number in range(ROUNDS):
            pat = ParticipantFactory(programme=programme)
            place = booked(pat, class_today(programme=programme, hours=1))
            others = [class_today(programme=programme, hours=2 + n) for n in range(2)]
            results = racers.run([answering(place, "a"), *[partial(booked, pat, session) for session in others]])
            assert isinstance(results[0], SymptomCheck), results[0]
            assert all(isinstance(r, Booking | NotEligible | Overlaps) for r in results[1:]), results
            assert not Booking.objects.filter(participant=pat).live().exists(), f"round {number}"


def test_many_answers_at_once_end_as_the_last_one_written_and_a_stop_as_a_stop(programme: Programme) -> None:
    with Racers(6) as racers:
        for number in range(ROUNDS):
            pat = ParticipantFactory(programme=programme)
            place = booked(pat, class_today(programme=programme))
            stop = number % 2 == 0
            given = [("a",), ("b",)] if stop else [("f",), ("h",)]
            results = racers.run([answering(place, *yes) for yes in [(), (), *given, (), ("f",)]])
            assert all(isinstance(r, SymptomCheck | StoppedToday | NoPlace) for r in results), results
            last = SymptomCheck.objects.filter(participant=pat).latest("id")
            standing = todays_check(place.session, pat)
            assert standing.check_id == last.pk
            if stop:
                assert standing.readiness == "stopped"
                assert Task.objects.to_do().filter(kind=NOT_WELL_CALL, about=pat.person).count() == 1
            place.refresh_from_db()
            assert place.state == (BookingState.CANCELLED if stop else BookingState.BOOKED)


def test_one_answer_sent_many_times_at_once_is_written_once(pat: Participant, programme: Programme) -> None:
    place = booked(pat, class_today(programme=programme))
    once = uuid.uuid4()

    def send() -> SymptomCheck:
        own = Booking.objects.select_related("session", "participant__person", "participant__programme").get(
            pk=place.pk
        )
        return answer_check(
            place=own, answers=answers("b"), version=VERSION, mode=CheckMode.SELF, client_id=once, by=pat.person
        )

    with Racers(6) as racers:
        results = racers.run([send] * 6)
    assert len({result.pk for result in results}) == 1
    assert sum(result.made_now for result in results) == 1
