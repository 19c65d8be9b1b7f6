from __future__ import annotations

import pytest

from outcomes.counting.side_by_side import Rate, index_of_disparity


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
