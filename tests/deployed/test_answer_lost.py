"""A booking that is sent again, because its answer was lost or a finger pressed twice, is one booking."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest

from bench.world import World, make_classes, make_world
from classes.models import Booking
from messaging.models import Message
from tests.deployed.lossy import answers_lost
from tests.deployed.requests import NOTHING, Answer, Wish, crowd

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TIMES = 20


@pytest.fixture
def world() -> World:
    return make_world(people=2, classes=0)


@pytest.fixture
def wish(world: World) -> Wish:
    """Of the first of two people, for a class with room."""
    (session,) = make_classes(world.programme, world.class_type, 1, capacity=5, first_hour=72)
    return Wish(world.cookies[0], session, key="pressed-once")


def test_an_answer_lost_after_the_commit_is_given_again_to_the_same_key(web: int, world: World, wish: Wish) -> None:
    with answers_lost(web) as (bad_line, lost):
        assert wish.send(bad_line) == NOTHING
    stored = Booking.objects.get()
    again = wish.send(web)
    assert again.status == 200 and again.body == json.loads(lost[0]) and again.body["id"] == stored.pk
    assert Booking.objects.count() == Message.objects.count() == 1


def test_under_the_same_key_another_wish_is_refused_and_another_person_has_an_answer_of_their_own(
    web: int, world: World, wish: Wish
) -> None:
    with answers_lost(web) as (bad_line, _):
        wish.send(bad_line)
    assert replace(wish, or_wait=True).send(web).status == 422
    other = replace(wish, cookie=world.cookies[1]).send(web)
    assert other.status == 201
    assert set(Booking.objects.values_list("pk", flat=True)) == {other.body["id"], wish.send(web).body["id"]}


@pytest.mark.parametrize("key", ["pressed-often", ""])
def test_pressed_twenty_times_at_once_it_is_one_booking_and_one_answer(
    web: int, wish: Wish, key: str
) -> None:  # pitfalls 24
    often = replace(wish, key=key)
    answers = crowd([lambda: often.send(web)] * TIMES, at_once=TIMES)
    assert Counter(answer.status for answer in answers) == {201: 1, 200: TIMES - 1}
    assert {_booked(answer) for answer in answers} == {Booking.objects.get().pk}
    assert Message.objects.count() == 1


def _booked(answer: Answer) -> int:
    return int(answer.body["id"])
