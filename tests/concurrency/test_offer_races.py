"""Offers on real connections: answered at the moment they run out, and everything about one place at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Programme
from classes.judging.refusals import OfferOver, SessionFull
from classes.models import Booking, BookingSource, BookingState, Mode, Offer, OfferState, Session
from classes.places.booking import book_place, cancel_booking
from classes.waiting_list import answering, running_out
from classes.waiting_list.answering import accept_offer, decline_offer
from classes.waiting_list.running_out import expire_offers, serve_waiting_lists
from participants.models import Participant
from tests.concurrency.racers import Racers
from tests.factories.accounts import ContactPointFactory, ProgrammeFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NEWCOMERS = 4


@pytest.fixture
def programme() -> Programme:
    return ProgrammeFactory()


def somebody(programme: Programme) -> Participant:
    participant = ParticipantFactory(programme=programme)
    ContactPointFactory(person=participant.person)
    return participant


@pytest.fixture
def people(programme: Programme) -> list[Participant]:
    """One who has the place, five who wait for it, and newcomers."""
    return [somebody(programme) for _ in range(6 + NEWCOMERS)]


def book(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


def online(programme: Programme) -> Session:
    starts_at = timezone.now() + dt.timedelta(days=4)
    return SessionFactory(programme=programme, mode=Mode.REMOTE, starts_at=starts_at, capacity=1)


def at(moment: dt.datetime) -> Any:
    return SimpleNamespace(now=lambda: moment)


def kinds(results: list[Any]) -> Counter[str]:
    return Counter(getattr(r, "state", None) or (r if isinstance(r, int) else type(r).__name__) for r in results)


def check_books(session: Session) -> None:
    """What must be true of one class after everything."""
    session.refresh_from_db()
    held = Booking.objects.filter(session=session, state__in=(BookingState.BOOKED, BookingState.OFFERED))
    offered = set(held.filter(state=BookingState.OFFERED).values_list("pk", flat=True))
    still_open = Offer.objects.filter(booking__session=session, state=OfferState.OPEN)
    assert session.places_taken == held.count() <= session.capacity
    assert set(still_open.values_list("booking", flat=True)) == offered


def an_answer_and_the_end_of_the_offer_at_once(
    programme: Programme, people: list[Participant], monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Booking]
) -> str:
    """The answer is given a moment before the end, and the end is written down at the end: who is first decides."""
    session = online(programme)
    held = book(people[0], session)
    first, second = (book(who, session, or_wait=True) for who in people[1:3])
    cancel_booking(booking=held, by=people[0].person)
    end = Offer.objects.get(booking=first).expires_at
    with monkeypatch.context() as patch, Racers(2) as racers:
        patch.setattr(answering, "timezone", at(end - dt.timedelta(microseconds=1)))
        patch.setattr(running_out, "timezone", at(end))
        patch.setattr("classes.telling.notices.message_about", lambda offer: None)  # the message has left
        given, ran_out = racers.run([partial(answer, booking=first, by=people[1].person), expire_offers])
    first.refresh_from_db()
    second.refresh_from_db()
    became = [offer.state for offer in first.offers.all()]
    if ran_out:
        assert isinstance(given, OfferOver) and given.became == "expired"
        assert (first.state, second.state, became) == ("expired", "offered", ["expired"])
    else:
        accepted = given.state == "booked"
        assert (first.state, second.state) == (("booked", "waiting") if accepted else ("declined", "offered"))
        assert became == ["accepted" if accepted else "declined"]
    check_books(session)
    for booking in Booking.objects.filter(session=session).live():
        cancel_booking(booking=booking, by=people[0].person)
    return first.state


@pytest.mark.parametrize("answer", [accept_offer, decline_offer])
def test_an_answer_at_the_moment_at_which_the_offer_runs_out_is_exactly_one_of_the_two(
    programme: Programme,
    people: list[Participant],
    monkeypatch: pytest.MonkeyPatch,
    answer: Callable[..., Booking],
    rounds: int,
) -> None:
    for _ in range(rounds):
        an_answer_and_the_end_of_the_offer_at_once(programme, people, monkeypatch, answer)


def test_one_person_who_says_yes_and_no_at_once_says_one_of_them(
    programme: Programme, people: list[Participant]
) -> None:
    session = online(programme)
    held = book(people[0], session)
    turn = book(people[1], session, or_wait=True)
    cancel_booking(booking=held, by=people[0].person)
    with Racers(2) as racers:
        say = [partial(answer, booking=turn, by=people[1].person) for answer in (accept_offer, decline_offer)]
        results = racers.run(say)
    turn.refresh_from_db()
    assert kinds(results) == {turn.state: 1, "OfferOver": 1}
    check_books(session)


def test_giving_up_offering_and_booking_at_once_serves_the_first_in_order_and_nobody_twice(
    programme: Programme, people: list[Participant], rounds: int
) -> None:
    who_had_it, *rest = people
    waiting_people, newcomers = rest[:5], rest[5:]
    for number in range(rounds):
        session = online(programme)
        held = book(who_had_it, session)
        turns = [book(who, session, or_wait=True) for who in waiting_people]
        with Racers(2 + NEWCOMERS) as racers:
            giving_up = partial(cancel_booking, booking=held, by=who_had_it.person)
            booking = [partial(book, who, session) for who in newcomers]
            results = racers.run([giving_up, serve_waiting_lists, *booking])
        assert [r for r in results if not isinstance(r, Booking | SessionFull | int)] == [], f"round {number}"
        assert Counter(type(r) for r in results)[SessionFull] == NEWCOMERS, f"round {number}"
        states = [Booking.objects.get(pk=turn.pk).state for turn in turns]
        assert states == ["offered", "waiting", "waiting", "waiting", "waiting"], f"round {number}"
        check_books(session)
        for turn in reversed(turns):  # the same people in the next round
            cancel_booking(booking=turn, by=who_had_it.person)
