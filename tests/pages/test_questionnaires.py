"""Forms that come from a file: asked of people, question by question."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse, reverse_lazy

from accounts.models import User
from frontend.questionnaire_words import AGAINST, KINDS, WORDS
from outcomes.fhir.given import Kind
from outcomes.fhir.reading import read_questionnaire
from outcomes.fhir.remarks import LeftOut, Refused, Warned
from outcomes.instruments.recipe import Item, Recipe, SafetyItem, Scale, Sum
from outcomes.models import Assessment, Questionnaire, Response
from outcomes.questions.binding import Against
from participants.models import Participant
from tests.factories.fhir import PAIN, TREES, as_file, choice, extension, form, item, when
from tests.factories.outcomes import (
    AssessmentFactory,
    QuestionnaireFactory,
    QuestionnaireFileFactory,
    onwards,
    own_recipe,
    timepoints_of,
)
from tests.unit.outcomes.fhir.test_reading import CORPUS

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


YES = {"active": "yes", "at": ["start", "w12", "w26"]}


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
    assert onwards(browser.post(_question(due, "item-1"), {"answer": "True"})) == _question(due, "passed")
    assert onwards(browser.post(_question(due, "passed"), {"answer": ["0", "1"]})) == _question(due, "weight")
    assert "That is all." in _text(browser.get(_question(due, "weight")))
    answers = reverse("me:wellbeing_answers", args=[due.pk])
    refused = browser.post(answers)
    assert refused.status_code == 422 and "Answer “What do you weigh?”, or choose" in _text(refused)
    assert onwards(browser.post(_question(due, "weight"), {"decline": "yes"})) == answers
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
    assert onwards(browser.post(_question(due, "item-1"), {"answer": "False"})) == _question(due, "weight")
    assert Response.objects.get().answers == {"/walks": [{"valueBoolean": False}]}


def test_what_fits_a_box_and_not_its_question_is_refused_with_what_to_type(pat: Participant, browser: Client) -> None:
    early = item("hour", "time", extension=[extension("minValue", valueTime="09:30:00")])
    due = AssessmentFactory(participant=pat, questionnaire=_stored(pat, form(early)))
    refused = browser.post(_question(due, "hour"), {"answer": "8am"})
    assert refused.status_code == 422 and "Enter an answer from 9:30am" in _text(refused)
    assert not Response.objects.exists()


# --- at the desk -------------------------------------------------------------

ALL = reverse_lazy("desk:questionnaires")
BRING = reverse_lazy("desk:bring_questionnaire")
LICENCE = {
    "holder": "Wessex programme", "reference": "A-17", "starts-day": "1", "starts-month": "1", "starts-year": "2026",
}  # fmt: skip


@pytest.fixture
def desk(dee: User, sign_in: Any, pat: Participant) -> Client:
    client: Client = sign_in(dee)
    return client


@pytest.fixture
def stiffness() -> Iterator[None]:
    items = (Item("/q1", 1, 4), Item("/q2", 1, 4))
    scale = Scale("stiff", ("/q1", "/q2"), (Sum(),), 2, 8)
    recipe = Recipe("stiffness", "3", "Stiffness", items, (scale,), citation="", licence="")
    with own_recipe(recipe):
        yield


def _file(document: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile("form.json", document if isinstance(document, bytes) else as_file(document))


def _bring(desk: Client, document: Any = PAIN, seen: Any = None, **more: Any) -> Any:
    fingerprint = hashlib.sha256(as_file(document if seen is None else seen)).hexdigest()
    return desk.post(
        BRING,
        {**LICENCE, "recipe": "none", "fits": "stiffness gone", "file": _file(document), "seen": fingerprint, **more},
    )


def test_a_file_is_looked_at_brought_in_seen_and_made_active(desk: Client, pat: Participant, stiffness: None) -> None:
    assert "There is no questionnaire yet" in _text(desk.get(ALL))
    look = _text(desk.post(ALL, {"file": _file(PAIN)}))
    assert "Stiffness: every item fits." in look and "one of 4" in look and "lends its words" in look
    assert not Questionnaire.objects.exists()
    brought = _bring(desk, recipe="stiffness")
    one = Questionnaire.objects.get()
    page = _text(desk.get(brought["Location"]))
    assert "Not asked" in page and "Stiffness, version 3" in page and "A-17" in page and "without an end" in page
    first, last = (_text(desk.get(reverse("desk:question_seen", args=[one.pk, f"item-{n}"]))) for n in (1, 2))
    assert "Words of /q1" in first and "Next question" in first and "Back to the questionnaire" in last
    assert desk.get(reverse("desk:question_seen", args=[one.pk, "item-3"])).status_code == 404
    timepoints_of(one.programme)
    active = reverse("desk:set_questionnaire_active", args=[one.pk])
    assert "Select when it is asked" in _text(desk.post(active, {"active": "yes"}))
    for wish, label in ((YES, "Asked"), ({"active": "no"}, "Not asked")):
        desk.post(active, wish)
        assert f">{label}<" in _text(desk.get(ALL))
    asked = _text(desk.post(active, YES | {"at": ["start", "w26"]}, follow=True))
    assert "Start and 26 weeks" in asked and "Save when it is asked" in asked
    assert Questionnaire.objects.get().asked_at == ["start", "w26"] and "Ask nobody any more" not in asked
    AssessmentFactory(participant=pat, questionnaire=one)
    assert "1 person still has it before them" in _text(desk.get(brought["Location"]))
    assert "1 time taken back" in _text(desk.post(active, {"active": "nobody"}, follow=True))


def test_what_is_refused_left_out_or_worth_knowing_is_said_by_item(desk: Client) -> None:
    hidden = item("secret", extension=[extension("questionnaire-hidden", valueBoolean=True)])
    page = _text(desk.post(ALL, {"file": _file(form(item("q", "coding"), hidden, item("r", text="<i>r</i>")))}))
    assert "1 thing to correct" in page and "belongs to FHIR R5" in page and "Bring it in" not in page
    assert "Marked as hidden" in page and "marks of a web page" in page
    refused = _bring(desk, form(item("q", "coding")))
    assert refused.status_code == 422 and "Nothing is brought in while anything of it is refused" in _text(refused)


def test_another_file_the_same_file_and_no_file_at_all_say_what_to_do(desk: Client, stiffness: None) -> None:
    assert "This is not the file that you looked at" in _text(_bring(desk, seen=WALKS))
    nothing_said = _text(_bring(desk, **dict.fromkeys(LICENCE, "")))
    assert "Enter who holds the licence" in nothing_said and "Enter the first day of the licence" in nothing_said
    early = {"ends-day": "1", "ends-month": "1", "ends-year": "2025"}
    assert "The last day must be after the first day" in _text(_bring(desk, **early))
    other = {**PAIN, "item": PAIN["item"][:1]}
    assert "No question is paired with item /q2 (1 to 4)." in _text(_bring(desk, other, recipe="stiffness"))
    assert "1 instrument that it shares items with, and does not fit" in _text(desk.post(ALL, {"file": _file(other)}))
    assert _bring(desk).status_code == 302
    assert "This very file is here already" in _text(desk.post(ALL, {"file": _file(PAIN)}))
    changed = {**PAIN, "title": "Changed"}
    assert "Give the changed form a new version" in _text(desk.post(ALL, {"file": _file(changed)}))
    assert "fits no instrument that we can score" in _text(desk.post(ALL, {"file": _file(WALKS)}))


def test_a_broken_file_is_never_an_error_of_ours(desk: Client) -> None:
    for content, why in CORPUS.values():
        page = desk.post(ALL, {"file": _file(content)})
        assert page.status_code == 422, why
        assert "There is a problem" in _text(page)


def test_every_code_has_words() -> None:
    assert set(WORDS) == {*Refused, *Warned, *LeftOut} and set(AGAINST) == set(Against) and set(KINDS) == set(Kind)


def test_a_licence_that_ended_is_said_and_renewed(desk: Client, pat: Participant) -> None:
    timepoints_of(pat.programme)
    file = QuestionnaireFileFactory(questionnaire__programme=pat.programme, licence_until=dt.date(2026, 1, 2))
    pk = file.questionnaire_id
    refused = desk.post(reverse("desk:set_questionnaire_active", args=[pk]), YES | {"at": ["w26"]})
    assert not Questionnaire.objects.get().asked_at  # nothing of what is refused is kept
    assert refused.status_code == 409 and "The licence ended on 2 January 2026" in _text(refused)
    later = {"starts-year": "2999"}
    desk.post(reverse("desk:questionnaire_licence", args=[pk]), {**LICENCE, **later})
    refused = desk.post(reverse("desk:set_questionnaire_active", args=[pk]), YES)
    assert "The licence begins on 1 January 2999" in _text(refused)
    Questionnaire.objects.update(active=True)
    assert "No licence today" in _text(desk.get(ALL))
    assert "Wessex programme" in _text(desk.get(reverse("desk:questionnaire_licence", args=[pk])))


def test_how_it_is_scored_is_said_by_hand_item_by_item(desk: Client, pat: Participant, stiffness: None) -> None:
    items = [choice(link, *"abcd", weighed_from=1) for link in "xy"] + [choice("z", *"abc", weighed_from=1)]
    items[0]["text"] = "Long " * 40
    file = QuestionnaireFileFactory(questionnaire__programme=pat.programme, questionnaire__items=items)
    address = reverse("desk:questionnaire_scoring", args=[file.questionnaire_id])
    assert "Score it as" in _text(desk.get(address)) and desk.get(f"{address}?recipe=odd").status_code == 404
    pairs = f"{address}?recipe=stiffness"
    assert "Item /q1" in _text(desk.get(pairs)) and "Long…" in _text(desk.get(pairs))
    assert "Select the question that asks item /q2" in _text(desk.post(pairs, {"item-/q1": "x"}))
    assert "z has 3 answers. Item /q2 wants 1 to 4." in _text(desk.post(pairs, {"item-/q1": "x", "item-/q2": "z"}))
    assert "paired with two items" in _text(desk.post(pairs, {"item-/q1": "x", "item-/q2": "x"}))
    assert desk.post(pairs, {"item-/q1": "x", "item-/q2": "y"}).status_code == 302
    assert Questionnaire.objects.get().binding == {"x": "/q1", "y": "/q2"}
    Response.objects.create(
        assessment=AssessmentFactory(participant=pat, questionnaire=file.questionnaire), entered_by=pat.person
    )
    assert "how it is scored is fixed" in _text(desk.post(f"{address}?recipe=none"))


def test_what_answers_weigh_is_said_by_hand_where_the_file_does_not_say_it(
    desk: Client, pat: Participant, stiffness: None
) -> None:
    words = form(
        *(choice(link, *"abcd", weighed_from=None) for link in ("/q1", "/q2")), url="https://example.org/words"
    )
    look = _text(desk.post(ALL, {"file": _file(words)}))
    assert "Stiffness: every item fits, but the file does not say which number each answer is." in look
    file = QuestionnaireFileFactory(questionnaire__programme=pat.programme, questionnaire__items=words["item"])
    address = reverse("desk:questionnaire_scoring", args=[file.questionnaire_id]) + "?recipe=stiffness"
    assert "Of 2 questions the file does not say which number each answer is" in _text(desk.get(address))
    pairs = {"item-/q1": "/q1", "item-/q2": "/q2", "weights-item-1": "up"}
    assert "Select what the answers to /q2 weigh, from the first to the last" in _text(desk.post(address, pairs))
    assert desk.post(address, pairs | {"weights-item-2": "down"}).status_code == 302
    asked = Questionnaire.objects.get()
    assert asked.binding["/q2"] == {"item": "/q2", "weights": [4, 3, 2, 1]}
    assert asked.pairs == {"/q1": "/q1", "/q2": "/q2"}
    again = desk.get(address).content.decode()
    assert again.count('value="up" selected') == again.count('value="down" selected') == 1


def test_of_an_instrument_that_does_not_fit_the_first_few_reasons_are_said(desk: Client) -> None:
    odd = form(*(choice(f"q{n}", *"abc", weighed_from=0) for n in range(1, 6)), url="https://example.org/odd")
    look = _text(desk.post(ALL, {"file": _file(odd)}))
    assert "<li>q3 has 3 answers. Item q3 wants 0 to 3.</li><li>And 4 items more.</li>" in look  # of GAD-7
    assert "instruments that it shares items with, and does not fit" in look


def test_worrying_answers_keep_a_form_closed(desk: Client, pat: Participant) -> None:
    timepoints_of(pat.programme)
    file = QuestionnaireFileFactory(questionnaire__programme=pat.programme)
    Questionnaire.objects.filter(pk=file.questionnaire_id).update(recipe="stiffness")
    scale = Scale("stiff", ("energy",), (Sum(),), 0, 10)
    watched = Recipe(
        "stiffness", "3", "Stiffness", (Item("energy", 0, 10),), (scale,), citation="", licence="",
        safety_items=(SafetyItem("energy", 1, "low"),),
    )  # fmt: skip
    with own_recipe(watched):
        refused = desk.post(reverse("desk:set_questionnaire_active", args=[file.questionnaire_id]), YES)
    assert refused.status_code == 409 and "Nobody is named who hears of worrying answers" in _text(refused)


def test_our_own_words_have_no_licence_and_are_not_switched_off(desk: Client, pat: Participant) -> None:
    own = QuestionnaireFactory(programme=pat.programme)
    assert "Our own words" in _text(desk.get(reverse("desk:questionnaire", args=[own.pk])))
    assert desk.get(reverse("desk:questionnaire_licence", args=[own.pk])).status_code == 404
    assert desk.post(reverse("desk:set_questionnaire_active", args=[own.pk])).status_code == 404
