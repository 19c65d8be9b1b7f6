"""Charts say in words what they draw, and draw nothing that is not there."""

from __future__ import annotations

import re

import pytest

from frontend.charts import Bar, Pair, bars, dumbbell

PAIR = Pair("Body", 51.3, 58.3, "51.3 at the start, 58.3 later", beside="51.3 to 58.3")


def test_a_chart_is_heard_as_its_title_and_its_figures() -> None:
    drawn = dumbbell([PAIR], title="Average scores", key="From 0 to 100", name="change")
    assert 'role="img" aria-labelledby="change-title change-desc"' in drawn
    assert '<title id="change-title">Average scores</title>' in drawn
    assert '<desc id="change-desc">From 0 to 100. Body: 51.3 at the start, 58.3 later.</desc>' in drawn
    assert ">51.3 to 58.3</text>" in drawn


def test_places_on_a_line_stay_inside_it() -> None:
    drawn = dumbbell([Pair("Odd", -20, 140, "off the scale")], title="t", key="k", name="n")
    assert re.findall(r'<circle cx="([\d.]+)%', drawn) == ["3.0", "97.0"]


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    rows = [Bar("Registered", 160, "160"), Bar("Came", 40, "40"), Bar("Left", None, "Fewer than 8")]
    drawn = bars(rows, title="People", name="people", hi=160)
    assert re.findall(r'<rect x="0" y="[\d.]+em" width="([\d.]+)%"', drawn)[1::2] == ["100.0", "25.0", "0"]
    assert "Left: Fewer than 8." in drawn


@pytest.mark.parametrize("words", ["<script>", 'a "quoted" & b'])
def test_words_of_a_chart_cannot_become_marks(words: str) -> None:
    drawn = bars([Bar(words, 1, words)], title=words, name="n", hi=1)
    assert words not in drawn


def test_nothing_to_show_draws_nothing() -> None:
    assert dumbbell([], title="t", key="k", name="n") == ""
    assert bars([], title="t", name="n", hi=10) == ""
    assert bars([Bar("a", None, "Withheld")], title="t", name="n", hi=0) == ""


@pytest.mark.parametrize(
    "drawn", [dumbbell([PAIR], title="t", key="k", name="n"), bars([Bar("a", 1, "1")], title="t", name="n", hi=2)]
)
def test_a_chart_brings_no_style_and_no_script_of_its_own(drawn: str) -> None:
    assert "style" not in drawn
    assert "script" not in drawn
