"""Charts as plain SVG, drawn on the server from the figures of the table beside them.

Here: shapes. Every chart has a title and a description for those who hear it,
no script, no style of its own and no colour that carries meaning alone (open
dot first, full dot last; plain, dotted and striped parts). Places along a line
are shares of the width, heights are in letters: the words keep their size on
any screen and on paper, and grow when somebody asks for larger letters. A name
that is too long for a telephone goes on over several lines. The words and the
table are the caller's.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol, TypeVar

from django.utils.safestring import SafeString

LEFT, RIGHT = 3, 97  # per cent of the width: room for half a dot at each end
LETTER, FIRST = 1.3, 1.1  # in letters: from one line of words to the next, and from the top of a row to its first
FITS = 34  # characters in a line of words on a telephone
KEY_TAKES = 5  # of them, by a box of the key
SHORT = 24  # the longest line of a chart whose letters may grow further before they do not fit
LINE, LINE_ROW = 1.0, 2.3  # in letters: from the last words of a row to its line, and to the next row
BAR_AT, BAR, BAR_ROW = 0.4, 0.7, 1.8
CAP, TALL = 0.35, 0.65  # in letters: half of the end of an interval, and of the line where everyone is
DASHED = SafeString(' stroke-dasharray="4 3"')
INK, QUIET, PALE, TEAL, PAPER = "#1d2a2e", "#4a5a5e", "#c9d5d3", "#005c5c", "#ffffff"


class Row(Protocol):
    """What stands over a mark: what it is of, at the left, and its figure, at the right."""

    @property
    def label(self) -> str: ...

    @property
    def beside(self) -> str: ...

    @property
    def words(self) -> str: ...


@dataclass(frozen=True)
class Pair:
    """The value at first, the value at last, both in words; `low` to `high` is an interval around the last."""

    label: str
    first: float
    last: float
    words: str
    beside: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Bar:
    """How long a bar is (None: no bar), and its figure in words."""

    label: str
    value: float | None
    words: str

    @property
    def beside(self) -> str:
        return self.words


@dataclass(frozen=True)
class Parts:
    """A whole in parts, one after the other; which is which the key says."""

    label: str
    parts: tuple[float, ...]
    words: str
    beside: str = ""


@dataclass(frozen=True)
class Dot:
    """A value with its interval."""

    label: str
    value: float
    words: str
    low: float | None = None
    high: float | None = None

    @property
    def beside(self) -> str:
        return self.words


Drawn = TypeVar("Drawn", bound=Row)


def dumbbell(pairs: Sequence[Pair], *, title: str, key: str, name: str, lo: float = 0, hi: float = 100) -> SafeString:
    """A row for each pair: a line from `lo` to `hi`, an open dot at first, a full dot at last.

    `name` makes the ids of this chart its own on the page. Empty without pairs.
    """
    if not pairs:
        return SafeString("")
    rows, foot = _stacked(pairs, lambda pair, y: _pair(pair, y, lo, hi), mark=LINE, row=LINE_ROW)
    drawn = _mark("{}{}{}", _grid(foot, lo, hi), rows, _scale(foot + 1, lo, hi))
    said = f"{key}. {_said(pairs)}"
    return _chart(drawn, height=foot + 1.4, title=title, said=said, name=name, longest=_longest(pairs))


def bars(rows: Sequence[Bar], *, title: str, name: str, hi: float) -> SafeString:
    """A bar for each row on a track from 0 to `hi`, its figure written beside its name. Empty without rows."""
    if not rows or hi <= 0:
        return SafeString("")
    drawn, foot = _stacked(rows, lambda row, y: _bar(row, y, hi), mark=BAR_AT, row=BAR_ROW)
    return _chart(drawn, height=foot, title=title, said=_said(rows), name=name, longest=_longest(rows))


def stack(rows: Sequence[Parts], *, key: Sequence[str], title: str, name: str) -> SafeString:
    """A bar for each row in up to four parts: full, dotted, striped, plain, as `key` names them ("": in no row).

    Empty without rows.
    """
    if not rows:
        return SafeString("")
    named = [words for words in key if words]
    told, under = _key(key, name)
    drawn, foot = _stacked(rows, lambda row, y: _parts(row, y, name), mark=BAR_AT, row=BAR_ROW, top=under + 0.5)
    whole = _mark("{}{}{}", _patterns(name), told, drawn)
    said = f"Parts in order: {', '.join(named)}. {_said(rows)}"
    longest = max([_longest(rows), *(KEY_TAKES + len(words) for words in named)])
    return _chart(whole, height=foot, title=title, said=said, name=name, longest=longest)


def dots(
    rows: Sequence[Dot], *, title: str, name: str, lo: float, hi: float, everyone: Dot | None = None, unit: str = ""
) -> SafeString:
    """A dot for each row with its interval, and a line down through all rows for everyone. Empty without rows."""
    if not rows:
        return SafeString("")
    x = _x(everyone.value, lo, hi) if everyone else None
    drawn, foot = _stacked(rows, lambda row, y: _dot(row, y, lo, hi, x), mark=LINE, row=LINE_ROW)
    whole = _mark("{}{}{}", _grid(foot, lo, hi), drawn, _scale(foot + 1, lo, hi, unit))
    said = f"{everyone.label}: {everyone.words}. {_said(rows)}" if everyone else _said(rows)
    return _chart(whole, height=foot + 1.4, title=title, said=said, name=name, longest=_longest(rows))


def _said(rows: Iterable[Row]) -> str:
    return f"{'; '.join(f'{row.label}: {row.words}' for row in rows)}."


def _chart(drawn: SafeString, *, height: float, title: str, said: str, name: str, longest: int) -> SafeString:
    """`longest`: characters of its longest line of words."""
    return _mark(
        '<svg class="sf-plot{}" width="100%" height="{}em" role="img" aria-labelledby="{}-title {}-desc" '
        'focusable="false"><title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        " sf-plot--short" if longest <= SHORT else "",
        _em(height),
        *[name] * 3,
        title,
        name,
        said,
        drawn,
    )


# --- rows --------------------------------------------------------------------


def _stacked(
    rows: Sequence[Drawn], draw: Callable[[Drawn, float], SafeString], *, mark: float, row: float, top: float = 0
) -> tuple[SafeString, float]:
    """Each row under the one before: its words, then its mark. How far down they reach comes with them.

    Where one figure does not fit beside its name, all are under theirs: a column is read down.
    """
    drawn: list[SafeString] = []
    under = _are_under(rows)
    for each in rows:
        lines = _lines(each.label, each.beside, under=under)
        last = top + FIRST + LETTER * (len(lines) - 1)
        drawn += [_line_of_words(line, top + FIRST + LETTER * n) for n, line in enumerate(lines)]
        drawn.append(draw(each, last + mark))
        top = last + row
    return SafeString("".join(drawn)), top


def _are_under(rows: Iterable[Row]) -> bool:
    return any(len(_wrapped(each.label)[-1]) + len(each.beside) >= FITS for each in rows)


def _longest(rows: Sequence[Row]) -> int:
    """Characters of the longest line, with the room between a name and its figure."""
    under = _are_under(rows)
    lines = (line for each in rows for line in _lines(each.label, each.beside, under=under))
    return max(len(left) + len(right) + 2 * bool(left and right) for left, right in lines)


def _lines(label: str, beside: str, *, under: bool) -> list[tuple[str, str]]:
    """What is left and right in each line: the figure beside the last words of the name, or under them."""
    *firsts, last = _wrapped(label)
    lines = [(words, "") for words in firsts]
    return [*lines, (last, ""), ("", beside)] if under else [*lines, (last, beside)]


def _wrapped(label: str) -> list[str]:
    return textwrap.wrap(label, FITS - 2) or [""]


def _line_of_words(line: tuple[str, str], y: float) -> SafeString:
    label, beside = line
    return _marks(
        '<text x="{}" y="{}em" fill="{}"{}>{}</text>',
        (
            (x, _em(y), INK, SafeString(anchor), words)
            for x, anchor, words in (("0", "", label), ("100%", ' text-anchor="end"', beside))
            if words
        ),
    )


# --- marks -------------------------------------------------------------------


def _pair(pair: Pair, at: float, lo: float, hi: float) -> SafeString:
    first, last, line = _x(pair.first, lo, hi), _x(pair.last, lo, hi), _em(at)
    return _mark(
        '{}<line x1="{}%" y1="{}em" x2="{}%" y2="{}em" stroke="{}" stroke-width="5"/>{}'
        '<circle cx="{}%" cy="{}em" r="0.45em" fill="{}" stroke="{}" stroke-width="3"/>'
        '<circle cx="{}%" cy="{}em" r="0.5em" fill="{}"/>',
        _track(at),
        *(first, line, last, line, TEAL),
        _interval(pair.low, pair.high, at, lo, hi),
        *(first, line, PAPER, TEAL),
        *(last, line, TEAL),
    )


def _dot(row: Dot, at: float, lo: float, hi: float, everyone: float | None) -> SafeString:
    """`everyone`: where their line is. It does not run through words."""
    place, line = _x(row.value, lo, hi), _em(at)
    dot = _mark('<circle cx="{}%" cy="{}em" r="0.45em" fill="{}"/>', place, line, TEAL)
    dashed = "" if everyone is None else _stroke(everyone, at - TALL, everyone, at + TALL, INK, 2, DASHED)
    return _mark("{}{}{}{}", _track(at), dashed, _interval(row.low, row.high, at, lo, hi), dot)


def _track(at: float) -> SafeString:
    return _stroke(LEFT, at, RIGHT, at, PALE, 2)


def _interval(low: float | None, high: float | None, at: float, lo: float, hi: float) -> SafeString:
    """A thin line with an end at either side."""
    if low is None or high is None:
        return SafeString("")
    left, right = _x(low, lo, hi), _x(high, lo, hi)
    ends = [_stroke(x, at - CAP, x, at + CAP, INK, 2) for x in (left, right)]
    return _mark("{}{}{}", _stroke(left, at, right, at, INK, 2), *ends)


def _stroke(
    x1: float, y1: float, x2: float, y2: float, ink: str, width: int, more: SafeString | None = None
) -> SafeString:
    return _mark(
        '<line x1="{}%" y1="{}em" x2="{}%" y2="{}em" stroke="{}" stroke-width="{}"{}/>',
        *(x1, _em(y1), x2, _em(y2), ink, width, more or ""),
    )


def _bar(row: Bar, at: float, hi: float) -> SafeString:
    share = 0 if row.value is None else round(min(max(row.value / hi, 0), 1) * 100, 1)
    return _mark(
        '<rect x="0" y="{}em" width="100%" height="{}em" fill="{}"/>'
        '<rect x="0" y="{}em" width="{}%" height="{}em" fill="{}"/>',
        *(_em(at), BAR, PALE),
        *(_em(at), share, BAR, TEAL),
    )


def _parts(row: Parts, at: float, name: str) -> SafeString:
    """Parts of the whole that they add up to: each of them is rounded by itself."""
    whole, begins, drawn = sum(row.parts) or 1, 0.0, []
    for part, fill in _filled(row.parts, name):
        wide = round(100 * part / whole, 2)
        drawn.append(_part(begins, at, f"{wide}%", fill))
        begins = round(begins + wide, 2)
    return SafeString("".join(drawn))


def _part(x: float, at: float, wide: str, fill: str) -> SafeString:
    return _mark(
        '<rect x="{}%" y="{}em" width="{}" height="{}em" fill="{}" stroke="{}" stroke-width="1.5"/>',
        *(x, _em(at), wide, BAR, fill, INK),
    )


def _filled(parts: Iterable[float], name: str) -> list[tuple[float, str]]:
    """Those that are there."""
    return [(part, fill) for part, fill in zip(parts, _fills(name), strict=False) if part]


def _fills(name: str) -> tuple[str, ...]:
    return TEAL, f"url(#{name}-dots)", f"url(#{name}-stripes)", PAPER


def _patterns(name: str) -> SafeString:
    """Told apart without colour: dots, and stripes."""
    return _mark(
        '<defs><pattern id="{}-dots" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<rect width="8" height="8" fill="{}"/><circle cx="4" cy="4" r="1.4" fill="{}"/></pattern>'
        '<pattern id="{}-stripes" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="8" height="8" fill="{}"/><rect width="3" height="8" fill="{}"/></pattern></defs>',
        *(name, PAPER, TEAL),
        *(name, PAPER, QUIET),
    )


def _key(key: Sequence[str], name: str) -> tuple[SafeString, float]:
    """What each fill means, and how far down that reaches; long words go on under their first line."""
    drawn, top = [], 0.0
    for words, fill in zip(key, _fills(name), strict=False):
        lines = textwrap.wrap(words, FITS - KEY_TAKES)
        if lines:
            drawn.append(_part(0, top + 0.3, "1.6em", fill))
        for line in lines:
            drawn.append(_mark('<text x="2.2em" y="{}em" fill="{}">{}</text>', _em(top + 0.9), QUIET, line))
            top += LETTER
    return SafeString("".join(drawn)), top


def _grid(foot: float, lo: float, hi: float) -> SafeString:
    lines = ((_x(lo + (hi - lo) * part / 4, lo, hi), _em(foot), PALE) for part in (1, 2, 3))
    return _marks('<line x1="{0}%" y1="{1}em" x2="{0}%" y2="1.5em" stroke="{2}" stroke-dasharray="2 4"/>', lines)


def _scale(y: float, lo: float, hi: float, unit: str = "") -> SafeString:
    ends = ((0, "start", lo), (50, "middle", (lo + hi) / 2), (100, "end", hi))
    return _marks(
        '<text x="{}%" y="{}em" fill="{}" text-anchor="{}">{}{}</text>',
        ((x, _em(y), QUIET, anchor, f"{value:g}".replace("-", "−"), unit) for x, anchor, value in ends),
    )


def _x(value: float, lo: float, hi: float) -> float:
    inside = min(max(value, lo), hi)
    return round(LEFT + (inside - lo) / (hi - lo) * (RIGHT - LEFT), 1)


def _mark(shape: str, *parts: str | float) -> SafeString:
    """`shape` with its parts, words escaped. A chart is made of hundreds of numbers, which need no looking at."""
    return SafeString(shape.format(*map(_escaped, parts)))


def _marks(shape: str, rows: Iterable[Sequence[str | float]]) -> SafeString:
    return SafeString("".join(_mark(shape, *row) for row in rows))


def _escaped(part: str | float) -> str | float:
    return escape(part) if isinstance(part, str) and not isinstance(part, SafeString) else part


def _em(letters: float) -> float:
    return round(letters, 2)
