from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.history import System
from participants import consents
from participants.content import install
from participants.models import ConsentKind, Participant
from participants.taking_part import life
from tests.factories.participants import TreatmentDaysFactory

pytestmark = pytest.mark.django_db
DAYS = "/api/v1/own-treatment-days/"


@pytest.fixture
def browser(pat: Participant, sign_in: Any) -> Client:
    install(pat.programme, System.COMMAND)
    for text in consents.current_texts(pat.programme):
        consents.give_consent(participant=pat, text=text, by=pat.person)
    client: Client = sign_in(pat.person.user)
    return client


def put(browser: Client, body: Any) -> Any:
    return browser.put(DAYS, body, content_type="application/json")


def in_days(days: int) -> str:
    return str(timezone.localdate() + dt.timedelta(days=days))


def test_all_of_ones_days_are_put_and_read(browser: Client) -> None:
    assert browser.get(DAYS).json() == {"days": [], "days_after": 2}
    often = {"first": in_days(9), "every_weeks": 3, "times": 6}
    answer = put(browser, {"days": [often, {"first": in_days(1)}]})
    once = {"first": in_days(1), "every_weeks": 0, "times": 1}
    assert (answer.status_code, answer.json()) == (200, {"days": [once, often], "days_after": 2})
    assert put(browser, {"days": [often]}).json()["days"] == browser.get(DAYS).json()["days"] == [often]
    assert put(browser, {"days": []}).json()["days"] == []


@pytest.mark.parametrize(
    "days",
    [
        [{"first": "soon"}],
        [{}],
        [{"first": in_days(1), "every_weeks": 13, "times": 2}],
        [{"first": in_days(1), "times": 2}],
        [{"first": in_days(1), "every_weeks": 3}],
        [{"first": in_days(1), "every_weeks": 3, "times": 31}],
        [{"first": in_days(-10)}],
        [{"first": in_days(-400), "every_weeks": 12, "times": 8}],
        [{"first": in_days(1), "every_weeks": 12, "times": 12}],
        [{"first": in_days(1), "kind": "infusion"}],
        [{"first": in_days(number)} for number in range(21)],
        "tomorrow",
    ],
)
def test_what_cannot_be_noted_is_refused_and_nothing_is_lost(browser: Client, days: Any) -> None:
    put(browser, {"days": [{"first": in_days(1)}]})
    answer = put(browser, {"days": days})
    assert answer.status_code == 400 and "days" in answer.json()["errors"]
    assert len(browser.get(DAYS).json()["days"]) == 1


def test_without_consent_and_after_leaving_nothing_is_kept(browser: Client, pat: Participant) -> None:
    life.withdraw(participant=pat, by=pat.person)
    answer = put(browser, {"days": []})
    assert (answer.status_code, answer.json()["code"], answer.json()["status_now"]) == (
        409, "not_possible_now", "withdrawn",
    )  # fmt: skip
    Participant.objects.filter(pk=pat.pk).update(status="active")
    consents.withdraw_consent(participant=pat, kind=ConsentKind.HEALTH, by=pat.person)
    answer = put(browser, {"days": []})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_consent")


def test_a_supporter_has_no_days_of_anybody(pat: Participant, sam: Any, sign_in: Any) -> None:
    TreatmentDaysFactory(participant=pat)
    assert sign_in(sam).get(DAYS).status_code in (403, 404)
