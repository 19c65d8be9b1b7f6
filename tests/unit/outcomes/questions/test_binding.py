from __future__ import annotations

from typing import Any

import pytest

from outcomes.fhir.reading import read_questionnaire
from outcomes.instruments.recipe import Code, Item, Mean, Recipe, Scale, System
from outcomes.questions import Question, read_questions
from outcomes.questions.binding import (
    Against,
    Obstacle,
    against,
    for_scoring,
    lacks_weights,
    proposed,
    weighed_by_hand,
)
from outcomes.scoring import DECLINED
from tests.factories.fhir import as_file, choice, extension, form, item, limits, options


def _recipe(*items: Item) -> Recipe:
    scale = Scale("all", tuple(one.id for one in items), (Mean(),), 0, 10)
    return Recipe("made_up", "1", "Made up", items, (scale,), citation="", licence="")


def _questions(*items: Any) -> tuple[Question, ...]:
    reading = read_questionnaire(as_file(form(*items)))
    assert reading.report.refused == ()
    return read_questions(reading.items, follow_up=True)


FOUR = _recipe(Item("stiff", 1, 4))


def _stiff(*codes: str, weighed_from: int | None = 1, **rest: Any) -> tuple[Question, ...]:
    return _questions(choice("stiff", *codes or ("none", "some", "much", "all"), weighed_from=weighed_from, **rest))


@pytest.mark.parametrize(
    ("questions", "why", "has"),
    [
        (lambda: _stiff("none", "some", "all"), Against.OTHER_COUNT, "3"),
        (lambda: _stiff(weighed_from=0), Against.OTHER_RANGE, "0, 1, 2, 3"),
        (lambda: _stiff(weighed_from=None), Against.NOT_WEIGHED, ""),
        (lambda: _stiff("none", "some", weighed_from=None), Against.OTHER_COUNT, "2"),
        (lambda: _stiff(repeats=True), Against.SEVERAL_ANSWERS, ""),
        (lambda: _questions(item("stiff", "text")), Against.NO_NUMBERS, ""),
        (lambda: _questions(item("stiff", "integer")), Against.NO_LIMITS, ""),
        (lambda: _questions(item("stiff", "integer", extension=limits(1, 5))), Against.OTHER_RANGE, "1 to 5"),
        (lambda: _questions(item("stiff", "integer", extension=[
            *limits(1, 4), extension("questionnaire-sliderStepValue", valueInteger=3)])), Against.OTHER_RANGE,
         "1 to 4"),
    ],
)  # fmt: skip
def test_a_question_that_offers_other_numbers_is_not_scored_and_is_named(questions: Any, why: str, has: str) -> None:
    assert against(FOUR, questions(), {"stiff": "stiff"}) == [Obstacle(why, "stiff", "stiff", has, "1 to 4")]


@pytest.mark.parametrize(
    "question",
    [choice("stiff", "a", "b", "c", "d", weighed_from=1), item("stiff", "integer", extension=limits(1, 4)),
     item("stiff", "decimal", extension=limits(1, 4, "valueDecimal"))],
)  # fmt: skip
def test_a_question_that_offers_exactly_the_numbers_of_the_item_is_scored(question: Any) -> None:
    questions = _questions(question)
    assert proposed(FOUR, questions) == {"stiff": "stiff"}
    assert against(FOUR, questions, {"stiff": "stiff"}) == []


def test_what_answers_weigh_may_be_said_by_hand_where_the_file_does_not_say_it() -> None:
    unweighed, weighed = _stiff(weighed_from=None), _stiff()
    by_hand = weighed_by_hand(unweighed, {"stiff": [4, 3, 2, 1], "other": [1]})
    assert against(FOUR, by_hand, {"stiff": "stiff"}) == []
    last = options("none", "some", "much", "all", weighed_from=None)[-1:]
    assert for_scoring({"stiff": "stiff"}, by_hand, {"stiff": last}) == {"stiff": 1.0}
    assert weighed_by_hand(weighed, {"stiff": [4, 3, 2, 1]}) == weighed  # the file says it
    assert weighed_by_hand(unweighed, {"stiff": [1, 2]}) == unweighed
    several, typed = _stiff(weighed_from=None, repeats=True), _questions(item("stiff", "integer"))
    assert not any(map(lacks_weights, (*weighed, *several, *typed))) and all(map(lacks_weights, unweighed))


def test_pairs_are_found_by_name_by_code_and_never_by_place() -> None:
    recipe = _recipe(Item("stiff", 1, 4, codes=(Code(System.LOINC, "1-8"),)))
    coded = {"code": [{"system": "http://loinc.org", "code": "1-8"}]}
    for link, more in (("q1", coded), ("stiff", {}), ("q1", {"code": [{"code": "stiff"}]})):
        assert proposed(recipe, _questions(item("a"), item(link, "integer", **more))) == {link: "stiff"}
    assert proposed(recipe, _questions(item("q1", "integer", code=[{"system": "https://b.org", "code": "x"}]))) == {}


def test_an_item_without_a_question_stands_in_the_way_unless_the_recipe_can_do_without() -> None:
    questions = _stiff()
    recipe = _recipe(Item("stiff", 1, 4), Item("sore", 0, 3), Item("extra", 0, 1, optional=True))
    assert against(recipe, questions, {"stiff": "stiff"}) == [Obstacle(Against.NOT_THERE, "sore", wants="0 to 3")]


def test_two_questions_for_one_item_are_refused() -> None:
    questions = _questions(*(choice(link, "a", "b", "c", "d", weighed_from=1) for link in ("x", "y")))
    assert against(FOUR, questions, {"x": "stiff", "y": "stiff"}) == [Obstacle(Against.TWICE, "stiff", "x, y")]


def test_answers_reach_the_recipe_as_the_numbers_that_they_weigh() -> None:
    questions = _questions(
        choice("a", "none", "some", weighed_from=1), item("b", "integer"), item("c", "decimal"),
        item("d", "quantity"), item("e", "text"), choice("f", "oak", "ash", repeats=True), item("g"), item("h"),
        item("i", "integer"),
    )  # fmt: skip
    some = options("none", "some", weighed_from=None)[1]
    replies: dict[str, Any] = {
        "a": [some], "b": 3, "c": [{"valueDecimal": 2.5}], "d": [{"valueQuantity": {"value": 70}}],
        "e": [{"valueString": "7"}], "f": options("oak", "ash", weighed_from=None), "g": [{"valueBoolean": True}],
        "h": DECLINED,
    }  # fmt: skip
    binding = {link: link.upper() for link in "abcdefgh"}
    assert for_scoring(binding, questions, replies) == {"A": 2.0, "B": 3, "C": 2.5, "D": 70, "H": DECLINED}
    assert for_scoring({}, questions, {"b": 3, "i": 4}) == {"b": 3, "i": 4}
    assert for_scoring({"b": "B"}, questions, {"i": 4}) == {}
