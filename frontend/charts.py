"""Charts as plain SVG, drawn on the server from the figures of the table beside them.

Here: shapes. Every chart has a title and a description for those who hear it,
no script, no style of its own and no colour that carries meaning alone (open
dot first, full dot last). The words and the table are the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, LEFT, RIGHT = 340, 14, 326
ROW, TOP = 58, 12
INK, QUIET, LINE, TEAL, PAPER = "#1d2a2e", "#4a5a5e", "#c9d5d3", "#005c5c", "#ffffff"


@dataclass(frozen=True)
class Pair:
    """One row: what it is, the value at first, the value at last, and both in words."""

    label: str
    first: float
    last: float
    words: str


def dumbbell(pairs: Sequence[Pair], *, title: str, key: str, name: str, lo: float = 0, hi: float = 100) -> SafeString:
    """A row for each pair: a line from `lo` to `hi`, an open dot at first, a full dot at last.

    `name` makes the ids of this chart its own on the page. Empty without pairs.
    """
    if not pairs:
        return SafeString("")
    height = TOP + ROW * len(pairs) + 24
    description = "; ".join(f"{pair.label}: {pair.words}" for pair in pairs)
    rows = format_html_join("", "{}", ((_row(pair, TOP + ROW * n, lo, hi),) for n, pair in enumerate(pairs)))
    return format_html(
        '<svg class="sf-chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc" focusable="false">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}. {}.</desc>{}{}</svg>',
        WIDTH,
        height,
        *[name] * 3,
        title,
        name,
        key,
        description,
        rows,
        _ends(height - 8, lo, hi),
    )


def _row(pair: Pair, top: int, lo: float, hi: float) -> SafeString:
    first, last = (_x(value, lo, hi) for value in (pair.first, pair.last))
    line = top + 38
    return format_html(
        '<text x="{}" y="{}" font-size="15" fill="{}">{}</text>'
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="2"/>'
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="5"/>'
        '<circle cx="{}" cy="{}" r="8" fill="{}" stroke="{}" stroke-width="3"/>'
        '<circle cx="{}" cy="{}" r="7" fill="{}"/>',
        *(LEFT, top + 18, INK, pair.label),
        *(LEFT, line, RIGHT, line, LINE),
        *(first, line, last, line, TEAL),
        *(first, line, PAPER, TEAL),
        *(last, line, TEAL),
    )


def _ends(y: int, lo: float, hi: float) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" font-size="14" fill="{}">{}</text>'
        '<text x="{}" y="{}" font-size="14" fill="{}" text-anchor="end">{}</text>',
        *(LEFT, y, QUIET, f"{lo:g}"),
        *(RIGHT, y, QUIET, f"{hi:g}"),
    )


def _x(value: float, lo: float, hi: float) -> float:
    inside = min(max(value, lo), hi)
    return round(LEFT + 8 + (inside - lo) / (hi - lo) * (RIGHT - LEFT - 16), 1)
