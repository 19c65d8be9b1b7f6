"""Averages at the start of the people of two later forms, as two summaries tell them: of one they say nothing."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from outcomes.disclosure import EVERYONE, Cell, Earlier, Line, Sheet, Status, Structure, View
from outcomes.disclosure.apart import Starts, scale_at_start
from outcomes.releases.figures import Built, Counted, build
from tests.factories.journeys import AS_AT, TIMINGS, journey
from tests.factories.one_by_one import Journey, cohort

DORSET, POOLE = (("area", "Dorset"),), (("area", "Poole"),)
W12, W26 = "total.w12.before", "total.w26.before"
EITHER = Structure.from_dict(
    {
        "dims": {"area": ["Dorset", "Poole"]},
        "measures": {"n": {}, W12: {"mean_of": "n", "range": [0, 100]}, W26: {"mean_of": "n", "range": [0, 100]}},
        "sums": [],
    }
)


def sheet(name: str, *groups: tuple[str, range], score: float = 0.0) -> Sheet:
    """Those of each area with what they had at the start."""
    lines = {str(n): Line((("area", area),), {name: score or 40.0 + n % 30}) for area, people in groups for n in people}
    return Sheet.of(lines)


def given_away(earlier: Sheet, now: Sheet, told: tuple[tuple[str, str], ...] | tuple[()] = EVERYONE) -> int:
    return len(list(Starts(earlier, now, EITHER).given_away([(W12, told)], [(W26, told)])))


def test_what_is_an_average_at_the_start_is_known_by_its_name() -> None:
    names = (W12, "total.w12.before_others", "qlq-PF2.w26.before", "total.w12.after", "total.w12.n")
    assert [scale_at_start(name) for name in names] == ["total", "total", "qlq-PF2", "", ""]


@pytest.mark.parametrize(
    ("later", "how_many"), [(range(40), 0), (range(39), 1), (range(31), 1), (range(30), 0), (range(1, 41), 1)]
)
def test_those_behind_one_of_two_averages_alone_are_nobody_or_ten(later: range, how_many: int) -> None:
    assert given_away(sheet(W12, ("Dorset", range(40))), sheet(W26, ("Dorset", later))) == how_many


def test_ten_who_were_all_at_the_end_of_the_scale_are_told_too() -> None:
    first = sheet(W12, ("Dorset", range(30)))
    zeros = Sheet.of({str(100 + n): Line((("area", "Dorset"),), {W26: 100.0}) for n in range(10)})
    assert given_away(first, put_together_with(first, zeros)) == 1


def put_together_with(first: Sheet, more: Sheet) -> Sheet:
    both = {
        token: Line((("area", "Dorset"),), {W26: score})
        for sheet, name in ((first, W12), (more, W26))
        for token, score in zip(sheet.tokens.tolist(), sheet.amount(name).tolist(), strict=True)
    }
    return Sheet.of(both)


def test_whoever_has_another_score_by_now_differs_as_if_they_were_new() -> None:
    first = sheet(W12, ("Dorset", range(40)))
    assert given_away(first, sheet(W26, ("Dorset", range(40)), score=55.0)) == 0  # all 40 but one differ
    nearly = Sheet.of(
        {token: Line((("area", "Dorset"),), {W26: 40.0 + int(token) % 30 + (token == "7")}) for token in first.tokens}
    )
    assert given_away(first, nearly) == 1


def test_groups_are_held_against_groups_and_against_all_of_them_together() -> None:
    first = sheet(W12, ("Dorset", range(40)), ("Poole", range(40, 80)))
    now = sheet(W26, ("Dorset", range(25)), ("Poole", range(40, 77)))
    assert given_away(first, now, DORSET) == 0
    assert given_away(first, now, POOLE) == 1
    both = Starts(first, sheet(W26, ("Dorset", range(20, 100))), EITHER)
    assert not list(both.given_away([(W12, DORSET), (W12, POOLE)], [(W26, DORSET)]))
    all_but_one = Starts(first, sheet(W26, ("Dorset", range(1, 80))), EITHER)
    (found,) = all_but_one.given_away([(W12, DORSET), (W12, POOLE)], [(W26, DORSET)])
    assert (found.measure, found.group) == (W26, DORSET)
    (left_over,) = Starts(first, now, EITHER).given_away([(W12, POOLE)], [(W26, EVERYONE), (W26, DORSET)])
    assert (left_over.measure, left_over.group) == (W26, DORSET)


# --- as summaries are built ----------------------------------------------------


def people(n: int, *, first: int = 0, forms: tuple[str, ...]) -> list[Journey]:
    draw = Random(first)
    return [
        journey(first + i, "Dorset", scores={code: round(min(95, max(5, draw.gauss(52, 15))), 1) for code in forms})
        for i in range(n)
    ]


def made(journeys: list[Journey], *earlier: Earlier) -> Built:
    return build(
        Counted(cohort(journeys), TIMINGS, [], ["Dorset"], AS_AT), earlier=earlier, k=8, step=lambda done: None
    )


def without(one: Journey, code: str) -> Journey:
    return replace(one, forms={name: form for name, form in one.forms.items() if name != code})


def as_earlier(built: Built) -> Earlier:
    structure = Structure.from_dict({"dims": built.groups, **built.method})
    cells = [
        Cell(one["table"], one["measure"], tuple(one["where"].items()), Status(one["status"]), one["value"])
        for one in built.cells
    ]
    return Earlier("1", built.sheet, (View(tuple(cells), structure, 8),))


def test_a_quarter_later_the_start_of_the_one_who_sent_no_second_form_is_not_told() -> None:
    all_three = people(40, forms=("start", "w12", "w26"))
    first = made([without(one, "w26") for one in all_three])
    joined = people(15, first=100, forms=("start", "w12"))
    second = made([without(all_three[0], "w26"), *all_three[1:], *joined], as_earlier(first))
    assert first.is_safe and second.is_safe
    told = {cell["measure"]: cell["status"] for cell in second.cells if not cell["where"]}
    assert told["total.w26.change"] == told["total.w12.before"] == "shown"
    assert told[W26] == told["total.w26.after"] == "withheld"
