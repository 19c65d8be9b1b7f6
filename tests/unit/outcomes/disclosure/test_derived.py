"""Figures that are worked out from shown counts: what they come to, where they stand, and that they say no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outcomes.disclosure import (
    EVERYONE,
    Cell,
    Contributions,
    Count,
    Derived,
    Estimate,
    Figures,
    FiguresDisagree,
    How,
    Kind,
    Mean,
    Reason,
    Status,
    Structure,
    Tables,
    attack,
    protect,
    structure_of,
)
from outcomes.disclosure.derived import answer, has_cell
from outcomes.disclosure.puzzle import known_of

AREAS = ("Dorset", "Poole", "Purbeck")
DORSET, POOLE, PURBECK = GROUPS = tuple((("area", name),) for name in AREAS)
BY_AREA = Tables({"area": AREAS})


def over(*numbers):
    return {EVERYONE: sum(numbers), **dict(zip(GROUPS, numbers, strict=True))}


def count(name, *numbers, within=None, **more):
    return Count("t", name, over(*numbers), within=within, sensitive=False, **more)


def cells_of(made, **more):
    protected = protect(made, **more)
    assert attack(protected.cells, protected.structure, protected.k).survived
    return {cell.key: cell for cell in protected.cells}


# --- what they come to -------------------------------------------------------


def test_bounds_are_those_of_everybody_due_had_the_others_all_failed_or_all_improved():
    found = answer(How.BOUNDS, (40, 80, 125))
    assert (found.value, found.low, found.high) == (50, 32, 68)  # 8 of 16, of 25 who started: 32 to 68


def test_a_share_is_of_everyone_in_the_count():
    assert answer(How.SHARE, (30, 120)).value == 25
    assert answer(How.SHARE, (30, 120)).low is None


def test_two_shares_lie_apart_by_their_common_spread():
    found = answer(How.APART, (75, 100, 50, 100))
    assert (found.value, found.decimal_places) == (0.53, 2)  # (0.75 - 0.5) / sqrt((0.1875 + 0.25) / 2)
    assert answer(How.APART, (50, 100, 75, 100)).value == -0.53
    assert answer(How.APART, (0, 100, 0, 50)).value == 0


def test_where_all_are_alike_and_yet_not_the_same_nothing_is_told():
    assert answer(How.APART, (100, 100, 0, 50)) is None


@pytest.mark.parametrize(("how", "numbers"), [
    (How.RATIO, (5, 15)), (How.RATIO, (0, 0)), (How.RATIO, (30, 25)), (How.BOUNDS, (10, 15, 40)),
    (How.BOUNDS, (10, 40, 30)), (How.SHARE, (5, 15)), (How.APART, (10, 40, 5, 15)), (How.APART, (10, 40, 50, 45)),
])  # fmt: skip
def test_of_too_few_or_of_what_is_no_part_nothing_is_told(how, numbers):
    assert answer(how, numbers, 20) is None


def test_shares_are_of_one_dimension_at_a_time_and_never_of_everyone():
    two = (("age", "old"), ("area", "Dorset"))
    assert [has_cell(How.SHARE, group) for group in (EVERYONE, DORSET, two)] == [False, True, False]
    assert [has_cell(How.BOUNDS, group) for group in (EVERYONE, DORSET, two)] == [True, True, True]


# --- where they stand --------------------------------------------------------


def who_answered(sent, not_sent, **more):
    due = [a + b for a, b in zip(sent, not_sent, strict=True)]
    return Figures(
        BY_AREA,
        (count("due", *due), count("sent", *sent, within="due"), count("not sent", *not_sent, within="due")),
        derived=(
            Derived("t", "of sent", How.SHARE, ("sent",)),
            Derived("t", "of not sent", How.SHARE, ("not sent",)),
            Derived("t", "apart", How.APART, ("sent", "not sent")),
        ),
        sums=(("due", ("sent", "not sent")),),
        **more,
    )


def test_those_who_answered_are_set_beside_those_who_did_not():
    cells = cells_of(who_answered((60, 30, 30), (20, 20, 40)))
    assert [cells["of sent", group].value for group in GROUPS] == [50, 25, 25]
    assert [cells["of not sent", group].value for group in GROUPS] == [25, 25, 50]
    assert [cells["apart", group].value for group in GROUPS] == [0.53, 0.0, -0.53]
    assert ("of sent", EVERYONE) not in cells


def test_a_share_of_a_small_count_is_as_hidden_as_the_count():
    cells = cells_of(who_answered((60, 30, 4), (20, 20, 40)))
    assert not cells["of sent", PURBECK].shown
    assert cells["of sent", PURBECK].value is None
    assert not cells["apart", PURBECK].shown


def test_sums_that_do_not_add_up_are_refused():
    made = who_answered((60, 30, 30), (20, 20, 40))
    wrong = replace(made, counts=(*made.counts[:2], count("not sent", 20, 20, 39, within="due")))
    with pytest.raises(FiguresDisagree, match="the parts of due do not add up to it in everyone"):
        protect(wrong)
    with pytest.raises(FiguresDisagree, match="nothing is named"):
        protect(replace(made, sums=(("due", ("sent", "nothing")),)))


def test_a_reader_of_the_release_knows_the_sum_and_is_not_told_a_part_by_the_others():
    made = who_answered((30, 30, 30), (3, 30, 30))
    cells = cells_of(made)
    assert cells["not sent", DORSET].value is None
    assert structure_of(made).sums == (("due", ("sent", "not sent")),)


@pytest.mark.parametrize("name", ["of sent", "apart"])
def test_a_derived_figure_that_says_more_than_its_counts_is_a_breach(name):
    protected = protect(who_answered((60, 30, 30), (20, 20, 40)))
    more = [replace(cell, value=cell.value + 1) if cell.key == (name, DORSET) else cell for cell in protected.cells]
    (breach,) = attack(more, protected.structure, 8).breaches
    assert breach.words == f"{name} in Dorset: is not what the shown counts come to"


def test_bounds_that_are_too_narrow_are_a_breach():
    made = Figures(
        Tables(),
        tuple(
            Count("t", name, {EVERYONE: n}, within, sensitive=False)
            for name, n, within in (("due", 125, None), ("n", 80, "due"), ("up", 40, "n"))
        ),
        derived=(Derived("t", "bounds", How.BOUNDS, ("up", "n", "due")),),
    )
    protected = protect(made)
    assert (protected.cells[-1].low, protected.cells[-1].high) == (32, 68)
    narrow = [*protected.cells[:-1], replace(protected.cells[-1], low=33)]
    assert not attack(narrow, protected.structure, 8).survived


def test_what_hangs_together_can_be_kept_and_read_back():
    made = who_answered((60, 30, 30), (20, 20, 40))
    hours = Count("t", "hours", over(60, 40, 40), sensitive=False, hours_of=("due", 45, 60))
    structure = structure_of(replace(made, counts=(*made.counts, hours)))
    kept = structure.as_dict()
    assert kept["measures"]["apart"] == {"apart": ["sent", "not sent"]}
    assert kept["measures"]["hours"] == {"hours_of": "due", "minutes": [45, 60]}
    assert Structure.from_dict(kept) == structure


# --- visits (R6) and hours ---------------------------------------------------


def visits(name, *each, within=None):
    """`each`: the visits of each person, by group."""
    shares = [sorted(some, reverse=True) for some in each]
    made_by = [Contributions(sum(n > 0 for n in some), *some[:2]) for some in shares]
    everyone = sorted((n for some in shares for n in some), reverse=True)
    whole = Contributions(sum(n > 0 for n in everyone), *everyone[:2])
    return count(
        name,
        *map(sum, each),
        within=within,
        contributions={EVERYONE: whole, **dict(zip(GROUPS, made_by, strict=True))},
    )


def of_places(late):
    came, missed = [[6] * 20] * 3, [[2] * 20] * 3
    due = [[8 + n for n in some] for some in late]
    return Figures(
        BY_AREA,
        (
            visits("due", *due),
            visits("attended", *came, within="due"),
            visits("late", *late, within="due"),
            visits("missed", *missed, within="due"),
        ),
        sums=(("due", ("attended", "late", "missed")),),
    )


def test_places_given_back_late_by_many_are_shown():
    cells = cells_of(of_places([[1] * 20] * 3))
    assert [cells[name, DORSET].value for name in ("due", "attended", "late", "missed")] == [180, 120, 20, 40]


def test_what_one_person_gave_back_is_not_told_by_the_rest_of_the_sum():
    cells = cells_of(of_places([[15] + [1] * 10 + [0] * 9, [1] * 20, [1] * 20]))
    assert not cells["late", DORSET].shown
    assert not cells["missed", DORSET].shown
    assert cells["attended", DORSET].shown and cells["due", DORSET].shown
    # Nor by everyone less the other groups.
    assert sum(cells["late", group].shown for group in GROUPS) < 2 or not cells["late", EVERYONE].shown


def test_none_of_a_thing_is_not_what_hides_another():
    cells = cells_of(of_places([[0] * 20, [1] * 20, [15] + [1] * 10 + [0] * 9]))
    assert cells["late", DORSET].value == 0 or cells["late", DORSET].reason is Reason.PROTECTS_OTHERS
    assert not cells["missed", PURBECK].shown


def test_hours_leave_only_so_much_room_for_visits():
    made = Structure(
        Tables(), ("visits", "hours"), {}, (), frozenset(), {}, {}, {}, hours_of={"hours": ("visits", 45, 60)}
    )
    told = [Cell("t", name, EVERYONE, Status.SHOWN, value) for name, value in (("visits", 100.0), ("hours", 95.0))]
    assert known_of(told, made, 8)["visits", EVERYONE] == (98, 102)  # 93 hours are 93 to 124 classes
    told[1] = replace(told[1], value=105.0)
    assert known_of(told, made, 8)["visits", EVERYONE] == (103, 102)  # cannot be: the two contradict each other
    assert known_of(told[1:], made, 8)["visits", EVERYONE] == (103, 143)


def test_hours_that_would_tell_a_small_number_of_visits_are_attacked():
    made = Structure(
        Tables(), ("visits", "hours"), {}, (), frozenset(), {}, {}, {}, hours_of={"hours": ("visits", 60, 60)}
    )
    told = [Cell("t", "visits", EVERYONE, Status.SMALL), Cell("t", "hours", EVERYONE, Status.SMALL)]
    assert attack(told, made, 8).survived
    narrow = replace(made, hours_of={"hours": ("visits", 240, 240)})
    assert not attack(told, narrow, 8).survived


# --- means over several populations ------------------------------------------


def of_starts(*populations):
    """A mean of one quantity over each population."""
    return Figures(
        Tables(),
        tuple(Count("t", f"n{i}", {EVERYONE: len(people)}, sensitive=False) for i, people in enumerate(populations)),
        means=tuple(
            Mean(
                "t", f"mean{i}", f"n{i}", {EVERYONE: Estimate(50.0)}, range=(0, 100), variable="start",
                people={EVERYONE: sum(1 << one for one in people)}, everyone_only=True,
            )
            for i, people in enumerate(populations)
        ),
    )  # fmt: skip


def test_means_of_two_that_together_are_nearly_a_third_are_not_all_shown():
    parts = of_starts(range(60), range(60, 100), range(4, 100))
    assert [cells_of(parts)[f"mean{i}", EVERYONE].shown for i in range(3)] == [True, True, False]
    apart = of_starts(range(60), range(60, 100), range(20, 100))
    assert all(cells_of(apart)[f"mean{i}", EVERYONE].shown for i in range(3))


def test_a_mean_of_everyone_alone_has_no_cell_of_a_group():
    made = Figures(
        BY_AREA,
        (count("n", 15, 9, 9),),
        means=(
            Mean(
                "t", "apart", "n", {EVERYONE: Estimate(0.123)}, Kind.EFFECT_SIZE, decimal_places=2, everyone_only=True
            ),
        ),
    )
    cells = cells_of(made)
    assert cells["apart", EVERYONE].value == 0.12
    assert ("apart", DORSET) not in cells
