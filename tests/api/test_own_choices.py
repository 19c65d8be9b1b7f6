"""One's private calendar address, what one hears of and by which way, and saying that one is coming."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ContactPoint
from classes.models import Booking, BookingState, CalendarFeed
from messaging import choices
from messaging.models import Matter, Topic
from participants.models import Participant
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
CALENDAR, CHOICES = "/api/v1/own-calendar/", "/api/v1/own-message-choices/"
JSON = {"content_type": "application/json"}


@pytest.fixture
def own(pat: Participant, sign_in: Any) -> Client:
    client: Client = sign_in(pat.person.user)
    return client


def test_a_calendar_address_is_made_replaced_and_taken_back(own: Client, pat: Participant) -> None:
    assert own.get(CALENDAR).json() == {"address": None}
    first = own.post(CALENDAR, {}, **JSON)
    assert first.status_code == 201 and own.get(CALENDAR).json() == first.json()
    second = own.post(CALENDAR, {}, **JSON).json()["address"]
    assert second != first.json()["address"]
    paths = [urlsplit(address).path for address in (first.json()["address"], second)]
    assert [Client().get(path).status_code for path in paths] == [404, 200]
    for _ in range(2):
        assert own.post(f"{CALENDAR}close/", {}, **JSON).json() == {"address": None}
    assert not CalendarFeed.objects.filter(participant=pat).exists()
    assert own.post(CALENDAR, {"for": 1}, **JSON).status_code == 400


def test_what_one_hears_of_and_by_which_way_is_kept_as_a_whole(own: Client, pat: Participant) -> None:
    ContactPoint.objects.filter(person=pat.person).update(preferred=True)
    ContactPointFactory(person=pat.person, channel="text", value="+447700900111", preferred=False)
    there = {"topics": [topic.value for topic in Topic], "ways": [], "ways_there_are": ["email", "text"]}
    assert own.get(CHOICES).json() == there
    wish = {"topics": ["questions"], "ways": [{"matter": "offers", "way": "text"}]}
    for _ in range(2):
        assert own.put(CHOICES, wish, **JSON).json() == there | wish
    chosen = choices.choices_of(pat.person)
    assert (chosen.topics, chosen.ways) == ([Topic.QUESTIONS], {Matter.OFFERS: "text"})
    assert own.put(CHOICES, {"topics": [], "ways": []}, **JSON).json() == there | {"topics": []}


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({"topics": []}, "ways"),
        ({"topics": ["news"], "ways": []}, "topics"),
        ({"topics": [], "ways": [{"matter": "offers", "way": "post"}]}, "ways"),
        ({"topics": [], "ways": [{"matter": "offers", "way": "email"}] * 2}, "ways"),
        ({"topics": [], "ways": [{"matter": "weather", "way": "email"}]}, "ways"),
        ({"topics": [], "ways": [], "until": "2027-01-01"}, "until"),
    ],
)
def test_a_choice_that_cannot_be_kept_is_named_and_changes_nothing(
    own: Client, pat: Participant, wish: Any, named: str
) -> None:
    refused = own.put(CHOICES, wish, **JSON)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [named])
    assert choices.choices_of(pat.person) == choices.Choices(list(Topic), {})


def coming(browser: Client, booking: Booking) -> Any:
    return browser.post(f"/api/v1/bookings/{booking.pk}/coming/", {}, **JSON)


def test_one_says_that_one_is_coming_and_so_does_who_books_for_one(
    own: Client, pat: Participant, sam: Any, quinn: Participant, sign_in: Any
) -> None:
    booking = BookingFactory(session=SessionFactory(programme=pat.programme), participant=pat)
    assert own.get(f"/api/v1/bookings/{booking.pk}/").json()["said_coming_at"] is None
    said = coming(own, booking)
    assert said.status_code == 200 and said.json()["said_coming_at"] is not None
    assert coming(sign_in(sam), booking).json() == said.json()
    assert coming(sign_in(quinn.person.user), booking).status_code == 404


@pytest.mark.parametrize(
    ("hours", "state", "code"), [(48, BookingState.WAITING, "no_place"), (-1, "booked", "too_late")]
)
def test_who_has_no_place_or_comes_late_with_it_is_told_so(
    own: Client, pat: Participant, hours: int, state: str, code: str
) -> None:
    session = SessionFactory(programme=pat.programme, starts_at=timezone.now() + dt.timedelta(hours=hours))
    refused = coming(own, BookingFactory(session=session, participant=pat, state=state))
    assert (refused.status_code, refused.json()["code"]) == (409, code)
