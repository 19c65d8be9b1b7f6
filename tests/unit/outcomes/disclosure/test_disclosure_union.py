"""Several releases taken together: in time, of several partners, with a withdrawal between (R9, R10, R12)."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from scipy.sparse import csc_array

from outcomes.disclosure import (
    EVERYONE,
    NO_DEADLINE,
    Breach,
    CannotJudge,
    Contributions,
    Count,
    Derived,
    Earlier,
    Estimate,
    Figures,
    How,
    Line,
    Mean,
    Protected,
    Reason,
    Sheet,
    Split,
    Tables,
    Union,
    View,
    attack,
    protect,
    structure_of,
)
from outcomes.disclosure.attack import derived_that_say_more
from outcomes.disclosure.frame import Tie
from outcomes.disclosure.puzzle import known_of, puzzles_of
from outcomes.disclosure.repeats import twice
from outcomes.disclosure.rules import primary, withheld
from outcomes.disclosure.sheet import surely_moved
from outcomes.disclosure.solver import Facts
from outcomes.disclosure.union import readers, surely_nobody
from tests.factories.one_by_one import groups_of

WAYS = ("improved", "same", "worse")
DIMS = {"area": ("Dorset", "Poole", "Purbeck"), "sex": ("female", "male")}
DORSET, POOLE = (("area", "Dorset"),), (("area", "Poole"),)


def somebody(draw, area):
    score = draw.gauss(5, 20)
    way = "improved" if score > 10 else "worse" if score < -10 else "same"
    places = (("area", area), ("sex", draw.choice(DIMS["sex"])))
    return Line(places, {"due": 1, "n": 1, way: 1, "change": score} if draw.random() < 0.8 else {"due": 1})


def sheet(seed=1, first=0, **sizes):
    draw, areas = Random(seed), [area for area, size in sizes.items() for _ in range(size)]
    return {str(first + i): somebody(draw, area) for i, area in enumerate(areas)}


def figures(sheet, dims=("area",), tables=None):
    tables = tables or Tables({name: DIMS[name] for name in dims})
    among = {group: [line for line in sheet.values() if group in groups_of(line)] for group in tables.everywhere}

    def sums(name):
        return {group: int(sum(line.amounts.get(name, 0) for line in lines)) for group, lines in among.items()}

    changes = {g: [line.amounts["change"] for line in lines if "n" in line.amounts] for g, lines in among.items()}
    means = {group: Estimate(sum(some) / len(some)) for group, some in changes.items() if some}
    return Figures(
        tables,
        (Count("t", "due", sums("due"), sensitive=False), Count("t", "n", sums("n"), "due", sensitive=False)),
        (Split("t", "n", {way: sums(way) for way in WAYS}, "not improved", ("same", "worse")),),
        (Mean("t", "change", "n", means, range=(-100, 100)),),
        (Derived("t", "share", How.RATIO, ("n", "due")),),
    )


def union(now, *earlier, k=8, dims=("area",)):
    return Union(protect(figures(now, dims), k=k), Sheet.of(now), earlier, NO_DEADLINE)


def settled(*given, **more):
    protected, report = union(*given, **more).settled()
    assert report.survived, report.breaches
    return {cell.key: cell for cell in protected.cells}


def published(name, sheet, *, k=8, dims=("area",), cells=None):
    protected = protect(figures(sheet, dims), k=k)
    return Earlier(name, Sheet.of(sheet), (View(cells or protected.cells, protected.structure, k),))


FIRST = sheet(Dorset=70, Poole=60, Purbeck=50)


def without(sheet, *people):
    return {token: line for token, line in sheet.items() if token not in people}


# --- R9: in time -------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 3])
def test_a_figure_that_fewer_than_k_people_changed_repeats(more):
    now = FIRST | sheet(2, 1000, Dorset=more)
    cells = settled(now, published("first", FIRST))
    before = {cell.key: cell for cell in protect(figures(FIRST)).cells}
    assert cells["due", DORSET] == replace(before["due", DORSET], counted="first")
    assert cells["due", EVERYONE].value == before["due", EVERYONE].value
    assert cells["change", EVERYONE] == replace(before["change", EVERYONE], counted="first")


def test_a_figure_that_k_people_changed_is_counted_anew_and_its_neighbours_repeat():
    cells = settled(FIRST | sheet(2, 1000, Dorset=30), published("first", FIRST))
    assert (cells["due", DORSET].value, cells["due", DORSET].counted) == (100, "")
    assert (cells["due", POOLE].value, cells["due", POOLE].counted) == (60, "first")


def test_three_releases_do_not_tell_of_the_few_who_joined_one_group_between_the_first_two():
    """The whole is counted anew twice, Dorset once: less what it grew by since, it would tell of the five."""
    second = FIRST | sheet(2, 1000, Dorset=5) | sheet(3, 2000, Poole=16)
    first = published("first", FIRST)
    between = [cell for cell in settled(second, first).values() if not cell.counted]
    cells = settled(
        second | sheet(4, 3000, Dorset=16),
        published("second", second, cells=tuple(between)),
        first,
    )
    assert cells["change", EVERYONE].shown and not cells["change", EVERYONE].counted
    assert cells["change", DORSET].reason is Reason.PROTECTS_OTHERS
    assert cells["due", DORSET].shown


def test_what_each_release_hides_well_alone_is_given_away_by_two_that_a_few_people_lie_between():
    now = FIRST | sheet(2, 1000, Dorset=3)
    two = union(now, published("first", FIRST))
    words = [breach.words for breach in two.attacked().breaches.values()]
    assert any(word.startswith("how due changed in Dorset") for word in words)
    assert any(word.startswith("change of those who joined") for word in words)


NOW, THEN = ("due", DORSET), ("due@before", DORSET)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, set()),  # as much was known already
        ({NOW: (0, 3)}, set()),
        ({NOW: (1, 2)}, {"due in Dorset: known to be 1 to 2"}),
    ],
)
def test_a_summary_gives_away_only_what_was_not_known_before(told, words):
    structure, ties = twice(structure_of(figures(FIRST))), [Tie(NOW, THEN, 1)]
    before = {THEN: (1, 1)}
    alone, puzzle = (
        next(one for one in puzzles_of(known, structure, 8, ties=ties) if one.frame.ties)
        for known in (before, {**before, **told})
    )
    target = next(one for one in puzzle.frame.targets if one.terms == ((NOW, 1),))
    assert puzzle.judge(target, 3), "by itself it says who came or left"
    puzzle.told_before = lambda: alone
    assert {found.words for found in [puzzle.judge(target, 3)] if found} == words
    assert alone.limits(target) == alone.limits(replace(target, words="another")) == (0, 2)


def test_a_repeat_goes_where_it_alone_tells_how_many_there_are_now():
    people = sheet(Dorset=70)
    two = union(people, published("first", people))
    two._hold()
    assert two.cells["due", POOLE] == replace(two.cells["due", POOLE], value=0, counted="first")
    assert two._mend_repeats() == 0
    two.k = 2  # whoever reads that nobody was there, and that fewer than two changed it, knows of one now
    assert two._mend_repeats()
    assert not two.cells["due", POOLE].shown


def test_the_next_figure_gives_way_where_nothing_is_left_near_the_first_ones():
    two = union(FIRST)
    gone = [Breach("", f"gone {number}", EVERYONE, 1, 1) for number in range(9)]
    assert two._give_way(gone) == 0
    assert two._give_way([*gone, Breach("", "due", DORSET, 1, 1), *gone]) == 1
    assert not all(two.cells[name, DORSET].shown for name in ("due", "n"))


def test_what_counts_give_away_by_themselves_is_withheld_at_once():
    few = sheet(Dorset=8, Poole=8, Purbeck=1)
    two = union(few)
    two.cells |= primary(figures(few), 8)
    assert two._mend_alone()
    assert not two._mend_alone() and not attack(list(two.cells.values()), two.structure, 8).breaches


def test_an_average_goes_with_the_number_of_its_people():
    two = union(FIRST)
    assert two.cells["change", DORSET].shown
    two._withhold(two.cells["n", DORSET])
    assert not two.cells["change", DORSET].shown and two.cells["change", EVERYONE].shown


def test_somebody_who_takes_consent_back_cannot_be_found_by_comparing():
    now = without(FIRST, "0")
    assert union(now, published("first", FIRST)).attacked().breaches
    cells = settled(now, published("first", FIRST))
    assert all(cell.counted or not cell.shown for (name, group), cell in cells.items() if group in (EVERYONE, DORSET))


def test_a_new_figure_of_people_who_were_counted_before_is_withheld_where_a_few_changed():
    hidden = published("first", FIRST, cells=[withheld(cell) for cell in protect(figures(FIRST)).cells])
    cells = settled(without(FIRST, "0"), hidden)
    assert not cells["due", DORSET].shown
    assert cells["due", POOLE].shown


def test_a_third_release_is_held_against_every_earlier_one():
    second = FIRST | sheet(2, 1000, Dorset=20)
    third = second | sheet(3, 2000, Dorset=2)
    cells = settled(third, published("second", second), published("first", FIRST))
    assert cells["due", DORSET].counted == "second"
    assert cells["due", POOLE].counted in ("first", "second")


@pytest.mark.parametrize("seed", range(4))
def test_releases_in_time_and_a_withdrawal_between_give_nobody_away(seed):
    draw = Random(seed)
    sizes = {area: draw.choice([4, 9, 30, 300]) for area in DIMS["area"]}
    first = sheet(seed, **sizes)
    gone = draw.sample(sorted(first), draw.choice([1, 5, 9]) if len(first) > 20 else 1)
    now = without(first, *gone) | sheet(seed + 50, 5000, **{draw.choice(DIMS["area"]): draw.choice([1, 4, 12])})
    settled(now, published("first", first))


def test_one_person_may_take_many_visits_along():
    def with_visits(people, each):
        return {token: replace(line, amounts={**line.amounts, "visits": each}) for token, line in people.items()}

    def made(people):
        told = figures(people)
        among = {g: [li for li in people.values() if g in groups_of(li)] for g in told.everywhere}
        visits = {g: int(sum(line.amounts["visits"] for line in lines)) for g, lines in among.items()}
        shares = {g: Contributions(len(lines), 12, 12) for g, lines in among.items()}
        count = Count("t", "visits", visits, sensitive=False, contributions=shares, made_by="due")
        return replace(told, counts=(*told.counts, count))

    first = with_visits(FIRST, 12)
    protected = protect(made(first))
    before = Earlier("first", Sheet.of(first), (View(protected.cells, protected.structure, 8),))
    now = without(first, "0") | with_visits(sheet(2, 1000, Poole=30), 12)
    told, report = Union(protect(made(now)), Sheet.of(now), (before,), NO_DEADLINE).settled()
    assert report.survived, report.breaches
    cells = {cell.key: cell for cell in told.cells}
    assert (cells["visits", DORSET].counted, cells["visits", POOLE].counted) == ("first", "")


# --- R10: several partners ---------------------------------------------------


def test_two_partners_who_put_their_releases_together_find_nobody():
    settled(FIRST, published("theirs", FIRST, dims=("sex",)), dims=("area",))


def test_where_nobody_was_in_any_part_of_the_whole_nobody_was_in_any_other_part_of_it():
    """Theirs repeats mine for everyone, so of its own counting its groups alone are known: in each there are none."""
    nobody_yet = {token: replace(line, amounts={"due": 1}) for token, line in FIRST.items()}
    mine = published("mine", nobody_yet, dims=("area",))
    theirs = published("theirs", nobody_yet, dims=("sex",))
    of_groups = [cell for cell in theirs.views[0].cells if cell.group]
    theirs = published("theirs", nobody_yet, dims=("sex",), cells=of_groups)
    now = without(nobody_yet, "0")
    assert settled(now, theirs, mine)["n", DORSET].value == 0
    known = {("n", (("sex", sex),)): (0, 0) for sex in DIMS["sex"]} | {("due", ()): (0, 0), ("m", DORSET): (0, 0)}
    found = surely_nobody(known, Tables(DIMS))
    assert {group for name, group in found if name == "n"} == {(), *Tables(DIMS).groups}
    assert ("due", DORSET) in found and ("m", POOLE) not in found


def test_people_who_came_since_are_looked_for_in_the_dimensions_of_the_other_partner_too():
    theirs = published("theirs", FIRST, dims=("sex",))
    now = FIRST | sheet(2, 1000, Dorset=30)
    two = union(now, theirs)
    assert two.moves[0].touched[0, (("sex", "female"),)] > 0
    assert settled(now, theirs)["due", DORSET].shown


def test_what_the_repeats_leave_open_is_withheld_near_what_it_gives_away():
    earlier = published("first", FIRST)
    hidden = [withheld(cell) if cell.measure in ("due", "n") else cell for cell in earlier.views[0].cells]
    told = settled(without(FIRST, "0"), published("first", FIRST, cells=hidden))
    assert not told["share", DORSET].shown


def test_while_it_is_mended_only_what_gave_something_away_is_looked_at_and_at_the_end_everything(monkeypatch):
    now = without(FIRST, "0")
    two, looked = union(now, published("first", FIRST), published("same", now)), []
    monkeypatch.setattr(two, "_hold", lambda: None)
    puzzles = two._puzzles
    monkeypatch.setattr(two, "_puzzles", lambda now, one: looked.append(one.earlier.name) or puzzles(now, one))
    _, report = two.settled()
    assert report.survived
    assert looked[:3] == ["first", "same", "first"] and looked[-2:] == ["first", "same"]
    assert looked.count("same") == 2


def test_of_two_views_of_one_counting_the_one_that_tells_most_counts():
    earlier = published("first", FIRST)
    view = earlier.views[0]
    less = replace(view, cells=tuple(withheld(cell) for cell in view.cells), k=12)
    for views in ((view, less), (less, view)):
        both = Earlier("first", Sheet.of(FIRST), views)
        assert both.cells["due", DORSET].shown
        assert both.highest_k(("due", DORSET)) == 8


def test_what_is_found_is_withheld_until_nothing_is_found_any_more():
    small = sheet(3, Dorset=8, Poole=8, Purbeck=1)
    made = figures(small)
    bare = Union(
        Protected(tuple(primary(made, 8).values()), protect(made).structure, 8), Sheet.of(small), (), NO_DEADLINE
    )
    assert bare.attacked().breaches
    protected, report = bare.settled()
    assert report.survived
    assert attack(protected.cells, protected.structure, 8).survived


def test_what_is_learnt_of_counts_in_other_tables_changes_nothing():
    made = protect(figures(FIRST))
    (puzzle,) = puzzles_of(known_of(made.cells, made.structure, 8), made.structure, 8)
    before = puzzle.limits_of([(("due", DORSET), 1)])
    puzzle.learn_of({("due", (("sex", "female"),)): None})
    assert puzzle.limits_of([(("due", DORSET), 1)]) == before


def test_a_figure_that_gives_a_breach_away_is_withheld_with_its_percentage():
    two = union(FIRST)
    breach = Breach("found", "n@before", DORSET, 1, 2)
    while two.cells["n", DORSET].shown:
        assert two._give_way([breach]) == 1
    assert not two.cells["share", DORSET].shown
    assert two._give_way([replace(breach, measure="nothing like it")]) == 0


# --- pairs of dimensions -----------------------------------------------------

AGES = ("old", "young")
PAIRS = (("area", "sex"), ("sex", "age"))


def of_two_pairs(seed):
    draw = Random(seed)
    people = {
        token: replace(line, places=(*line.places, ("age", draw.choice(AGES))))
        for token, line in sheet(seed, Dorset=45, Poole=28, Purbeck=9).items()
    }
    return people, Tables({**DIMS, "age": AGES}, PAIRS)


def test_tables_of_two_dimensions_are_protected_and_give_nobody_away():
    people, tables = of_two_pairs(0)
    made = protect(figures(people, tables=tables))
    assert any(cell.shown and len(cell.group) == 2 for cell in made.cells)
    protected, report = Union(made, Sheet.of(people), (), NO_DEADLINE).settled()
    assert report.survived, report.breaches
    small = {key for key, cell in {c.key: c for c in protected.cells}.items() if cell.shown}
    assert not [key for key, n in true_counts(people, tables).items() if 0 < n < 8 and key in small]


def true_counts(people, tables):
    made = figures(people, tables=tables).true_counts
    return {(name, group): n for name, values in made.items() for group, n in values.items()}


def test_tables_that_nothing_ties_together_still_share_their_totals():
    small = sheet(5, Dorset=9, Poole=2, Purbeck=10)
    made = protect(figures(small, ("area", "sex")))
    assert attack(made.cells, made.structure, 8).survived


def test_a_breach_in_whole_numbers_that_do_not_exist_cannot_be_judged():
    facts = Facts(csc_array([[2.0]]), np.array([1.0]), np.array([1.0]), np.array([0.0]), np.array([5.0]))
    assert facts.at_least(np.array([1.0])) == pytest.approx([0.5])
    with pytest.raises(CannotJudge):
        facts.whole_at_least(np.array([1.0]))


def test_a_search_that_loses_its_way_begins_anew():
    """Averages of three summaries: from its third answer HiGHS does not find the fourth."""
    rows = ["0000111111", "0000000111", "1111011011", "0011001001", "1100010010", "0101000011"]
    ends = [(4692, 4701), (2477, 2482), (5187, 5197), (2910, 2916), (2279, 2284), (2808, 2813)]
    most = np.array([200.0, 500, 400, 400, 300, 1500, 2600, 300, 2300, 2300])
    matrix = csc_array(np.array([[float(there) for there in row] for row in rows]))
    facts = Facts(matrix, *np.array(ends, float).T, np.zeros(10), most)
    way = np.array([1.0, 1, 1, -1, -1, -1, -1, -1, -1, 1])
    each = [np.ones(10), -np.ones(10), way, -way]
    found = [float(costs @ facts.at_least(costs)) for costs in each]
    alone = [float(costs @ replace(facts).at_least(costs)) for costs in each]
    assert found == pytest.approx(alone)


def test_limits_that_come_closer_by_little_each_time_are_left_too_wide_and_never_too_narrow():
    # x is at most 99 hundredths of y, and y at most x and one.
    rows = csc_array([[100.0, -99.0], [-1.0, 1.0]])
    facts = Facts(rows, np.full(2, -np.inf), np.array([0.0, 1.0]), np.zeros(2), np.full(2, 1000.0))
    least, most = facts.plain_limits()
    assert facts.at_least(np.array([-1.0, 0.0])) == pytest.approx([99, 100])
    assert list(least) == [0, 0] and 100 < most[0] < most[1] < 1000


def test_a_partner_who_may_see_less_is_not_shown_what_another_was():
    small = sheet(Dorset=9, Poole=60, Purbeck=50)
    told = settled(small, published("theirs", small), k=12)
    assert not told["due", DORSET].shown
    assert told["due", POOLE].counted == "theirs"


def small_town(seed):
    draw = Random(seed)
    return sheet(seed, Dorset=draw.randint(9, 30), Poole=draw.randint(9, 30), Purbeck=draw.randint(9, 40))


@pytest.mark.parametrize("seed", [1, 11, 17, 31])
def test_what_another_partner_may_read_blocks_no_summary_of_one_who_may_see_less(seed):
    people = small_town(seed)
    settled(people, published("theirs", people), k=12, dims=("sex",))  # there, eleven people are no small number


def test_who_may_see_less_is_guarded_in_time_as_strictly_beside_others_who_may_see_more():
    people = small_town(6)
    views = [
        View(made.cells, made.structure, made.k)
        for made in (protect(figures(people, ("sex",)), k=12), protect(figures(people), k=8))
    ]
    both = Earlier("first", Sheet.of(people), tuple(views))
    assert list(readers(both, 12)) == [(replace(both, views=(views[0],)), 12), (both, 8)]
    assert list(readers(both, 8)) == [(both, 8)]
    two = union(without(people, *list(people)[:2]), both, k=12, dims=("sex",))
    words = [breach.words for breach in two.attacked().breaches.values()]
    assert any("known to be 11 to 12" in word for word in words), words


def test_a_percentage_is_of_two_figures_of_one_counting():
    earlier = published("first", FIRST)
    assert settled(FIRST, earlier)["share", DORSET].counted == "first"
    many = {token: replace(line, amounts={"due": 1}) for token, line in sheet(2, 1000, Dorset=30).items()}
    mixed = settled(FIRST | many, earlier)
    assert mixed["due", DORSET].counted != mixed["n", DORSET].counted
    assert (mixed["share", DORSET].shown, mixed["share", DORSET].reason) == (False, Reason.TWO_DAYS)


def of_old_definition(*measures):
    """The first release, as it was before `measures` were counted at all."""
    earlier = published("first", FIRST)
    told = tuple(cell for cell in earlier.views[0].cells if cell.measure not in measures)
    return Earlier("first", Sheet.of(FIRST), (View(told, earlier.views[0].structure, 8),))


def test_a_percentage_that_an_earlier_release_did_not_have_is_worked_out_from_what_it_showed():
    now = without(FIRST, "0")
    first = {cell.key: cell for cell in published("first", FIRST).views[0].cells}
    cells = settled(now, of_old_definition("share"))
    for group in (EVERYONE, DORSET, POOLE):
        assert cells["share", group] == replace(first["share", group], counted="first")
    shown = [cell for cell in cells.values() if cell.shown]
    told = {cell.key: replace(cell, counted="") for cell in shown}
    assert not list(derived_that_say_more(told, union(now).structure))


def test_a_percentage_of_too_few_people_of_an_earlier_day_says_so_and_not_that_it_protects_somebody():
    few = sheet(Dorset=15, Poole=60, Purbeck=50)
    cells = settled(without(few, "0"), published("first", few))
    assert cells["due", DORSET].counted == "first" and cells["n", DORSET].shown
    assert (cells["share", DORSET].shown, cells["share", DORSET].reason) == (False, Reason.TOO_FEW)


# --- what cannot be judged ---------------------------------------------------


def without_its_sheet(earlier):
    return replace(earlier, sheet=None)


def test_without_who_was_counted_before_only_what_surely_k_people_changed_is_counted_anew():
    now = FIRST | sheet(2, 1000, Dorset=30, Poole=9)
    cells = settled(now, without_its_sheet(published("first", FIRST)))
    assert (cells["due", DORSET].value, cells["due", DORSET].counted) == (100, "")
    assert (cells["due", POOLE].value, cells["due", POOLE].counted) == (60, "first")  # 69, where there were 58 to 62
    assert cells["change", DORSET].counted == "" and cells["change", POOLE].counted == "first"


def test_without_who_was_counted_before_what_was_hidden_stays_so():
    hidden = published("first", FIRST, cells=[withheld(cell) for cell in protect(figures(FIRST)).cells])
    cells = settled(FIRST | sheet(2, 1000, Dorset=30), without_its_sheet(hidden))
    assert not any(cell.shown for cell in cells.values())
    assert settled(FIRST, hidden)["due", DORSET].shown  # who was counted then says that nobody changed


def test_visits_say_of_new_people_only_how_many_there_are_beyond_everybody_who_was_there():
    before = {("n", EVERYONE): (8, 12), ("visits", EVERYONE): (8, 12), ("all", EVERYONE): (23, 27)}
    first = protect(figures(FIRST)).structure
    structure = replace(
        first, tables=Tables(), measures=("n", "visits"), mean_of={"m": "n"}, visits={"visits": "all"}
    )  # fmt: skip
    now = {str(i): Line((), {"n": 1, "visits": 1}) for i in range(30)}
    found = surely_moved(before, Sheet.of(now), structure).in_all
    assert (found["n", EVERYONE], found["m", EVERYONE], found["visits", EVERYONE]) == (18, 18, 3)
    few = surely_moved(before, Sheet.of({}), structure).in_all
    assert (few["n", EVERYONE], few["visits", EVERYONE]) == (8, 0)
    assert not surely_moved({}, Sheet.of(now), structure).in_all["n", EVERYONE]


def test_a_dimension_that_is_divided_anew_cannot_be_judged():
    earlier = published("first", FIRST)
    view = earlier.views[0]
    other = replace(view.structure, tables=Tables({"area": ("North", "South")}))
    with pytest.raises(CannotJudge, match="area is divided in another way than before"):
        union(FIRST, Earlier("first", Sheet.of(FIRST), (replace(view, cells=(), structure=other),)))
