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
