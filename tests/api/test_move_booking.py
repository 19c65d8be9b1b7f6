"""Another date instead, by the API: once for one key, and whatever refuses it, the old place is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place
from participants.models import Participant
from tests.factories.classes import weekly_dates
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dates(pat: Participant) -> list[Session]:
    return weekly_dates(pat.programme)


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    return sign_in(pat.person.user)  # type: ignore[no-any-return]


@pytest.fixture
def held(pat: Participant, dates: list[Session]) -> Booking:
    session = dates[0]
    return book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)


def fill(session: Session) -> Booking:
    other = ParticipantFactory(programme=session.programme)
    return book_place(participant=other, session=session, by=other.person, source=BookingSource.SELF)


def send(client: Client, booking: Booking, to: Session, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    where = f"/api/v1/bookings/{booking.pk}/move/"
    return client.post(where, {"session": to.pk}, content_type="application/json", headers=headers)


def test_the_api_moves_once_and_answers_the_same_again(as_pat: Client, held: Booking, dates: list[Session]) -> None:
    first = send(as_pat, held, dates[1], "k")
    assert (first.status_code, first.json()["session"], first.json()["state"]) == (200, dates[1].pk, "booked")
    assert send(as_pat, held, dates[1], "k").json() == first.json()
    assert send(as_pat, held, dates[2], "k").status_code == 422
    assert send(as_pat, held, dates[2]).json()["code"] == "no_place"


def test_the_api_keeps_the_old_place_where_the_new_one_is_refused(
    as_pat: Client, quinn: Participant, sign_in: Any, held: Booking, dates: list[Session]
) -> None:
    fill(dates[1])
    refused = send(as_pat, held, dates[1], "k")
    assert (refused.status_code, refused.json()["code"]) == (409, "session_full")
    held.refresh_from_db()
    assert held.state == "booked"
    assert send(sign_in(quinn.person.user), held, dates[2]).status_code == 404


def test_the_api_says_when_there_are_too_many_people(
    as_pat: Client, held: Booking, dates: list[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**rest: Any) -> None:
        raise TryAgain

    monkeypatch.setattr("classes.api.moving.move_booking", busy)
    answer = send(as_pat, held, dates[1], "k")
    assert (answer.status_code, answer.json()["code"]) == (409, "try_again")
    monkeypatch.undo()
    assert send(as_pat, held, dates[1], "k").status_code == 200
