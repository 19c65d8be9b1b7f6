"""How large a change is: by shown figures alone, so that no number of people can be read out of it."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path
from random import Random

import pytest
from scipy.special import stdtrit

from outcomes.disclosure import (
    EVERYONE,
    NO_DEADLINE,
    Cell,
    Count,
    Derived,
    Earlier,
    Estimate,
    Figures,
    How,
    Kind,
    Line,
    Mean,
    Protected,
    Reason,
    Report,
    Sheet,
    Status,
    Tables,
    Union,
    View,
    attack,
    protect,
)
from outcomes.disclosure.attack import derived_that_say_more
from outcomes.disclosure.exported import NotARelease, read
from outcomes.disclosure.from_files import attack_files
from outcomes.disclosure.shapes import Minimums
from outcomes.disclosure.sizes import size
from outcomes.disclosure.truths import FiguresDisagree
from outcomes.statistics import paired_change
from tests.factories.exported import exported

STATS = json.loads((Path(__file__).parents[3] / "vectors" / "stats.json").read_text())["expected"]
MEASURES = ("s.w12.before", "s.w12.after", "s.w12.change", "s.w12.before_spread", "effect", "dz", "half")


def shown(value: float, low: float | None = None, high: float | None = None, places: int = 0) -> Cell:
    return Cell("t", "m", EVERYONE, Status.SHOWN, value, low, high, places)


def test_the_worked_example_comes_out_to_the_decimals_that_its_figures_carry() -> None:
    low, high = STATS["ci95"]
    change = shown(STATS["mean_change"], low, high)
    spread = shown(STATS["mean_change"] / STATS["es_baseline_sd"], places=1)
    effect, dz = size(How.EFFECT, [change, spread, shown(16)], None), size(How.DZ, [change, shown(16)], None)
    assert effect is not None and effect.value == pytest.approx(STATS["es_baseline_sd"], abs=0.005)
    assert dz is not None and dz.value == pytest.approx(STATS["dz_srm"], abs=0.05)
    assert (effect.decimal_places, dz.decimal_places) == (2, 1)


@pytest.mark.parametrize(
    ("how", "least", "figures"),
    [
        (How.EFFECT, 20, [shown(4.0), shown(16.0)]),
        (How.DZ, 20, [shown(4.0, 2.0, 6.0)]),
        (How.HALF, 100, [shown(16.0)]),
    ],
)
def test_of_fewer_people_than_it_needs_there_is_none(how: How, least: int, figures: list[Cell]) -> None:
    assert size(how, [*figures, shown(least)], Minimums()) is not None
    assert size(how, [*figures, shown(least - 5)], Minimums()) is None
    assert size(how, [*figures, shown(least - 5)], None) is not None


def test_without_a_spread_nothing_is_divided_by_it() -> None:
    assert size(How.EFFECT, [shown(4.0), shown(0.0), shown(40)], None) is None
    assert size(How.DZ, [shown(4.0, 4.0, 4.0), shown(40)], None) is None


def sheet(people: range, seed: int = 1, spread: float = 15) -> Sheet:
    draw, lines = Random(seed), {}
    starts = {n: min(95.0, max(5.0, draw.gauss(50, spread))) for n in range(300)}
    changes = {n: draw.gauss(4, 12) for n in range(300)}
    for n in people:
        one, change = starts[n], changes[n]
        lines[str(n)] = Line((), {"n": 1, MEASURES[0]: one, MEASURES[1]: one + change, MEASURES[2]: change})
    return Sheet.of(lines)


def figures(sheet: Sheet) -> Figures:
    found = paired_change(list(zip(*(sheet.amount(name).tolist() for name in MEASURES[:2]), strict=True)))
    of_each = [
        Estimate(found.mean_before or 0),
        Estimate(found.mean_after or 0),
        Estimate(found.mean_change or 0, found.low, found.high),
        Estimate(found.sd_before or 0),
    ]
    ends = [(0.0, 100.0), (-40.0, 140.0), (-100.0, 100.0), None]
    return Figures(
        Tables(),
        (Count("t", "n", {EVERYONE: len(sheet)}, sensitive=False),),
        means=tuple(
            Mean("t", name, "n", {EVERYONE: one}, Kind.MEAN if range else Kind.SPREAD, range, everyone_only=not range)
            for name, one, range in zip(MEASURES[:4], of_each, ends, strict=True)
        ),
        derived=(
            Derived("t", "effect", How.EFFECT, (MEASURES[2], MEASURES[3], "n")),
            Derived("t", "dz", How.DZ, (MEASURES[2], "n")),
            Derived("t", "half", How.HALF, (MEASURES[3], "n")),
        ),
    )


def told(cells: tuple[Cell, ...]) -> set[str]:
    return {cell.measure for cell in cells if cell.shown} - {"n"}


@pytest.mark.parametrize(
    ("people", "missing"),
    [(120, set()), (60, {"half"}), (24, {"half"}), (15, {"effect", "dz", "half"})],
)
def test_sizes_stand_beside_the_figures_that_they_come_from(people: int, missing: set[str]) -> None:
    made = protect(figures(sheet(range(people))))
    assert told(made.cells) == set(MEASURES) - missing
    assert attack(made.cells, made.structure, 8).survived
    assert attack_files([read(exported(made.cells, made.structure))]).survived


def test_whoever_reads_everything_knows_no_better_how_many_people_there_are() -> None:
    """Each number of people that the rounded count leaves gives the same dz: it is worked out by the rounded one."""
    for people in range(23, 28):
        cells = {cell.measure: cell for cell in protect(figures(sheet(range(people)))).cells}
        change, n = cells[MEASURES[2]], cells["n"]
        assert n.value == 25
        reach = ((change.high or 0) - (change.low or 0)) / 2
        spread = reach * sqrt(25) / float(stdtrit(24, 0.975))
        assert cells["dz"].value == round((change.value or 0) / spread, 1) + 0.0


def test_a_size_that_the_shown_figures_do_not_come_to_is_found_by_the_attack() -> None:
    made = protect(figures(sheet(range(24))))
    cells = {cell.key: cell for cell in made.cells}
    assert not list(derived_that_say_more(cells, made.structure))
    cells["dz", EVERYONE] = Cell("t", "dz", EVERYONE, Status.SHOWN, (cells["dz", EVERYONE].value or 0) + 0.1)
    assert [breach.measure for breach in derived_that_say_more(cells, made.structure)] == ["dz"]


def test_a_spread_by_which_people_are_alike_is_withheld_and_its_mean_is_not() -> None:
    made = protect(figures(sheet(range(24), spread=1.2)))
    assert told(made.cells) == {*MEASURES[:3], "dz"}
    bare = [Cell("t", MEASURES[3], EVERYONE, Status.SHOWN, 1.2, decimal_places=1)]
    cells = [cell for cell in made.cells if cell.measure != MEASURES[3]]
    assert not attack([*cells, *bare], made.structure, 8).survived


def test_beside_an_earlier_summary_no_spread_is_of_another_day_than_its_mean() -> None:
    first = sheet(range(60))
    before = protect(figures(first))
    as_old = tuple(cell for cell in before.cells if cell.measure not in (MEASURES[3], "effect", "half"))
    for seen, now, expected in (
        (as_old, sheet(range(63)), {*MEASURES[:3], "dz"}),  # the mean repeats, and had no spread then
        (before.cells, sheet(range(63)), {*MEASURES[:5], "dz"}),
        (before.cells, sheet(range(80)), {*MEASURES[:5], "dz"}),
    ):
        earlier = Earlier("1", first, (View(seen, before.structure, 8),))
        made, report = union(figures(now), now, earlier)
        assert report.survived
        assert told(made.cells) == expected


def union(figures: Figures, sheet: Sheet, earlier: Earlier) -> tuple[Protected, Report]:
    return Union(protect(figures), sheet, [earlier], NO_DEADLINE).settled()


@pytest.mark.parametrize("hidden", [MEASURES[:1], MEASURES[:2]])
def test_a_mean_that_gives_way_takes_its_spread_and_what_was_worked_out_along(hidden: tuple[str, ...]) -> None:
    made, one = protect(figures(sheet(range(60)))), sheet(range(60))
    union = Union(made, one, [], NO_DEADLINE)
    for name in hidden:
        union.cells[name, EVERYONE] = Cell("t", name, EVERYONE, Status.WITHHELD)
    union._give_up()
    assert told(tuple(union.cells.values())) == {MEASURES[2], "dz"}


def test_a_size_of_what_there_is_not_is_refused_in_figures_and_in_files() -> None:
    made = figures(sheet(range(24)))
    wrong = Figures(made.tables, made.counts, means=made.means, derived=(Derived("t", "x", How.DZ, ("no", "n")),))
    with pytest.raises(FiguresDisagree, match="no is named, and no figure"):
        protect(wrong)
    found = protect(made)
    file = json.loads(exported(found.cells, found.structure))
    file["measures"]["dz"]["dz"][0] = "no"
    with pytest.raises(NotARelease, match=r"measures\.dz: no is named"):
        read(json.dumps(file))


def test_a_change_of_too_few_leaves_no_size_for_the_same_reason() -> None:
    cells = {cell.measure: cell for cell in protect(figures(sheet(range(9)))).cells}
    assert {cells[name].reason for name in ("dz", "effect", "half")} == {Reason.TOO_FEW}
