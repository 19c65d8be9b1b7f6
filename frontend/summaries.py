"""How a release reads: sentences, tables and charts made of its stored figures and nothing else.

Here: words and layout of the figures, the same for the partner who reads them
and the desk that looks before publishing. Not here: how a figure is worked out
or hidden (outcomes/releases/figures.py, outcomes/disclosure.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from frontend import charts, wording
from outcomes.disclosure import Reason
from outcomes.models import CellStatus, Release, ReleaseCell
from outcomes.releases.export import cells_of, is_count

EVERYONE = "Everyone"
TOO_FEW = (Reason.TOO_FEW, Reason.SMALL)
SCALES = {"body": "Body", "mind": "Mind", "total": "Body and mind together", "overall": "All in all"}
STAGES = {
    "funnel.registered": "Registered",
    "funnel.cleared": "Checked as safe to start",
    "funnel.started": "Came to a first class",
    "funnel.regular": "Came to 4 or more classes",
}


@dataclass(frozen=True)
class Change:
    """One later timepoint: how those who sent both forms answered."""

    code: str
    label: str
    due: str
    chart: SafeString
    rows: list[list[str]]
    by_group: list[list[str]]


@dataclass(frozen=True)
class Summary:
    """Everything that the page of a release shows."""

    lines: list[str]
    stages: list[str]
    people: list[list[str]]
    people_chart: SafeString
    classes: list[list[str]]
    classes_chart: SafeString
    changes: list[Change]
    dimension: str
    hides: bool
    timepoints: list[dict[str, Any]]
    instrument: dict[str, str]


class Figures:
    """The cells of one release, by measure and group ("" is everyone)."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.dimension = next(iter(release.groups), "")
        self.groups: list[str] = list(release.groups.get(self.dimension, []))
        cells = cells_of(release)
        self._cells = {
            (cell.measure, cell.where.get(self.dimension, "")): cell
            for cell in cells
            if set(cell.where) <= {self.dimension}
        }
        self.hides = any(cell.status != CellStatus.SHOWN for cell in cells)

    def cell(self, measure: str, group: str = "") -> ReleaseCell | None:
        return self._cells.get((measure, group))

    def shown(self, measure: str, group: str = "") -> ReleaseCell | None:
        found = self.cell(measure, group)
        return found if found is not None and found.status == CellStatus.SHOWN else None

    def words(self, measure: str, group: str = "", *, signed: bool = False, unit: str = "") -> str:
        """A figure as it stands in a table."""
        cell = self.cell(measure, group)
        if cell is None:
            return "Not counted"
        if cell.status == CellStatus.SMALL and is_count(self.release.method.get("measures", {}).get(measure, {})):
            return f"Fewer than {self.release.k}"
        if cell.status != CellStatus.SHOWN:
            return "Too few to say" if cell.reason in TOO_FEW else "Withheld"
        return f"{number(cell.value or 0, cell.decimal_places, signed=signed)}{unit}"

    def with_interval(self, measure: str, group: str = "") -> str:
        cell = self.shown(measure, group)
        if cell is None or cell.low is None or cell.high is None:
            return self.words(measure, group, signed=True)
        low, high = (number(value, cell.decimal_places, signed=True) for value in (cell.low, cell.high))
        return f"{self.words(measure, group, signed=True)} ({low} to {high})"


def number(value: float, places: int, *, signed: bool = False) -> str:
    """1,204 or +4.2, with a true minus sign."""
    rounded = round(value, places) + 0.0
    words = f"{abs(rounded):,.{places}f}"
    sign = "−" if rounded < 0 else ("+" if signed and rounded > 0 else "")
    return f"{sign}{words}"


def summary_of(release: Release) -> Summary:
    """The release in words, tables and charts."""
    figures = Figures(release)
    timepoints = release.method.get("timepoints", [])
    later = [(point["code"], point["label"]) for point in timepoints[1:]]
    stages = STAGES | {f"forms.{code}.sent": f"Answered at {label.lower()}" for code, label in later}
    return Summary(
        lines=_lines(figures, later),
        stages=list(stages.values()),
        people=[[name, *(figures.words(stage, group) for stage in stages)] for name, group in _groups(figures)],
        people_chart=_people_chart(figures, stages),
        classes=[
            [
                name,
                figures.words("visits.due", group),
                figures.words("visits.attended", group),
                figures.words("visits.share", group, unit="%"),
            ]
            for name, group in _groups(figures)
        ],
        classes_chart=_classes_chart(figures),
        changes=[_change(figures, code, label) for code, label in later],
        dimension=figures.dimension,
        hides=figures.hides,
        timepoints=timepoints,
        instrument=release.method.get("instrument", {}),
    )


def _groups(figures: Figures) -> list[tuple[str, str]]:
    return [(EVERYONE, ""), *((group, group) for group in figures.groups)]


def _people_chart(figures: Figures, stages: dict[str, str]) -> SafeString:
    rows = [_bar(figures, stage, words=words) for stage, words in stages.items()]
    longest = max((row.value for row in rows if row.value is not None), default=0)
    return charts.bars(rows, title="People at each stage, everyone", name="people", hi=longest)


def _classes_chart(figures: Figures) -> SafeString:
    rows = [_bar(figures, "visits.share", group, words=name, unit="%") for name, group in _groups(figures)]
    title = "Share of booked places that were attended, out of 100"
    return charts.bars(rows, title=title, name="classes", hi=100 if figures.shown("visits.share") else 0)


def _bar(figures: Figures, measure: str, group: str = "", *, words: str, unit: str = "") -> charts.Bar:
    cell = figures.shown(measure, group)
    return charts.Bar(words, cell.value if cell else None, figures.words(measure, group, unit=unit))


def _change(figures: Figures, code: str, label: str) -> Change:
    return Change(
        code=code,
        label=label,
        due=_about(due) if (due := figures.shown(f"forms.{code}.due")) else "",
        chart=_chart(figures, code, label),
        rows=[[words, *_scores(figures, scale, code, "")] for scale, words in SCALES.items()],
        by_group=[
            [f"{group}: {words}", *_scores(figures, scale, code, group)]
            for group in figures.groups
            for scale, words in SCALES.items()
        ],
    )


def _scores(figures: Figures, scale: str, code: str, group: str) -> list[str]:
    """The cells of one row. Where start, later and change are hidden for one reason, one cell says so."""
    name = f"{scale}.{code}"
    people = [figures.words(f"forms.{code}.due", group), figures.words(f"{name}.n", group)]
    before, after = figures.words(f"{name}.before", group), figures.words(f"{name}.after", group)
    change = figures.with_interval(f"{name}.change", group)
    nothing_shown = not any(figures.shown(f"{name}.{part}", group) for part in ("before", "after", "change"))
    return [*people, before] if nothing_shown and before == after == change else [*people, before, after, change]


def _chart(figures: Figures, code: str, label: str) -> SafeString:
    found = [
        (words, figures.shown(f"{scale}.{code}.before"), figures.shown(f"{scale}.{code}.after"))
        for scale, words in SCALES.items()
    ]
    pairs = [
        charts.Pair(
            words,
            before.value or 0,
            after.value or 0,
            f"{before.value:.1f} at the start, {after.value:.1f} later",
            beside=f"{before.value:.1f} to {after.value:.1f}",
        )
        for words, before, after in found
        if before is not None and after is not None
    ]
    return charts.dumbbell(
        pairs,
        title=f"Average scores at the start and at {label.lower()}",
        key="From 0 to 100, where more is better. Open dot: at the start. Full dot: later",
        name=f"change-{code}",
    )


def _lines(figures: Figures, later: Sequence[tuple[str, str]]) -> list[str]:
    release = figures.release
    lines = []
    if registered := figures.shown("funnel.registered"):
        came = [
            f"{_about(cell)} {words}"
            for stage, words in (("funnel.started", "came to a first class"), ("funnel.regular", "came to 4 or more"))
            if (cell := figures.shown(stage))
        ]
        more = f" Of these, {wording.joined(came)}." if came else ""
        lines.append(
            f"{wording.sentence(_about(registered))} people who agreed to be counted had registered "
            f"by {wording.plain_date(release.as_at)}.{more}"
        )
    if share := figures.shown("visits.share"):
        lines.append(f"People came to {share.value:.0f}% of the classes they had booked and that took place.")
    return lines + [line for code, label in later if (line := _line_of_change(figures, code, label))]


def _line_of_change(figures: Figures, code: str, label: str) -> str:
    change, paired = figures.shown(f"total.{code}.change"), figures.shown(f"total.{code}.n")
    if change is None or paired is None:
        return (
            f"Too few people have sent both the start form and the form at {label.lower()} to say how answers changed."
        )
    way = _way(change.value or 0)
    low, high = (number(value or 0, 1, signed=True) for value in (change.low, change.high))
    due = figures.shown(f"forms.{code}.due")
    of = f", of {_about(due)} from whom it was due," if due else ""
    return (
        f"{wording.sentence(_about(paired))} people{of} sent the form at {label.lower()} and the start form. "
        f"Out of 100 for body and mind together, they scored on average {way} (95% interval {low} to {high})."
    )


def _way(change: float) -> str:
    size = number(abs(change), 1)
    if size == "0.0":
        return "the same as at the start"
    return f"{size} points {'higher' if change > 0 else 'lower'} than at the start"


def _about(cell: ReleaseCell) -> str:
    return f"about {number(cell.value or 0, 0)}"
