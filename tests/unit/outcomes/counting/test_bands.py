"""By what people are told apart: the declared lists, bands that stay, and which are merged first (R7, R8, R11)."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from outcomes.counting.bands import (
    DIMENSIONS,
    NAMES,
    PAIRS,
    age_band,
    bands_of,
    chosen,
    dimensions_of,
    pairs_of,
    placed,
    tables_of,
)
from outcomes.disclosure import Labels, Line, Sheet, Tables, TablesTangled, packed, unpacked
from tests.factories.one_by_one import lines_in

AREAS = ["Dorset", "Hampshire"]
ELSEWHERE = "Elsewhere or not recorded"


def people(**codes: int) -> dict[str, dict[str, int]]:
    return {"cancer": codes}


def band(name: str, value: str, bands: dict[str, list[str]]) -> str:
    (labels,) = (placed({name: Labels((value,), np.array([0]))}, bands, 1)[name],)
    return labels.values[labels.numbers[0]]


@pytest.mark.parametrize(
    ("on", "band"),
    [("2026-03-01", "18 to 49"), ("2026-03-02", "50 to 64"), ("2041-03-02", "65 to 74"), ("2060-01-01", "75 or over")],
)
def test_an_age_band_changes_on_the_birthday(on: str, band: str) -> None:
    assert age_band(date(1976, 3, 2), date.fromisoformat(on)) == band


def test_an_age_that_is_not_recorded_has_no_band() -> None:
    assert age_band(None, date(2026, 1, 1)) == ""


def test_only_declared_dimensions_and_pairs_can_be_chosen_and_a_pair_brings_its_own_dimensions() -> None:
    assert chosen(["shoe_size", "sex", "area by age"]) == ["area", "age", "sex", "area by age"]
    assert dimensions_of(chosen(["area by age"])) == ["area", "age"]
    assert pairs_of(["area by age"]) == (("area", "age"),)
    assert tables_of(["age", "sex"], area="") == ["age", "sex"]
    assert tables_of(["age", "sex"], area="Dorset") == ["area", "age", "sex", "area by age", "area by sex"]


def test_all_declared_pairs_together_can_be_judged() -> None:
    assert Tables({dimension.name: ("a", "b") for dimension in DIMENSIONS}, PAIRS).leaves
    assert len(NAMES) == len(set(NAMES))


def test_a_band_of_few_is_merged_with_its_neighbour_in_the_declared_order() -> None:
    bands = bands_of(people(breast=20, prostate=20, bowel=20, lung=3, blood=20, other=20), areas=AREAS, fixed={}, k=8)
    assert bands["cancer"] == ["Breast", "Prostate", "Bowel", "Lung or other", "Blood", "Not recorded"]
    bands = bands_of(people(breast=20, prostate=20, bowel=20, lung=1, blood=20, other=2), areas=AREAS, fixed={}, k=8)
    assert bands["cancer"] == ["Breast", "Prostate", "Bowel", "Blood, lung or other", "Not recorded"]
    assert band("cancer", "lung", bands) == "Blood, lung or other"


def test_bands_of_enough_people_are_left_apart() -> None:
    codes = dict.fromkeys(("breast", "prostate", "bowel", "lung", "blood", "other"), 9)
    assert len(bands_of(people(**codes), areas=AREAS, fixed={}, k=8)["cancer"]) == 7


def test_bands_once_published_stay_whoever_comes() -> None:
    fixed = {"cancer": ["Breast", "Not recorded"]}
    bands = bands_of(people(lung=90), areas=AREAS, fixed=fixed, k=8)
    assert bands["cancer"] == ["Breast", "Not recorded"]
    assert band("cancer", "lung", bands) == "Not recorded"


def test_what_is_recorded_of_nobody_is_no_dimension_and_the_rest_is_always_there() -> None:
    bands = bands_of({"area": {"Dorset": 1, "Sark": 8, "Lundy": 7}}, areas=AREAS, fixed={}, k=8)
    assert bands == {"area": [*AREAS, "Sark", ELSEWHERE]}, "an area that is on no list has a name from eight people on"
    assert band("area", "", bands) == band("area", "Lundy", bands) == ELSEWHERE
    (nobody_said,) = placed({}, bands, 2).values()
    assert [nobody_said.values[number] for number in nobody_said.numbers] == [ELSEWHERE, ELSEWHERE]


# --- tables ------------------------------------------------------------------

DIMS = {"area": ("Dorset", "Poole"), "age": ("young", "old"), "sex": ("female", "male")}


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ((("area", "area"),), "two different dimensions"),
        ((("area", "hat"),), "both declared"),
        ((("area", "age"), ("age", "sex"), ("sex", "area")), "closes a ring"),
    ],
)
def test_tables_that_cannot_be_judged_are_refused(pairs: tuple[tuple[str, str], ...], words: str) -> None:
    with pytest.raises(TablesTangled, match=words):
        Tables(DIMS, pairs)


def test_a_pair_has_its_own_groups_and_ties_its_dimensions_together() -> None:
    tables = Tables(DIMS, (("area", "age"),))
    assert (("area", "Poole"), ("age", "old")) in tables.groups
    assert tables.leaves == (("area", "age"), ("sex",))
    assert [tuple(each.dims) for each in tables.components()] == [("area", "age"), ("sex",)]


def test_a_sheet_can_be_stored_and_read_back() -> None:
    lines = {
        "1": Line((("area", "Dorset"),), {"n": 1, "change": 4.5}),
        "event 2": Line((), {}),
        "3": Line((("area", "Poole"), ("sex", "male")), {"change": 0, "hours": 0.1}),
    }
    kept = json.loads(json.dumps(packed(Sheet.of(lines))))
    assert lines_in(unpacked(kept)) == lines
    assert not len(unpacked(packed(Sheet.of({}))))


def test_a_sheet_that_was_stored_line_by_line_is_still_read() -> None:
    kept = {
        "measures": ["change", "n"],
        "places": [["area", "Dorset"]],
        "lines": [["1", [0], [[1, 1], [0, 4.5]]], ["2", [], []]],
    }
    lines = {"1": Line((("area", "Dorset"),), {"n": 1, "change": 4.5}), "2": Line((), {})}
    assert lines_in(unpacked(kept)) == lines
    assert not len(unpacked({"measures": [], "places": [], "lines": []}))
