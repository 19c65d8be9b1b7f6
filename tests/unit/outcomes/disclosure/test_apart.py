"""Averages at the start of the people of two later forms, as two summaries tell them: of one they say nothing."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from outcomes.disclosure import EVERYONE, Cell, Earlier, Line, Sheet, Status, Structure, View
from outcomes.disclosure.alike import Told
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


# --- three or four of them -------------------------------------------------------

NOT12, NOT26 = f"{W12}_others", f"{W26}_others"
FOUR = Structure.from_dict(
    {
        "dims": {},
        "measures": {"n": {}, **{name: {"mean_of": "n", "range": [0, 100]} for name in (W12, NOT12, W26, NOT26)}},
        "sums": [],
    }
)


def either(sent: tuple[str, range], missing: tuple[str, range], changed: int = -1) -> Sheet:
    """Those who sent a form, and those who did not."""
    return Sheet.of(
        {str(n): Line((), {name: 40.0 + n % 30 + (n == changed)}) for name, people in (sent, missing) for n in people}
    )


def told(*names: str, slack: float = 0.05) -> dict[tuple[str, tuple[tuple[str, str], ...]], Told]:
    return {(name, EVERYONE): Told(50.0, slack) for name in names}


STARTED = either((W12, range(45)), (NOT12, range(45, 60)))


@pytest.mark.parametrize(
    ("now", "how_many"),
    [
        (either((W26, range(1, 35)), (NOT26, range(35, 60))), 1),
        (either((W26, range(9, 35)), (NOT26, range(35, 60))), 1),
        (either((W26, range(10, 35)), (NOT26, range(35, 60))), 0),
        (either((W26, range(35)), (NOT26, range(35, 60))), 0),
        (either((W26, range(35)), (NOT26, range(35, 60)), changed=7), 1),
    ],
)
def test_those_who_sent_a_form_and_those_who_did_not_are_together_the_same_whichever_form(
    now: Sheet, how_many: int
) -> None:
    found = list(Starts(STARTED, now, FOUR).given_away_by_several(told(W12, NOT12), told(W26, NOT26)))
    assert [(breach.measure, breach.group) for breach in found] == [(NOT26, EVERYONE)] * how_many


def test_what_their_rounding_hides_or_one_counting_says_alone_is_no_breach() -> None:
    """Four averages of 60 people leave one person twelve points; rounded to a quarter of a point, sixty."""
    fewer = either((W26, range(1, 35)), (NOT26, range(35, 60)))
    rounded = told(W26, NOT26, slack=0.25)
    assert not list(Starts(STARTED, fewer, FOUR).given_away_by_several(told(W12, NOT12, slack=0.25), rounded))
    assert not list(Starts(STARTED, fewer, FOUR).given_away_by_several({}, rounded))
    of_each = {n: {W12: 40.0} for n in range(60)} | {n: {W12: 40.0, W26: 40.0} for n in range(58)}
    twice = Sheet.of({str(n): Line((), amounts) for n, amounts in {**of_each, 59: {W12: 40.0, NOT12: 40.0}}.items()})
    before, now = told(W12, NOT12, W26), told(NOT26)
    new = either((W26, range(0)), (NOT26, range(100, 140)))
    assert not list(Starts(twice, new, FOUR).given_away_by_several(before, now))


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
        Cell(
            one["table"], one["measure"], tuple(one["where"].items()), Status(one["status"]), one["value"],
            decimal_places=one["decimal_places"],
        )
        for one in built.cells
    ]  # fmt: skip
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


def test_a_quarter_later_the_start_of_the_one_who_left_is_not_told() -> None:
    everybody = [*people(45, forms=("start", "w12", "w26")), *people(15, first=100, forms=("start",))]
    first = made([without(one, "w26") for one in everybody])
    second = made([*everybody[1:35], *(without(one, "w26") for one in everybody[35:])], as_earlier(first))
    assert first.is_safe and second.is_safe
    told = {cell["measure"]: cell["status"] for cell in second.cells if not cell["where"]}
    assert told["total.w26.change"] == "shown"
    assert "withheld" in (told[W26], told[NOT26]), "with those who sent none, they are the first ones less one"
