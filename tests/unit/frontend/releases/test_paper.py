"""A summary on paper holds what its pages hold, and a screen reader can read it."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from accounts.models import Organisation, Programme
from frontend.letters import CannotBeDrawn
from frontend.releases.paper import draw, draw_summary
from tests.factories.outcomes import release_with_figures
from tests.unit.frontend.releases.made_up import FIRST

pytestmark = pytest.mark.django_db


def _alternatives(reader: PdfReader) -> list[str]:
    """What the pictures of a file say to whoever does not see them."""
    found, left = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while left:
        node = left.pop().get_object()
        if not hasattr(node, "get"):
            continue
        found += [str(node["/Alt"])] if "/Alt" in node else []
        below = node.get("/K", [])
        left += list(below) if isinstance(below, list) else [below]
    return found


def test_paper_holds_everyone_and_every_group_and_says_what_its_charts_show(
    programme: Programme, alliance: Organisation
) -> None:
    before = release_with_figures(programme=programme, organisation=alliance, number=1, as_at=FIRST)
    release = release_with_figures(
        programme=programme,
        organisation=alliance,
        number=2,
        supersedes=before,
        purpose="To plan classes.",
        said="Some fear that numbers are sold.",
    )
    release.cells.create(table="forms", measure="forms.w12.due", status="shown", value=60, counted_in=before)
    reader = PdfReader(io.BytesIO(draw_summary(release, before)))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert reader.metadata is not None and reader.metadata.title == "Summary 2 of SafeFit Wessex"
    assert "rounded to the nearest 5, and small ones are hidden" in " ".join(reader.pages[0].extract_text().split())
    for words in (
        "For Wessex Alliance, as at",
        "About 135 people who agreed to be counted had registered",
        "about as many as on 1 July 2026 (about 135)",
        "Isle of Wight Fewer than 8",
        "60 as at 1 Jul 2026",
        "Sent 63 to 105 days after the first class",
        "To plan classes.",
        "Some fear that numbers are sold.",
        "do not say what made the difference",
        "a program tried to work the hidden numbers out",
        "They never change: a later summary has its own number.",
    ):
        assert words in text
    assert any("Registered: 135" in words for words in _alternatives(reader))
    assert "<span" not in text


@pytest.mark.parametrize("rows", [33, 34, 35])
def test_no_row_of_a_long_table_stands_alone_on_a_page(rows: int) -> None:
    table = {"caption": "Places", "columns": ["Place", "People"], "chart": None}
    table["rows"] = [[f"Row {number}", "9"] for number in range(rows)]
    section = {"title": "Who registered", "words": ["Of everyone."], "tables": [table], "notes": []}
    words = "title sender about foot caution rounding since-title frozen tried fingerprint"
    of_words = dict.fromkeys(words.split(), "Words")
    of_lists = dict.fromkeys(("since", "groups", "hidden", "windows", "definitions", "lines", "who", "scoring"), [])
    summary = {**of_words, **of_lists, "sections": [section], "purpose": "", "said": ""}
    on_pages = [page.extract_text().count("Row ") for page in PdfReader(io.BytesIO(draw(summary))).pages]
    assert sum(on_pages) == rows and 1 not in on_pages


def test_a_group_that_our_type_cannot_print_is_refused_by_name(programme: Programme, alliance: Organisation) -> None:
    release = release_with_figures(programme=programme, organisation=alliance, groups={"area": ["漢字"]}, cells=[])
    with pytest.raises(CannotBeDrawn):
        draw_summary(release, None)


def test_where_nobody_had_registered_no_page_is_left_for_groups(programme: Programme, alliance: Organisation) -> None:
    nobody = [("funnel.registered", 0, None, None)]
    release = release_with_figures(programme=programme, organisation=alliance, cells=nobody)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(draw_summary(release, None))).pages]
    assert "Nobody who agreed to be counted had registered" in pages[0] and not any(p.startswith("Area") for p in pages)
