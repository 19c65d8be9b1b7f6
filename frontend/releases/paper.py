"""A summary on paper: one accessible PDF with everything that its pages show, everyone and every group.

Here: the drawing, by the template print/summary.typ, from the same words, tables and charts. Everything goes to it
as data: it can be printed, and can do nothing else. Drawn when somebody opens it, and kept nowhere.
"""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import typst

from frontend.letters import SENDER, TYPE, CannotBeDrawn
from frontend.releases.figures import tables_of
from frontend.releases.pages import breakdown_of, overview_of
from frontend.releases.sections import Chart, Section, Table
from frontend.wording import plain_date
from outcomes.models import Release

TEMPLATE = Path(__file__).parent.parent / "print" / "summary.typ"
LETTER = 16  # points of a chart's words, before it is made as wide as the page
WIDE = 560
FACE = 'font-family="Atkinson Hyperlegible Next" xmlns="http://www.w3.org/2000/svg"'
SIZE = re.compile(r'width="100%" height="([\d.]+)em"')
SAID = re.compile(r"<title[^>]*>(.*?)</title><desc[^>]*>(.*?)</desc>")


def draw_summary(release: Release, before: Release | None) -> bytes:
    """One PDF. Raises CannotBeDrawn where a name has letters that our type does not."""
    return draw(_summary(release, before))


def draw(summary: dict[str, Any]) -> bytes:
    """What the template makes of the words, tables and charts of a summary. Raises the same."""
    try:
        pdf: bytes = typst.compile(
            TEMPLATE,
            sys_inputs={"summary": json.dumps(summary)},
            font_paths=[TYPE],
            ignore_system_fonts=True,  # the same on every computer
            pdf_standards="ua-1",  # a page that a screen reader could not read is not drawn at all
        )
    except typst.TypstError as error:
        raise CannotBeDrawn from error
    return pdf


def _summary(release: Release, before: Release | None) -> dict[str, Any]:
    page = overview_of(release, before)
    every_group = (breakdown_of(release, by) for by in tables_of(release))
    groups = [group for group in every_group if any(section.tables for section in group.sections)]
    published = f", published {plain_date(release.published_at)}" if release.published_at else ""
    title = f"Summary {release.number} of {release.covers}"
    return {
        "title": title,
        "sender": SENDER,
        "about": f"For {release.organisation.name}, as at {plain_date(release.as_at)}{published}.",
        "foot": f"{SENDER}: {title}, for {release.organisation.name}",
        "rounding": f"{page.rounding} What the words in the tables mean stands at the end.",
        "lines": page.lines,
        "caution": page.caution,
        "purpose": release.purpose,
        "said": release.said,
        "since-title": f"Since summary {before.number}" if before else "Since last time",
        "since": page.since,
        "sections": [_section(one) for one in page.sections],
        "groups": [{"name": group.name, "sections": [_section(one) for one in group.sections]} for group in groups],
        "frozen": page.method.frozen,
        "hidden": page.method.hidden,
        "tried": page.method.tried,
        "who": page.method.who,
        "windows": page.method.windows,
        "definitions": page.method.definitions,
        "scoring": page.method.scoring,
        "fingerprint": release.sha256,
    }


def _section(one: Section) -> dict[str, Any]:
    return {
        "title": one.title,
        "words": list(one.words),
        "tables": [_table(table) for table in one.tables],
        "notes": list(one.notes),
    }


def _table(one: Table) -> dict[str, Any]:
    return {
        "caption": one.title,
        "columns": list(one.columns),
        "rows": [[_lines(cell, one.beside(cell)) for cell in row] for row in one.rows],
        "chart": _chart(one.chart) if one.chart is not None and one.chart.drawn else None,
    }


def _lines(cell: str, under: str) -> str:
    return f"{cell}\n{under}" if under else str(cell)


def _chart(one: Chart) -> dict[str, str]:
    """The drawing of the page, with a size of its own: paper has no window whose width it could be a share of."""
    height = SIZE.search(one.drawn)
    said = SAID.search(one.drawn)
    size = f'width="{WIDE}" height="{float(height[1]) * LETTER if height else 0:.0f}" font-size="{LETTER}"'
    return {
        "svg": SIZE.sub(f"{size} {FACE}", one.drawn, count=1),
        "said": unescape(". ".join(said.groups())) if said else one.note,
        "note": one.note,
    }
