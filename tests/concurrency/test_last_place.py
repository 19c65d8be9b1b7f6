"""The race for the last place, on real connections; and the same without the lock, which must oversell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from accounts.models import Programme
from classes.judging.refusals import SessionFull, SessionNotOpen
from classes.locks import QueueMoved, lock_newcomers
from classes.models import Booking, BookingSource, BookingState, IdempotencyKey, Session
from classes.places.booking import book_place, cancel_booking
from classes.places.idempotency import Outcome, once
from classes.timetable import cancel_session
from participants.models import Participant
from tests.concurrency.lock_off import lock_off
from tests.concurrency.racers import Racers
from tests.factories.accounts import ProgrammeFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PEOPLE, ROUNDS = 20, 8  # the long form has twenty of two hundred, over HTTP: ./run campaign oversell


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory()


@pytest.fixture
def people(programme: Programme) -> list[Participant]:
    return [ParticipantFactory(programme=programme) for _ in range(PEOPLE)]


def attempt(participant: Participant, session_id: int, **rest: Any) -> Callable[[], Booking]:
    def book() -> Booking:
        session = Session.objects.get(pk=session_id)
        return book_place(
            participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
        )

    return book


def outcomes(results: list[Any]) -> Counter[str]:
    return Counter(r.state if isinstance(r, Booking) else type(r).__name__ for r in results)


def held_places(session: Session) -> int:
    return Booking.objects.filter(session=session, state=BookingState.BOOKED).aggregate(n=Sum("party"))["n"] or 0


def test_exactly_one_of_twenty_gets_the_last_place_in_every_round(
    programme: Programme, people: list[Participant]
) -> None:
    with Racers(PEOPLE) as racers:
        for number in range(ROUNDS):
            session = SessionFactory(programme=programme, capacity=1)
            results = racers.run([attempt(p, session.pk) for p in people])
            assert outcomes(results) == {"booked": 1, "SessionFull": PEOPLE - 1}, f"round {number}"
            session.refresh_from_db()
            assert session.places_taken == held_places(session) == 1
            cancel_booking(booking=Booking.objects.get(session=session), by=people[0].person)  # same time next round


def test_one_of_twenty_brings_somebody_into_a_hall_that_holds_one_more(
    programme: Programme, people: list[Participant]
) -> None:
    """There is a place for each of them, and beside all places room for one who comes along."""
    with Racers(PEOPLE) as racers:
        beside = {"companions_beside": True, "capacity": PEOPLE, "holds": PEOPLE + 1}
        session = SessionFactory(programme=programme, **beside)
        results = racers.run([attempt(p, session.pk, party=2) for p in people])
        assert outcomes(results) == {"booked": 1, "NoRoomForCompanion": PEOPLE - 1}
        session.refresh_from_db()
        assert (session.places_taken, session.companions) == (1, 1)


@pytest.fixture
def lock_switched_off() -> Iterator[None]:
    with lock_off():
        yield


def test_without_the_lock_the_same_race_oversells(
    programme: Programme, people: list[Participant], lock_switched_off: None
) -> None:
    session = SessionFactory(programme=programme, capacity=1)
    with Racers(PEOPLE) as racers:
        results = racers.run([attempt(p, session.pk) for p in people])
    assert outcomes(results)["booked"] > 1
    assert held_places(session) > 1


def test_one_person_twenty_times_at_once_gets_one_booking(programme: Programme, people: list[Participant]) -> None:
    session = SessionFactory(programme=programme, capacity=5)
    with Racers(PEOPLE) as racers:
        results = racers.run([attempt(people[0], session.pk) for _ in range(PEOPLE)])
    assert {r.pk for r in results} == {Booking.objects.get().pk}
    session.refresh_from_db()
    assert session.places_taken == 1


def test_one_person_in_overlapping_classes_at_once_gets_one_place(
    programme: Programme, people: list[Participant]
) -> None:
    start = SessionFactory(programme=programme).starts_at
    sessions = [SessionFactory(programme=programme, starts_at=start) for _ in range(PEOPLE)]
    with Racers(PEOPLE) as racers:
        results = racers.run([attempt(people[0], s.pk) for s in sessions])
    assert outcomes(results) == {"booked": 1, "Overlaps": PEOPLE - 1}


def test_one_key_twenty_times_at_once_runs_once(people: list[Participant]) -> None:
    runs: list[int] = []

    def action() -> Outcome:
        runs.append(1)
        return Outcome(201, {"run": len(runs)})

    with Racers(PEOPLE) as racers:
        request = partial(once, key="k", body={"session": 1}, action=action, by=people[0].person)
        results = racers.run([request] * PEOPLE)
    assert [r.body for r in results] == [{"run": 1}] * PEOPLE
    assert Counter(r.replayed for r in results) == {False: 1, True: PEOPLE - 1}
    assert IdempotencyKey.objects.count() == 1


def test_cancel_promote_and_book_together_never_oversell_and_leave_no_place_empty(
    programme: Programme, people: list[Participant]
) -> None:
    for _ in range(5):
        session = SessionFactory(programme=programme, capacity=1)
        held = attempt(people[0], session.pk)()
        waiting = [attempt(p, session.pk, or_wait=True, book_automatically=True)() for p in people[1:6]]
        with Racers(PEOPLE) as racers:
            cancels = [partial(cancel_booking, booking=held, by=people[0].person)]
            leaves = [partial(cancel_booking, booking=waiting[1], by=people[2].person)]
            books = [attempt(p, session.pk) for p in people[6:12]]
            joins = [attempt(p, session.pk, or_wait=True, book_automatically=True) for p in people[12:]]
            again = [partial(cancel_booking, booking=held, by=people[0].person) for _ in range(4)]
            results = racers.run(cancels + leaves + books + joins + again)
        assert [r for r in results if not isinstance(r, Booking | SessionFull)] == []
        session.refresh_from_db()
        assert session.places_taken == held_places(session) == 1
        first = Booking.objects.get(pk=waiting[0].pk)
        assert first.state == "booked", "the first in order gets it"
        for booking in Booking.objects.filter(session=session).live():
            cancel_booking(booking=booking, by=people[0].person)


def test_who_is_busy_elsewhere_is_not_waited_for_against_the_order_of_locks(people: list[Participant]) -> None:
    with Racers(1) as racers, transaction.atomic():
        list(Participant.objects.filter(pk=people[0].pk).select_for_update())

        def lock_both() -> None:
            with transaction.atomic():
                lock_newcomers([people[0].pk, people[1].pk])

        assert [type(r) for r in racers.run([lock_both])] == [QueueMoved]


def test_a_class_cancelled_while_people_book_keeps_nobody_and_counts_nothing(
    programme: Programme, people: list[Participant]
) -> None:
    for _ in range(3):
        session = SessionFactory(programme=programme, capacity=9)
        with Racers(PEOPLE) as racers:
            cancel = partial(cancel_session, session=session, reason="The hall is flooded", by=people[0].person)
            books = [attempt(p, session.pk, or_wait=True, book_automatically=True) for p in people[1:]]
            results = racers.run([cancel, *books])
        assert [r for r in results if not isinstance(r, Booking | Session | SessionNotOpen)] == []
        session.refresh_from_db()
        assert session.status == "cancelled"
        assert session.places_taken == 0
        assert not Booking.objects.filter(session=session).live().exists()
