"""The desk's waiting list of a class by the API: why each was or was not offered, calls, and who comes first."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import AccessLog
from classes.models import Booking, BookingSource, BookingState, Session
from classes.places.booking import book_place, cancel_booking
from messaging.models import Task, TaskAttempt
from participants.models import Participant
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, starts_at=NOON + dt.timedelta(days=9), capacity=1)


def book(participant: Participant, session: Session, **more: Any) -> Booking:
    source = {"source": BookingSource.SELF, "by": participant.person}
    return book_place(participant=participant, session=session, **source, **more)


@pytest.fixture
def turns(pat: Participant, quinn: Participant, session: Session) -> list[Booking]:
    """Somebody holds the place; Pat waits, reached by telephone alone, and Quinn after them."""
    pat.person.contact_points.update(channel="phone", value="+441632960222")
    book(ParticipantFactory(programme=pat.programme), session)
    return [book(one, session, or_wait=True) for one in (pat, quinn)]


@pytest.fixture
def offered(turns: list[Booking], session: Session) -> Booking:
    held = session.bookings.get(state=BookingState.BOOKED)
    cancel_booking(booking=held, by=held.participant.person)
    return turns[0]


@pytest.fixture
def desk(dee: Any, sign_in: Any) -> Client:
    client: Client = sign_in(dee)
    return client


def read(desk: Client, session: Session) -> Any:
    return desk.get(f"/api/v1/sessions/{session.pk}/waiting-list/").json()


def send(desk: Client, booking: Booking, what: str, body: dict[str, Any], key: str = "") -> Any:
    more = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return desk.post(f"/api/v1/waiting/{booking.pk}/{what}/", body, content_type="application/json", **more)


def called(desk: Client, booking: Booking, outcome: str, **more: Any) -> Any:
    key = more.pop("key", "")
    return send(desk, booking, "called", {"outcome": outcome, **more}, key)


def test_the_desk_reads_who_waits_who_was_asked_and_why_which_is_logged(
    desk: Client, offered: Booking, turns: list[Booking], session: Session, quinn: Participant
) -> None:
    Booking.objects.filter(pk=turns[1].pk).update(skipped_reason="not_cleared")
    told = read(desk, session)
    assert told["places_left"] == 0
    waits, asked = told["people"]
    assert (waits["booking"], waits["turn"], waits["name"], waits["state"]) == (
        turns[1].pk,
        1,
        "Quinn Sample",
        "waiting",
    )
    assert (waits["passed_by_because"], waits["comes_first"], waits["last_offer"]) == ("not_cleared", False, None)
    assert (asked["booking"], asked["turn"], asked["state"]) == (offered.pk, None, "offered")
    assert asked["last_offer"]["by_phone"] and asked["last_offer"]["state"] == "open"
    assert AccessLog.objects.filter(target=quinn.person, what="clearance").count() == 1


def test_nobody_of_another_programme_or_without_a_desk_reads_it(
    turns: list[Booking], session: Session, ines: Any, sign_in: Any
) -> None:
    for user in (ines.person.user, turns[0].participant.person.user):
        browser = sign_in(user)
        assert browser.get(f"/api/v1/sessions/{session.pk}/waiting-list/").status_code == 404
        assert called(browser, turns[0], "takes_place").status_code == 404


def test_a_call_that_was_not_answered_starts_the_clock_and_one_that_was_books(
    desk: Client, offered: Booking, session: Session, noon: Any
) -> None:
    assert called(desk, offered, "no_answer", note="rang twice").json()["state"] == "offered"
    assert read(desk, session)["people"][1]["last_offer"]["tried_at"] is not None
    task = Task.objects.get(kind="waiting_call", subject_id=offered.pk)
    assert TaskAttempt.objects.get(task=task).note == "rang twice"
    assert called(desk, offered, "thinks").json()["offer"]["expires_at"] == "2027-02-03T16:00:00Z"
    taken = called(desk, offered, "takes_place", key="k")
    assert (taken.status_code, taken.json()["state"]) == (200, "booked")
    assert called(desk, offered, "takes_place", key="k").json() == taken.json()
    assert called(desk, offered, "declines", key="k").status_code == 422
    again = called(desk, offered, "takes_place")
    assert (again.status_code, again.json()["code"]) == (409, "not_waiting")


@pytest.mark.parametrize(("outcome", "state"), [("declines", "declined"), ("pass_by", "waiting")])
def test_who_does_not_want_it_or_cannot_be_reached_lets_the_next_be_asked(
    desk: Client, offered: Booking, turns: list[Booking], outcome: str, state: str
) -> None:
    assert called(desk, offered, outcome).json()["state"] == state
    turns[1].refresh_from_db()
    assert turns[1].state == BookingState.OFFERED


def test_who_waits_for_a_public_place_and_does_not_want_it_leaves_the_list(desk: Client, turns: list[Booking]) -> None:
    assert called(desk, turns[1], "declines").json()["state"] == "cancelled"


def test_a_refusal_is_named_and_the_same_key_repeats_it(desk: Client, turns: list[Booking]) -> None:
    for _ in range(2):
        refused = called(desk, turns[1], "takes_place", key="k")
        assert (refused.status_code, refused.json()["code"]) == (409, "session_full")
    assert called(desk, turns[1], "maybe").status_code == 400


def test_somebody_comes_first_with_a_reason_and_in_turn_again(
    desk: Client, turns: list[Booking], session: Session
) -> None:
    without = send(desk, turns[1], "priority", {"first": True})
    assert (without.status_code, without.json()["code"]) == (409, "priority_needs_reason")
    assert send(desk, turns[1], "priority", {"first": True, "reason": "An operation"}).json()["position"] == 1
    first = read(desk, session)["people"][0]
    assert (first["booking"], first["comes_first"], first["priority_reason"]) == (turns[1].pk, True, "An operation")
    assert send(desk, turns[1], "priority", {"first": False}).json()["position"] == 2
    left = cancel_booking(booking=turns[1], by=turns[1].participant.person)
    assert send(desk, left, "priority", {"first": False}).json()["code"] == "not_waiting"
