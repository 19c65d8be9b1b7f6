from __future__ import annotations

import datetime as dt

import pytest

from classes.wall_time import UK
from outcomes.safety_rules import Rule, call_by, met, row_of, rule_of
from outcomes.scoring import DECLINED

RULES = (
    Rule("low", 1), Rule("dark", 2), Rule("low", 3), Rule("calm", 2, or_less=True), Rule("dark", 20 / 3, is_score=True),
)  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "scores", "of"),
    [
        ({"low": 0, "dark": 1}, {}, []),
        ({"low": 1, "dark": 1}, {}, ["low"]),
        ({"low": 3, "dark": 2}, {}, ["low", "dark"]),
        ({"dark": DECLINED, "calm": DECLINED}, {}, []),
        ({}, {}, []),
        ({"other": 9}, {}, []),
        ({"low": True}, {}, []),
        ({"calm": 3}, {}, []),
        ({"calm": 2}, {}, ["calm"]),
        ({"calm": 0}, {}, ["calm"]),
        ({"dark": 2}, {"dark": 6}, ["dark"]),
        ({}, {"dark": 2 / 3 * 10, "low": 9, "calm": 0}, ["dark score"]),
    ],
)
def test_what_lies_on_the_wrong_side_worries_and_what_was_left_out_does_not(
    answers: dict[str, int | str], scores: dict[str, float], of: list[str]
) -> None:
    assert [f"{rule.of}{' score' if rule.is_score else ''}" for rule in met(RULES, answers, scores)] == of


def test_a_rule_is_kept_as_a_row_and_read_again() -> None:
    rows = [["dark", 1], ["calm", 2, "or_less"], ["all", 6.5, "score"], ["mind", 30, "or_less", "score"]]
    assert [row_of(rule_of(row)) for row in rows] == rows
    assert rule_of(rows[-1]) == Rule("mind", 30, or_less=True, is_score=True)


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
