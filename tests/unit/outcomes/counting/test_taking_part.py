from __future__ import annotations

import pytest

from outcomes.counting.taking_part import Step, TakingPart, funnel


def test_each_stage_is_a_share_of_the_first_and_of_the_one_before() -> None:
    stages = [("referred", 200), ("registered", 100), ("first class", 50), ("regular", 40)]
    assert funnel(stages) == (
        Step("referred", 200, 1.0, 1.0),
        Step("registered", 100, 0.5, 0.5),
        Step("first class", 50, 0.25, 0.5),
        Step("regular", 40, 0.2, 0.8),
    )


def test_a_share_of_nobody_is_not_0() -> None:
    assert funnel([("referred", 0), ("registered", 0)])[1] == Step("registered", 0, None, None)
    assert funnel([]) == ()


def test_more_cannot_come_out_of_a_stage_than_went_in() -> None:
    with pytest.raises(ValueError, match="51 is not a part of 50"):
        funnel([("registered", 50), ("first class", 51)])


PAT = TakingPart(offered=40, booked=26, cancelled_by_organiser=2, given_back_late=3, attended=18, minutes=810)


def test_adherence_leaves_out_what_the_organiser_cancelled_and_what_was_offered_does_not() -> None:
    assert (PAT.due, PAT.adherence) == (24, 0.75)
    assert PAT.of_offered == 18 / 40
    assert PAT.late_share == 3 / 24


def test_adherence_of_no_class_is_not_0() -> None:
    nothing = TakingPart(offered=0, booked=0, cancelled_by_organiser=0, given_back_late=0, attended=0)
    assert (nothing.adherence, nothing.of_offered, nothing.late_share) == (None, None, None)
    called_off = TakingPart(offered=2, booked=2, cancelled_by_organiser=2, given_back_late=0, attended=0)
    assert (called_off.adherence, called_off.of_offered) == (None, 0.0)


def test_many_people_are_the_sum_of_each() -> None:
    quinn = TakingPart(offered=10, booked=6, cancelled_by_organiser=0, given_back_late=0, attended=0)
    both = PAT + quinn
    assert (both.attended, both.due, both.minutes) == (18, 30, 810)
    assert both.adherence == 0.6


@pytest.mark.parametrize(
    "counts",
    [
        (10, 3, 0, 0, 4, 0),  # attended more than booked
        (10, 3, 4, 0, 0, 0),  # cancelled more than booked
        (10, 3, 1, 1, 2, 0),  # given back and attended at once
        (2, 3, 0, 0, 1, 0),  # booked more than offered
        (10, 3, 0, 0, 0, 45),  # minutes of no class
        (10, 3, 0, 0, 1, -1),
    ],
)
def test_counts_that_contradict_each_other_are_refused(counts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not a part of|minutes"):
        TakingPart(*counts)
