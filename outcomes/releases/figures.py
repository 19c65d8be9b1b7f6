"""A release's figures from start to end: counted, hidden where they must be, attacked with all that was shown. PURE.

Here: the steps and the shape of what is stored. Not here: counting (truth.py),
hiding and attacking (disclosure), rows (release.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from classes.adherence import LATE
from outcomes import disclosure
from outcomes.counting.bands import AREA, Bands, bands_of, dimensions_of, pairs_of, tables_of
from outcomes.counting.cohort import REGULAR, Cohort, Timing
from outcomes.counting.instruments import THRESHOLD, Instrument
from outcomes.counting.safety_figures import Event, events_sheet, safety_figures
from outcomes.counting.truth import dose_of, figures_of, sheet_of
from outcomes.disclosure import (
    Cell,
    Deadline,
    Earlier,
    How,
    Minimums,
    Protected,
    Report,
    Sheet,
    Tables,
    Union,
    put_together,
)
from outcomes.instruments.safefit_wellbeing import RECIPE
from outcomes.statistics import UNEVEN

STEPS: Final = 4  # dividing, counting, hiding, attacking
MOST_SECONDS: Final = 900  # for hiding and attacking: what takes longer has too many dimensions to be judged


@dataclass(frozen=True)
class Counted:
    """Whom and what a release counts, and by what. `dimensions` may name pairs.

    One of a single `area` is counted and attacked as the whole is, and shows the groups of that area: so its figures
    are the very ones of every other release that shows them, and are judged beside those.
    """

    cohort: Cohort
    timings: Sequence[Timing]
    dimensions: Sequence[str]
    areas: Sequence[str]
    as_at: date
    events: Sequence[Event] = ()
    minutes: tuple[int, int] | None = None  # of the shortest and the longest class
    fixed: Bands = field(default_factory=dict)  # bands of earlier releases, which stay
    instruments: Sequence[Instrument] = ()  # beside our own check
    area: str = ""
    started_elsewhere: Mapping[str, Any] = field(default_factory=dict)  # the share who started, and who says so

    @property
    def tables(self) -> list[str]:
        return tables_of(self.dimensions, area=self.area)


class NoSuchArea(Exception):
    """People are not told apart by that area: the areas of the programme were published without it, and stay."""

    def __init__(self, area: str) -> None:
        super().__init__(area)
        self.area = area


@dataclass(frozen=True)
class Built:
    """What is stored of a release. `cells` are the columns of each ReleaseCell; none when it is not safe."""

    groups: dict[str, list[str]]
    method: dict[str, Any]
    attack: dict[str, Any]
    cells: list[dict[str, Any]]
    is_safe: bool
    sheet: Sheet = field(default_factory=partial(Sheet.of, {}))


def build(
    counted: Counted,
    *,
    earlier: Sequence[Earlier] = (),
    k: int,
    step: Callable[[int], None],
    seconds: float = MOST_SECONDS,
) -> Built:
    """The figures as they may be shown beside `earlier`, the latest first. `step` is told each step done.

    Raises NoSuchArea.
    """
    recorded = {name: labels.people for name, labels in counted.cohort.about.items()}
    bands = bands_of(recorded, areas=counted.areas, fixed=counted.fixed, k=k)
    tables = _tables(counted.tables, bands)
    if counted.area and counted.area not in bands.get(AREA, ()):
        raise NoSuchArea(counted.area)
    step(1)
    timings, others = counted.timings, counted.instruments
    people = sheet_of(counted.cohort, timings=timings, bands=bands, as_at=counted.as_at, instruments=others)
    happened = events_sheet(list(counted.events))
    figures = [figures_of(people, timings=timings, tables=tables, instruments=others)]
    figures += _of_the_whole(counted, people, happened)
    step(2)
    sheet = put_together(people, happened)
    protected, report = _protected(figures, sheet, earlier, k, Deadline.after(seconds), step)
    return Built(
        groups=protected.structure.as_dict()["dims"],
        method=_method(protected, counted, bands),
        attack=report.as_dict(),
        cells=[_cell(cell) for cell in protected.cells if _shows(cell, counted, protected)] if report.survived else [],
        is_safe=report.survived,
        sheet=sheet,
    )


def _of_the_whole(counted: Counted, people: Sheet, happened: Sheet) -> Iterator[disclosure.Figures]:
    """What is counted of everyone alone, and is no part of a release of one area."""
    if not counted.area:
        yield safety_figures(happened)
        if counted.minutes:
            yield dose_of(people, minutes=counted.minutes)


def _shows(cell: Cell, counted: Counted, protected: Protected) -> bool:
    """Of one area: its own groups alone, and nothing that says how large a part it is of the whole."""
    if not counted.area:
        return True
    how, _ = protected.structure.derived.get(cell.measure, (None, ()))
    return (AREA, counted.area) in cell.group and how not in (How.SHARE, How.APART)


def _tables(dimensions: Sequence[str], bands: Bands) -> Tables:
    """Dimensions of which nothing is recorded of anybody are left out, and pairs with them."""
    dims = {name: tuple(bands[name]) for name in dimensions_of(dimensions) if name in bands}
    return Tables(dims, tuple(pair for pair in pairs_of(dimensions) if set(pair) <= dims.keys()))


def _protected(
    figures: Sequence[disclosure.Figures],
    sheet: Sheet,
    earlier: Sequence[Earlier],
    k: int,
    deadline: Deadline,
    step: Callable[[int], None],
) -> tuple[Protected, Report]:
    """What cannot be judged, or not in time, is not safe: the report says why, and no cell is kept."""
    each = [disclosure.structure_of(one) for one in figures]
    nothing = Protected((), disclosure.joined(each), k)
    try:
        parts = [disclosure.protect(one, k=k, deadline=deadline) for one in figures]
        step(3)
        whole = Protected(tuple(cell for part in parts for cell in part.cells), nothing.structure, k)
        protected, report = Union(whole, sheet, earlier, deadline).settled()
    except disclosure.CannotJudge as problem:
        protected, report = nothing, Report((), 0, 0, 0, 0, gave_up=str(problem))
    step(STEPS)
    return protected, report


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "table": cell.table,
        "measure": cell.measure,
        "where": dict(cell.group),
        "status": str(cell.status),
        "value": cell.value,
        "low": cell.low,
        "high": cell.high,
        "decimal_places": cell.decimal_places,
        "reason": str(cell.reason or ""),
        "counted": cell.counted,
    }


def _method(protected: Protected, counted: Counted, bands: Bands) -> dict[str, Any]:
    """How it was done, as facts: the words are the page's. `hashed`: the fingerprint is of these facts too."""
    structure = protected.structure.as_dict()
    return {
        "hashed": True,
        "measures": structure["measures"],
        "sums": structure["sums"],
        "pairs": structure["pairs"],
        "bands": {name: list(values) for name, values in bands.items()},
        "not_recorded": [name for name in dimensions_of(counted.tables) if name not in bands],
        "threshold": THRESHOLD,
        "uneven": UNEVEN,
        "places_by_steps": True,  # of averages (instruments.py)
        "least": vars(Minimums()),
        "regular": REGULAR,
        "started_elsewhere": dict(counted.started_elsewhere),
        "late_hours": LATE // timedelta(hours=1),
        "minutes": list(counted.minutes or ()),
        "timepoints": [
            {
                "code": timing.code,
                "label": timing.label,
                "day": timing.due.day,
                "opens_before": timing.due.opens_before,
                "closes_after": timing.due.closes_after,
            }
            for timing in counted.timings
        ],
        "instrument": {"title": RECIPE.title, "version": RECIPE.version, "citation": RECIPE.citation},
        "instruments": [one.as_dict() for one in counted.instruments],
    }
