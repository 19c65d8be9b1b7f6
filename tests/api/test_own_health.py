from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.permissions import Role
from participants import health
from participants.consents import give_consent, withdraw_consent
from participants.content import install
from participants.models import ConsentKind, ConsentText, Participant
from participants.rules.questions import CURRENT
from participants.taking_part import life
from tests.factories.accounts import someone
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/own-health/"


@pytest.fixture
def agreed(pat: Participant) -> Participant:
    install(pat.programme, pat.person)
    text = ConsentText.objects.filter(programme=pat.programme, kind=ConsentKind.HEALTH).latest("version")
    give_consent(participant=pat, text=text, by=pat.person)
    return pat


@pytest.fixture
def browser(agreed: Participant, sign_in: Any) -> Client:
    client: Client = sign_in(agreed.person.user)
    return client


def send(browser: Client, **changes: Any) -> Any:
    body = {"version": CURRENT, "answers": HEALTH, **changes}
    return browser.post(ADDRESS, body, content_type="application/json")


def test_the_questions_asked_now_come_with_what_was_answered_last(browser: Client, agreed: Participant) -> None:
    first = browser.get(ADDRESS).json()
    assert set(first) == {"version", "questions", "last_answers", "standing"}
    assert (first["version"], first["last_answers"]) == (CURRENT, None)
    assert set(first["questions"][0]) == {"id", "kind", "ask", "why", "follow_up", "options"}
    assert set(first["questions"][0]["options"][0]) == {"value", "label", "asks", "alone"}, "and no flag"
    health.update_health(participant=agreed, answers=HEALTH | {"surgery": "yes"}, note="private", by=agreed.person)
    later = browser.get(ADDRESS).json()
    assert later["last_answers"]["surgery"] == "yes"
    assert later["standing"]["state"] == "needs_review" and later["standing"]["review_due_at"]
    assert "private" not in str(later)


def test_answers_clear_and_say_until_when(browser: Client, agreed: Participant) -> None:
    answer = send(browser)
    assert answer.status_code == 201
    assert (answer.json()["state"], answer.json()["review_due_at"]) == ("cleared", None)
    assert answer.json()["valid_until"] == str(health.clearance_of(agreed).valid_until)
    assert agreed.health_profiles.get().mode == "self"


def test_answers_that_need_a_person_say_by_when(browser: Client) -> None:
    answer = send(browser, answers=HEALTH | {"surgery": "yes"}, note="since Monday")
    assert answer.json()["state"] == "needs_review" and answer.json()["review_due_at"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"answers": {}}, "surgery"),
        ({"answers": HEALTH | {"surgery": "perhaps"}}, "surgery"),
        ({"answers": HEALTH | {"surgery": 1}}, "surgery"),
        ({"answers": HEALTH | {"bones": [1]}}, "bones"),
        ({"answers": HEALTH, "colour": "red"}, "colour"),
        ({"answers": HEALTH, "state": "cleared"}, "state"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(
    browser: Client, agreed: Participant, body: dict[str, Any], named: str
) -> None:
    answer = send(browser, **body)
    assert answer.status_code == 400 and named in str(answer.json()["errors"])
    assert not agreed.health_profiles.exists()


def test_an_old_wording_is_a_conflict_that_names_the_one_asked_now(browser: Client, agreed: Participant) -> None:
    answer = send(browser, version="2025-9")
    assert (answer.status_code, answer.json()["code"], answer.json()["version"]) == (409, "questions_changed", CURRENT)
    assert not agreed.health_profiles.exists()


def test_without_consent_nothing_is_kept(browser: Client, agreed: Participant) -> None:
    withdraw_consent(participant=agreed, kind=ConsentKind.HEALTH, by=agreed.person)
    assert (send(browser).status_code, send(browser).json()["code"]) == (409, "no_consent")


def test_who_has_left_is_not_asked(browser: Client, agreed: Participant) -> None:
    life.withdraw(participant=agreed, by=agreed.person)
    answer = send(browser)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_possible_now")
    assert answer.json()["status_now"] == "withdrawn"


def test_nobody_answers_for_somebody_else(agreed: Participant, quinn: Participant, sam: Any, sign_in: Any) -> None:
    assert send(sign_in(sam)).status_code == 403
    nobody = someone("Rae Recordless", Role.PARTICIPANT, programme=agreed.programme)
    assert sign_in(nobody).get(ADDRESS).status_code == 404
    assert "surgery" not in str(sign_in(quinn.person.user).get(ADDRESS).json()["last_answers"])
    assert Client().get(ADDRESS).status_code == 401
