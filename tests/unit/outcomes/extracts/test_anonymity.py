from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.extracts.anonymity import Earlier, Protected, Rules, account, is_diverse, protect
from outcomes.extracts.fields import ANY, NOT_RECORDED, QUASI
from outcomes.extracts.widening import STEPS, USUAL_ORDER, shown, steps_left_over

OLDEST = 1936  # in 2026
SOMEBODY = {
    "age_band": "1958", "sex": "female", "ethnicity": "white", "deprivation": "3", "area": "Dorset", "cancer": "breast",
    "start_quarter": "2026-Q1",
}  # fmt: skip
RULES = Rules(k=5, quasi=QUASI, order=USUAL_ORDER)

people = st.fixed_dictionaries(
    {
        "age_band": st.integers(1925, 2005).map(str) | st.just(""),
        "sex": st.sampled_from(["female", "male", "", "prefer_not"]),
        "ethnicity": st.sampled_from(["white", "white", "white", "asian", "black", ""]),
        "area": st.sampled_from(["Dorset", "Hampshire", "elsewhere"]),
        "cancer": st.sampled_from(["breast", "breast", "bowel", "blood", ""]),
        "start_quarter": st.sampled_from(["2026-Q1", "2026-Q2", "2025-Q4", "not_started"]),
    }
)


def crowd(*some: tuple[int, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    everybody = [SOMEBODY | dict(change) for number, change in some for _ in range(number)]
    return {str(place): person for place, person in enumerate(everybody)}


def protected(*some: tuple[int, Mapping[str, str]], rules: Rules = RULES) -> Protected:
    return protect(crowd(*some), rules, oldest=OLDEST)


@given(st.lists(people, max_size=60), st.sampled_from([5, 10]), st.sampled_from([0, 5, 50]), st.booleans())
@settings(max_examples=30)
def test_whatever_the_people_nobody_who_is_kept_has_fewer_than_k_like_them(
    everybody: list[dict[str, str]], k: int, drop_at_most: int, cancer_is_known: bool
) -> None:
    quasi = tuple(name for name in QUASI if cancer_is_known or name != "cancer")
    rules = Rules(k, quasi, USUAL_ORDER, drop_at_most, *((1, "") if cancer_is_known else (2, "cancer")))
    known = {str(place): person for place, person in enumerate(everybody)}
    found = protect(known, rules, oldest=OLDEST)
    rows = [(key, tuple(values[name] for name in quasi)) for key, values in found.kept.items()]
    for _, row in rows:
        alike = [key for key, other in rows if other == row]
        said = {known[key]["cancer"] for key in alike} - {""}
        assert len(alike) >= k
        assert cancer_is_known or not said or len(said) >= 2
    assert {*found.kept, *found.left_out} == set(known)
    assert len(found.kept) + len(found.left_out) == len(known)
    assert found.smallest >= k or not found.kept


two_fields = st.sets(st.sampled_from(["sex", "ethnicity", "area", "cancer"]), min_size=1, max_size=2)


@given(st.lists(people, min_size=30, max_size=60), two_fields, two_fields)
@settings(max_examples=20)
def test_whatever_two_extracts_of_a_project_ask_for_nobody_in_both_has_fewer_than_k_like_them(
    everybody: list[dict[str, str]], first: set[str], second: set[str]
) -> None:
    known = {str(place): person for place, person in enumerate(everybody)}
    one = protect(known, Rules(5, tuple(sorted(first)), USUAL_ORDER), oldest=OLDEST)
    then = Earlier({name: one.taken.count(name) for name in first}, OLDEST)
    two = protect(known, Rules(5, tuple(sorted(second)), USUAL_ORDER), oldest=OLDEST, earlier=[then])
    joined = Counter((str(one.kept[key]), str(two.kept[key])) for key in one.kept.keys() & two.kept.keys())
    assert all(number >= 5 for number in joined.values())
    assert {*two.kept, *two.left_out} == set(known)


def test_what_was_shown_before_is_made_no_wider_today_and_whoever_stands_out_in_it_is_left_out_first() -> None:
    then = Earlier({"age_band": 0, "sex": 0}, OLDEST)
    today = Rules(5, ("area",), ("area",))
    crossed = crowd((6, {}), (6, {"sex": "male", "area": "Hampshire"}), (4, {"area": "Hampshire"}))
    assert protect(crossed, today, oldest=OLDEST).taken == ()
    assert protect(crossed, today, oldest=OLDEST, earlier=[then]).taken == ("area",)
    found = protect(crowd((6, {}), (4, {"sex": "male"})), today, oldest=OLDEST, earlier=[then])
    assert (found.taken, sorted(found.left_out), found.smallest) == ((), ["6", "7", "8", "9"], 6)
    found = protect(crowd((6, {}), (4, {"area": "Hampshire"})), today, oldest=OLDEST, earlier=[then])
    assert (found.taken, found.left_out, found.smallest) == (("area",), (), 10)


def test_what_no_group_gave_away_before_no_group_of_both_gives_away() -> None:
    apart = Earlier({"sex": 0}, OLDEST, diverse="cancer", l=2)
    some = crowd((5, {}), (4, {"area": "Hampshire"}), (1, {"area": "Hampshire", "cancer": "bowel"}))
    plain = Rules(5, ("area",), ())
    assert len(protect(some, plain, oldest=OLDEST).kept) == 10
    found = protect(some, plain, oldest=OLDEST, earlier=[apart])
    assert {row["area"] for row in found.kept.values()} == {"Hampshire"}
    itself = Rules(5, ("area",), (), l=2, diverse="cancer")
    assert protect(some, itself, oldest=OLDEST, earlier=[Earlier({"cancer": 0}, OLDEST)]).kept == found.kept
    known_now = Rules(5, ("cancer",), ("cancer", "cancer"))
    assert protect(some, known_now, oldest=OLDEST).taken == ("cancer",)
    found = protect(some, known_now, oldest=OLDEST, earlier=[apart])  # what was shown exactly is known exactly now
    assert (found.taken, found.left_out) == ((), ("9",))


def test_people_who_are_many_are_shown_as_finely_as_can_be() -> None:
    found = protected((5, {}))
    assert found.kept["0"] == SOMEBODY | {"age_band": "1955-1959"}
    assert (found.taken, found.left_out, found.smallest, found.groups) == ((), (), 5, 1)


def test_values_are_made_wider_in_the_declared_order_and_no_further_than_needed() -> None:
    found = protected((4, {}), (3, {"ethnicity": "asian"}), (3, {"ethnicity": "black", "area": "Hampshire"}))
    assert found.taken == USUAL_ORDER[:8]
    found = protected((5, {}), (3, {"ethnicity": "asian"}), (3, {"ethnicity": "black"}))
    assert found.taken == ("ethnicity",)
    assert Counter(row["ethnicity"] for row in found.kept.values()) == {"white": 5, "other_groups": 6}


def test_whoever_still_stands_out_is_left_out_and_no_value_is_made_wider_for_a_few() -> None:
    found = protected((96, {}), (4, {"sex": "male"}))
    assert (found.taken, len(found.left_out)) == ((), 4)
    wider = protected((96, {}), (4, {"area": "Hampshire"}), rules=Rules(5, QUASI, USUAL_ORDER, drop_at_most=3))
    assert (wider.taken, wider.left_out) == (("ethnicity", "area"), ())


def test_too_few_people_are_nobody() -> None:
    found = protected((4, {}))
    assert (found.kept, found.smallest, found.groups, len(found.left_out)) == ({}, 0, 0, 4)
    assert protect({}, RULES, oldest=OLDEST).kept == {}


def test_a_step_of_a_field_that_was_not_asked_for_is_passed_over() -> None:
    rules = Rules(5, ("age_band",), ("ethnicity", "age_band"), drop_at_most=0)
    found = protected((3, {}), (3, {"age_band": "1962"}), rules=rules)
    assert (found.taken, found.kept) == (("age_band",), {})
    assert protected((3, {}), (3, {"age_band": "1952"}), rules=rules).kept["0"] == {"age_band": "1950-1959"}


def test_where_kinds_of_cancer_are_no_common_knowledge_no_group_gives_its_own_away() -> None:
    rules = Rules(5, ("area",), (), l=2, diverse="cancer")
    found = protected((5, {}), (3, {"area": "Hampshire"}), (3, {"area": "Hampshire", "cancer": "bowel"}), rules=rules)
    assert len(found.left_out) == 5
    assert {row["area"] for row in found.kept.values()} == {"Hampshire"}


def test_a_group_of_which_nothing_is_known_gives_nothing_away() -> None:
    assert is_diverse([NOT_RECORDED], 2)
    assert not is_diverse(["breast", NOT_RECORDED], 2)


def test_the_oldest_are_one_band_and_bands_never_overlap() -> None:
    assert [shown("age_band", born, 0, OLDEST) for born in ("1934", "1936", "1939", "1940", "")] == [
        "1939 or before", "1939 or before", "1939 or before", "1940-1944", NOT_RECORDED,
    ]  # fmt: skip
    assert [shown("age_band", "1958", level, OLDEST) for level in (1, 2, 3)] == ["1950-1959", "1940-1959", ANY]


@given(st.sampled_from(QUASI), people, people, st.integers(1930, 1940))
@settings(max_examples=30)
def test_a_wider_step_only_ever_joins(name: str, one: dict[str, str], other: dict[str, str], oldest: int) -> None:
    values = [person.get(name, "") for person in (one, other)]
    alike = [
        len({shown(name, value, level, oldest) for value in values}) == 1 for level in range(len(STEPS[name]))
    ]  # fmt: skip
    assert alike == sorted(alike)
    assert alike[-1]


def test_what_is_said_of_whoever_was_left_out_gives_nobody_away() -> None:
    known = crowd((7, {"sex": "male"}), (6, {}), (2, {"cancer": "blood"}), (3, {"cancer": ""}))
    found = account(known, list(known), RULES, oldest=OLDEST)
    assert found["people"] == 20
    by = found["by"]
    assert isinstance(by, dict)
    assert by["sex"] == {"female": 10, "male": 5}
    assert by["cancer"] == {"solid": 15, "others": 5}
    assert by["age_band"] == {"1940-1959": 20}
    few = crowd((12, {}), (3, {"sex": "male"}))
    assert account(few, list(few), RULES, oldest=OLDEST)["by"]["sex"] is None  # type: ignore[index]


@pytest.mark.parametrize("number", [1, 4])
def test_of_fewer_than_k_left_out_nothing_more_is_said_than_that(number: int) -> None:
    known = crowd((number, {}))
    assert account(known, list(known), RULES, oldest=OLDEST) == {"people": None}
    assert account(known, [], RULES, oldest=OLDEST)["people"] == 0


def test_an_order_names_fields_that_have_a_step_left() -> None:
    assert steps_left_over(USUAL_ORDER) == []
    assert steps_left_over(("area", "area", "postcode", "age_band")) == ["area", "postcode"]
