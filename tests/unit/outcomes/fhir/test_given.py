"""Which answers fit which question, and in which form they are kept."""

from __future__ import annotations

from typing import Any

import pytest

from outcomes.fhir.reading import read_questionnaire
from outcomes.questions import Question, read_questions
from outcomes.scoring import DECLINED
from tests.factories.fhir import EVERY_KIND, TREES, as_file

QUESTIONS = {
    question.id: question for question in read_questions(read_questionnaire(as_file(EVERY_KIND)).items, follow_up=False)
}
KG = {"unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}


def _coding(code: str, **more: Any) -> dict[str, Any]:
    return {"valueCoding": {"system": TREES, "code": code, **more}}


FITS: list[tuple[str, Any]] = [
    ("walks", [{"valueBoolean": False}]),
    ("rate", 4),
    ("miles", [{"valueDecimal": 2.5}]),
    ("miles", [{"valueDecimal": 3}]),
    ("weight", [{"valueQuantity": {"value": 71.5, **KG}}]),
    ("day", [{"valueDate": "2026-02-28"}]),
    ("moment", [{"valueDateTime": "2026-02-28T09:30:00Z"}]),
    ("hour", [{"valueTime": "09:30:00"}]),
    ("name", [{"valueString": "declined"}]),
    ("story", [{"valueString": "Long.\nAnd wet."}]),
    ("page", [{"valueUri": "https://example.org/path?x=1"}]),
    ("tree", [_coding("oak")]),
    ("1", [_coding("bench"), _coding("gate")]),
    ("1", [_coding("none")]),
    ("with", [{"valueString": "A friend"}]),
    ("with", [{"valueString": "My dog"}]),
]
DOES_NOT: list[tuple[str, Any]] = [
    ("walks", [{"valueBoolean": "yes"}]),
    ("walks", True),
    ("walks", 1),
    ("walks", []),
    ("walks", [{"valueBoolean": True}, {"valueBoolean": False}]),
    ("walks", ["yes"]),
    ("walks", [{"valueBoolean": True, "valueString": "yes"}]),
    ("walks", "yes"),
    ("rate", 5),
    ("rate", 2.0),
    ("rate", [{"valueInteger": 2}]),
    ("miles", [{"valueDecimal": 40.5}]),
    ("miles", [{"valueDecimal": -1}]),
    ("miles", [{"valueDecimal": float("nan")}]),
    ("miles", [{"valueDecimal": True}]),
    ("miles", [{"valueInteger": 2}]),
    ("weight", [{"valueQuantity": {"value": 71.5, "unit": "stone"}}]),
    ("weight", [{"valueQuantity": {"value": "71", **KG}}]),
    ("weight", [{"valueQuantity": {"value": 10, **KG}}]),
    ("weight", [{"valueQuantity": 71}]),
    ("day", [{"valueDate": "2026-02-30"}]),
    ("day", [{"valueDate": "2019-12-31"}]),
    ("day", [{"valueDate": 20260228}]),
    ("moment", [{"valueDateTime": "2026-02-28"}]),
    ("hour", [{"valueTime": "25:00:00"}]),
    ("name", [{"valueString": "A path whose name is too long"}]),
    ("name", [{"valueString": "   "}]),
    ("name", [{"valueString": "two\nlines"}]),
    ("name", [{"valueString": "odd\u202e"}]),
    ("page", [{"valueUri": "javascript:alert(1)"}]),
    ("page", [{"valueUri": "https://[odd"}]),
    ("tree", [_coding("fir")]),
    ("tree", [_coding("oak"), _coding("ash")]),
    ("tree", [{"valueCoding": {"code": "oak"}}]),
    ("tree", [{"valueCoding": {"code": ["oak"]}}]),
    ("tree", [{"valueCoding": ["oak"]}]),
    ("tree", [{"valueString": "oak"}]),
    ("1", [_coding("none"), _coding("gate")]),
    ("1", [_coding("gate"), _coding("gate")]),
    ("with", [{"valueString": ""}]),
    ("with", [{"valueString": "A friend"}, {"valueString": "Nobody"}]),
]


@pytest.mark.parametrize(("name", "reply"), FITS)
def test_an_answer_that_fits_is_kept_as_it_is(name: str, reply: Any) -> None:
    assert QUESTIONS[name].kept(reply) == reply


@pytest.mark.parametrize(("name", "reply"), DOES_NOT)
def test_an_answer_that_does_not_fit_is_not_taken(name: str, reply: Any) -> None:
    assert not QUESTIONS[name].takes(reply)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_may_be_declined(name: str) -> None:
    assert QUESTIONS[name].kept(DECLINED) == DECLINED


def test_words_that_came_with_a_coding_are_not_kept() -> None:
    assert QUESTIONS["tree"].kept([_coding("oak", display="Something else")]) == [_coding("oak")]


def _by_name(name: str) -> Question:
    return QUESTIONS[name]


def test_a_question_stands_in_its_group_with_the_words_before_it() -> None:
    walks = _by_name("walks")
    assert (walks.headings, [note.text for note in walks.notes], walks.required) == (
        ("About you",), ["Please think of the last week."], True,
    )  # fmt: skip
    assert _by_name("how many").help == "A guess is fine."
    assert [note.text for note in _by_name("with").after] == ["Thank you."]


def test_a_name_that_no_address_takes_is_replaced_by_its_place() -> None:
    assert [(name, QUESTIONS[name].key) for name in ("walks", "how many", "1")] == [
        ("walks", "walks"), ("how many", "item-2"), ("1", "item-13"),
    ]  # fmt: skip
