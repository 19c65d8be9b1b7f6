from __future__ import annotations

from datetime import date

import pytest

from outcomes.answering.progress import ITEM_STEPS, SCALE_STEPS, Form, Line, Move, item_lines, moved, scale_lines
from outcomes.instruments.recipe import Direction
from outcomes.instruments.safefit_wellbeing import RECIPE

UP, DOWN = Direction.UP, Direction.DOWN


@pytest.mark.parametrize(
    ("first", "last", "direction", "move"),
    [
        (5, 5, UP, Move.SAME), (5, 6, UP, Move.UP_A_LITTLE), (5, 7, UP, Move.UP_A_LITTLE), (5, 8, UP, Move.UP),
        (5, 4, UP, Move.DOWN_A_LITTLE), (5, 2, UP, Move.DOWN),
        (5, 4, DOWN, Move.UP_A_LITTLE), (5, 2, DOWN, Move.UP), (5, 8, DOWN, Move.DOWN),
    ],
)  # fmt: skip
def test_up_is_always_better(first: int, last: int, direction: Direction, move: Move) -> None:
    assert moved(first, last, direction, ITEM_STEPS) is move


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [(5, 8, Move.UP_A_LITTLE), (7, 16, Move.UP), (8, 5, Move.DOWN_A_LITTLE), (16, 7, Move.DOWN), (5, 7, Move.SAME)],
)
def test_a_change_of_exactly_a_step_counts_although_sixths_have_no_end(before: int, after: int, move: Move) -> None:
    first, last = (10 * (total / 6) for total in (before, after))
    assert moved(first, last, UP, SCALE_STEPS) is move


def _form(items: dict[str, float], scales: dict[str, float] | None = None) -> Form:
    return Form("start", True, date(2027, 1, 1), items, scales or {})


def test_a_line_compares_the_first_and_the_last_answer_there_are() -> None:
    lines = item_lines(RECIPE, [_form({"energy": 4}), _form({}), _form({"energy": 6})], ["energy", "sleep"])
    assert lines == [Line("energy", UP, (4, None, 6), Move.UP_A_LITTLE)]


def test_a_line_knows_since_which_form_it_has_moved() -> None:
    (line,) = item_lines(RECIPE, [_form({}), _form({"energy": 4}), _form({"energy": 6})], ["energy"])
    assert line.first == 1


def test_one_answer_is_no_progress_yet() -> None:
    assert item_lines(RECIPE, [_form({"worry": 4})], ["worry"]) == [Line("worry", DOWN, (4,), None)]


def test_scales_have_steps_of_their_own() -> None:
    lines = scale_lines(RECIPE, [_form({}, {"body": 50.0}), _form({}, {"body": 64.0})], ["body", "mind"])
    assert lines == [Line("body", UP, (50.0, 64.0), Move.UP_A_LITTLE)]
