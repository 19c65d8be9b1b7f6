from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from outcomes import disclosure
from outcomes.counting.cohort import Journey
from outcomes.counting.truth import figures_of, sheet_of
from outcomes.disclosure import EVERYONE, Figures, Tables, union
from outcomes.releases.figures import STEPS, Built, Counted, build
from outcomes.statistics import paired_change
from tests.factories.journeys import AS_AT, TIMINGS, journey, population

AREAS = ["Dorset", "Hampshire", "Isle of Wight"]
DORSET = (("area", "Dorset"),)


def _truth(journeys: Sequence[Journey]) -> Figures:
    bands = {"area": [*AREAS, "Elsewhere or not recorded"]}
    sheet = sheet_of(journeys, timings=TIMINGS, bands=bands, as_at=AS_AT)
    return figures_of(sheet, timings=TIMINGS, tables=Tables({"area": tuple(bands["area"])}))


def _count(figures: Figures, name: str) -> dict[str | None, int]:
    values = next(count.values for count in figures.counts if count.name == name)
    return {group[0][1] if group else None: n for group, n in values.items() if n or not group or group[0][1] in AREAS}


def _build(journeys: Sequence[Journey], *, k: int = 8, dimensions: Sequence[str] = ("area",), **more: Any) -> Built:
    steps: list[int] = []
    counted = Counted(journeys, TIMINGS, dimensions, AREAS, AS_AT)
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
    assert built.method["timepoints"][1] == {
        "code": "w12", "label": "12 weeks", "day": 84, "opens_before": 21, "closes_after": 21,
    }  # fmt: skip


def test_a_small_group_is_hidden() -> None:
    cells = _cells(_build(population(4, {"Dorset": 120, "Hampshire": 100, "Isle of Wight": 3})))
    assert cells["funnel.registered", "Isle of Wight"]["status"] != "shown"
    assert cells["funnel.registered", "Isle of Wight"]["value"] is None
    assert cells["body.w12.change", "Isle of Wight"]["value"] is None


def test_without_a_dimension_there_is_only_everyone() -> None:
    built = _build(population(5, {"Dorset": 80}), dimensions=())
    assert built.is_safe
    assert built.groups == {}
    assert {tuple(cell["where"]) for cell in built.cells} == {()}


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


@pytest.mark.parametrize("seed", range(6))
def test_no_hidden_count_can_be_worked_out_by_subtraction(seed: int) -> None:
    draw = random.Random(seed)
    sizes = {area: draw.choice([1, 2, 3, 5, 8, 9, 14, 40, 90]) for area in AREAS}
    built = _build(population(seed, sizes))
    assert built.is_safe
    cells = _cells(built)
    for measure in {name for name, _ in cells if name.startswith(("funnel.", "forms.")) or name.endswith(".n")}:
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
    counts = [cell for cell in built.cells if cell["decimal_places"] == 0 and cell["table"] != "visits"]
    assert all(cell["value"] == 0 or cell["value"] >= k - 2 for cell in counts if cell["status"] == "shown")
