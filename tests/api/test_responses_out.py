from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AccessLog, User
from outcomes.answering.recording import save_draft, submit
from outcomes.bringing import Licence, bring_questionnaire
from outcomes.models import AnswerMode, Assessment, Questionnaire
from outcomes.scoring import DECLINED
from participants.models import Participant
from tests.factories.fhir import EVERY_KIND, TREES, as_file, choice, form, item, when
from tests.factories.outcomes import AssessmentFactory, answers_of, sent_form
from tests.unit.outcomes.test_bringing import STIFFNESS, own_recipe

pytestmark = pytest.mark.django_db

WALK: dict[str, Any] = {
    "walks": [{"valueBoolean": True}],
    "how many": 3,
    "rate": 4,
    "miles": [{"valueDecimal": 2.5}],
    "weight": [{"valueQuantity": {"value": 70, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}}],
    "day": [{"valueDate": "2026-11-20"}],
    "moment": [{"valueDateTime": "2026-11-20T16:30:00+00:00"}],
    "hour": [{"valueTime": "09:15:00"}],
    "name": [{"valueString": "Harbour path"}],
    "story": DECLINED,
    "page": [{"valueUri": "https://example.org/paths"}],
    "tree": [{"valueCoding": {"system": TREES, "code": "ash"}}],
    "1": [{"valueCoding": {"system": TREES, "code": "bench"}}, {"valueCoding": {"system": TREES, "code": "gate"}}],
    "with": [{"valueString": "My neighbour"}],
}


def _asked(desk: User, pat: Participant, document: Any, recipe: str = "") -> Assessment:
    licence = Licence("Wessex programme", "A-17", dt.date(2026, 1, 1))
    brought = bring_questionnaire(
        programme=pat.programme, content=as_file(document), licence=licence, recipe=recipe, by=desk.person
    )
    due: Assessment = AssessmentFactory(participant=pat, questionnaire=brought)
    return due


def _sent(due: Assessment, pat: Participant, answers: Any) -> None:
    save_draft(assessment=due, answers=answers, mode=AnswerMode.SELF, by=pat.person)
    submit(assessment=due, mode=AnswerMode.SELF, by=pat.person)


def _out(browser: Client, due: Assessment) -> Any:
    return browser.get(f"/api/v1/assessments/{due.pk}/questionnaire-response/")


def _given(items: Any) -> dict[str, Any]:
    """linkId → values, wherever it stands; as somebody else would read the file."""
    found = {}
    for one in items:
        if answers := one.get("answer"):
            found[one["linkId"]] = [
                {name: value for name, value in answer.items() if name != "item"} for answer in answers
            ]
        found |= _given(one.get("item", []))
        found |= {link: value for answer in answers or [] for link, value in _given(answer.get("item", [])).items()}
    return found


def test_what_was_asked_from_a_file_goes_out_as_it_was_answered(dee: User, pat: Participant, sign_in: Any) -> None:
    due = _asked(dee, pat, EVERY_KIND)
    _sent(due, pat, WALK)
    body = _out(sign_in(pat.person.user), due).json()
    assert body["resourceType"] == "QuestionnaireResponse" and body["status"] == "completed"
    assert body["questionnaire"] == "https://example.org/fhir/walks|1"
    assert dt.datetime.fromisoformat(body["authored"]).date() == timezone.now().date()
    declined = [{"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                                "valueCode": "asked-declined"}]}]  # fmt: skip
    whole = {"how many": [{"valueInteger": 3}], "rate": [{"valueInteger": 4}], "story": declined}
    assert _given(body["item"]) == WALK | whole
    assert [one["linkId"] for one in body["item"]][:2] == ["about", "rate"]  # groups stand around their items
    assert "answer" not in body["item"][0]


def test_no_words_of_a_licensed_form_go_out_and_ours_do(dee: User, pat: Participant, sign_in: Any) -> None:
    due = _asked(dee, pat, EVERY_KIND)
    _sent(due, pat, WALK | {"with": [{"valueString": "A friend"}]})
    out = _out(sign_in(pat.person.user), due).json()
    place = {"system": "urn:safefit:place-of-option", "code": "2"}  # an option that is nothing but words
    assert _given(out["item"])["with"] == [{"valueCoding": place}]
    out = json.dumps(out)
    assert "Did you go for a walk" not in out and "About you" not in out and "Bench" not in out and "A fr" not in out
    own: Assessment = AssessmentFactory(participant=pat, timepoint__code="w12", timepoint__day=84)
    sent_form(own, answers_of(4), on=timezone.localdate())
    body = _out(sign_in(pat.person.user), own).json()
    assert body["questionnaire"].startswith("urn:safefit:questionnaire:safefit-wellbeing|")
    assert any("energy" in one.get("text", "") for one in body["item"])


def test_what_hangs_on_an_answer_stands_beneath_it(dee: User, pat: Participant, sign_in: Any) -> None:
    inner = item("why", "string", enableWhen=[when("tree", answerCoding={"system": TREES, "code": "oak"})])
    due = _asked(dee, pat, form(choice("tree", item=[inner, item("hidden", "string")]), item("left open")))
    oak = [{"valueCoding": {"system": TREES, "code": "oak"}}]
    _sent(due, pat, {"tree": oak, "why": [{"valueString": "Tall"}]})
    assert _out(sign_in(pat.person.user), due).json()["item"] == [
        {"linkId": "tree", "answer": [{**oak[0], "item": [{"linkId": "why", "answer": [{"valueString": "Tall"}]}]}]}
    ]


def test_scores_go_with_what_was_sent_each_with_its_recipe(dee: User, pat: Participant, sign_in: Any) -> None:
    items = [choice(f"/q{number}", *"abcd", weighed_from=1) for number in (1, 2)]
    with own_recipe(STIFFNESS):
        due = _asked(dee, pat, form(*items), recipe="stiffness")
        _sent(due, pat, {link: [{"valueCoding": {"system": TREES, "code": "d"}}] for link in ("/q1", "/q2")})
        [way, score] = _out(sign_in(pat.person.user), due).json()["extension"]
    assert way["valueCodeableConcept"]["coding"][0]["code"] == "ONLINEWRIT"
    assert score["extension"] == [
        {"url": "scale", "valueCode": "stiff"}, {"url": "value", "valueDecimal": 8.0},
        {"url": "recipe", "valueString": "stiffness|3"},
    ]  # fmt: skip


def test_a_score_that_there_is_none_of_goes_out_with_its_reason_and_whose_values_it_is_of(
    pat: Participant, sign_in: Any
) -> None:
    due: Assessment = AssessmentFactory(participant=pat)
    response = sent_form(due, {"energy": 4}, on=timezone.localdate())
    response.scores.create(
        scale="index", value=1.0, recipe="safefit_wellbeing", recipe_version="1", value_set="UK_2026",
        scored_at=timezone.now(),
    )  # fmt: skip
    scores = _out(sign_in(pat.person.user), due).json()["extension"][1:]
    assert {"url": "reason", "valueString": "too few answers"} in scores[0]["extension"]
    assert {"url": "valueSet", "valueString": "UK_2026"} in scores[-1]["extension"]


def test_what_came_on_paper_was_given_on_the_day_that_stands_on_it(dee: User, pat: Participant, sign_in: Any) -> None:
    due: Assessment = AssessmentFactory(participant=pat)
    save_draft(assessment=due, answers={"energy": 3}, mode=AnswerMode.PAPER, by=dee.person)
    submit(assessment=due, mode=AnswerMode.PAPER, answered_on=timezone.localdate(), by=dee.person)
    body = _out(sign_in(pat.person.user), due).json()
    assert body["authored"] == timezone.localdate().isoformat()
    assert body["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == "HANDWRIT"


def test_a_form_is_read_by_others_only_while_they_may_type_it_and_that_is_noted(
    dee: User, pat: Participant, sign_in: Any
) -> None:
    due: Assessment = AssessmentFactory(participant=pat)
    body = _out(sign_in(dee), due).json()
    assert body["status"] == "in-progress" and "item" not in body and "authored" not in body
    assert not AccessLog.objects.exists()
    save_draft(assessment=due, answers={"energy": 3}, mode=AnswerMode.PHONE, by=dee.person)
    body = _out(sign_in(dee), due).json()
    assert _given(body["item"]) == {"energy": [{"valueInteger": 3}]}
    assert AccessLog.objects.get().by == dee.person
    submit(assessment=due, mode=AnswerMode.PHONE, by=dee.person)
    assert _out(sign_in(dee), due).status_code == 404
    assert _out(sign_in(pat.person.user), due).status_code == 200
    assert Questionnaire.objects.count() == 1
