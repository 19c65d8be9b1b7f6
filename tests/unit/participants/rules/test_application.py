import datetime as dt

import pytest

from participants.rules.application import Application, ConsentAnswer, Need, merged, read_application
from participants.rules.questions import shipped_questions
from tests.factories.registering import HEALTH

QUESTIONS = shipped_questions()
REQUIRED = frozenset({"service", "health"})
WHOLE = {
    "given_name": " Jo ",
    "family_name": "Invented",
    "born": "1958-03-14",
    "area": "Dorset",
    "cancer": "confirmed",
    "email": "jo@example.org",
    "phone": "+441632960222",
    "preferred": "phone",
    "may_leave_message": True,
    "needs": ["language", "lip_reads"],
    "need_language": "Polish",
    "share_needs": True,
    "emergency_name": "Emer",
    "emergency_phone": "+441632960111",
    "health": HEALTH,
    "health_version": QUESTIONS.version,
    "consents": {"service": {"given": True, "text": 1}, "health": {"given": True, "text": 2}},
}


def test_a_whole_draft_is_read():
    application = read_application(WHOLE, QUESTIONS)
    assert application.given_name == "Jo" and application.born == dt.date(1958, 3, 14)
    assert dict(application.contacts) == {"email": "jo@example.org", "phone": "+441632960222"}
    assert application.needs == (Need("language", "Polish"), Need("lip_reads"))
    assert application.consents["health"] == ConsentAnswer(True, 2)
    assert application.missing(QUESTIONS, REQUIRED) == ()
    assert application.preferred_channel == "phone"


def test_an_empty_draft_misses_everything():
    missing = read_application({}, QUESTIONS).missing(QUESTIONS, REQUIRED)
    assert missing[:4] == ("name", "contact", "emergency", "eligibility")
    assert set(missing[4:]) == {f"health.{q.id}" for q in QUESTIONS.asked_of_all}


def test_answers_to_other_words_are_asked_again():
    application = read_application(WHOLE | {"health_version": "older"}, QUESTIONS)
    assert application.health == {}


@pytest.mark.parametrize(
    ("contacts", "preferred", "expected"),
    [({"email": "a", "text": "b"}, "text", "text"), ({"email": "a"}, "text", "email"), ({}, "text", "")],
)
def test_the_preferred_way_is_one_that_was_given(contacts, preferred, expected):
    assert Application(contacts=contacts, preferred=preferred).preferred_channel == expected


@pytest.mark.parametrize(
    ("given", "agrees"),
    [({}, None), ({"service": True}, None), ({"service": True, "health": True}, True), ({"service": False}, False)],
)
def test_agreement_is_every_required_consent(given, agrees):
    consents = {kind: ConsentAnswer(answer, 1) for kind, answer in given.items()}
    assert Application(consents=consents).applicant(REQUIRED).agrees is agrees


def test_a_page_is_put_in_and_counts_as_done_once():
    draft = merged({}, "name", {"given_name": "Jo"})
    draft = merged(draft, "agree", {"consents": {"service": {"given": True, "text": 1}}})
    draft = merged(draft, "agree-more", {"consents": {"health": {"given": False, "text": 2}}})
    draft = merged(draft, "name", {"given_name": "Joe"})
    assert draft["given_name"] == "Joe"
    assert set(draft["consents"]) == {"service", "health"}
    assert draft["done"] == ["agree", "agree-more", "name"]


def test_new_words_throw_old_health_answers_away():
    draft = merged(
        {"health": {"bones": ["none"]}, "health_version": "old"}, "x", {"health_version": "new", "health": {"a": "b"}}
    )
    assert draft["health"] == {"a": "b"}
    assert merged(draft, "y", {"health_version": "new", "health": {"c": "d"}})["health"] == {"a": "b", "c": "d"}
