from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.counting.who_answered import Compared, Rate, compare_groups, compare_numbers, index_of_disparity
from outcomes.statistics import Why

TEN = [40.0, 50.0, 60.0, 45.0, 55.0, 50.0, 52.0, 48.0, 58.0, 42.0]


def test_means_lie_apart_by_their_common_spread() -> None:
    found = compare_numbers("age", TEN, [number + 5 for number in TEN])
    spread = sqrt(sum((number - 50) ** 2 for number in TEN) / 9)
    assert (found.answered, found.others) == (pytest.approx(50), pytest.approx(55))
    assert found.difference == pytest.approx(-5 / spread)
    assert found.is_uneven


def test_whoever_has_nothing_recorded_is_left_out_and_the_number_says_so() -> None:
    found = compare_numbers("age", [*TEN, None, None], TEN)
    assert (found.n_answered, found.n_others, found.difference) == (12 - 2, 10, 0.0)
    assert not found.is_uneven


def test_shares_lie_apart_by_their_common_spread() -> None:
    found = compare_groups(["woman"] * 15 + ["man"] * 5 + [None], ["woman"] * 10 + ["man"] * 10, ["woman", "man"])
    expected = (0.75 - 0.5) / sqrt((0.75 * 0.25 + 0.25) / 2)
    assert [one.name for one in found] == ["woman", "man"]
    assert found[0] == Compared("woman", 20, 20, 0.75, 0.5, pytest.approx(expected))
    assert found[1].difference == pytest.approx(-expected)


def test_a_group_that_nobody_named_is_not_among_them() -> None:
    [found] = compare_groups(["a"] * 12 + ["?"] * 3, ["a"] * 10, ["a"])
    assert (found.n_answered, found.difference) == (12, 0.0)


def test_of_fewer_than_ten_on_either_side_nothing_is_said() -> None:
    assert compare_numbers("age", TEN, TEN[:9]) == Compared("age", 10, 9, None, None, None, Why.TOO_FEW)
    [found] = compare_groups(["a"] * 9, ["a"] * 10, ["a"])
    assert (found.difference, found.why, found.is_uneven) == (None, Why.TOO_FEW, False)


def test_where_all_are_alike_but_not_the_same_there_is_no_standard_to_measure_by() -> None:
    assert compare_numbers("age", [50.0] * 10, [51.0] * 10).why is Why.NO_SPREAD
    assert compare_groups(["a"] * 10, ["b"] * 10, ["a", "b"])[0].why is Why.NO_SPREAD


@given(st.lists(st.integers(18, 99), min_size=10, max_size=40), st.lists(st.integers(18, 99), min_size=10, max_size=40))
def test_turning_the_two_round_turns_the_sign(here: list[int], there: list[int]) -> None:
    one, other = compare_numbers("age", here, there), compare_numbers("age", there, here)
    assert (one.difference is None) == (other.difference is None) == (one.why is not None)
    assert one.difference is None or one.difference == pytest.approx(-other.difference)  # type: ignore[operator]


# --- groups side by side -----------------------------------------------------


def test_a_rate_has_its_interval_and_of_nobody_there_is_none() -> None:
    rate = Rate("Dorset", 8, 16)
    assert rate.interval is not None
    assert (rate.share, round(rate.interval.low, 3), round(rate.interval.high, 3)) == (0.5, 0.28, 0.72)
    assert (Rate("", 0, 0).share, Rate("", 0, 0).interval) == (None, None)
    with pytest.raises(ValueError, match="not a part of"):
        Rate("", 2, 1)


def test_disparity_is_how_far_groups_lie_from_everyone() -> None:
    # everyone: 30 of 60; the groups lie 0.1 and 0.05 and 0.05 apart from a half
    groups = {"a": (12, 20), "b": (9, 20), "c": (9, 20)}
    assert index_of_disparity(groups, least=8) == pytest.approx(100 * (0.1 + 0.05 + 0.05) / 3 / 0.5)
    assert index_of_disparity({"a": (10, 20), "b": (5, 10)}, least=8) == 0


@pytest.mark.parametrize(
    ("groups", "least"),
    [
        ({"a": (5, 10), "b": (3, 7)}, 8),
        ({"a": (5, 10)}, 8),
        ({}, 8),
        ({"a": (0, 10), "b": (0, 10)}, 8),
        ({"a": (1, 1), "b": (0, 0)}, 0),
    ],
)
def test_there_is_no_disparity_of_small_groups_of_one_or_of_nothing(
    groups: dict[str, tuple[int, int]], least: int
) -> None:
    assert index_of_disparity(groups, least=least) is None
