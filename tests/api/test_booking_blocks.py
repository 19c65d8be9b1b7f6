"""Several places in one request: an outcome for each date, and the same again for the same key."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingSource, IdempotencyKey, Session
from classes.places.booking import book_place
from participants.models import Participant
from tests.factories.classes import weekly_dates
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db
BLOCK = "/api/v1/booking-blocks/"


@pytest.fixture
def dates(pat: Participant) -> list[Session]:
    return weekly_dates(pat.programme)


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    return sign_in(pat.person.user)  # type: ignore[no-any-return]


def fill(session: Session) -> Booking:
    other = ParticipantFactory(programme=session.programme)
    return book_place(participant=other, session=session, by=other.person, source=BookingSource.SELF)


def send(client: Client, body: Any, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(BLOCK, body, content_type="application/json", headers=headers)


def test_the_api_answers_for_each_date_and_again_the_same(as_pat: Client, dates: list[Session]) -> None:
    fill(dates[1])
    body = {"sessions": [s.pk for s in dates]}
    first = send(as_pat, body, "k1")
    assert first.status_code == 201
    assert [one["state"] for one in first.json()["dates"]] == ["booked", "waiting", "booked"]
    second = send(as_pat, body, "k1")
    assert (second.status_code, second.json()) == (200, first.json())
    assert Booking.objects.count() == 4 and IdempotencyKey.objects.count() == 1
    assert send(as_pat, {"sessions": [dates[0].pk]}, "k1").status_code == 422
    assert send(as_pat, body, "k2").status_code == 200  # all of it is there


def test_the_api_refuses_what_is_no_block(as_pat: Client, sam: User, sign_in: Any, dates: list[Session]) -> None:
    for body in ({"sessions": []}, {"sessions": [10**9]}, {"sessions": [dates[0].pk] * 17}, {}):
        assert send(as_pat, body).status_code == 400
    nobody = send(sign_in(sam), {"sessions": [dates[0].pk]})
    assert nobody.json()["errors"] == {"participant": ["Say for whom the places are."]}


def test_the_api_says_when_there_are_too_many_people(
    as_pat: Client, dates: list[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**rest: Any) -> None:
        raise TryAgain

    monkeypatch.setattr("classes.api.blocks.book_dates", busy)
    answer = send(as_pat, {"sessions": [dates[0].pk]}, "k1")
    assert (answer.status_code, answer.json()["code"]) == (409, "try_again")
