"""The attack finds what can be worked out, misses nothing, and finds nothing in what was protected."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest

from outcomes.disclosure import (
    EVERYONE,
    CannotJudge,
    Cell,
    Count,
    Figures,
    How,
    Split,
    Status,
    Structure,
    Tables,
    attack,
    protect,
    repair,
    structure_of,
)
from outcomes.disclosure.puzzle import Frame, Puzzle, known_of, puzzles_of
from outcomes.disclosure.rules import primary

AREAS = ("Dorset", "Poole", "Purbeck")
DORSET, POOLE, PURBECK = GROUPS = tuple((("area", name),) for name in AREAS)
BY_AREA = Tables({"area": AREAS})


def over(numbers):
    return {EVERYONE: sum(numbers), **dict(zip(GROUPS, numbers, strict=True))}


def table(*numbers):
    return Figures(BY_AREA, (Count("funnel", "referred", over(numbers), sensitive=False),))


def small_counts_hidden_and_nothing_else(made, k=8):
    """The control: rounding and stars, as many publish."""
    return list(primary(made, k).values()), structure_of(made)


def small_counts_hidden_and_nothing_rounded(made, k=8):
    """The plainer control: stars alone."""
    cells, known = small_counts_hidden_and_nothing_else(made, k)
    true = made.true_counts
    return [replace(c, value=float(true[c.measure][c.group])) if c.shown else c for c in cells], known


def cells_of(structure, facts):
    """Cells from {(measure, group): number, "small" or "withheld"}."""
    made = []
    for (measure, where), fact in facts.items():
        group = (("area", where),) if isinstance(where, str) else where
        value, status = (None, Status(fact)) if isinstance(fact, str) else (float(fact), Status.SHOWN)
        made.append(Cell("t", measure, group, status, value))
    return made


def structure(
    groups=AREAS, measures=("n",), within=None, sums=(), sensitive=(), mean_of=None, ratios=None, others_of=None
):
    return Structure(
        Tables({"area": groups} if groups else {}),
        measures,
        within or {},
        sums,
        frozenset(sensitive),
        mean_of or {},
        {},
        {name: (How.RATIO, of) for name, of in (ratios or {}).items()},
        others_of or {},
    )


def words(report):
    return [breach.words for breach in report.breaches]


# --- what is found -----------------------------------------------------------


def test_stars_and_rounding_alone_give_a_single_person_away():
    report = attack(*small_counts_hidden_and_nothing_else(table(8, 8, 1)), 8)
    assert "referred in Purbeck: known to be 1" in words(report)
    assert not report.survived


def test_the_report_can_be_stored():
    report = attack(*small_counts_hidden_and_nothing_else(table(8, 8, 1)), 8)
    kept = json.loads(json.dumps(report.as_dict()))
    assert kept["survived"] is False
    assert kept["cells"] == 4
    assert kept["breaches"][0] == {
        "words": "referred in Purbeck: known to be 1",
        "measure": "referred",
        "where": {"area": "Purbeck"},
        "low": 1,
        "high": 1,
    }


def test_people_lost_between_stages_are_sought():
    made = structure(groups=(), measures=("n", "m"), within={"m": "n"})
    facts = {("n", EVERYONE): 10, ("m", EVERYONE): 10}
    assert attack(cells_of(made, facts), made, 8).survived
    assert words(attack(cells_of(made, facts), made, 10)) == [
        "those of n who are not in m, in everyone: known to be 0 to 2"
    ]


def test_counts_that_nothing_ties_together_are_attacked_apart():
    made = structure(
        groups=("A", "B"), measures=("n", "m", "x", "p", "q"), within={"m": "n"}, sums=(("x", ("p", "q")),)
    )  # fmt: skip
    facts = {("n", "A"): 20, ("m", "A"): 10, ("x", "A"): 25, ("p", "A"): "small", ("q", "A"): 20}
    report = attack(cells_of(made, facts), made, 8)
    assert words(report) == []
    assert report.figures == 5 * 3 + 3  # each count in each place, and those lost between n and m


def test_hidden_groups_are_sought_together():
    made = structure(groups=("A", "B", "C", "D"))
    facts = {("n", EVERYONE): 25, ("n", "A"): 15, ("n", "B"): 10, ("n", "C"): "withheld", ("n", "D"): "withheld"}
    report = attack(cells_of(made, facts), made, 8)
    assert report.survived
    assert report.figures == 10  # five cells, four of everyone but one, one of the two hidden


def sensitive_part():
    return structure(groups=(), measures=("n", "m"), within={"m": "n"}, sensitive=frozenset({"m"}))


def test_nobody_of_a_group_is_a_breach():
    made = sensitive_part()
    assert words(attack(cells_of(made, {("n", EVERYONE): 50, ("m", EVERYONE): 0}), made, 8)) == [
        "m in everyone: known to be nobody at all"
    ]


def test_all_of_a_group_is_a_breach():
    made = structure(
        groups=(), measures=("n", "m", "rest"), within={"m": "n", "rest": "n"}, sums=(("n", ("m", "rest")),),
        sensitive=frozenset({"m"}),
    )  # fmt: skip
    facts = {("n", EVERYONE): 50, ("m", EVERYONE): "withheld", ("rest", EVERYONE): 0}
    assert words(attack(cells_of(made, facts), made, 8)) == [
        "those of n who are not in m, in everyone: known to be nobody at all"
    ]


def test_nobody_of_nobody_is_no_breach():
    made = sensitive_part()
    assert attack(cells_of(made, {("n", EVERYONE): 0, ("m", EVERYONE): 0}), made, 8).survived


def test_a_mean_of_few_is_a_breach():
    made = structure(mean_of={"change": "n"})
    facts = {("n", EVERYONE): 100, ("n", DORSET): 10, ("n", POOLE): 45, ("n", PURBECK): 45, ("change", DORSET): 4.2}
    assert words(attack(cells_of(made, facts), made, 8)) == ["change in Dorset: may be of 8 people"]


def test_a_mean_of_few_who_are_surely_more_is_no_breach():
    made = structure(groups=("A", "B"), mean_of={"change": "n"})
    facts = {("n", EVERYONE): 60, ("n", "A"): "withheld", ("n", "B"): 45, ("change", "A"): 4.2}
    assert attack(cells_of(made, facts), made, 8).survived


def test_the_mean_of_those_left_over_is_a_breach():
    made = structure(others_of={"spread": "n"})
    facts = {("n", EVERYONE): 100, ("n", DORSET): "small", ("n", POOLE): 45, ("n", PURBECK): 45}
    facts |= {("spread", EVERYONE): 9.1, ("spread", POOLE): 9, ("spread", PURBECK): 9}
    report = attack(cells_of(made, facts), made, 8)
    assert [(breach.measure, breach.group) for breach in report.breaches] == [("spread", DORSET)]


def test_the_mean_of_nobody_left_over_is_no_breach():
    made = structure(mean_of={"change": "n"})
    facts = {("n", EVERYONE): 90, ("n", DORSET): 0, ("n", POOLE): 45, ("n", PURBECK): 45}
    facts |= {("change", EVERYONE): 9.1, ("change", POOLE): 9, ("change", PURBECK): 9}
    assert attack(cells_of(made, facts), made, 8).survived


@pytest.mark.parametrize(("m", "share", "is_found"), [
    (25, 50, False), (25, 48, True), ("withheld", 50, True), (25, "withheld", False),
])  # fmt: skip
def test_a_percentage_that_says_more_than_its_counts_is_a_breach(m, share, is_found):
    made = structure(groups=(), measures=("n", "m"), within={"m": "n"}, ratios={"share": ("m", "n")})
    facts = {("n", EVERYONE): 50, ("m", EVERYONE): m, ("share", EVERYONE): share}
    assert attack(cells_of(made, facts), made, 8).survived is not is_found


def test_a_percentage_of_nobody_is_a_breach():
    made = structure(groups=(), measures=("n", "m"), within={"m": "n"}, ratios={"share": ("m", "n")})
    facts = {("n", EVERYONE): 0, ("m", EVERYONE): 0, ("share", EVERYONE): 0}
    assert words(attack(cells_of(made, facts), made, 8)) == ["share in everyone: is not what the shown counts come to"]


def test_cells_that_contradict_each_other_are_refused():
    made = structure()
    facts = {("n", EVERYONE): 100, ("n", DORSET): 10, ("n", POOLE): 45, ("n", PURBECK): "small"}
    with pytest.raises(CannotJudge, match="^n: "):
        attack(cells_of(made, facts), made, 8)


# --- nothing is missed -------------------------------------------------------


def by_trying_everything(facts):
    """Every table of three groups that fits, for one measure."""

    def fits(n, fact):
        return 1 <= n <= 7 if fact == "small" else max(8, fact - 2) <= n <= fact + 2 if fact else n == 0

    found = [
        numbers for numbers in product(range(23), repeat=3)
        if all(fits(n, facts["n", area]) for n, area in zip(numbers, GROUPS, strict=True))
        and fits(sum(numbers), facts["n", EVERYONE])
    ]  # fmt: skip
    columns = list(zip(*found, strict=True)) + [[sum(numbers) for numbers in found]]
    return [(min(column), max(column)) for column in columns]


@pytest.mark.parametrize("seed", range(12))
def test_the_limits_are_those_of_trying_every_table(seed):
    random = Random(seed)
    numbers = [random.choice([0, 1, 2, 5, 7, 8, 9, 12, 14, 19]) for _ in AREAS]
    made = table(*numbers)
    cells = {("n", group): replace(cell, measure="n") for (_, group), cell in primary(made, 8).items()}
    facts = {key: cell.value if cell.shown else "small" for key, cell in cells.items()}
    made = structure()
    puzzle = Puzzle(Frame(("n",), made, made.tables), known_of(cells.values(), made, 8), 8)
    limits = [puzzle.limits_of([(("n", group), 1)]) for group in (*GROUPS, EVERYONE)]
    assert limits == by_trying_everything(facts)


def test_halves_of_people_are_not_believed():
    sums = (("x", ("a", "b")), ("y", ("b", "c")), ("z", ("a", "c")))
    made = structure(groups=(), measures=("a", "b", "c", "x", "y", "z"), sums=sums)
    cells = {("x", EVERYONE): "small", ("y", EVERYONE): "small", ("z", EVERYONE): "small"}
    puzzle = Puzzle(Frame(made.measures, made, made.tables), known_of(cells_of(made, cells), made, 8), 8)
    _, most = puzzle.limits_of([(("a", EVERYONE), 1), (("b", EVERYONE), 1), (("c", EVERYONE), 1)])
    assert most == 10  # 10.5 if people came in halves


def test_halves_that_were_seen_do_not_make_a_count_unsure():
    made = structure(groups=(), measures=("a",))
    puzzle = Puzzle(Frame(("a",), made, made.tables), known_of(cells_of(made, {("a", EVERYONE): "small"}), made, 3), 3)
    assert [breach.low for _, breach in puzzle.breaches(3)] == [1]  # 1 or 2
    puzzle.least[:], puzzle.most[:] = 0.5, 3.5  # as far apart as three people, and no more than 1 to 3
    assert list(puzzle.breaches(3))


# --- the control and the cure ------------------------------------------------


def random_tables(seed, how_many):
    """A stage within another and a split of it, for 20 to 2000 people."""
    random = Random(seed)
    for _ in range(how_many):
        people = int(20 * 100 ** random.random())
        shares = np.array([random.random() + 0.05 for _ in AREAS])
        first = [int(people * share) for share in shares / shares.sum()]
        second = [sum(random.random() < 0.8 for _ in range(n)) for n in first]
        improved = [sum(random.random() < 0.4 for _ in range(n)) for n in second]
        worse = [sum(random.random() < 0.2 for _ in range(n - m)) for n, m in zip(second, improved, strict=True)]
        same = [n - m - o for n, m, o in zip(second, improved, worse, strict=True)]
        parts = {"improved": over(improved), "same": over(same), "worse": over(worse)}
        yield Figures(
            BY_AREA,
            (
                Count("forms", "due", over(first), sensitive=False),
                Count("forms", "n", over(second), within="due", sensitive=False),
            ),
            (Split("change", "n", parts, "not improved", ("same", "worse")),),
        )


def test_many_tables_break_when_only_small_counts_are_hidden_and_none_when_protected():
    tables = list(random_tables(seed=2, how_many=150))
    rounded = [attack(*small_counts_hidden_and_nothing_else(made), 8).survived for made in tables]
    assert rounded.count(False) >= 5
    exact = [attack(*small_counts_hidden_and_nothing_rounded(made), 8, round_to=1).survived for made in tables[:40]]
    assert exact.count(False) >= 20
    broken = [made for made, survived in zip(tables, rounded, strict=True) if not survived]
    for made in [*broken, *tables[:60]]:
        protected = protect(made)
        report = attack(protected.cells, protected.structure, 8)
        assert report.survived, report.breaches


def test_large_tables_in_which_the_first_that_helps_is_withheld_give_nothing_away_either(monkeypatch):
    monkeypatch.setattr(repair, "LARGE", 0)
    asked = []
    monkeypatch.setattr(repair, "_best", lambda *of: asked.append(of))
    for made in random_tables(seed=2, how_many=150):
        protected = protect(made)
        assert attack(protected.cells, protected.structure, 8).survived
    assert not asked, "none is tried before one is withheld"


def is_given_away(puzzle, target):
    """By the whole search, both ways, of one target."""
    low, high = puzzle.limits_of(target.terms)
    if len(target.terms) == 1 and puzzle.range_of(target.terms[0][0])[0] >= 8:
        return False
    if target.all_alike and high == 0:
        return puzzle.limits_of([((puzzle.structure.within[target.measure], target.group), 1)])[1] > 0
    return high - low < 3 and high >= 1 and low < 8


def test_a_search_that_stops_as_soon_as_it_is_sure_finds_what_the_whole_search_finds():
    total = 0
    for made in random_tables(seed=9, how_many=12):
        cells, known = small_counts_hidden_and_nothing_rounded(made)
        for puzzle in puzzles_of(known_of(cells, known, 8, 1), known, 8):
            found = {target for target, _ in puzzle.breaches(3)}.intersection(puzzle.frame.targets)
            assert found == {target for target in puzzle.frame.targets if is_given_away(puzzle, target)}
            total += len(found)
    assert total >= 10


def test_the_cell_that_leaves_least_goes_and_the_first_that_leaves_nothing_ends_the_search(monkeypatch):
    harms = {"a": (2, -3, 5), "b": (1, -4, 9), "c": (1, -4, 9), "d": (1, -1, 7)}
    monkeypatch.setattr(repair, "_harm", lambda key, *_: harms[key])
    assert repair._best("abcd", [], None, {}) == "b"
    harms |= {"c": (0, 0, 9), "d": None}
    assert repair._best("abcd", [], None, {}) == "c"


def test_what_other_tables_tell_of_everyone_cannot_be_mended_here_and_ends():
    """Of two dimensions that no pair ties together each tells the totals of the other."""
    names = ("referred", "came")
    made = Figures(
        BY_AREA,
        tuple(
            Count("t", name, over((10, 10, 10)), within, False)
            for name, within in zip(names, (None, "referred"), strict=True)
        ),
    )
    cells = {key: replace(cell, status=Status.WITHHELD, value=None) for key, cell in primary(made, 8).items()}
    told = {("referred", EVERYONE): (30, 31), ("came", EVERYONE): (30, 30)}
    (puzzle,) = puzzles_of(told, structure_of(made), 8)
    assert list(puzzle.breaches(3))
    assert not repair.mend(puzzle, cells)


def test_protecting_keeps_most_figures_of_a_large_programme():
    for made in random_tables(seed=5, how_many=40):
        if made.counts[0].values[EVERYONE] > 1000:
            protected = protect(made)
            assert sum(cell.shown for cell in protected.cells) >= 0.6 * len(protected.cells)


def a_whole_release(seed, people):
    """Three areas, seven stages, four scales at two timepoints, each with a split."""
    random = Random(seed)

    def some(numbers, share):
        return [sum(random.random() < share for _ in range(n)) for n in numbers]

    stages = [[people // 2, people // 3, people // 6]]
    for _ in range(6):
        stages.append(some(stages[-1], 0.9))
    counts = [
        Count("funnel", f"stage{i}", over(stage), within=f"stage{i - 1}" if i else None, sensitive=False)
        for i, stage in enumerate(stages)
    ]
    splits = []
    for name in (f"scale{i}.{when}" for i in range(4) for when in ("12", "26")):
        n = some(stages[4], 0.6)
        improved = some(n, 0.5)
        same = some([a - b for a, b in zip(n, improved, strict=True)], 0.7)
        worse = [a - b - c for a, b, c in zip(n, improved, same, strict=True)]
        counts.append(Count("change", f"{name}.n", over(n), within="stage4", sensitive=False))
        parts = {f"{name}.{part}": over(m) for part, m in (("up", improved), ("same", same), ("down", worse))}
        splits.append(Split("change", f"{name}.n", parts, f"{name}.rest", (f"{name}.same", f"{name}.down")))
    return Figures(BY_AREA, tuple(counts), tuple(splits))


@pytest.mark.parametrize("people", [40, 150, 600])
def test_a_whole_release_is_protected_and_attacked_within_seconds(people):
    protected = protect(a_whole_release(people, people))
    report = attack(protected.cells, protected.structure, 8)
    assert report.survived
    assert report.seconds < 5
