from __future__ import annotations

import pytest

from outcomes.instruments.safefit_wellbeing import ITEMS, RECIPE
from outcomes.questions import Question, asked, next_unanswered, read_questions
from outcomes.scoring import DECLINED

START = read_questions(ITEMS, follow_up=False)
FOLLOW_UP = read_questions(ITEMS, follow_up=True)


def _question(name: str) -> Question:
    return {question.id: question for question in FOLLOW_UP}[name]


def test_the_start_form_asks_thirteen_and_a_follow_up_one_more() -> None:
    assert len(START) == 13
    assert [question.id for question in FOLLOW_UP if question not in START] == ["change"]


def test_ranges_are_those_of_the_recipe() -> None:
    assert [(q.id, q.lo, q.hi) for q in FOLLOW_UP] == [(item.id, item.lo, item.hi) for item in RECIPE.items]


def test_a_rating_has_words_at_both_ends_and_none_in_between() -> None:
    energy = _question("energy")
    assert (energy.low_words, energy.high_words, energy.options) == ("No energy", "Plenty of energy", ())
    assert not energy.is_typed


def test_minutes_are_typed_and_comparisons_are_chosen_in_words() -> None:
    assert _question("act_min").is_typed
    assert _question("act_min").help
    assert _question("change").options[0] == (-3, "Much less well")
    assert not _question("change").is_typed


@pytest.mark.parametrize(
    ("answer", "fits"),
    [(0, True), (10, True), (-1, False), (11, False), (DECLINED, True), ("7", False), (True, False)],
)
def test_a_question_takes_its_range_or_a_refusal(answer: int | str, fits: bool) -> None:
    assert _question("energy").takes(answer) is fits


@pytest.mark.parametrize(("days", "is_asked"), [(None, True), (0, False), (1, True), (DECLINED, False)])
def test_minutes_are_asked_only_of_somebody_with_active_days(days: int | str | None, is_asked: bool) -> None:
    answers = {} if days is None else {"act_days": days}
    assert ("act_min" in [question.id for question in asked(START, answers)]) is is_asked


def test_the_next_question_is_the_first_without_an_answer() -> None:
    first = next_unanswered(START, {})
    assert first is not None and first.id == "energy"
    second = next_unanswered(START, {"energy": DECLINED})
    assert second is not None and second.id == "sleep"


def test_there_is_no_next_question_when_all_have_been_asked() -> None:
    answers = {question.id: DECLINED for question in START if question.id != "act_min"}
    assert next_unanswered(START, answers) is None
