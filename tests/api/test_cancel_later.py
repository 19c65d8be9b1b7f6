"""One date and those after it, given back by the API: exactly those that were named."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingSource
from classes.places.booking import book_place
from messaging.models import Message
from participants.models import Participant
from tests.factories.classes import BookingFactory, weekly_dates

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(pat: Participant) -> list[Booking]:
    dates = weekly_dates(pat.programme)
    return [book_place(participant=pat, session=one, by=pat.person, source=BookingSource.SELF) for one in dates]


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    return sign_in(pat.person.user)  # type: ignore[no-any-return]


def where(booking: Booking) -> str:
    return f"/api/v1/bookings/{booking.pk}/cancel-later/"


def send(client: Client, booking: Booking, named: list[Booking], **more: Any) -> Any:
    body = {"bookings": [one.pk for one in named], **more}
    return client.post(where(booking), body, content_type="application/json")


def test_later_dates_are_listed_and_those_that_are_named_are_given_back(as_pat: Client, held: list[Booking]) -> None:
    listed = as_pat.get(where(held[1])).json()["bookings"]
    assert [one["id"] for one in listed] == [held[1].pk, held[2].pk]
    before = Message.objects.count()
    first = send(as_pat, held[1], held[1:], reason="travel")
    assert {one["state"] for one in first.json()["bookings"]} == {"cancelled"}
    assert send(as_pat, held[1], held[1:]).json() == first.json()
    held[0].refresh_from_db()
    assert (held[0].state, Message.objects.count()) == ("booked", before + 1)


def test_who_supports_somebody_gives_dates_back_for_them_and_nobody_else_does(
    sam: Any, quinn: Participant, sign_in: Any, held: list[Booking]
) -> None:
    assert send(sign_in(quinn.person.user), held[0], held[:1]).status_code == 404
    assert send(sign_in(sam), held[0], held[:1], copy_to_me=True).status_code == 400
    assert send(sign_in(sam), held[0], held[:1]).json()["bookings"][0]["state"] == "cancelled"


def test_a_booking_of_somebody_else_is_never_given_back(dee: Any, sign_in: Any, held: list[Booking]) -> None:
    other = BookingFactory(session=held[2].session)
    refused = send(sign_in(dee), held[0], [held[0], other])
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["bookings"])
    assert not Booking.objects.filter(state="cancelled").exists()


def test_the_api_says_when_there_are_too_many_people(
    as_pat: Client, held: list[Booking], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**rest: Any) -> None:
        raise TryAgain

    monkeypatch.setattr("classes.api.cancelling_later.cancel_dates", busy)
    assert send(as_pat, held[0], held).json()["code"] == "try_again"
