from __future__ import annotations

import datetime as dt

import pytest

from classes.wall_time import UK
from outcomes.safety_rules import call_by, met
from outcomes.scoring import DECLINED

RULES = (("low", 1), ("dark", 2), ("low", 3))


@pytest.mark.parametrize(
    ("answers", "items"),
    [
        ({"low": 0, "dark": 1}, ()),
        ({"low": 1, "dark": 1}, ("low",)),
        ({"low": 3, "dark": 2}, ("low", "dark")),
        ({"dark": DECLINED}, ()),
        ({}, ()),
        ({"other": 9}, ()),
        ({"low": True}, ()),
    ],
)
def test_an_answer_of_so_much_or_more_worries_and_what_was_left_out_does_not(
    answers: dict[str, int | str], items: tuple[str, ...]
) -> None:
    assert met(RULES, answers) == items


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ((2027, 6, 1, 8, 0), (2027, 6, 1, 17)),  # a Tuesday
        ((2027, 6, 1, 16, 59), (2027, 6, 1, 17)),
        ((2027, 6, 1, 17, 0), (2027, 6, 2, 12)),
        ((2027, 6, 4, 23, 0), (2027, 6, 7, 12)),  # a Friday night
        ((2027, 6, 5, 9, 0), (2027, 6, 7, 12)),
        ((2027, 6, 6, 23, 59), (2027, 6, 7, 12)),
        ((2027, 3, 26, 20, 0), (2027, 3, 29, 12)),  # the clocks go forward in between
    ],
)
def test_somebody_calls_on_the_same_working_day(sent: tuple[int, ...], due: tuple[int, ...]) -> None:
    assert call_by(dt.datetime(*sent, tzinfo=UK)) == dt.datetime(*due, tzinfo=UK)  # type: ignore[misc,arg-type]
