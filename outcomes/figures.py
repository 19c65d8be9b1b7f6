"""A release's figures from start to end: counted, hidden where they must be, attacked. PURE.

Here: the three steps and the shape of what is stored. Not here: counting
(truth.py), hiding and attacking (disclosure), rows (release.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from outcomes import disclosure
from outcomes.cohort import Journey, Timing
from outcomes.disclosure import Cell, Protected
from outcomes.instruments.safefit_wellbeing import RECIPE
from outcomes.truth import figures_of, groups_of

STEPS: Final = 3  # counting, hiding, attacking


@dataclass(frozen=True)
class Built:
    """What is stored of a release. `cells` are the columns of each ReleaseCell; none when it is not safe."""

    groups: dict[str, list[str]]
    method: dict[str, Any]
    attack: dict[str, Any]
    cells: list[dict[str, Any]]
    is_safe: bool


def build(
    journeys: Sequence[Journey],
    *,
    timings: Sequence[Timing],
    dimension: str,
    order: Sequence[str],
    k: int,
    as_at: date,
    step: Callable[[int], None],
) -> Built:
    """The figures of `journeys` by `dimension` ("" for none), as they may be shown. `step` is told each step done."""
    groups = groups_of(journeys, order) if dimension else []
    figures = figures_of(journeys, timings=timings, dimension=dimension, groups=groups, as_at=as_at)
    step(1)
    protected = disclosure.protect(figures, k=k)
    step(2)
    report = disclosure.attack(protected.cells, protected.structure, protected.k)
    step(3)
    return Built(
        groups=protected.structure.as_dict()["dims"],
        method=_method(protected, timings),
        attack=report.as_dict(),
        cells=[_cell(cell, dimension) for cell in protected.cells] if report.survived else [],
        is_safe=report.survived,
    )


def _cell(cell: Cell, dimension: str) -> dict[str, Any]:
    return {
        "table": cell.table,
        "measure": cell.measure,
        "where": cell.where(dimension),
        "status": str(cell.status),
        "value": cell.value,
        "low": cell.low,
        "high": cell.high,
        "decimal_places": cell.decimal_places,
        "reason": str(cell.reason or ""),
    }


def _method(protected: Protected, timings: Sequence[Timing]) -> dict[str, Any]:
    """How it was done, as facts: the words are the page's."""
    structure = protected.structure.as_dict()
    return {
        "measures": structure["measures"],
        "sums": structure["sums"],
        "timepoints": [
            {
                "code": timing.code,
                "label": timing.label,
                "day": timing.due.day,
                "opens_before": timing.due.opens_before,
                "closes_after": timing.due.closes_after,
            }
            for timing in timings
        ],
        "instrument": {"title": RECIPE.title, "version": RECIPE.version, "citation": RECIPE.citation},
    }
