"""Forms that come from a file: asked of people, question by question."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from outcomes.fhir.reading import read_questionnaire
from outcomes.models import Assessment, Questionnaire, Response
from participants.models import Participant
from tests.factories.fhir import TREES, as_file, choice, extension, form, item, when
from tests.factories.outcomes import AssessmentFactory, QuestionnaireFactory

pytestmark = pytest.mark.django_db

WALKS = form(
    item("g", "group", text="Your last week", item=[
        item("hello", "display", text="Think of <b>all</b> days."),
        item("/walks", text="Did you go for a walk?"),
        choice("passed", "bench", "gate", weighed_from=None, text="What did you pass?", repeats=True,
               enableWhen=[when("/walks", answerBoolean=True)]),
    ]),
    item("weight", "quantity", text="What do you weigh?", required=True,
         extension=[extension("questionnaire-unit", valueCoding={"code": "kg"})]),
    item("bye", "display", text="That is all."),
    copyright="A society that lends its words",
)  # fmt: skip


def _text(page: Any) -> str:
    return html.unescape(page.content.decode())


def _stored(pat: Participant, document: Any = WALKS) -> Questionnaire:
    reading = read_questionnaire(as_file(document))
    words = {"title": reading.title, "introduction": "", "licence": reading.copyright, "items": list(reading.items)}
    questionnaire: Questionnaire = QuestionnaireFactory(programme=pat.programme, code="walks", recipe="", **words)
    return questionnaire


@pytest.fixture
def due(pat: Participant) -> Assessment:
    return AssessmentFactory(participant=pat, questionnaire=_stored(pat))


@pytest.fixture
def browser(pat: Participant, sign_in: Any) -> Client:
    client: Client = sign_in(pat.person.user)
    return client


def _question(due: Assessment, key: str) -> str:
    return reverse("me:wellbeing_question", args=[due.pk, key])


def test_a_form_from_a_file_is_asked_question_by_question(due: Assessment, browser: Client) -> None:
    first = _text(browser.get(reverse("me:wellbeing", args=[due.pk])))
    assert "There are 3 short questions. They take about 1 minute." in first and "lends its words" in first
    assert "not a clinical measure" not in first
    page = browser.get(_question(due, "item-1"))
    assert "Your last week" in _text(page) and "Think of &lt;b&gt;all&lt;/b&gt; days." in page.content.decode()
    assert browser.post(_question(due, "item-1"), {"answer": "True"})["Location"] == _question(due, "passed")
    assert browser.post(_question(due, "passed"), {"answer": ["0", "1"]})["Location"] == _question(due, "weight")
    assert "That is all." in _text(browser.get(_question(due, "weight")))
    answers = reverse("me:wellbeing_answers", args=[due.pk])
    refused = browser.post(answers)
    assert refused.status_code == 422 and "Answer “What do you weigh?”, or choose" in _text(refused)
    assert browser.post(_question(due, "weight"), {"decline": "yes"})["Location"] == answers
    assert "You chose “I would rather not answer”" in _text(browser.get(_question(due, "weight")))
    assert browser.post(_question(due, "weight"), {"answer": "70,5"}).status_code == 422
    browser.post(_question(due, "weight"), {"answer": "70.5"})
    shown = _text(browser.get(answers))
    assert "Bench and Gate" in shown and "70.5 kg" in shown
    assert browser.post(answers).status_code == 302
    assert Response.objects.get().answers == {
        "/walks": [{"valueBoolean": True}],
        "passed": [{"valueCoding": {"system": TREES, "code": code}} for code in ("bench", "gate")],
        "weight": [{"valueQuantity": {"value": 70.5, "unit": "kg", "code": "kg"}}],
    }


def test_what_is_not_asked_any_more_is_not_kept(due: Assessment, browser: Client) -> None:
    browser.post(_question(due, "item-1"), {"answer": "True"})
    browser.post(_question(due, "passed"), {"answer": ["0"]})
    assert browser.post(_question(due, "item-1"), {"answer": "False"})["Location"] == _question(due, "weight")
    assert Response.objects.get().answers == {"/walks": [{"valueBoolean": False}]}
