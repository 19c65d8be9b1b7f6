"""No mean of people who are so alike that it tells what each of them has: shown, left over, or by two others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outcomes.disclosure import (
    EVERYONE,
    NO_DEADLINE,
    Breach,
    Cell,
    Count,
    Earlier,
    Estimate,
    Figures,
    Kind,
    Line,
    Mean,
    Minimums,
    Protected,
    Reason,
    Sheet,
    Status,
    Tables,
    Union,
    View,
    attack,
    protect,
    structure_of,
)
from outcomes.disclosure.alike import Told, together, told_by
from outcomes.disclosure.exported import read
from outcomes.disclosure.from_files import attack_files
from outcomes.disclosure.means import mean_cells
from outcomes.disclosure.rules import primary
from outcomes.statistics import paired_change
from tests.factories.exported import exported
from tests.factories.one_by_one import groups_of

AREAS = ("Dorset", "Poole", "Purbeck")
DORSET, POOLE, PURBECK = GROUPS = tuple((("area", name),) for name in AREAS)
BY_AREA, ALL_TOGETHER = Tables({"area": AREAS}), Tables()
MIXED = [(30 + 7 * (i % 5), 25 + 11 * (i % 7)) for i in range(70)]  # start and later: they move by -33 to +61
FULL = [(40 + 9 * (i % 5), 100) for i in range(35)]
UP_BY_TEN = [(30 + 7 * (i % 5), 40 + 7 * (i % 5)) for i in range(40)]


def sheet(first=0, **pairs):
    """A line for each pair of scores, by area."""
    people = [(area, pair) for area, some in pairs.items() for pair in some]
    return {
        str(first + i): Line((("area", area),), {"n": 1, "s.before": one, "s.after": two, "s.change": two - one})
        for i, (area, (one, two)) in enumerate(people)
    }


def figures(sheet, tables=BY_AREA):
    among = {
        group: [line.amounts for line in sheet.values() if group in groups_of(line)] for group in tables.everywhere
    }
    scores = {group: [(one["s.before"], one["s.after"]) for one in some] for group, some in among.items() if some}
    found = {group: paired_change(some) for group, some in scores.items()}
    return Figures(
        tables,
        (Count("t", "n", {group: len(some) for group, some in among.items()}, sensitive=False),),
        means=(
            Mean("t", "s.before", "n", {g: Estimate(c.mean_before) for g, c in found.items()}, range=(0, 100)),
            Mean("t", "s.after", "n", {g: Estimate(c.mean_after) for g, c in found.items()}, range=(0, 100)),
            Mean(
                "t", "s.change", "n",
                {g: Estimate(c.mean_change, c.low, c.high) for g, c in found.items()}, range=(-100, 100),
            ),
        ),
    )  # fmt: skip


def told(cells, group=EVERYONE):
    return {cell.measure.removeprefix("s.") for cell in cells if cell.shown and cell.group == group} - {"n"}


def protected(made):
    """What may be shown, which the attack does not break, by itself or as a file."""
    found = protect(made)
    assert attack(found.cells, found.structure, 8).survived
    assert attack_files([read(exported(found.cells, found.structure))]).survived
    return found.cells


def as_it_is(made):
    """The control: every mean as it is, rounded."""
    means = [
        Cell("t", m.name, g, Status.SHOWN, *(None if x is None else round(x, 1) for x in (e.value, e.low, e.high)), 1)
        for m in made.means
        for g, e in m.values.items()
    ]
    return [*primary(made, 8).values(), *means], structure_of(made)


def given_away(cells, structure):
    """By the attack before publishing, and by the attack on the file alone."""
    found = [attack(cells, structure, 8), attack_files([read(exported(cells, structure))])]
    return [{(breach.measure, breach.group) for breach in report.breaches} for report in found]


# --- what a mean says of one -------------------------------------------------


@pytest.mark.parametrize(("mean", "people", "is_told"), [
    (Told(100), 35, True), (Told(99.3), 35, True), (Told(99.2), 35, False), (Told(0.7), 35, True),
    (Told(0.8), 35, False), (Told(99.8, 0.04), 100, True), (Told(99.8, 0.06), 100, False), (Told(50), 35, False),
    (Told(50, reach=0.6), 40, True), (Told(50, reach=0.7), 40, False), (Told(50, spread=2), 38, True),
    (Told(50, spread=3), 38, False), (Told(50, spread=1.1), 900, False), (Told(50, spread=0.9), 900, True),
    (Told(50, reach=0.05, slack=0.05), 900, True), (Told(50, reach=0.08, slack=0.05), 1_000_000, False),
    (Told(50), 1, True), (Told(50, reach=1, spread=2), 38, True),
])  # fmt: skip
def test_one_lies_within_so_much_of_the_mean_and_of_the_ends(mean, people, is_told):
    assert mean.tells_of_each(people, (0, 100)) is is_told


@pytest.mark.parametrize("scores", [[0, 0, 0, 100], [50] * 9 + [90], [97, 99, 100, 100], [1, 2, 3, 2, 1, 0, 4]])
def test_no_score_lies_outside_of_what_is_said_of_it(scores):
    change = paired_change([(0, score) for score in scores])
    known = Told(change.mean_change, reach=change.high - change.mean_change)
    least, most = known.of_each(len(scores), (0, 100))
    assert least - 1e-6 <= min(scores) and max(scores) <= most + 1e-6


def test_an_interval_that_is_rounded_to_a_point_is_as_wide_as_its_rounding():
    known = told_by(Cell("t", "m", EVERYONE, Status.SHOWN, 4.2, 4.2, 4.2, 1))
    assert not known.tells_of_each(1_000_000, (-100, 100))
    assert known.tells_of_each(100, (-100, 100))


# --- what is shown -----------------------------------------------------------


@pytest.mark.parametrize(("pairs", "shown"), [
    (MIXED, {"before", "after", "change"}),
    (UP_BY_TEN, {"before"}),
    ([(50, 50 + i % 2) for i in range(40)], {"before"}),  # nearly alike
    ([(50, 60)] * 40, {"before"}),
    (FULL, {"change"}),
    ([(0, 20 + i) for i in range(35)], {"change"}),
    ([(40 + i, 100) for i in range(15)], {"before"}),
])  # fmt: skip
def test_means_of_people_who_are_alike_are_withheld_and_two_do_not_tell_the_third(pairs, shown):
    made = figures(sheet(Dorset=pairs), ALL_TOGETHER)
    cells = protected(made)
    assert told(cells) == shown
    assert {cell.reason for cell in cells if not cell.shown} <= {Reason.PROTECTS_OTHERS}
    is_broken = {"before", "after", "change"} != shown
    assert [bool(found) for found in given_away(*as_it_is(made))] == [is_broken, is_broken]


@pytest.mark.parametrize(("reach", "shown"), [(0, False), (0.02, False), (0.3, True)])
def test_of_very_many_the_true_spread_decides_and_not_the_rounded_interval(reach, shown):
    change = Mean("t", "change", "n", {EVERYONE: Estimate(10, 10 - reach, 10 + reach)}, range=(-100, 100))
    made = Figures(ALL_TOGETHER, (Count("t", "n", {EVERYONE: 20_000}, sensitive=False),), means=(change,))
    assert ("change" in told(protected(made))) is shown


@pytest.mark.parametrize(("others", "is_shown"), [(MIXED, True), (UP_BY_TEN, False)])
def test_intervals_of_the_whole_and_of_a_group_do_not_tell_that_the_others_all_moved_alike(others, is_shown):
    """Fourteen are too few for an average of their own, and the other two averages would tell it with its spread."""
    cells = protected(figures(sheet(Dorset=MIXED, Poole=others[:14])))
    assert "change" in told(cells)
    assert ("change" in told(cells, DORSET)) is is_shown


def test_the_spread_of_several_groups_together_is_that_of_all_their_people():
    groups = [[5.0, 5.0, 9.0], [1.0], [0.0, 10.0, 20.0, 3.0]]
    made = [paired_change([(0, x) for x in some]) for some in groups]
    each = [(Estimate(one.mean_change, one.low, one.high), one.n) for one in made]
    whole = paired_change([(0, x) for some in groups for x in some])
    found = together(each)
    assert (found.value, found.low, found.high) == pytest.approx((whole.mean_change, whole.low, whole.high))
    assert together([*each, (Estimate(4.0), 12)]).low is None
    assert together([(Estimate(4.0), 1)]) == Estimate(4.0)


def test_a_group_all_of_whom_are_at_the_end_is_neither_shown_nor_left_over():
    made = figures(sheet(Dorset=FULL, Poole=MIXED, Purbeck=MIXED))
    cells = protected(made)
    assert "after" not in told(cells, DORSET)
    assert "after" in told(cells)
    assert len([group for group in (POOLE, PURBECK) if "after" in told(cells, group)]) < 2
    assert [("s.after", DORSET) in found for found in given_away(*as_it_is(made))] == [True, True]


def test_a_third_mean_that_two_tell_is_found_by_the_attack():
    cells, structure = as_it_is(figures(sheet(Dorset=FULL), ALL_TOGETHER))
    hidden = [cell for cell in cells if cell.measure != "s.after"]
    assert given_away(hidden, structure) == [{("s.after", EVERYONE)}] * 2
    of_others = replace(structure, mean_of=structure.mean_of | {"s.before": "m"})
    assert attack(hidden, of_others, 8).survived


@pytest.mark.parametrize(("size", "shown"), [(0.0, True), (0.4, True), (15, False)])
def test_how_far_two_means_lie_apart_tells_their_spread(size, shown):
    made = figures(sheet(Dorset=MIXED), ALL_TOGETHER)
    others = (
        Mean("t", "s.before_others", "n", {EVERYONE: Estimate(54)}, range=(0, 100)),
        Mean("t", "s.before_apart", "n", {EVERYONE: Estimate(size)}, Kind.EFFECT_SIZE, decimal_places=2),
    )
    made = replace(made, means=(*made.means, *others))
    assert ("before_apart" in told(protected(made))) is shown
    bare = [replace(cell, decimal_places=2) for cell in as_it_is(made)[0]]
    assert bool(given_away(bare, structure_of(made))[0]) is not shown


@pytest.mark.parametrize(("value", "shown"), [(90, True), (99.9, False)])
def test_what_one_population_has_more_than_another_is_not_left_over_alike(value, shown):
    """Fifteen people are in the first alone."""
    first, second = (1 << 60) - 1, (1 << 45) - 1
    values = ((45 * 50 + 15 * value) / 60, 50)
    means = [
        Mean(
            "t", name, name.replace("m", "n"), {EVERYONE: Estimate(mean)}, range=(0, 100), variable="start", people=who
        )
        for name, mean, who in zip(("m1", "m2"), values, ({EVERYONE: first}, {EVERYONE: second}), strict=True)
    ]
    counts = [Count("t", name, {EVERYONE: n}, sensitive=False) for name, n in (("n1", 60), ("n2", 45))]
    made = Figures(ALL_TOGETHER, tuple(counts), means=tuple(means))
    cells = mean_cells(made, primary(made, 8), Minimums())
    assert [cell.shown for cell in cells] == [True, shown]


# --- beside what was shown before --------------------------------------------

FIRST = sheet(Dorset=MIXED, Poole=MIXED, Purbeck=MIXED)


def published(sheet, cells=None):
    found = protect(figures(sheet))
    return Earlier("first", Sheet.of(sheet), (View(cells or found.cells, found.structure, 8),))


def union(now, *earlier, cells=None):
    found = protect(figures(now))
    return Union(Protected(cells or found.cells, found.structure, 8), Sheet.of(now), earlier, NO_DEADLINE)


def test_those_who_joined_and_are_all_at_the_end_are_not_found_by_comparing():
    now = FIRST | sheet(1000, Dorset=FULL[:15])
    two = union(now, published(FIRST))
    words = [breach.words for breach in two.attacked().breaches.values()]
    assert any(word.startswith("s.after of each who joined, Dorset: known to be 9") for word in words)
    found, report = two.settled()
    assert report.survived
    assert "after" not in told(found.cells, DORSET)
    mixed, report = union(FIRST | sheet(1000, Dorset=MIXED[:15]), published(FIRST)).settled()
    assert report.survived
    assert told(mixed.cells, DORSET) == {"before", "after", "change"}


def test_the_last_gate_finds_a_group_that_the_others_leave_over():
    now = sheet(Dorset=FULL, Poole=MIXED, Purbeck=MIXED)
    cells = tuple(cell for cell in as_it_is(figures(now))[0] if cell.measure in ("n", "s.after") and cell.shown)
    bare = tuple(
        replace(cell, status=Status.WITHHELD, value=None) if cell.key == ("s.after", DORSET) else cell for cell in cells
    )
    two = union(now, cells=bare)
    assert [(breach.measure, breach.group) for breach in two.attacked().breaches.values()] == [("s.after", DORSET)]
    found, report = two.settled()
    assert report.survived
    assert [told(found.cells, group) for group in (EVERYONE, DORSET)] == [{"after"}, set()]


@pytest.mark.parametrize("has_counts", [True, False])
def test_an_earlier_mean_that_tells_of_each_is_not_repeated_and_does_not_block_what_comes_after(has_counts):
    first = sheet(Dorset=FULL, Poole=MIXED, Purbeck=MIXED)
    bare = tuple(cell for cell in as_it_is(figures(first))[0] if has_counts or cell.measure != "n")
    found, report = union(first | sheet(1000, Poole=MIXED[:3]), published(first, bare)).settled()
    assert report.survived, report.breaches
    cells = {cell.key: cell for cell in found.cells}
    assert not cells["s.after", DORSET].shown
    assert cells["s.after", POOLE].counted == "first"
    assert cells["s.change", DORSET].shown is has_counts  # of 35; of ten it would tell


def test_what_an_earlier_release_gives_away_by_itself_costs_a_later_one_nothing():
    first = sheet(Dorset=FULL, Poole=MIXED, Purbeck=MIXED)
    bare = tuple(as_it_is(figures(first))[0])
    found, report = union(first | sheet(1000, Poole=MIXED[:30]), published(first, bare)).settled()
    assert report.survived, report.breaches
    assert "after" in told(found.cells, POOLE)


def test_what_is_withheld_beside_earlier_figures_is_not_told_by_two_others():
    earlier = published(FIRST)
    hidden = tuple(
        replace(cell, status=Status.WITHHELD, value=None, low=None, high=None)
        if cell.key == ("s.change", DORSET) else cell
        for cell in earlier.views[0].cells
    )  # fmt: skip
    found, report = union(FIRST | sheet(1000, Dorset=MIXED[:3]), published(FIRST, hidden)).settled()
    assert report.survived
    assert told(found.cells, DORSET) == {"before"}


def test_what_two_of_three_would_tell_is_withheld_with_the_one_that_gives_way():
    now = sheet(Dorset=MIXED)
    union = Union(protect(figures(now)), Sheet.of(now), (), NO_DEADLINE)
    assert told(union.cells.values(), DORSET) == {"before", "after", "change"}
    assert union._give_way([Breach("found", "s.change", DORSET, 1, 2)]) == 1
    assert len(told(union.cells.values(), DORSET)) == 1, "of start, later and change any two tell the third"
