"""Who looks at every page finds what only one width of it shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.visitor import DESKTOP, Visitor

PAGE = """<!doctype html><html lang="en"><title>Wide</title>
<style>h1 {{ color: #808080; font-size: 32px }} .late {{ display: none }}
@media (min-width: 900px) {{ .late {{ display: block }} {style} }}</style>
<main><h1>Wide</h1><p>Words</p><div class="late">{late}</div></main></html>"""


@pytest.mark.parametrize(
    ("style", "late", "rule"),
    [
        ("p { color: #bbb }", "", "color-contrast"),
        ("main { background: #555 }", "", "color-contrast"),
        ("h1 { font-size: 12px }", "", "color-contrast"),
        ("", "<img src=''>", "image-alt"),
        ("", "<button></button>", "button-name"),
    ],
)
def test_a_fault_that_a_narrow_page_hides_is_found_on_a_wide_one(
    open_window: Callable[[], Visitor], style: str, late: str, rule: str
) -> None:
    visitor = open_window()
    visitor.page.set_content(PAGE.format(style=style, late=late))
    assert visitor._axe() == []
    visitor._become(DESKTOP)
    assert [fault["id"] for fault in visitor._axe()] == [rule]


AROUND = """<!doctype html><html lang="en"><title>Around</title><header><p>{head}</p></header>{main}
<footer><a href="/{n}/">Page {n}</a></footer></html>"""
PLAIN = "<main><h1>Heading</h1></main>"


@pytest.mark.parametrize(
    ("head", "main", "rules"),
    [
        ("Head", PLAIN, []),
        ("Head", "<main><h2>No main heading</h2></main>", ["page-has-heading-one"]),
        ("Head", "<h1>Outside of what is main</h1>", ["landmark-one-main", "region"]),
        ("Head", "<main><h1>Heading</h1><img src=''></main>", ["image-alt"]),
        ("Head<img src=''>", PLAIN, ["image-alt"]),
    ],
)
def test_what_stands_around_a_page_is_judged_once_and_the_page_itself_each_time(
    open_window: Callable[[], Visitor], head: str, main: str, rules: list[str]
) -> None:
    visitor = open_window()
    visitor.page.set_content(AROUND.format(head="Head", main=PLAIN, n=1))
    assert visitor._axe() == []
    visitor.page.set_content(AROUND.format(head=head, main=main, n=2))
    visitor.page.evaluate("window.judged = undefined")
    assert sorted(fault["id"] for fault in visitor._axe()) == rules
