"""The shape of what is read of a release, the same for a page and for paper: sections of words, charts and tables.

Here: shapes, and what several sections share. Not here: what stands in them (funnel.py, visits.py, change.py,
answered.py, safety.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.utils.html import format_html
from django.utils.safestring import SafeString

from frontend import charts, wording
from frontend.releases.figures import EVERYBODY, Figures, Told, in_brief
from outcomes.models import Release
from outcomes.releases.reading import Figure

MOST_NAMED = 6  # groups in a sentence


@dataclass(frozen=True)
class Chart:
    """`drawn`, and how to read it."""

    drawn: SafeString
    note: str = ""

    def saying(self, what: str) -> Chart:
        """With what it is of, before how to read it."""
        return replace(self, note=f"{what} {self.note}")


@dataclass(frozen=True)
class Table:
    """`columns` begin with what a row is; in a short row the last cell spans the rest.

    The chart of a table draws figures that stand in it, and no others.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    chart: Chart | None = None

    @property
    def numeric(self) -> range:
        return range(1, len(self.columns))

    @cached_property
    def day(self) -> date | None:
        """That of an earlier counting which all its figures repeat: it is then said once, over them."""
        days = {cell.day for row in self.rows for cell in row if isinstance(cell, Told)}
        return days.pop() if len(days) == 1 else None

    @property
    def title(self) -> str:
        return self.caption if self.day is None else f"{self.caption}, as at {wording.plain_date(self.day)}"

    def beside(self, cell: str) -> str:
        """What stands under a cell: the day of a figure that repeats one, unless it stands over the table."""
        day = cell.day if isinstance(cell, Told) and self.day is None else None
        return "" if day is None else f"as at {day.day} {day:%b %Y}"

    @property
    def cells(self) -> list[list[str]]:
        """The rows as a page has them."""
        return [[self._dated(cell) for cell in row] for row in self.rows]

    def _dated(self, cell: str) -> str:
        under = self.beside(cell)
        return format_html('{} <span class="sf-repeats">{}</span>', str(cell), under) if under else cell


@dataclass(frozen=True)
class Section:
    """`name` is its place on the page."""

    name: str
    title: str
    tables: Sequence[Table]
    words: Sequence[str] = ()
    notes: Sequence[str] = ()  # under the tables


@dataclass(frozen=True)
class Later:
    """A timepoint: as a rule one after the start."""

    code: str
    label: str

    @property
    def words(self) -> str:
        """12 weeks, in the middle of a sentence."""
        return self.label[:1].lower() + self.label[1:]


def timepoints_of(release: Release) -> list[Later]:
    """The start too, which comes first."""
    return [Later(point["code"], point["label"]) for point in release.method.get("timepoints", [])]


def later_of(release: Release) -> list[Later]:
    return timepoints_of(release)[1:]


@dataclass(frozen=True)
class Scale:
    """From where to where a chart reaches, and how its figures are written."""

    lo: float
    hi: float
    signed: bool = False
    unit: str = ""


PERCENT = Scale(0, 100, unit="%")


def side_by_side(figures: Figures, measure: str, scale: Scale, *, title: str, name: str) -> Chart:
    """A dot for each group that is shown, with everyone's line; the groups that are left out are named."""
    found = [(group, figures.shown(measure, where)) for group, where in figures.groups]
    rows = [dot(group, one, scale) for group, one in found if one is not None]
    everyone = figures.shown(measure)
    line = dot(EVERYBODY, everyone, scale) if everyone else None
    drawn = charts.dots(rows, title=title, name=name, lo=scale.lo, hi=scale.hi, everyone=line, unit=scale.unit)
    dashed = [f"Dashed line: everyone, {line.words}."] if line else []
    left_out = not_drawn(group for group, one in found if one is None)
    return Chart(drawn, " ".join(["Thin line: the 95% interval.", *dashed, *left_out]))


def dot(name: str, figure: Figure, scale: Scale) -> charts.Dot:
    words = in_brief(figure, signed=scale.signed, unit=scale.unit)
    return charts.Dot(name, figure.value or 0, words, figure.low, figure.high)


def nothing_told(section: Section, both: str) -> Section:
    """One sentence in place of tables in which every figure would be hidden. `both`: what too few people did."""
    words = f"Nothing more can be shown: too few people {both}, or it would tell something of a few of them."
    return replace(section, words=[*section.words, words], tables=[], notes=[])


def not_drawn(names: Iterable[str]) -> list[str]:
    """A sentence on the groups that a chart leaves out; none when it leaves out nobody."""
    left_out = list(names)
    if not left_out:
        return []
    if len(left_out) > MOST_NAMED:
        return [f"Not drawn: {len(left_out)} groups. The table says which, and why."]
    return [f"Not drawn: {'; '.join(left_out)}. The table says why."]
