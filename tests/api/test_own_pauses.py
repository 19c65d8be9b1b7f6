from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.permissions import Role
from participants.content import install
from participants.models import Participant, ParticipantStatus
from participants.taking_part import life
from tests.factories.accounts import someone

pytestmark = pytest.mark.django_db
PAUSES, END = "/api/v1/own-pauses/", "/api/v1/own-pauses/end/"


@pytest.fixture
def browser(pat: Participant, sign_in: Any) -> Client:
    client: Client = sign_in(pat.person.user)
    return client


def send(browser: Client, body: dict[str, Any], *, method: str = "post", url: str = PAUSES) -> Any:
    return getattr(browser, method)(url, body, content_type="application/json")


def in_days(days: int) -> str:
    return str(timezone.localdate() + dt.timedelta(days=days))


def test_a_break_is_started_moved_and_ended(browser: Client, pat: Participant) -> None:
    assert browser.get(PAUSES).json() == []
    started = send(browser, {"reason": "treatment", "review_on": in_days(20)})
    assert started.status_code == 201
    going_on = {"starts_on": in_days(0), "ends_on": None, "reason": "treatment", "review_on": in_days(20)}
    assert started.json() == going_on
    moved = send(browser, {"review_on": in_days(30)}, method="patch")
    assert (moved.status_code, moved.json()) == (200, going_on | {"review_on": in_days(30)})
    ended = send(browser, {}, url=END)
    assert (ended.status_code, ended.json()["ends_on"]) == (200, in_days(0))
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.ACTIVE
    send(browser, {"reason": "away"})
    assert [row["reason"] for row in browser.get(PAUSES).json()] == ["away", "treatment"]


@pytest.mark.parametrize(
    ("method", "body", "named"),
    [
        ("post", {"reason": "because"}, "reason"),
        ("post", {}, "reason"),
        ("post", {"reason": "away", "review_on": "soon"}, "review_on"),
        ("post", {"reason": "away", "review_on": in_days(0)}, "review_on"),
        ("post", {"reason": "away", "status": "active"}, "status"),
        ("patch", {}, "review_on"),
        ("patch", {"review_on": in_days(400)}, "review_on"),
    ],
)
def test_what_cannot_be_used_is_named(browser: Client, pat: Participant, method: str, body: Any, named: str) -> None:
    answer = send(browser, body, method=method)
    assert answer.status_code == 400 and named in answer.json()["errors"]
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.ACTIVE


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [("post", END, {}), ("patch", PAUSES, {"review_on": in_days(9)}), ("post", PAUSES, {"reason": "away"})],
)
def test_what_the_state_is_against_is_a_conflict_that_says_it(
    browser: Client, pat: Participant, method: str, url: str, body: Any
) -> None:
    if body == {"reason": "away"}:
        life.withdraw(participant=pat, by=pat.person)
    answer = send(browser, body, method=method, url=url)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_possible_now")
    pat.refresh_from_db()
    assert answer.json()["status_now"] == pat.status


def test_ones_own_record_says_how_far_one_is(browser: Client, pat: Participant) -> None:
    install(pat.programme, pat.person)
    record = browser.get("/api/v1/own-record/").json()
    assert (record["position"]["day"], record["position"]["week"]) == (31, 5)
    life.pause(participant=pat, reason="away", by=pat.person)
    assert browser.get("/api/v1/own-record/").json()["position"]["ends_on"] is None
    pat.enrolments.all().delete()
    assert browser.get("/api/v1/own-record/").json()["position"] is None


def test_it_is_for_oneself_alone(pat: Participant, sam: Any, dee: Any, sign_in: Any) -> None:
    assert send(sign_in(sam), {"reason": "away"}).status_code == 403
    assert send(sign_in(dee), {"reason": "away"}).status_code == 403
    assert send(Client(), {"reason": "away"}).status_code in (401, 403)
    nobody = someone("Rae Recordless", Role.PARTICIPANT, programme=pat.programme)
    assert sign_in(nobody).get(PAUSES).status_code == 404
