from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.instruments import codes, recipe_called
from outcomes.instruments.recipe import (
    CheckRange,
    Direction,
    Function,
    Item,
    Linear,
    Mean,
    MinAnswered,
    Operation,
    ProratedSum,
    Recipe,
    Reverse,
    Scale,
    Sum,
)
from outcomes.instruments.safefit_wellbeing import BODY, ITEMS, MIND, RECIPE
from outcomes.scoring import DECLINED, Answer, Flag, Reason, ScaleResult, score

TEN = (*BODY, *MIND)
FULL: dict[str, Answer] = {
    "energy": 6, "sleep": 5, "strength": 4, "tasks": 7, "aches": 3, "breath": 2,
    "spirits": 8, "worry": 4, "company": 9, "ready": 5, "overall": 6, "act_days": 3, "act_min": 30, "change": 2,
}  # fmt: skip


def test_a_full_form_scores_as_worked_out_by_hand() -> None:
    # body: 6 5 4 7 and 10-3 10-2 = 37/6; mind: 8 10-4 9 5 = 28/4; total: 65/10
    results = {scale: result.value for scale, result in score(RECIPE, FULL).items()}
    assert results == {
        "body": pytest.approx(61.6667, abs=1e-4),
        "mind": pytest.approx(70.0),
        "total": pytest.approx(65.0),
        "overall": 60.0,
        "active_minutes": 90.0,
        "change": 2.0,
    }


def test_four_of_six_are_enough_for_body_and_count_alone() -> None:
    answers = {name: FULL[name] for name in ("energy", "sleep", "aches", "breath")}
    assert score(RECIPE, answers)["body"].value == pytest.approx((6 + 5 + 7 + 8) / 4 * 10)


@pytest.mark.parametrize(("scale", "items", "least"), [("body", BODY, 4), ("mind", MIND, 3), ("total", TEN, 8)])
def test_one_answer_fewer_than_needed_gives_no_score_and_says_why(
    scale: str, items: tuple[str, ...], least: int
) -> None:
    enough = {name: FULL[name] for name in items[:least]}
    short = {name: FULL[name] for name in items[: least - 1]}
    assert score(RECIPE, enough)[scale].value is not None
    assert score(RECIPE, short)[scale] == ScaleResult(None, Reason.TOO_FEW)


def test_nothing_answered_is_never_zero() -> None:
    results = score(RECIPE, {})
    assert {result.value for result in results.values()} == {None}
    assert results["overall"].reason is Reason.MISSING


def test_rather_not_answer_is_another_reason_than_missing() -> None:
    answers: dict[str, Answer] = {"overall": DECLINED, "act_days": DECLINED}
    results = score(RECIPE, answers)
    assert results["overall"].reason is Reason.DECLINED
    assert results["active_minutes"].reason is Reason.DECLINED


def test_a_declined_item_counts_as_unanswered_in_a_scale() -> None:
    answers: dict[str, Answer] = {**{name: FULL[name] for name in MIND[:2]}, "company": DECLINED, "ready": DECLINED}
    assert score(RECIPE, answers)["mind"] == ScaleResult(None, Reason.TOO_FEW)


def test_an_answer_out_of_its_range_gives_no_score() -> None:
    assert score(RECIPE, {**FULL, "energy": 11})["body"] == ScaleResult(None, Reason.OUT_OF_RANGE)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"act_days": 0}, ScaleResult(0.0)),
        ({"act_days": 4, "act_min": 0}, ScaleResult(0.0)),
        ({"act_days": 7, "act_min": 240}, ScaleResult(1680.0)),
        ({"act_days": 7, "act_min": 241}, ScaleResult(1680.0, flags=frozenset({Flag.CAPPED}))),
        ({"act_days": 3}, ScaleResult(None, Reason.MISSING)),
        ({"act_days": 3, "act_min": DECLINED}, ScaleResult(None, Reason.DECLINED)),
        ({"act_min": 30}, ScaleResult(None, Reason.MISSING)),
    ],
)
def test_active_minutes_are_days_times_minutes_up_to_a_cap(answers: dict[str, Answer], expected: ScaleResult) -> None:
    assert score(RECIPE, answers)["active_minutes"] == expected


some_answers = st.fixed_dictionaries(
    {}, optional={item.id: st.integers(item.lo, item.hi) | st.just(DECLINED) for item in RECIPE.items}
)


@given(some_answers)
def test_every_score_is_in_its_range_or_says_why_not(answers: dict[str, Answer]) -> None:
    for scale, result in score(RECIPE, answers).items():
        if result.value is None:
            assert result.reason
        else:
            assert result.reason is None
            assert RECIPE.scale(scale).lo <= result.value <= RECIPE.scale(scale).hi


@given(some_answers, st.sampled_from(TEN))
def test_a_better_answer_never_lowers_a_score(answers: dict[str, Answer], name: str) -> None:
    given_answer = answers.get(name)
    if not isinstance(given_answer, int):
        return
    better = given_answer - 1 if RECIPE.item(name).direction is Direction.DOWN else given_answer + 1
    if not 0 <= better <= 10:
        return
    before, after = score(RECIPE, answers), score(RECIPE, {**answers, name: better})
    for scale in ("body", "mind", "total"):
        if before[scale].value is None:
            assert after[scale] == before[scale]
        else:
            assert after[scale].value >= before[scale].value - 1e-9  # type: ignore[operator]


@given(some_answers)
def test_there_is_a_score_exactly_when_enough_was_answered(answers: dict[str, Answer]) -> None:
    results = score(RECIPE, answers)
    for scale, items, least in (("body", BODY, 4), ("mind", MIND, 3), ("total", TEN, 8)):
        answered = sum(isinstance(answers.get(name), int) for name in items)
        assert (results[scale].value is not None) == (answered >= least)


def _one_scale(*operations: Operation, items: int = 4) -> Recipe:
    names = tuple(f"q{n}" for n in range(1, items + 1))
    return Recipe(
        code="made_up", version="1", title="", citation="", licence="",
        items=tuple(Item(name, 1, 5) for name in names),
        scales=(Scale("s", names, operations, lo=0, hi=100),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("operations", "answers", "expected"),
    [
        ((Sum(),), {"q1": 1, "q2": 5}, 6),
        ((ProratedSum(),), {"q1": 1, "q2": 5}, 12),
        ((Reverse(frozenset({"q1"})), Sum()), {"q1": 1, "q2": 5}, 10),
        ((Mean(), Linear(-25, 125)), {"q1": 2, "q2": 2}, 75),
        ((MinAnswered(share=0.5), Mean()), {"q1": 1, "q2": 2}, 1.5),
        ((MinAnswered(share=0.5, over=True), Mean()), {"q1": 1, "q2": 2}, None),
        ((MinAnswered(share=0.5, over=True), Mean()), {"q1": 1, "q2": 2, "q3": 3}, 2),
        ((MinAnswered(), Sum()), {"q1": 1, "q2": 2, "q3": 3}, None),
        ((Sum(),), {}, None),
    ],
)
def test_each_operation_does_what_it_says(
    operations: tuple[Operation, ...], answers: dict[str, Answer], expected: float | None
) -> None:
    assert score(_one_scale(*operations), answers)["s"].value == expected


def test_a_function_that_nobody_wrote_is_an_error_of_the_recipe() -> None:
    with pytest.raises(KeyError):
        score(_one_scale(CheckRange(), Function("eval")), {"q1": 1})


def test_recipes_are_found_by_code_and_name_only_items_that_they_have() -> None:
    assert recipe_called("safefit_wellbeing") is RECIPE
    with pytest.raises(KeyError):
        recipe_called("nobody_wrote_this")
    for recipe in map(recipe_called, codes()):
        known = {item.id for item in recipe.items}
        assert all(set(scale.items) <= known for scale in recipe.scales)


def test_the_words_and_the_recipe_speak_of_the_same_items() -> None:
    assert [item["linkId"] for item in ITEMS] == [item.id for item in RECIPE.items]


def test_the_words_resemble_no_licensed_instrument() -> None:
    words = str(ITEMS).lower()
    for taken in ("satisfied", "worthwhile", "happy", "anxious", "imaginable", "possible", "thermometer", "depress"):
        assert taken not in words
