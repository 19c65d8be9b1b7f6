from __future__ import annotations

import pytest

from outcomes.studies.shown import Counted, near, shown_of


@pytest.mark.parametrize(
    ("number", "shown"), [(0, 0), (1, 0), (7, 0), (8, 10), (12, 10), (13, 15), (22, 20), (1203, 1205)]
)
def test_nobody_and_a_handful_look_alike_and_the_rest_is_rounded(number: int, shown: int) -> None:
    assert shown_of(number) == shown


def _before(*people: range) -> list[Counted]:
    return [Counted(key, frozenset(one), shown_of(len(one))) for key, one in enumerate(people)]


@pytest.mark.parametrize(
    ("matched", "is_near"),
    [
        (range(20), True),  # the same people
        (range(13), True),  # a criterion that seven do not meet
        (range(27), True),  # seven more came
        (range(7, 27), True),  # seven came and seven left
        (range(12), False),  # eight do not meet it: a number of its own
        (range(28), False),
        (range(3, 28), False),  # eight came, three left
        (range(100, 104), False),
    ],
)
def test_what_a_handful_set_apart_from_an_earlier_count_shows_that_count_again(matched: range, is_near: bool) -> None:
    (before,) = _before(range(20))
    assert near(matched, [before]) == (before if is_near else None)


def test_criterion_by_criterion_nobody_reads_when_the_last_of_a_few_was_left_out() -> None:
    before, steps = _before(range(12)), range(11, 4, -1)
    read = [one.shown for people in steps if (one := near(range(people), before))]
    assert read == [10] * len(steps)
    assert [shown_of(people) for people in steps] == [10, 10, 10, 10, 0, 0, 0], "without the rule it would show"


def test_of_several_that_are_near_the_latest_counts() -> None:
    earlier = _before(range(20), range(25))
    assert near(range(22), earlier) == earlier[1]
