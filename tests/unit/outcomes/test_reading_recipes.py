"""A file that is no recipe is refused, and the refusal says where."""

from __future__ import annotations

import re

import pytest

from outcomes.instruments.reading import BadRecipe, read_recipe
from outcomes.instruments.recipe import Code, Item, Label, SafetyItem, System
from outcomes.scoring import Flag, score

GOOD = """
version = "1"
title = "Made up"
measures = "nothing"
main = "total"
told = ["half", "total"]
citation = "nobody"
licence = "none"
loinc = "1-1"

[[items]]
ids = "q1-q3 other"
range = [0, 3]
loinc = ["1-2", "1-3", "1-4", "1-5"]

[[scales]]
id = "half"
name = "First half"
items = "q1-q2"
steps = ["in_range", "all_answered", "sum"]
range = [0, 6]
snomed = "7"

[[scales]]
id = "total"
items = "q1-q3"
steps = [{ scales = "half", turned = "half" }, "mean"]
range = [0, 6]
bands = { from = [0, 3], names = ["low", "high"] }
changes = [{ points = 2, source = "somebody", checked = true }]

[[labels]]
id = "band"
of = "total"

[[safety_items]]
item = "other"
least = 2
id = "worry"
"""


def _with(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_recipe_is_read_from_its_file() -> None:
    recipe = read_recipe(GOOD, "made_up")
    assert [item.id for item in recipe.items] == ["q1", "q2", "q3", "other"]
    assert recipe.item("q2") == Item("q2", 0, 3, codes=(Code(System.LOINC, "1-3"),))
    assert recipe.codes == (Code(System.LOINC, "1-1"),)
    assert recipe.scale("half").codes == (Code(System.SNOMED, "7"),)
    assert (recipe.told, recipe.scale("half").name) == (("half", "total"), "First half")
    assert recipe.labels == (Label("band", "total"),)
    assert recipe.safety_items == (SafetyItem("other", 2, "worry"),)
    assert score(recipe, {"q1": 3, "q2": 3})["total"].value == 0
    assert recipe.scale("total").band_of(3) == "high"
    assert recipe.scale("half").band_of(3) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version = ", "made_up.toml: "),
        (_with('title = "Made up"', 'name = "Made up"'), "nothing is called so: name"),
        (_with('title = "Made up"', ""), "'title' is missing"),
        (_with("range = [0, 3]", "range = 3"), "wrong form"),
        (_with("range = [0, 3]", "range = [0, 3, 4]"), "wrong form"),
        (_with("range = [0, 3]", 'range = [0, 3]\ndirection = "sideways"'), "wrong form: 'sideways'"),
        (_with("range = [0, 3]", "range = [3, 0]"), "from a lower to a higher"),
        (_with('ids = "q1-q3 other"', 'ids = "q1-q3 How_are_you?"'), "'How_are_you?' is no name"),
        (_with('ids = "q1-q3 other"', 'ids = "q1-q3 q3"'), "each item stands once: q3"),
        (_with('"1-4", "1-5"]', '"1-4"]'), "4 items and have 3 LOINC codes"),
        (_with('main = "total"', 'main = "sum"'), "no scale called 'sum'. There are: half, total"),
        (_with('["half", "total"]', '["sum"]'), "no scale called 'sum'"),
        (_with('id = "total"', 'id = "total"\nby_answers = true'), "total has changes that matter and by_answers"),
        (_with('"all_answered", "sum"]', '"sum"]\nby_answers = true'), "so it needs the step all_answered"),
        (GOOD.replace("range = [0, 6]", 'range = [0, 6]\nvalue_set = "ours"'), "half and total are indices"),
        (_with('"First half"', '"In the last seven days, how have you been?"'), "is too long for the name of a scale"),
        (_with('id = "half"', 'id = "total"'), "each scale stands once: total"),
        (_with('items = "q1-q2"', 'items = "q1 q9"'), "half reads items that are not there: q9"),
        (_with('"in_range", ', '"in_reach", '), "no step called 'in_reach'"),
        (_with('"in_range", ', "{ power = 2 }, "), "no step called 'power'"),
        (_with('"in_range", ', "{ power = 2, root = 3 }, "), "no step called 'power and root'"),
        (_with('"in_range", ', '{ reverse = "q3" }, '), "half turns round items that are not there: q3"),
        (_with('"in_range", ', "{ recode = { q1 = [1, 2] } }, "), "answers from 0 to 3, and 2 numbers"),
        (_with('scales = "half"', 'scales = "total"'), "made of scales that do not stand before it: total"),
        (_with("from = [0, 3]", "from = [3, 3]"), "bands of total must rise"),
        (_with("from = [0, 3]", "from = [3]"), "bands of total must rise"),
        (_with('["low", "high"]', '["low", "Not so low?"]'), "no name of a band"),
        (_with("points = 2", "points = 0"), "points above 0"),
        (_with('source = "somebody"', 'source = ""'), "and a source"),
        (_with('of = "total"', 'of = "half"'), "no banded scale called 'half'"),
        (_with('item = "other"', 'item = "q9"'), "no item called 'q9'"),
    ],
)  # fmt: skip
def test_what_is_no_recipe_is_refused_and_the_refusal_says_where(text: str, said: str) -> None:
    with pytest.raises(BadRecipe, match=f"made_up.toml: .*{re.escape(said.removeprefix('made_up.toml: '))}"):
        read_recipe(text, "made_up")


def test_a_product_may_have_a_cap() -> None:
    text = _with('"all_answered", "sum"', '{ product = "q1 q2", at_most = 4 }')
    result = score(read_recipe(text, "made_up"), {"q1": 3, "q2": 3})["half"]
    assert (result.value, result.flags) == (4, {Flag.CAPPED})
