"""What may be shown of a release: each rule by itself, and the refusals."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import or_

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.disclosure import (
    EVERYONE,
    Contributions,
    Count,
    Derived,
    Estimate,
    Figures,
    FiguresDisagree,
    How,
    Kind,
    Mean,
    Minimums,
    Reason,
    Split,
    Status,
    Structure,
    Tables,
    attack,
    protect,
    structure_of,
    words_of,
)
from outcomes.disclosure.rules import nearest_five

AREAS = ("Dorset", "Poole", "Purbeck")
DORSET, POOLE, PURBECK = GROUPS = tuple((("area", name),) for name in AREAS)
BY_AREA = Tables({"area": AREAS})


def over(*numbers):
    """Values by group with everyone as their sum."""
    return {EVERYONE: sum(numbers), **dict(zip(GROUPS, numbers, strict=True))}


def count(name, *numbers, table="funnel", **more):
    return Count(table, name, over(*numbers), **more)


def figures(*counts, **more):
    return Figures(BY_AREA, counts, **more)


def shown(made, **more):
    """Cells by measure and group: the number when shown, else the status."""
    protected = protect(made, **more)
    assert attack(protected.cells, protected.structure, protected.k).survived
    return {(cell.measure, cell.group): cell.value if cell.shown else str(cell.status) for cell in protected.cells}


def cell_of(made, measure, group=EVERYONE, **more):
    return next(c for c in protect(made, **more).cells if (c.measure, c.group) == (measure, group))


def split(improved, same, worse, **more):
    whole = tuple(map(sum, zip(improved, same, worse, strict=True)))
    parts = {"improved": over(*improved), "same": over(*same), "worse": over(*worse)}
    return figures(
        count("n", *whole, sensitive=False),
        splits=(Split("change", "n", parts, "not improved", ("same", "worse")),),
        **more,
    )


def means(people, told=True, **more):
    values = {group: Estimate(4.26, 1.04, 7.48) for group in (EVERYONE, *GROUPS)}
    return figures(
        count("n", *people, sensitive=False), means=(Mean("change", "change", "n", values if told else {}, **more),)
    )


# --- counts ------------------------------------------------------------------


@pytest.mark.parametrize(("n", "rounded"), [(8, 10), (12, 10), (13, 15), (17, 15), (18, 20), (0, 0), (2, 0), (3, 5)])
def test_the_nearest_five(n, rounded):
    assert nearest_five(n) == rounded


@pytest.mark.parametrize(("n", "told"), [(1, "small"), (7, "small"), (8, 10), (12, 10), (13, 15), (103, 105)])
def test_a_count_is_small_or_rounded(n, told):
    assert shown(Figures(Tables(), (Count("funnel", "referred", {EVERYONE: n}),)))["referred", EVERYONE] == told


def test_nobody_is_shown_only_where_it_says_nothing_of_a_person():
    cells = shown(figures(count("referred", 0, 60, 70, sensitive=False), count("worse", 0, 60, 70)))
    assert cells["referred", DORSET] == 0
    assert cells["worse", DORSET] == "small"


def test_a_total_is_rounded_from_the_true_counts():
    cells = shown(figures(count("referred", 12, 12, 12)))
    assert [cells["referred", area] for area in GROUPS] == [10, 10, 10]
    assert cells["referred", EVERYONE] == 35


def test_a_higher_threshold_hides_more():
    cells = shown(figures(count("referred", 9, 60, 60)), k=10)
    assert cells["referred", DORSET] == "small"


def test_a_threshold_below_eight_is_refused():
    with pytest.raises(ValueError, match="8 or more"):
        protect(figures(count("referred", 9, 60, 60)), k=7)


def test_a_count_that_the_others_would_give_away_is_withheld_with_them():
    cells = shown(figures(count("referred", 8, 8, 1, sensitive=False)))
    assert cells["referred", EVERYONE] == 15
    assert sorted(str(cells["referred", area]) for area in GROUPS) == ["10.0", "withheld", "withheld"]


def test_counts_that_nothing_ties_to_it_are_left_as_they_are():
    made = figures(
        count("referred", 8, 8, 1, sensitive=False),
        count("booked", 60, 60, 60, sensitive=False),
        count("attended", 40, 40, 40, sensitive=False, within="booked"),
    )
    cells = shown(made)
    assert "withheld" in {cells["referred", area] for area in GROUPS}
    assert [cells["attended", area] for area in GROUPS] == [40, 40, 40]


def test_many_small_groups_of_a_small_total_are_withheld():
    groups = tuple((("area", name),) for name in "ABCDEF")  # one to two in each, were it said that all are small
    made = Figures(
        Tables({"area": tuple("ABCDEF")}),
        (Count("t", "n", {EVERYONE: 6, **dict.fromkeys(groups, 1)}, sensitive=False),),
    )
    assert "small" not in {told for (_, group), told in shown(made).items() if group}


def test_people_lost_between_two_stages_are_not_given_away():
    made = figures(
        count("referred", 12, 60, 60, sensitive=False),
        count("registered", 8, 60, 60, sensitive=False, within="referred"),
        count("started", 8, 60, 60, sensitive=False, within="registered"),
    )
    assert shown(made)["referred", EVERYONE] == 130


# --- splits ------------------------------------------------------------------


def test_a_split_of_many_is_shown_whole():
    cells = shown(split((20, 30, 40), (20, 30, 40), (20, 30, 40)))
    assert cells["improved", DORSET] == cells["worse", DORSET] == 20
    assert ("not improved", DORSET) not in cells


def test_a_split_with_a_small_part_is_merged():
    cells = shown(split((40, 40, 40), (40, 40, 40), (3, 40, 40)))
    assert cells["same", DORSET] == cells["worse", DORSET] == "withheld"
    assert (cells["improved", DORSET], cells["not improved", DORSET]) == (40, 45)
    assert cells["worse", POOLE] == 40


@pytest.mark.parametrize("dorset", [(40, 3, 2), (40, 0, 0), (0, 30, 30), (2, 2, 2)])
def test_a_split_that_merging_does_not_save_is_not_shown(dorset):
    improved, same, worse = ((part, 40, 40) for part in dorset)
    cells = shown(split(improved, same, worse))
    assert {cells[part, DORSET] for part in ("improved", "same", "worse")} == {"withheld"}
    assert ("not improved", DORSET) not in cells


# --- percentages -------------------------------------------------------------


def percent(*parts):
    return split(*parts, derived=(Derived("change", "share improved", How.RATIO, ("improved", "n")),))


def test_a_percentage_is_of_the_shown_counts():
    cell = cell_of(percent((21, 40, 40), (21, 40, 40), (22, 40, 40)), "share improved", DORSET)
    assert (cell.value, cell.decimal_places) == (31, 0)  # 20 of 65, not 21 of 64
    assert (cell.low, cell.high) == (21, 43)


def test_a_percentage_of_few_is_too_few_to_say():
    made = figures(
        count("booked", 16, 60, 60, sensitive=False),
        count("attended", 9, 50, 50, sensitive=False, within="booked"),
        derived=(Derived("classes", "share", How.RATIO, ("attended", "booked")),),
    )
    cell = cell_of(made, "share", DORSET)
    assert (cell.status, cell.reason) == (Status.WITHHELD, Reason.TOO_FEW)
    assert shown(made, minimums=Minimums(denominator=15))["share", DORSET] == 67


def test_a_percentage_of_nobody_is_too_few_to_say():
    made = figures(
        count("booked", 0, 60, 60, sensitive=False),
        count("attended", 0, 50, 50, sensitive=False, within="booked"),
        derived=(Derived("classes", "share", How.RATIO, ("attended", "booked")),),
    )
    assert cell_of(made, "share", DORSET).reason is Reason.TOO_FEW


def test_a_percentage_of_a_small_count_is_small():
    made = figures(
        count("booked", 60, 60, 60, sensitive=False),
        count("attended", 3, 50, 50, sensitive=False, within="booked"),
        derived=(Derived("classes", "share", How.RATIO, ("attended", "booked")),),
    )
    assert cell_of(made, "share", DORSET).status in (Status.SMALL, Status.WITHHELD)
    assert cell_of(figures(*made.counts[:2], derived=made.derived), "share", POOLE).value == 83


def test_a_percentage_of_a_withheld_part_is_withheld():
    cell = cell_of(percent((40, 40, 40), (3, 40, 40), (2, 40, 40)), "share improved", DORSET)
    assert (cell.status, cell.value, cell.low, cell.high) == (Status.WITHHELD, None, None, None)


def test_a_percentage_of_merged_parts_stands_where_they_were_merged():
    made = split(
        (40, 40, 40),
        (40, 40, 40),
        (3, 40, 40),
        derived=(Derived("change", "share not", How.RATIO, ("not improved", "n")),),
    )
    assert cell_of(made, "share not", DORSET).shown
    assert cell_of(made, "share not", POOLE).status is Status.WITHHELD


# --- means -------------------------------------------------------------------


def test_a_mean_has_one_decimal_place_and_its_interval():
    cell = cell_of(means((40, 50, 60)), "change", DORSET)
    assert (cell.value, cell.low, cell.high, cell.decimal_places) == (4.3, 1.0, 7.5, 1)


def test_a_mean_without_an_interval_has_none():
    made = means((40, 50, 60))
    bare = replace(made, means=(replace(made.means[0], values={EVERYONE: Estimate(-0.04)}, decimal_places=1),))
    cell = cell_of(bare, "change")
    assert (str(cell.value), cell.low, cell.high) == ("0.0", None, None)
    assert cell_of(bare, "change", DORSET).reason is Reason.TOO_FEW


def test_a_group_under_thirty_is_too_few_to_compare():
    made = means((24, 50, 60))
    assert cell_of(made, "change", DORSET).reason is Reason.TOO_FEW
    assert shown(made, minimums=Minimums(comparison=10))["change", DORSET] == 4.3


@pytest.mark.parametrize(("kind", "people", "is_told"), [
    (Kind.MEAN, 12, False), (Kind.MEAN, 13, True), (Kind.SPREAD, 13, True),
    (Kind.EFFECT_SIZE, 22, False), (Kind.EFFECT_SIZE, 23, True),
])  # fmt: skip
def test_the_least_number_of_people_is_judged_on_the_shown_count(kind, people, is_told):
    made = Figures(
        Tables(),
        (Count("change", "n", {EVERYONE: people}),),
        means=(Mean("t", "m", "n", {EVERYONE: Estimate(1)}, kind),),
    )
    assert cell_of(made, "m").shown is is_told


def test_a_mean_of_a_hidden_count_is_hidden_in_the_same_way():
    assert shown(means((3, 50, 60), told=True))["change", DORSET] in ("small", "withheld")


def test_means_of_all_but_a_few_are_not_all_shown():
    cells = shown(means((5, 40, 50)))
    assert cells["change", EVERYONE] == 4.3
    assert [cells["change", area] for area in GROUPS[1:]] == ["withheld", 4.3]


def test_means_of_all_but_nobody_are_shown():
    cells = shown(means((0, 40, 50)))
    assert [cells["change", area] for area in (EVERYONE, *GROUPS)] == [4.3, "withheld", 4.3, 4.3]


def test_the_overall_mean_goes_when_no_group_is_left_to_withhold():
    # Three small groups: the total is of 15 people, of whom a reader is sure of too few in the groups.
    cells = shown(means((5, 5, 5)))
    assert {cells["change", group] for group in (EVERYONE, *GROUPS)}.isdisjoint({4.3})


def starters(first, second):
    """Start scores averaged over those paired at 12 and at 26 weeks."""

    def mean(name, of, people):
        everybody = reduce(or_, people)
        by_group = {EVERYONE: everybody, **dict(zip(GROUPS, people, strict=True))}
        values = {group: Estimate(50) for group in by_group}
        return Mean("change", name, of, values, variable="start", people=by_group)

    return figures(
        count("n12", *map(int.bit_count, first), sensitive=False),
        count("n26", *map(int.bit_count, second), sensitive=False),
        means=(mean("before12", "n12", first), mean("before26", "n26", second)),
    )  # fmt: skip


def people(first, last):
    """From one number up to another: a bit for each."""
    return (1 << last) - (1 << first)


def test_one_quantity_over_two_populations_that_differ_by_few_is_shown_once():
    first = (people(0, 60), people(100, 160), people(200, 260))
    same = starters(first, first)
    assert {shown(same)["before26", group] for group in (EVERYONE, *GROUPS)} == {50}
    fewer = starters(first, (people(0, 57), *first[1:]))
    cells = shown(fewer)
    assert cells["before26", EVERYONE] == cells["before26", DORSET] == "withheld"
    assert cells["before12", EVERYONE] == cells["before12", DORSET] == 50


def test_what_the_groups_leave_over_of_the_whole_is_a_population_too():
    first = (people(0, 60), people(100, 160), people(200, 260))
    cells = shown(starters(first, (people(0, 57), people(100, 140), people(200, 240))))
    later = [cells["before26", group] for group in (EVERYONE, *GROUPS)]
    assert later == [50, "withheld", "withheld", 50], "the whole less the two others would tell the one withheld"


def test_two_quantities_over_two_populations_do_not_give_each_other_away():
    first = (people(0, 60), people(100, 160), people(200, 260))
    made = starters(first, (people(0, 57), *first[1:]))
    apart = replace(made, means=(made.means[0], replace(made.means[1], variable="end")))
    assert {shown(apart)["before26", group] for group in (EVERYONE, *GROUPS)} == {50}


def test_one_quantity_over_two_populations_that_differ_by_many_is_shown_twice():
    first = (people(0, 60), people(100, 160), people(200, 260))
    cells = shown(starters(first, (people(0, 45), people(100, 145), people(200, 245))))
    assert {cells["before26", group] for group in (EVERYONE, *GROUPS)} == {50}


# --- visits ------------------------------------------------------------------


def visits(shares, numbers=(100, 100, 100)):
    by_group = {EVERYONE: Contributions(90, 20, 18), **dict(zip(GROUPS, shares, strict=True))}
    return figures(count("visits", *numbers, sensitive=False, contributions=by_group))


MANY = Contributions(30, 9, 8)


def test_visits_of_many_are_shown():
    assert shown(visits((MANY, MANY, MANY)))["visits", DORSET] == 100


@pytest.mark.parametrize("few", [Contributions(7, 20, 18), Contributions(9, 51, 5), Contributions(9, 45, 40)])
def test_visits_of_few_or_mostly_of_one_or_two_are_withheld_with_a_second_group(few):
    cells = shown(visits((few, MANY, MANY), (100, 101, 120)))
    assert cells["visits", EVERYONE] == 320
    assert [cells["visits", area] for area in GROUPS] == ["withheld", "withheld", 120]


def test_the_total_of_visits_goes_when_all_groups_are_of_few():
    few = Contributions(1, 10, 0)
    by_group = {EVERYONE: Contributions(3, 10, 10), DORSET: few, POOLE: few, PURBECK: few}
    made = figures(count("visits", 10, 10, 10, sensitive=False, contributions=by_group))
    assert set(shown(made).values()) == {"withheld"}


def test_the_total_of_visits_goes_when_the_groups_cannot_guard_it():
    few = Contributions(2, 10, 9)
    by_group = {EVERYONE: Contributions(8, 10, 9), DORSET: few, POOLE: few, PURBECK: few}
    made = figures(count("visits", 20, 20, 20, sensitive=False, contributions=by_group))
    assert set(shown(made).values()) == {"withheld"}


# --- refusals and shapes -----------------------------------------------------


@pytest.mark.parametrize(("made", "words"), [
    (figures(Count("t", "n", {EVERYONE: 3, DORSET: 1, POOLE: 1, PURBECK: 2})), "do not add up to everyone"),
    (figures(Count("t", "n", {EVERYONE: 3, DORSET: 3})), "for each of Dorset, Poole, Purbeck"),
    (figures(count("n", 1, -1, 3)), "0 or more"),
    (figures(count("n", 1, 1, 1), count("n", 1, 1, 1)), "n stands twice"),
    (figures(count("n", 1, 1, 1), count("m", 1, 1, 2, within="n")), "m is more than n"),
    (figures(count("n", 1, 1, 1, within="nothing")), "nothing is named"),
    (replace(split((1, 1, 1), (1, 1, 1), (1, 1, 1)), counts=(count("n", 4, 4, 4),)), "do not add up to it"),
    (figures(derived=(Derived("t", "share", How.RATIO, ("a", "b")),)), "a is named"),
])  # fmt: skip
def test_figures_that_contradict_themselves_are_refused(made, words):
    with pytest.raises(FiguresDisagree, match=words):
        protect(made)


def full():
    return replace(
        percent((21, 40, 40), (21, 40, 40), (22, 40, 40)),
        means=(
            Mean("change", "change", "n", {EVERYONE: Estimate(1)}, range=(-100, 100)),
            Mean("change", "dz", "n", {EVERYONE: Estimate(0.4)}, Kind.EFFECT_SIZE),
        ),
    )


@pytest.mark.parametrize("made", [full(), Figures(Tables(), (Count("t", "n", {EVERYONE: 9}),))])
def test_the_structure_can_be_stored_and_read_back(made):
    structure = structure_of(made)
    assert Structure.from_dict(structure.as_dict()) == structure


def test_the_stored_structure_speaks_as_the_exported_file_does():
    kept = structure_of(full()).as_dict()
    assert kept["dims"] == {"area": list(AREAS)}
    assert kept["measures"]["improved"] == {"within": "n", "sensitive": True}
    assert kept["measures"]["change"] == {"mean_of": "n", "range": [-100, 100]}
    assert kept["measures"]["share improved"] == {"ratio": ["improved", "n"]}
    assert ["n", ["improved", "same", "worse"]] in kept["sums"]


def test_a_group_is_named_by_its_values():
    assert words_of(POOLE) == "Poole"
    assert words_of(EVERYONE) == "everyone"


# --- for any figures ---------------------------------------------------------

areas = st.tuples(*[st.integers(0, 60)] * 3)


@st.composite
def releases(draw):
    """A funnel of two stages and a split of the second, with a mean."""
    improved, same, worse, lost = (draw(areas) for _ in range(4))
    made = split(improved, same, worse)
    whole = tuple(map(sum, zip(improved, same, worse, strict=True)))
    due = count("due", *map(sum, zip(whole, lost, strict=True)), sensitive=False)
    values = {group: Estimate(1.23) for group in (EVERYONE, *GROUPS)}
    return replace(
        made,
        counts=(due, replace(made.counts[0], within="due")),
        means=(Mean("change", "change", "n", values),),
        derived=(Derived("change", "share", How.RATIO, ("improved", "n")),),
    )


@settings(max_examples=40)
@given(releases())
def test_no_shown_figure_breaks_a_rule(made):
    protected, true = protect(made), made.true_counts
    assert attack(protected.cells, protected.structure, 8).survived
    counts = {(c.measure, c.group): c.value for c in protected.cells if c.shown and c.measure in true}
    for (measure, group), value in counts.items():
        n = true[measure][group]
        assert (n >= 8 and value % 5 == 0 and abs(value - n) <= 2) or (n == value == 0 and measure in ("n", "due"))
    for cell in protected.cells:
        assert cell.shown or (cell.value, cell.low, cell.high) == (None, None, None)
        if cell.measure == "change" and cell.shown:
            assert true["n"][cell.group] >= (10 if cell.group == EVERYONE else 30)
        if cell.measure == "share" and cell.shown:
            assert cell.value == int(100 * counts["improved", cell.group] / counts["n", cell.group] + 0.5)


@settings(max_examples=40)
@given(releases())
def test_no_subtraction_of_two_shown_counts_gives_a_small_one_away(made):
    protected = protect(made)
    counts = {(c.measure, c.group): c.value for c in protected.cells if c.shown}
    nested = [
        ((outer, g), (inner, g)) for inner, outer in protected.structure.within.items() for g in (EVERYONE, *GROUPS)
    ]
    nested += [((name, None), (name, area)) for name in protected.structure.measures for area in GROUPS]
    for larger, smaller in nested:
        if counts.get(larger) and counts.get(smaller):
            low = max(0, counts[larger] - counts[smaller] - 4)
            high = min(counts[larger] + 2, counts[larger] + 2 - max(8, counts[smaller] - 2))
            assert low >= 8 or high - low >= 3


@settings(max_examples=20)
@given(releases())
def test_the_same_figures_give_the_same_cells(made):
    assert protect(made) == protect(made)
