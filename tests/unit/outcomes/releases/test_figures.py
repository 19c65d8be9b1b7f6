from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from outcomes import disclosure
from outcomes.counting.truth import ATTENDED, DUE, LATE, MISSED, dose_of, figures_of, sheet_of
from outcomes.disclosure import EVERYONE, Estimate, Figures, Tables, union
from outcomes.releases.export import is_count
from outcomes.releases.figures import STEPS, Built, Counted, NoSuchArea, build
from outcomes.statistics import UNEVEN, difference_of_means, paired_change
from tests.factories.journeys import AS_AT, TIMINGS, journey, population
from tests.factories.one_by_one import Journey, cohort

AREAS = ["Dorset", "Hampshire", "Isle of Wight"]
DORSET = (("area", "Dorset"),)


def _truth(journeys: Sequence[Journey]) -> Figures:
    bands = {"area": [*AREAS, "Elsewhere or not recorded"]}
    sheet = sheet_of(cohort(journeys), timings=TIMINGS, bands=bands, as_at=AS_AT)
    return figures_of(sheet, timings=TIMINGS, tables=Tables({"area": tuple(bands["area"])}))


def _count(figures: Figures, name: str) -> dict[str | None, int]:
    values = next(count.values for count in figures.counts if count.name == name)
    return {group[0][1] if group else None: n for group, n in values.items() if n or not group or group[0][1] in AREAS}


def _build(
    journeys: Sequence[Journey], *, k: int = 8, dimensions: Sequence[str] = ("area",), area: str = "", **more: Any
) -> Built:
    steps: list[int] = []
    counted = Counted(cohort(journeys), TIMINGS, dimensions, AREAS, AS_AT, minutes=(45, 60), area=area)
    built = build(counted, k=k, step=steps.append, **more)
    assert steps == sorted(set(steps)) and steps[-1] == STEPS
    return built


def _cells(built: Built) -> dict[tuple[str, str], dict[str, Any]]:
    return {(cell["measure"], cell["where"].get("area", "")): cell for cell in built.cells}


# --- the true figures --------------------------------------------------------


def test_the_funnel_counts_each_stage_for_everyone_and_each_group() -> None:
    truth = _truth(
        [
            journey(1, "Dorset", classes=4),
            journey(2, "Dorset", classes=3),
            journey(3, "Hampshire", classes=0),
            journey(4, "Hampshire", classes=0, cleared=False),
        ]
    )
    assert _count(truth, "funnel.registered") == {None: 4, "Dorset": 2, "Hampshire": 2, "Isle of Wight": 0}
    assert _count(truth, "funnel.cleared") == {None: 3, "Dorset": 2, "Hampshire": 1, "Isle of Wight": 0}
    assert _count(truth, "funnel.started") == {None: 2, "Dorset": 2, "Hampshire": 0, "Isle of Wight": 0}
    assert _count(truth, "funnel.regular") == {None: 1, "Dorset": 1, "Hampshire": 0, "Isle of Wight": 0}


def test_visits_are_places_booked_that_took_place_and_those_attended() -> None:
    truth = _truth([journey(1, "Dorset", classes=4, missed=1), journey(2, "Dorset", classes=6, missed=4)])
    assert _count(truth, "visits.due")[None] == 15
    assert _count(truth, "visits.attended")[None] == 10
    shares = next(count.contributions for count in truth.counts if count.name == "visits.attended")
    assert shares is not None
    assert (shares[DORSET].people, shares[DORSET].largest, shares[DORSET].second) == (2, 6, 4)


def test_places_due_are_those_attended_given_back_late_and_missed() -> None:
    truth = _truth([journey(1, "Dorset", classes=4, missed=5), journey(2, "Hampshire", classes=6, missed=1)])
    names = ("offered", "due", "attended", "late", "missed")
    assert [_count(truth, f"visits.{name}")[None] for name in names] == [48, 16, 10, 2, 4]
    assert (DUE, (ATTENDED, LATE, MISSED)) in truth.sums


def test_the_dose_is_every_class_and_its_hours() -> None:
    people = [journey(1, "Dorset", classes=4), journey(2, "Hampshire", classes=6), journey(3, "Dorset", classes=0)]
    sheet = sheet_of(cohort(people), timings=TIMINGS, bands={}, as_at=AS_AT)
    came, hours = dose_of(sheet, minutes=(45, 60)).counts
    assert (came.values, hours.values) == ({EVERYONE: 10}, {EVERYONE: 7})  # ten times 45 minutes
    assert hours.hours_of == ("visits.came", 45, 60)
    assert hours.contributions is not None and hours.contributions[EVERYONE].people == 2


def test_hours_are_added_up_by_their_minutes_and_rounded_once() -> None:
    """Twelve times fifty minutes are ten hours, though fifty minutes are no number of hours that can be written."""
    once = [journey(n, "Dorset", classes=1) for n in range(12)]
    people = [replace(one, took=replace(one.took, minutes=50)) for one in once]
    sheet = sheet_of(cohort(people), timings=TIMINGS, bands={}, as_at=AS_AT)
    (_, hours) = dose_of(sheet, minutes=(50, 50)).counts
    assert hours.values == {EVERYONE: 10}


def test_whoever_was_due_has_answered_or_not_and_the_start_form_is_a_stage() -> None:
    truth = _truth(
        [
            journey(1, "Dorset", scores={"start": 40, "w12": 50}),
            journey(2, "Dorset", scores={"start": 60}),
            journey(3, "Hampshire"),
            journey(4, "Hampshire", classes=0, scores={"start": 10}),
        ]
    )
    assert _count(truth, "forms.start.sent")[None] == 2
    assert [_count(truth, f"forms.w12.{part}")[None] for part in ("due", "sent", "not_sent")] == [3, 1, 2]
    assert _count(truth, "total.w12.others")[None] == 1
    (others,) = (mean for mean in truth.means if mean.name == "total.w12.before_others")
    assert others.values == {EVERYONE: Estimate(60.0)}
    assert others.people[EVERYONE] == 0b10  # the second of them


def test_those_who_answered_are_compared_by_the_score_at_the_start_from_twenty_on_either_side() -> None:
    both = [journey(n, "Dorset", scores={"start": 40 + n, "w12": 50}) for n in range(20)]
    alone = [journey(100 + n, "Dorset", scores={"start": 50 + n}) for n in range(30)]
    cells = {cell["measure"]: cell for cell in _build([*both, *alone], dimensions=()).cells}
    expected = difference_of_means([40 + n for n in range(20)], [50 + n for n in range(30)])
    assert expected is not None
    assert cells["total.w12.before_apart"]["value"] == round(expected, 2) < -UNEVEN
    assert (cells["total.w12.before"]["value"], cells["total.w12.before_others"]["value"]) == (49.5, 64.5)
    cells = {cell["measure"]: cell for cell in _build([*both[1:], *alone], dimensions=()).cells}
    assert cells["total.w12.before_apart"]["status"] == "withheld"


def test_only_paired_people_are_in_any_figure_of_change() -> None:
    paired = [journey(n, "Dorset", scores={"start": 40 + n, "w12": 50 + n}) for n in range(5)]
    start_only = [journey(10, "Dorset", scores={"start": 0})]
    later_only = [journey(11, "Dorset", scores={"w12": 100})]
    never_came = [journey(12, "Dorset", classes=0, scores={"start": 0, "w12": 100})]
    truth = _truth([*paired, *start_only, *later_only, *never_came])
    assert _count(truth, "forms.w12.due")["Dorset"] == 7
    assert _count(truth, "forms.w12.sent")["Dorset"] == 6
    assert _count(truth, "body.w12.n")["Dorset"] == 5
    means = {mean.name: mean.values[DORSET] for mean in truth.means if DORSET in mean.values}
    assert means["body.w12.before"].value == pytest.approx(42)
    assert means["body.w12.after"].value == pytest.approx(52)
    assert means["body.w12.change"].value == pytest.approx(10)


def test_the_change_and_its_interval_are_those_of_the_statistics() -> None:
    people = population(1, {"Dorset": 60})
    truth = _truth(people)
    pairs = [
        pair for one in people if one.was_due(TIMINGS[1], AS_AT) and (pair := one.pair(TIMINGS[0], TIMINGS[1], "body"))
    ]
    expected = paired_change(pairs)
    found = next(mean.values[EVERYONE] for mean in truth.means if mean.name == "body.w12.change")
    assert (found.value, found.low, found.high) == (expected.mean_change, expected.low, expected.high)


def test_true_figures_agree_with_themselves() -> None:
    people = population(2, {"Dorset": 30, "Hampshire": 9, "Isle of Wight": 2})
    _truth(people).check()


# --- what is stored ----------------------------------------------------------


def test_a_release_of_many_people_is_safe_and_says_something() -> None:
    built = _build(population(3, {"Dorset": 260, "Hampshire": 220, "Isle of Wight": 150}))
    assert built.is_safe
    assert built.attack["survived"] is True
    cells = _cells(built)
    assert cells["funnel.registered", ""]["value"] == 630
    assert cells["body.w12.change", "Dorset"]["status"] == "shown"
    assert built.groups == {"area": [*AREAS, "Elsewhere or not recorded"]}
    assert cells["visits.late", ""]["status"] == cells["visits.hours", ""]["status"] == "shown"
    assert cells["visits.of_offered", "Dorset"]["value"] == round(
        100 * cells["visits.attended", "Dorset"]["value"] / cells["visits.offered", "Dorset"]["value"]
    )
    bounds = cells["total.w12.bounds", ""]
    assert bounds["low"] < cells["total.w12.share_improved", ""]["value"] == bounds["value"] < bounds["high"]
    assert cells["forms.w12.share_sent", "Dorset"]["status"] == "shown"
    assert (built.method["minutes"], built.method["hashed"]) == ([45, 60], True)
    assert built.method["timepoints"][1] == {
        "code": "w12", "label": "12 weeks", "day": 84, "opens_before": 21, "closes_after": 21,
    }  # fmt: skip


@pytest.fixture(scope="module")
def of_three_areas() -> tuple[list[Journey], Built]:
    """Two that are large enough, and one of three people."""
    people = population(4, {"Dorset": 120, "Hampshire": 100, "Isle of Wight": 3})
    return people, _build(people)


def test_a_small_group_is_hidden(of_three_areas: tuple[list[Journey], Built]) -> None:
    cells = _cells(of_three_areas[1])
    assert cells["funnel.registered", "Isle of Wight"]["status"] != "shown"
    assert cells["funnel.registered", "Isle of Wight"]["value"] is None
    assert cells["body.w12.change", "Isle of Wight"]["value"] is None


def test_without_a_dimension_there_is_only_everyone() -> None:
    built = _build(population(5, {"Dorset": 80}), dimensions=())
    assert built.is_safe
    assert built.groups == {}
    assert {tuple(cell["where"]) for cell in built.cells} == {()}


def test_of_one_area_its_own_figures_alone_are_told_and_they_are_those_of_the_whole(
    of_three_areas: tuple[list[Journey], Built],
) -> None:
    people, whole = of_three_areas
    built = _build(people, dimensions=(), area="Dorset")
    assert built.is_safe and {tuple(cell["where"].items()) for cell in built.cells} == {DORSET}
    told = {cell["measure"] for cell in built.cells}
    assert not [name for name in told if name.startswith(("safety.", "visits.came", "visits.hours"))]
    assert not told & {"forms.w12.share_sent", "forms.w12.apart", "total.w12.before_others"}, "nothing of the whole"
    same = [cell for cell in whole.cells if cell["where"] == dict(DORSET) and cell["measure"] in told]
    assert same == built.cells and _cells(built)["total.w12.change", "Dorset"]["status"] == "shown"


def test_people_of_one_area_are_told_apart_within_it() -> None:
    people = [journey(n, "Dorset", classes=4, about={"sex": "female" if n % 3 else "male"}) for n in range(60)]
    cells = _build(people, dimensions=("sex",), area="Dorset").cells
    of_women = [cell for cell in cells if cell["where"] == {"area": "Dorset", "sex": "Female"}]
    assert next(cell["value"] for cell in of_women if cell["measure"] == "funnel.started") == 40
    assert {tuple(cell["where"]) for cell in cells} == {("area",), ("area", "sex")}


def test_nobody_is_counted_by_an_area_that_was_published_without_a_name() -> None:
    with pytest.raises(NoSuchArea):
        _build(population(5, {"Dorset": 20}), dimensions=(), area="Sark")


def test_not_recorded_is_a_group_of_its_own_and_what_is_recorded_of_nobody_is_named() -> None:
    people = [journey(n, "Dorset", scores={"start": 50}, about={"sex": "female" if n % 3 else ""}) for n in range(120)]
    built = _build(people, dimensions=("sex", "deprivation"))
    assert built.groups["sex"] == ["Female", "Male", "Not recorded"]
    assert built.method["not_recorded"] == ["deprivation"]
    there = {
        cell["where"]["sex"]: cell for cell in built.cells if cell["measure"] == "forms.w12.not_sent" and cell["where"]
    }
    assert there["Not recorded"]["value"] == 40


def test_nobody_at_all_makes_a_release_without_a_single_average() -> None:
    built = _build([])
    assert all(cell["value"] in (None, 0) for cell in built.cells)


def test_figures_that_the_attack_breaks_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    found = disclosure.Breach("made up", "nothing that could be withheld", DORSET, 3, 3)
    real = union.attack
    monkeypatch.setattr(union, "attack", lambda *given, **more: replace(real(*given, **more), breaches=(found,)))
    built = _build(population(6, {"Dorset": 40}))
    assert (built.is_safe, built.cells) == (False, [])
    assert [breach["words"] for breach in built.attack["breaches"]] == ["made up"]


def test_what_cannot_be_judged_in_time_is_not_kept_and_says_so() -> None:
    built = _build(population(6, {"Dorset": 40}), seconds=0)
    assert (built.is_safe, built.cells) == (False, [])
    assert "not finished in the time" in built.attack["gave_up"]


@pytest.mark.parametrize("seed", [8, 38])  # of each, one area alone is small
def test_no_hidden_count_can_be_worked_out_by_subtraction(seed: int) -> None:
    draw = random.Random(seed)
    sizes = {area: draw.choice([1, 2, 3, 5, 8, 9, 14, 40, 90]) for area in AREAS}
    built = _build(population(seed, sizes))
    assert built.is_safe
    cells = _cells(built)
    people = {name for name, about in built.method["measures"].items() if is_count(about) and "visits" not in name}
    for measure in people & {name for name, group in cells if not group and (name, "Dorset") in cells}:
        low, high = _left_for_the_hidden(cells, measure)
        assert high - low >= 3 or low > 7, f"{measure}: the hidden areas hold {low} to {high}"


def _left_for_the_hidden(cells: dict[tuple[str, str], dict[str, Any]], measure: str) -> tuple[float, float]:
    """Everyone minus the areas that are shown, by their rounding alone, where one area alone is hidden."""
    everyone = cells[measure, ""]
    hidden = [area for area in AREAS if cells[measure, area]["status"] != "shown"]
    if everyone["status"] != "shown" or len(hidden) != 1:
        return 0, math.inf
    shown = [cells[measure, area]["value"] for area in AREAS if area not in hidden]
    least = everyone["value"] - 2 - sum(value + 2 if value else 0 for value in shown)
    most = everyone["value"] + 2 - sum(max(value - 2, 8) if value else 0 for value in shown)
    small = cells[measure, hidden[0]]["status"] == "small"
    return (max(least, 1), min(most, 7)) if small else (max(least, 0), most)


@pytest.mark.parametrize("k", [8, 10])
def test_a_count_below_k_is_never_shown(k: int) -> None:
    built = _build(population(7, {"Dorset": 45, "Hampshire": 12, "Isle of Wight": 9}), k=k)
    about = built.method["measures"]
    counts = [cell for cell in built.cells if is_count(about[cell["measure"]]) and cell["table"] != "visits"]
    assert all(cell["value"] == 0 or cell["value"] >= k - 2 for cell in counts if cell["status"] == "shown")
