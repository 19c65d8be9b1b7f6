"""Which questions are asked, by the answers to others."""

from __future__ import annotations

from typing import Any

import pytest

from outcomes.fhir.reading import read_questionnaire
from outcomes.questions import Question, asked, notes_of, read_questions
from outcomes.scoring import DECLINED
from tests.factories.fhir import TREES, as_file, choice, form, item, when


def _questions(*items: Any) -> tuple[Question, ...]:
    reading = read_questionnaire(as_file(form(*items)))
    assert reading.report.refused == ()
    return read_questions(reading.items, follow_up=False)


def _asked(items: list[Any], replies: dict[str, Any], *, hopeful: bool = False) -> list[str]:
    return [question.id for question in asked(_questions(*items), replies, hopeful=hopeful)]


OAK = {"valueCoding": {"system": TREES, "code": "oak"}}
TARGETS = {
    "yes": item("t"), "number": item("t", "integer"), "decimal": item("t", "decimal"), "weight": item("t", "quantity"),
    "day": item("t", "date"), "moment": item("t", "dateTime"), "words": item("t", "string"), "tree": choice("t"),
    "trees": choice("t", repeats=True), "own words": item("t", "open-choice", answerOption=[{"valueString": "Nobody"}]),
}  # fmt: skip
YES, NO, DAY = [{"valueBoolean": True}], [{"valueBoolean": False}], [{"valueDate": "2026-02-01"}]
ASH = {"valueCoding": {"system": TREES, "code": "ash"}}


@pytest.mark.parametrize(
    ("target", "operator", "expected", "reply", "shown"),
    [
        ("yes", "=", {"answerBoolean": True}, YES, True),
        ("yes", "=", {"answerBoolean": True}, NO, False),
        ("yes", "=", {"answerBoolean": True}, DECLINED, False),
        ("yes", "=", {"answerBoolean": True}, None, False),
        ("yes", "!=", {"answerBoolean": True}, NO, True),
        ("yes", "!=", {"answerBoolean": True}, None, False),
        ("yes", "exists", {"answerBoolean": True}, NO, True),
        ("yes", "exists", {"answerBoolean": True}, DECLINED, False),
        ("yes", "exists", {"answerBoolean": False}, DECLINED, True),
        ("yes", "exists", {"answerBoolean": False}, YES, False),
        ("number", ">", {"answerInteger": 3}, 4, True),
        ("number", ">", {"answerInteger": 3}, 3, False),
        ("number", ">=", {"answerInteger": 3}, 3, True),
        ("number", "<", {"answerDecimal": 3.5}, 3, True),
        ("number", "<", {"answerInteger": 3}, 3, False),
        ("number", "<=", {"answerInteger": 3}, 3, True),
        ("number", "=", {"answerDecimal": 3.0}, 3, True),
        ("decimal", ">", {"answerInteger": 2}, [{"valueDecimal": 2.5}], True),
        ("weight", ">", {"answerQuantity": {"value": 70, "unit": "kg"}}, [{"valueQuantity": {"value": 71}}], True),
        ("day", ">=", {"answerDate": "2026-02-01"}, DAY, True),
        ("day", "<", {"answerDate": "2026-02-01"}, DAY, False),
        ("moment", ">", {"answerDateTime": "2026-02-01T10:00:00+01:00"},
         [{"valueDateTime": "2026-02-01T09:30:00Z"}], True),
        ("words", "=", {"answerString": "yes"}, [{"valueString": "yes"}], True),
        ("tree", "=", {"answerCoding": {"code": "oak"}}, [OAK], True),
        ("tree", "!=", {"answerCoding": {"code": "oak"}}, [ASH], True),
        ("tree", "=", {"answerCoding": {"code": "oak", "system": TREES, "display": "Old"}}, [OAK], True),
        ("trees", "=", {"answerCoding": {"code": "oak"}}, [ASH, OAK], True),
        ("trees", "!=", {"answerCoding": {"code": "oak"}}, [ASH, OAK], False),
        ("own words", "=", {"answerString": "My dog"}, [{"valueString": "My dog"}], True),
    ],
)  # fmt: skip
def test_a_question_is_asked_when_its_condition_holds(
    target: str, operator: str, expected: dict[str, Any], reply: Any, shown: bool
) -> None:
    replies = {} if reply is None else {"t": reply}
    items = [TARGETS[target], item("q", enableWhen=[when("t", operator, **expected)])]
    assert ("q" in _asked(items, replies)) is shown


def test_amounts_and_times_of_day_are_in_order() -> None:
    items = [item("t", "integer"), item("q", enableWhen=[when("t", ">", answerQuantity={"value": 3})])]
    assert _asked(items, {"t": 4}) == ["t", "q"]
    assert _asked([item("t", "time"), item("q", enableWhen=[when("t", ">", answerTime="09:00:00")])],
                  {"t": [{"valueTime": "10:00:00"}]}) == ["t", "q"]  # fmt: skip


@pytest.mark.parametrize(("behaviour", "shown"), [("all", False), ("any", True)])
def test_all_conditions_or_any_one(behaviour: str, shown: bool) -> None:
    both = [when("a", answerBoolean=True), when("b", answerBoolean=True)]
    items = [item("a"), item("b"), item("q", enableWhen=both, enableBehavior=behaviour)]
    assert ("q" in _asked(items, {"a": YES, "b": NO})) is shown


def test_what_is_in_a_group_hangs_on_what_the_group_hangs_on() -> None:
    items = [item("a"), item("g", "group", enableWhen=[when("a", answerBoolean=True)], item=[item("q"), item("d")])]
    assert _asked(items, {"a": NO}) == ["a"]
    assert _asked(items, {"a": YES}) == ["a", "q", "d"]


def test_an_answer_that_is_hidden_itself_opens_nothing() -> None:
    chain = [
        item("a"),
        item("b", enableWhen=[when("a", answerBoolean=True)]),
        item("c", enableWhen=[when("b", answerBoolean=True)]),
    ]
    assert _asked(chain, {"a": NO, "b": YES}) == ["a"]


def test_a_question_beneath_another_is_asked_once_that_is_answered() -> None:
    items = [item("a", item=[item("why", "string")])]
    assert _asked(items, {}) == ["a"]
    assert _asked(items, {"a": DECLINED}) == ["a"]
    assert _asked(items, {"a": NO}) == ["a", "why"]


def test_while_an_earlier_question_waits_what_hangs_on_it_still_counts() -> None:
    items = [item("a"), item("q", enableWhen=[when("a", answerBoolean=True)])]
    assert _asked(items, {}, hopeful=True) == ["a", "q"]
    assert _asked(items, {}, hopeful=False) == ["a"]


def test_a_later_question_opens_an_earlier_one_only_when_it_is_answered() -> None:
    items = [item("q", enableWhen=[when("a", answerBoolean=True)]), item("a")]
    assert _asked(items, {}, hopeful=True) == ["a"]
    assert _asked(items, {"a": YES}, hopeful=True) == ["q", "a"]


def test_a_form_that_leaves_out_a_question_hides_what_hangs_on_it() -> None:
    questions = _questions(item("a"), item("q", enableWhen=[when("a", answerBoolean=True)]))
    assert asked(questions[1:], {}) == ()


def test_words_are_shown_while_what_they_hang_on_holds() -> None:
    questions = _questions(item("a"), item("d", "display", enableWhen=[when("a", answerBoolean=True)]), item("q"))
    assert notes_of(questions[1].notes, questions, {"a": YES}) == ["Words of d"]
    assert notes_of(questions[1].notes, questions, {"a": NO}) == []


def test_a_chain_of_conditions_is_followed_to_its_end_however_long_and_wherever_it_begins() -> None:
    chain = [
        item(f"q{n}", **({"enableWhen": [when(f"q{n - 1}", answerBoolean=True)]} if n else {})) for n in range(400)
    ]
    assert len(_asked(chain[::-1], {f"q{n}": YES for n in range(400)})) == 400
    assert len(_asked(chain[::-1], {f"q{n}": YES for n in range(300)})) == 301
