"""How many places a date has, by the API: read with who holds them, made larger, and smaller by choosing people."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingSource, BookingState, Session, SessionKind, SessionStatus
from classes.places.booking import book_place
from participants.models import Participant
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(programme: Any) -> Session:
    return SessionFactory(programme=programme, capacity=2)


@pytest.fixture
def held(session: Session) -> list[Booking]:
    return [book(session) for _ in range(2)]


@pytest.fixture
def desk(dee: Any, sign_in: Any) -> Client:
    client: Client = sign_in(dee)
    return client


def book(session: Session, **more: Any) -> Booking:
    who = ParticipantFactory(programme=session.programme)
    return book_place(participant=who, session=session, by=who.person, source=BookingSource.SELF, **more)


def read(client: Client, session: Session) -> Any:
    return client.get(f"/api/v1/sessions/{session.pk}/places/").json()


def send(client: Client, session: Session, capacity: int, chosen: Any = (), key: str = "", **more: Any) -> Any:
    body = {"capacity": capacity, "giving_up": [one.pk for one in chosen], **more}
    headers = {"Idempotency-Key": key} if key else {}
    where = f"/api/v1/sessions/{session.pk}/places/"
    return client.post(where, body, content_type="application/json", headers=headers)


def state(booking: Booking) -> str:
    return Booking.objects.get(pk=booking.pk).state


def test_who_holds_a_place_is_read_and_whoever_is_chosen_gives_it_back_once(
    desk: Client, session: Session, held: list[Booking]
) -> None:
    told = read(desk, session)
    assert (told["capacity"], told["held"]) == (2, 2)
    assert [one["booking"] for one in told["people"]] == [held[1].pk, held[0].pk], "who came last stands first"
    assert told["people"][0]["name"] == held[1].participant.person.full_name
    smaller = send(desk, session, 1, held[1:], "k", reason="The small hall")
    assert smaller.status_code == 200 and smaller.json() == read(desk, session)
    assert (smaller.json()["capacity"], [one["booking"] for one in smaller.json()["people"]]) == (1, [held[0].pk])
    assert state(held[1]) == BookingState.CLOSED
    assert send(desk, session, 1, held[1:], "k", reason="The small hall").json() == smaller.json()
    assert send(desk, session, 0, held, "k", reason="The small hall").status_code == 422


def test_new_places_go_to_whoever_waits(desk: Client, session: Session, held: list[Booking]) -> None:
    waits = book(session, or_wait=True, book_automatically=True)
    assert send(desk, session, 3).json()["held"] == 3
    assert state(waits) == BookingState.BOOKED


def test_more_are_held_or_fewer_need_to_go_and_nothing_is_changed(
    desk: Client, session: Session, held: list[Booking]
) -> None:
    below = send(desk, session, 1)
    assert (below.status_code, below.json()["code"], below.json()["held"]) == (409, "capacity_below_held", 2)
    fewer = send(desk, session, 1, held, reason="The small hall")
    assert (fewer.status_code, fewer.json()["code"], fewer.json()["held"]) == (409, "fewer_needed", 2)
    assert {state(one) for one in held} == {BookingState.BOOKED} and read(desk, session)["capacity"] == 2


def test_without_a_reason_or_with_somebody_of_another_class_nobody_loses_a_place(
    desk: Client, session: Session, held: list[Booking]
) -> None:
    for chosen, more, name in (
        (held[1:], {}, "reason"),
        (held[1:], {"reason": " "}, "reason"),
        ([book(SessionFactory(programme=session.programme))], {"reason": "The small hall"}, "giving_up"),
    ):
        refused = send(desk, session, 1, chosen, **more)
        assert (refused.status_code, list(refused.json()["errors"])) == (400, [name])
    assert read(desk, session)["held"] == 2


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        ({"status": SessionStatus.CANCELLED, "cancelled_at": timezone.now(), "cancel_reason": "Snow"}, "cancelled"),
        ({"starts_at": dt.datetime(2024, 1, 1, 10, tzinfo=dt.UTC)}, "over"),
        ({"kind": SessionKind.ONE_TO_ONE, "capacity": 1}, "one_to_one"),
    ],
)
def test_a_class_whose_places_stay_as_they_are_says_why(
    desk: Client, programme: Any, rest: dict[str, Any], why: str
) -> None:
    refused = send(desk, SessionFactory(programme=programme, **rest), 5)
    assert (refused.status_code, refused.json()["code"], refused.json()["why"]) == (409, "places_fixed", why)


def test_what_is_busy_may_be_sent_again(desk: Client, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(**given: Any) -> None:
        raise TryAgain

    monkeypatch.setattr("classes.places.making_smaller.change_capacity", busy)
    assert send(desk, session, 5, key="k").json()["code"] == "try_again"
    monkeypatch.undo()
    assert send(desk, session, 5, key="k").status_code == 200


def test_it_is_there_for_nobody_of_another_programme_and_for_nobody_who_publishes_not(
    desk: Client, sign_in: Any, pat: Participant, session: Session
) -> None:
    assert send(desk, SessionFactory(), 5).status_code == 404
    assert send(sign_in(pat.person.user), session, 5).status_code == 404
