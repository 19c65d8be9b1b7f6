"""What is compared does the same: the product and the naive way book in the world of the benchmark, a small one."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import BrowserSession
from bench.world import audit, make_classes, make_world
from classes.models import Booking, Session
from messaging.models import Message

pytestmark = pytest.mark.django_db


def browser_with(cookie: str) -> Client:
    browser = Client()
    browser.cookies["sessionid"] = cookie
    return browser


@pytest.fixture
def product(settings):
    return "/api/v1/bookings/"


@pytest.fixture
def naive(settings):
    settings.ROOT_URLCONF = "bench.naive"
    return "/book/"


@pytest.mark.parametrize("way", ["product", "naive"])
def test_each_candidate_books_each_pair_once_and_tells_the_person(way, request):
    world = make_world(people=3, classes=2)
    assert BrowserSession.objects.count() == 3
    path = request.getfixturevalue(way)
    for _ in range(2):
        for number, cookie in enumerate(world.cookies):
            sent = {"session": world.spread[number % 2]}
            key = {"Idempotency-Key": f"k{number}"}
            answer = browser_with(cookie).post(path, sent, content_type="application/json", headers=key)
            assert answer.status_code in (200, 201), answer.content
    assert Booking.objects.filter(state="booked").count() == Message.objects.count() == 3
    assert sum(Session.objects.values_list("places_taken", flat=True)) == 3
    assert audit() == {"oversold": 0, "drifted": 0, "twice": 0, "untold": 0}


@pytest.mark.parametrize("way", ["product", "naive"])
def test_neither_candidate_gives_away_more_places_than_there_are(way, request):
    world = make_world(people=3, classes=1)
    (small,) = make_classes(world.programme, world.class_type, 1, capacity=2, first_hour=24 * 60)
    path = request.getfixturevalue(way)
    answers = [browser_with(c).post(path, {"session": small}, content_type="application/json") for c in world.cookies]
    assert [answer.status_code for answer in answers] == [201, 201, 409]


def test_the_audit_finds_a_counter_that_has_drifted_and_somebody_who_was_not_told():
    world = make_world(people=1, classes=1)
    browser_with(world.cookies[0]).post(
        "/api/v1/bookings/", {"session": world.spread[0]}, content_type="application/json"
    )
    Session.objects.update(places_taken=0)
    Message.objects.all().delete()
    assert audit() == {"oversold": 0, "drifted": 1, "twice": 0, "untold": 1}
