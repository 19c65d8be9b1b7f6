"""Charts say in words what they draw, and draw nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from frontend import charts
from frontend.charts import FITS, Bar, Dot, Pair, Parts, bars, dots, dumbbell, stack

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


def test_an_interval_is_drawn_around_the_last_value_with_an_end_at_either_side() -> None:
    pair = Pair("Body", 50, 60, "50 at the start, 60 later", low=55, high=65)
    drawn = dumbbell([pair], title="t", key="k", name="n")
    ends = [(54.7, 54.7), (64.1, 64.1)]
    lines = [(float(a), float(b)) for a, b in re.findall(r'<line x1="([\d.]+)%" y1="[^"]+" x2="([\d.]+)%"', drawn)]
    assert all(end in lines for end in ends) and (54.7, 64.1) in lines


def test_parts_fill_their_bar_and_are_told_apart_without_colour() -> None:
    drawn = stack([Parts("Body", (45, 135, 20), "45, 135, 20")], key=["More", "Same", "Less"], title="t", name="n")
    bar = re.findall(r'<rect x="([\d.]+)%" y="[\d.]+em" width="([\d.]+)%" [^>]*fill="([^"]+)"', drawn)
    assert [(float(x), float(wide)) for x, wide, _ in bar] == [(0, 22.5), (22.5, 67.5), (90, 10)]
    assert [fill for *_, fill in bar][1:] == ["url(#n-dots)", "url(#n-stripes)"]
    assert 'id="n-dots"' in drawn and 'id="n-stripes"' in drawn
    assert "Parts in order: More, Same, Less. Body: 45, 135, 20." in drawn


def test_long_words_of_the_key_go_on_under_their_first_line_and_move_what_lies_below() -> None:
    whole = "About the same or lower, as one number"
    short, long = (
        stack([Parts("Body", (4, 5), "4, 5")], key=["More", "", "", last], title="t", name="n")
        for last in ("Rest", whole)
    )
    lines = re.findall(r'<text x="2.2em" y="([\d.]+)em" fill="[^"]+">([^<]+)</text>', long)
    assert " ".join(words for _, words in lines) == f"More {whole}"
    assert len({y for y, _ in lines}) == 3 and all(len(words) + charts.KEY_TAKES <= FITS for _, words in lines)
    bars_at = [float(re.findall(r'<rect x="0.0%" y="([\d.]+)em"', drawn)[0]) for drawn in (short, long)]
    assert round(bars_at[1] - bars_at[0], 2) == charts.LETTER


def test_letters_may_grow_further_where_no_line_is_long() -> None:
    def is_short(label: str, figure: str = "", key: str = "") -> bool:
        one = Parts(label, (1, 1), "1, 1", beside=figure)
        return "sf-plot--short" in stack([one], key=["A", key], title="t", name="n")

    assert is_short("Body and mind together") and not is_short("Body and mind together, x")
    assert not is_short("Body and mind together", "45") and not is_short("Body", key="About the same or so")
    assert "sf-plot--short" in dumbbell([PAIR], title="t", key="k", name="n")
    assert "sf-plot--short" not in bars([Bar("a" * 30, 1, "550 (100%)")], title="t", name="n", hi=1)


def test_a_whole_of_nobody_has_no_parts_to_fill() -> None:
    drawn = stack([Parts("Body", (0, 0, 0), "none")], key=["A", "B", "C"], title="t", name="n")
    assert "Body: none." in drawn and 'width="0.0%"' not in drawn


def test_everyone_is_a_line_at_each_group() -> None:
    rows = [Dot("Dorset", 80, "80%", 75, 84), Dot("Poole", 90, "90%")]
    drawn = dots(rows, title="t", name="n", lo=0, hi=100, everyone=Dot("Everyone", 85, "85%"), unit="%")
    assert re.findall(r'<line x1="([\d.]+)%"[^>]*stroke-dasharray="4 3"', drawn) == ["82.9", "82.9"]
    assert "Everyone: 85%. Dorset: 80%; Poole: 90%." in drawn
    assert ">100%</text>" in drawn
    alone = dots(rows, title="t", name="n", lo=-5, hi=100)
    assert "4 3" not in alone and ">−5</text>" in alone


def test_a_long_name_goes_on_over_several_lines_and_moves_what_lies_below() -> None:
    name = "Bournemouth, Christchurch and Poole with the villages around them"
    short, long = (bars([Bar(one, 5, "5"), Bar("Next", 5, "5")], title="t", name="n", hi=5) for one in ("A", name))
    words = re.findall(r'<text x="0" y="([\d.]+)em" fill="[^"]+">([^<]+)</text>', long)
    assert " ".join(line for _, line in words) == f"{name} Next" and all(len(line) <= FITS for _, line in words)
    heights = [float(re.findall(r'height="([\d.]+)em"', drawn)[0]) for drawn in (short, long)]
    assert heights[1] > heights[0] and float(words[-1][0]) < heights[1]


@pytest.mark.parametrize(("longest", "under"), [("Came at all", False), ("Came to four or more classes", True)])
def test_where_one_figure_does_not_fit_beside_its_name_all_are_under_theirs(longest: str, under: bool) -> None:
    drawn = bars([Bar("Registered", 550, "550"), Bar(longest, 450, "450 (82%)")], title="t", name="n", hi=550)
    words = re.findall(r'<text x="(0|100%)" y="([\d.]+)em"', drawn)
    names, figures = ([y for x, y in words if x == side] for side in ("0", "100%"))
    assert [float(figure) > float(name) for name, figure in zip(names, figures, strict=True)] == [under, under]


@pytest.mark.parametrize("words", ["<script>", 'a "quoted" & b'])
def test_words_of_a_chart_cannot_become_marks(words: str) -> None:
    drawn = bars([Bar(words, 1, words)], title=words, name="n", hi=1)
    assert words not in drawn


def test_nothing_to_show_draws_nothing() -> None:
    assert dumbbell([], title="t", key="k", name="n") == ""
    assert bars([], title="t", name="n", hi=10) == ""
    assert bars([Bar("a", None, "Withheld")], title="t", name="n", hi=0) == ""
    assert stack([], key=["A"], title="t", name="n") == dots([], title="t", name="n", lo=0, hi=1) == ""


@pytest.mark.parametrize(
    "drawn", [dumbbell([PAIR], title="t", key="k", name="n"), bars([Bar("a", 1, "1")], title="t", name="n", hi=2)]
)
def test_a_chart_brings_no_style_and_no_script_of_its_own(drawn: str) -> None:
    assert "style" not in drawn
    assert "script" not in drawn


def test_every_colour_of_a_chart_gives_way_to_those_that_somebody_chose() -> None:
    sass = Path(charts.__file__).parent / "assets" / "sass"
    tokens = dict(re.findall(r"^\$([\w-]+): (#\w+);", (sass / "_tokens.scss").read_text(), re.MULTILINE))
    _, forced = (sass / "_summary.scss").read_text().split("@media (forced-colors: active)")
    named = {tokens[name] for name in re.findall(r"t\.\$([\w-]+)}\"]", forced.split("\n}\n")[0])}
    assert named == {charts.INK, charts.QUIET, charts.PALE, charts.TEAL, charts.PAPER}
