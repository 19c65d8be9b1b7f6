"""Calling off several classes of today through the API: exactly those that are named, and how many know of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from classes.models import BookingState, Session
from instructors.models import Instructor
from messaging.models import Message, MessageState
from participants.models import Participant
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
ADDRESS, PREVIEW = "/api/v1/calling-off/", "/api/v1/calling-off/preview/"
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)  # a Wednesday
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def own(clock: Any, ines: Instructor, sign_in: Any) -> Client:
    browser: Client = sign_in(ines.person.user)
    return browser


def on(leader: Instructor, hours: int) -> Session:
    made: Session = SessionFactory(programme=leader.programme, leader=leader, starts_at=NOON + hours * HOUR)
    return made


def send(browser: Client, address: str = ADDRESS, key: str = "", **sent: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return browser.post(address, sent, "application/json", headers=headers)


def offered(browser: Client) -> list[int]:
    return [one["session"] for one in browser.get(ADDRESS).json()["offered"]]


def test_whoever_leads_calls_off_classes_of_today_at_once_and_reads_how_many_know(
    own: Client, ines: Instructor, pat: Participant, quinn: Participant
) -> None:
    first, second, tomorrow = on(ines, 2), on(ines, 4), on(ines, 26)
    places = [BookingFactory(session=first, participant=pat), BookingFactory(session=second, participant=quinn)]
    Session.objects.filter(pk__in=[first.pk, second.pk]).update(places_taken=1)
    assert offered(own) == [first.pk, second.pk]
    both = {"sessions": [first.pk, second.pk]}
    looked = send(own, PREVIEW, **both).json()
    assert (looked["people_told"], sum(looked["by_way"].values()), looked["leaves_at"]) == (2, 2, None)
    for refused in (send(own, **both), send(own, reason="Ill", sessions=[]), send(own, reason=" ", **both)):
        assert refused.status_code == 400
    outdated = send(own, sessions=[first.pk, tomorrow.pk], reason="Ill")
    assert (outdated.status_code, outdated.json()["code"]) == (409, "classes_outdated")
    assert outdated.json()["offered"] == [first.pk, second.pk]
    for _ in range(2):  # the answer was lost
        done = send(own, key="once", reason="The instructor is ill", **both)
        assert done.json() == {"called_off": [first.pk, second.pk], "people_told": 2}
    assert send(own, key="once", reason="Snow", **both).status_code == 422
    for place in places:
        place.refresh_from_db()
        assert place.state == BookingState.CLOSED
    Message.objects.filter(person=pat.person).update(state=MessageState.SENT)
    off = own.get(ADDRESS).json()["off"]
    assert [(one["heard"]["told"], one["heard"]["on_its_way"]) for one in off] == [(1, 0), (0, 1)]
    assert pat.person.full_name not in str(off) and offered(own) == []


def test_a_register_that_was_started_meanwhile_stops_the_whole_and_the_desk_reaches_tomorrow(
    own: Client, ines: Instructor, ivor: Instructor, dee: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, far = on(ines, 2), on(ivor, 26), on(ivor, 50)
    desk = sign_in(dee)
    assert offered(desk) == [first.pk, second.pk] and far.pk not in offered(desk)
    monkeypatch.setattr("classes.api.calling_off.teaching.to_call_off", lambda sessions, days: list(sessions))
    AttendanceFactory(session=first)
    refused = send(desk, sessions=[first.pk, second.pk], reason="Snow")
    assert (refused.status_code, refused.json()["code"], refused.json()["session"]) == (
        409, "too_late_to_cancel", first.pk
    )  # fmt: skip
    second.refresh_from_db()
    assert not second.is_cancelled
    assert sign_in(ines.person.user).get(ADDRESS).json()["off"] == []
