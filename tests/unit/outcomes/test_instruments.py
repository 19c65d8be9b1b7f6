"""Every recipe against its vectors, and against what must hold for any answers."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.instruments import FOLDER, OWN, codes, recipe_called
from outcomes.instruments.recipe import Direction, Item, Recipe
from outcomes.scoring import DECLINED, UNABLE, Flag, Reason, ScaleResult, is_worrying, score
from outcomes.scoring.files.answers import Row, read_answers
from outcomes.scoring.files.lines import line_of

VECTORS = Path(__file__).parents[2] / "vectors"
FILES = sorted(path for path in VECTORS.glob("*.json") if path.stem != "stats")
RECIPES = [recipe_called(code) for code in codes()]
NO_DAYS_NEED_NO_MINUTES = {"pavs", "safefit_wellbeing"}
NOT_ONE_WAY = {"ipaq_sf"}  # too much is cut or put aside: more is not always more


def _cases(path: Path) -> Iterator[tuple[Recipe, Row, dict[str, Any], str]]:
    """Each case by the recipe, and by the variant whose score the file gives too."""
    content = json.loads(path.read_text())
    for code, key in ((content["instrument"], "expected"), (f"{content['instrument']}_prorated", "expected_prorated")):
        expected = [case.get(key) for case in content["cases"]]
        if code not in codes() or expected == [None] * len(expected) and key != "expected":
            continue
        for row, wanted, case in zip(
            read_answers(path.read_bytes(), "json", recipe_called(code)), expected, content["cases"], strict=True
        ):
            yield recipe_called(code), row, wanted if isinstance(wanted, dict) else {"score": wanted}, case["name"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scores_are_those_of_the_vectors(path: Path) -> None:
    seen = 0
    for recipe, row, wanted, name in _cases(path):
        line = line_of(row, recipe)
        for key, value in wanted.items():
            assert line["scores"][key] == _near(value), f"{recipe.code}, {name}: {key}"
            assert value is not None or line["reasons"][key], f"{recipe.code}, {name}: {key} is null for no reason"
        seen += 1
    assert seen


def _near(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _near(part) for key, part in value.items()}
    return pytest.approx(value, abs=1e-4) if type(value) in (int, float) else value


def test_every_recipe_has_vectors_with_something_missing_in_them() -> None:
    scored: dict[str, set[bool]] = {code: set() for code in codes()}
    for path in FILES:
        for recipe, _, wanted, _ in _cases(path):
            scored[recipe.code] |= {value is None for value in wanted.values()}
    assert {code for code, seen in scored.items() if seen != {True, False}} == set()


def test_every_file_of_the_folder_is_a_recipe() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} | set(OWN) == set(codes())
    assert [recipe.code for recipe in RECIPES] == list(codes())
    for recipe in RECIPES:
        assert recipe.citation and recipe.licence and recipe.title and recipe.measures
        assert recipe.scale(recipe.main)


PROSE = {"title", "name", "measures", "citation", "licence", "to_check", "source"}
NAMES = {"ids", "items", "scales", "turned", "product", "reverse"}  # several of them, and nothing else
SPOKEN = {"i", "you", "your", "my", "me", "?"}
LONGEST_FACT = 130


def _texts(content: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _texts(value, name)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value, key)
    elif isinstance(content, str):
        yield key, content


def _wording_in(text: str) -> list[str]:
    """What could be the words of a question or of an answer: sentences where names belong, or where facts do."""
    return [f"{key}: {said}" for key, said in _texts(tomllib.loads(text)) if _is_wording(key, said)]


def _is_wording(key: str, said: str) -> bool:
    if key in PROSE:
        return len(said) > LONGEST_FACT or bool(SPOKEN & set(said.lower().replace("?", " ?").split()))
    names = said.split()
    return (len(names) > 1 and key not in NAMES) or any(len(name) > 30 for name in names)


def test_no_recipe_holds_the_words_of_a_question() -> None:
    for path in FOLDER.glob("*.toml"):
        assert _wording_in(path.read_text()) == [], path.name


@pytest.mark.parametrize(
    "line",
    ['id = "How have you been?"', 'text = "Little interest"', 'measures = "I have felt cheerful and in good spirits"'],
)
def test_the_check_finds_the_words_of_a_question(line: str) -> None:
    assert _wording_in(line)


# --- what must hold for any answers ------------------------------------------


def _answers_to(item: Item) -> st.SearchStrategy[float | str]:
    numbers: st.SearchStrategy[float | str] = (
        st.integers(item.lo, item.hi) if item.whole else st.floats(item.lo, item.hi)
    )
    return numbers | st.just(DECLINED) | (st.just(UNABLE) if item.unable else st.nothing())


@st.composite
def forms(draw: st.DrawFn) -> tuple[Recipe, dict[str, float | str]]:
    """A recipe, and a form that is whole, or has some answers missing."""
    recipe = draw(st.sampled_from(RECIPES))
    whole = draw(st.booleans())
    there = [item for item in recipe.items if whole or draw(st.booleans())]
    return recipe, {item.id: draw(st.integers(item.lo, item.hi) if whole else _answers_to(item)) for item in there}


@settings(max_examples=150)
@given(forms())
def test_a_score_lies_in_its_range_or_is_null_for_a_reason(form: tuple[Recipe, dict[str, float | str]]) -> None:
    recipe, answers = form
    for name, result in score(recipe, answers).items():
        scale = recipe.scale(name)
        if result.value is None:
            assert result.reason
        else:
            assert result.reason is None
            assert scale.lo - 1e-9 <= result.value <= scale.hi + 1e-9, name
            assert not scale.bands or scale.band_of(result.value)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.code)
def test_nothing_answered_is_never_zero(recipe: Recipe) -> None:
    for answers in ({}, {item.id: DECLINED for item in recipe.items}):
        assert {result.value for result in score(recipe, answers).values()} == {None}


@settings(max_examples=150)
@given(forms(), st.randoms(use_true_random=False))
def test_a_better_answer_never_makes_a_score_worse(form: tuple[Recipe, dict[str, float | str]], chance: Any) -> None:
    recipe, answers = form
    numbers = [name for name, answer in answers.items() if not isinstance(answer, str)]
    if recipe.code in NOT_ONE_WAY or not numbers:
        return
    item = recipe.item(chance.choice(numbers))
    better = answers[item.id] + (1 if item.direction is Direction.UP else -1)
    if not item.takes(better):
        return
    before, after = score(recipe, answers), score(recipe, {**answers, item.id: better})
    for name, result in before.items():
        if result.value is None or after[name].value is None:
            assert result == after[name] or recipe.code in NO_DAYS_NEED_NO_MINUTES
            continue
        gained = after[name].value - result.value
        assert (gained if recipe.scale(name).direction is Direction.UP else -gained) >= -1e-9, name


# --- facts that others rest on -----------------------------------------------


def test_ten_points_are_two_steps_of_physical_functioning_to_the_last_digit() -> None:
    recipe = recipe_called("qlq_c30")
    start, later = (score(recipe, {f"q{n}": answer for n in range(1, 6)})["PF2"].value for answer in (2, 1))
    assert (start, later) == (pytest.approx(200 / 3, abs=1e-12), 100.0)
    assert recipe.scale("PF2").changes[0].better == 10


def test_an_index_names_the_set_that_its_values_are_of() -> None:
    recipe = recipe_called("eq5d5l")
    assert {scale.id: scale.value_set for scale in recipe.scales} == {
        "UK_2026": "UK_2026", "ENG_2018": "ENG_2018", "LSS": "", "VAS": "",
    }  # fmt: skip
    assert recipe.main == "UK_2026"


def test_an_index_is_told_in_the_set_that_was_chosen_and_in_no_other() -> None:
    recipe, known = recipe_called("eq5d5l"), recipe_called("eq5d5l").value_sets
    assert {name: recipe.in_values_of(name).to_tell for name in known} == {
        "UK_2026": ("UK_2026", "VAS"), "ENG_2018": ("ENG_2018", "VAS"),
    }  # fmt: skip
    assert recipe.in_values_of("ENG_2018").main == "ENG_2018"
    assert all(recipe.scale(name).name.startswith("Index, ") for name in known), "each says whose values they are"
    assert recipe_called("hads").in_values_of("ENG_2018") is recipe_called("hads")


def test_whoever_could_not_do_it_did_it_no_times_and_is_marked_so() -> None:
    result = score(recipe_called("sit_to_stand_30s"), {"count": UNABLE})["score"]
    assert result == ScaleResult(0.0, flags=frozenset({Flag.UNABLE}))
    not_an_answer = score(recipe_called("phq4"), {f"q{n}": UNABLE for n in range(1, 5)})["total"]
    assert not_an_answer == ScaleResult(None, Reason.TOO_FEW)


@pytest.mark.parametrize("code", ["phq9", "phq9_prorated"])
def test_an_answer_that_somebody_must_see_is_named_whatever_else_is_missing(code: str) -> None:
    recipe = recipe_called(code)
    [item] = recipe.safety_items
    assert item.item == "q9"
    assert is_worrying(item, {"q9": 1}) is True
    assert is_worrying(item, {"q9": 0}) is False
    assert [is_worrying(item, answers) for answers in ({"q9": DECLINED}, {"q1": 3})] == [None, None]


def test_only_recipes_with_such_an_item_have_one() -> None:
    assert {recipe.instrument for recipe in RECIPES if recipe.safety_items} == {"phq9"}


def test_a_fraction_is_no_answer_where_whole_numbers_are() -> None:
    assert score(recipe_called("who5"), {f"q{n}": 2.5 for n in range(1, 6)})["raw"].reason is Reason.OUT_OF_RANGE
