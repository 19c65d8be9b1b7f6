"""Many people, few places, real HTTP, several processes: nobody too many, and nobody sees a failure."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from bench.world import World, audit, make_classes, make_world
from classes.models import Booking, BookingState, Session
from tests.concurrency.lock_off import lock_off
from tests.deployed.requests import Answer, Wish, crowd

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def everybody_wants(web: int, world: World, session: int, *, waiting: bool = False) -> list[Answer]:
    """A place in `session` for each person of the world; with `waiting`, every second one takes a turn in the list."""
    wishes = [
        Wish(cookie, session, key=f"{session}-{number}", or_wait=waiting and bool(number % 2))
        for number, cookie in enumerate(world.cookies)
    ]
    return crowd([partial(wish.send, web) for wish in wishes])


def class_of(world: World, places: int, number: int) -> int:
    (session,) = make_classes(world.programme, world.class_type, 1, capacity=places, first_hour=72 + 2 * number)
    return session


def held(session: int) -> int:
    return Booking.objects.filter(session=session, state=BookingState.BOOKED).count()


def test_as_many_are_booked_as_there_are_places_and_the_rest_hear_it_in_words(
    web: int, rounds: int, people: int, places: int
) -> None:  # pitfalls 19, 20, 23
    world = make_world(people=people, classes=0)
    for number in range(rounds):
        session = class_of(world, places, number)
        answers = Counter(answer.outcome for answer in everybody_wants(web, world, session))
        assert answers == {"201 booked": places, "409 session_full": people - places}, f"round {number}"
        assert held(session) == Session.objects.get(pk=session).places_taken == places
    assert set(audit().values()) == {0}
    assert Session.objects.count() == rounds, "a booking makes no class"


def test_who_asks_to_wait_has_a_turn_and_nobody_is_lost_between_place_and_turn(
    web: int, people: int, places: int
) -> None:
    world = make_world(people=people, classes=0)
    session = class_of(world, places, 0)
    answers = Counter(answer.outcome for answer in everybody_wants(web, world, session, waiting=True))
    assert set(answers) == {"201 booked", "201 waiting", "409 session_full"}
    assert (answers["201 booked"], answers.total()) == (places, people) == (held(session), people)
    assert answers["201 waiting"] == Booking.objects.filter(session=session, state=BookingState.WAITING).count()
    assert set(audit().values()) == {0}


def test_without_the_lock_the_same_crowd_oversells(web: int, people: int, places: int) -> None:
    world = make_world(people=people, classes=0)
    session = class_of(world, places, 0)
    with lock_off():
        answers = Counter(answer.outcome for answer in everybody_wants(web, world, session))
        assert answers["201 booked"] == held(session) > places
        assert audit()["oversold"] == 1
