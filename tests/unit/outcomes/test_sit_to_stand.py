from __future__ import annotations

import pytest

from outcomes.sit_to_stand import (
    MOST_STANDS,
    NOT_DONE_REASONS,
    RECIPES,
    SAFETY,
    SECONDS,
    UNABLE_REASONS,
    Tried,
    is_safe,
    most,
    problem_with,
    step,
)

ALL = frozenset(question.id for question in SAFETY)


@pytest.mark.parametrize(
    ("result", "count", "reason", "value", "problem"),
    [
        ("done", 1, "", 1, ""),
        ("done", 60, "", 60, ""),
        ("done", 0, "", 0, "count"),
        ("done", 61, "", 61, "count"),
        ("done", None, "", None, "count"),
        ("unable", None, "needed_arms", 0, ""),
        ("unable", None, "", 0, "reason"),
        ("unable", None, "rather_not", 0, "reason"),
        ("not_done", None, "rather_not", None, ""),
        ("not_done", None, "needed_arms", None, "reason"),
        ("not_done", 7, "", None, "reason"),
        ("tried", None, "", None, "reason"),
    ],
)
def test_unable_is_0_not_done_is_nothing_and_each_says_why(
    result: str, count: int | None, reason: str, value: int | None, problem: str
) -> None:
    tried = Tried("sts_30", result, count, reason, ALL)
    assert (tried.value, problem_with(tried)) == (value, problem)


@pytest.mark.parametrize("missing", sorted(ALL))
def test_one_question_without_a_yes_and_nobody_starts(missing: str) -> None:
    assert not is_safe(ALL - {missing})
    for result, count, reason in (("done", 7, ""), ("unable", None, "needed_arms"), ("not_done", None, "no_time")):
        assert problem_with(Tried("sts_60", result, count, reason, ALL - {missing})) == "not_safe"
    assert problem_with(Tried("sts_60", "not_done", None, "not_safe", ALL - {missing})) == ""


def test_the_most_and_what_is_about_the_same_are_those_of_each_recipe() -> None:
    assert problem_with(Tried("sts_60", "done", 100, "", ALL)) == ""
    assert problem_with(Tried("sts_60", "done", 101, "", ALL)) == "count"
    assert (step("sts_30"), step("sts_60")) == (2, 3)
    assert set(RECIPES) == set(SECONDS) and max(map(most, SECONDS)) <= MOST_STANDS


def test_what_is_not_measured_here_is_refused() -> None:
    assert problem_with(Tried("walk", "done", 7, "", ALL)) == "kind"


def test_no_reason_is_of_both_lists() -> None:
    assert not set(UNABLE_REASONS) & set(NOT_DONE_REASONS)
