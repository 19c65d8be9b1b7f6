"""Charts as plain SVG, drawn on the server from the figures of the table beside them.

Here: shapes. Every chart has a title and a description for those who hear it,
no script, no style of its own and no colour that carries meaning alone (open
dot first, full dot last). Places along a line are shares of the width, heights
are in letters: the words keep their size on any screen and on paper, and grow
when somebody asks for larger letters. The words and the table are the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LEFT, RIGHT = 3, 97  # per cent of the width: room for half a dot at each end
LABEL, LINE_AT, ROW = 1.1, 2.1, 3.4  # in letters: where the words stand, where the line, and the next row
BAR_AT, BAR, BAR_ROW = 1.5, 0.7, 2.9
INK, QUIET, LINE, TEAL, PAPER = "#1d2a2e", "#4a5a5e", "#c9d5d3", "#005c5c", "#ffffff"


@dataclass(frozen=True)
class Pair:
    """One row: what it is, the value at first, the value at last, and both in words; `beside` is written on it."""

    label: str
    first: float
    last: float
    words: str
    beside: str = ""


@dataclass(frozen=True)
class Bar:
    """One row: what it is, how long its bar is (None: no bar), and its figure in words."""

    label: str
    value: float | None
    words: str


def dumbbell(pairs: Sequence[Pair], *, title: str, key: str, name: str, lo: float = 0, hi: float = 100) -> SafeString:
    """A row for each pair: a line from `lo` to `hi`, an open dot at first, a full dot at last.

    `name` makes the ids of this chart its own on the page. Empty without pairs.
    """
    if not pairs:
        return SafeString("")
    foot = ROW * len(pairs)
    rows = format_html_join("", "{}", ((_pair(pair, ROW * n, lo, hi),) for n, pair in enumerate(pairs)))
    said = "; ".join(f"{pair.label}: {pair.words}" for pair in pairs)
    drawn = format_html("{}{}{}", _grid(foot, lo, hi), rows, _scale(foot + 1, lo, hi))
    return _chart(drawn, height=foot + 1.4, title=title, said=f"{key}. {said}.", name=name)


def bars(rows: Sequence[Bar], *, title: str, name: str, hi: float) -> SafeString:
    """A bar for each row on a track from 0 to `hi`, its figure written beside its name. Empty without rows."""
    if not rows or hi <= 0:
        return SafeString("")
    drawn = format_html_join("", "{}", ((_bar(row, BAR_ROW * n, hi),) for n, row in enumerate(rows)))
    said = "; ".join(f"{row.label}: {row.words}" for row in rows)
    return _chart(drawn, height=BAR_ROW * len(rows), title=title, said=f"{said}.", name=name)


def _chart(drawn: SafeString, *, height: float, title: str, said: str, name: str) -> SafeString:
    return format_html(
        '<svg class="sf-plot" width="100%" height="{}em" role="img" aria-labelledby="{}-title {}-desc" '
        'focusable="false"><title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        _em(height),
        *[name] * 3,
        title,
        name,
        said,
        drawn,
    )


def _pair(pair: Pair, top: float, lo: float, hi: float) -> SafeString:
    first, last, line = _x(pair.first, lo, hi), _x(pair.last, lo, hi), _em(top + LINE_AT)
    return format_html(
        '{}<line x1="{}%" y1="{}em" x2="{}%" y2="{}em" stroke="{}" stroke-width="2"/>'
        '<line x1="{}%" y1="{}em" x2="{}%" y2="{}em" stroke="{}" stroke-width="5"/>'
        '<circle cx="{}%" cy="{}em" r="0.45em" fill="{}" stroke="{}" stroke-width="3"/>'
        '<circle cx="{}%" cy="{}em" r="0.5em" fill="{}"/>',
        _words(pair.label, pair.beside, top),
        *(LEFT, line, RIGHT, line, LINE),
        *(first, line, last, line, TEAL),
        *(first, line, PAPER, TEAL),
        *(last, line, TEAL),
    )


def _bar(row: Bar, top: float, hi: float) -> SafeString:
    share = 0 if row.value is None else round(min(max(row.value / hi, 0), 1) * 100, 1)
    at = _em(top + BAR_AT)
    return format_html(
        '{}<rect x="0" y="{}em" width="100%" height="{}em" fill="{}"/>'
        '<rect x="0" y="{}em" width="{}%" height="{}em" fill="{}"/>',
        _words(row.label, row.words, top),
        *(at, BAR, LINE),
        *(at, share, BAR, TEAL),
    )


def _words(label: str, beside: str, top: float) -> SafeString:
    """The name of a row at the left end, its figures at the right one."""
    at = _em(top + LABEL)
    return format_html(
        '<text x="0" y="{}em" fill="{}">{}</text><text x="100%" y="{}em" fill="{}" text-anchor="end">{}</text>',
        *(at, INK, label),
        *(at, INK, beside),
    )


def _grid(foot: float, lo: float, hi: float) -> SafeString:
    lines = ((_x(lo + (hi - lo) * part / 4, lo, hi), _em(foot), LINE) for part in (1, 2, 3))
    return format_html_join(
        "", '<line x1="{0}%" y1="{1}em" x2="{0}%" y2="1.5em" stroke="{2}" stroke-dasharray="2 4"/>', lines
    )


def _scale(y: float, lo: float, hi: float) -> SafeString:
    ends = ((0, "start", lo), (50, "middle", (lo + hi) / 2), (100, "end", hi))
    return format_html_join(
        "",
        '<text x="{}%" y="{}em" fill="{}" text-anchor="{}">{}</text>',
        ((x, _em(y), QUIET, anchor, f"{value:g}") for x, anchor, value in ends),
    )


def _x(value: float, lo: float, hi: float) -> float:
    inside = min(max(value, lo), hi)
    return round(LEFT + (inside - lo) / (hi - lo) * (RIGHT - LEFT), 1)


def _em(letters: float) -> float:
    return round(letters, 2)
