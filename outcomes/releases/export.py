"""A release as a file: every figure that may be seen of it, so that anybody may check it or attack it.

Here: the JSON and the CSV of stored cells, and the fingerprint of a release.
Nothing is worked out: what stands in the cells is what every page, file and
API answer shows. Called by publishing, pages, the API and the command.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

from accounts.spreadsheets import harmless
from outcomes.disclosure import NO_COUNT
from outcomes.models import CellStatus, Release, ReleaseCell

ROUND_TO = 5
CSV_COLUMNS = ("status", "value", "from", "to", "as_at", "unit", "worked_out_from")
# By what a measure says of itself: in what it is told, and which part of that names the figures it is worked out from.
UNITS = {
    "ratio": "percent", "share": "percent", "bounds": "percent", "apart": "standard deviations",
    "effect": "standard deviations at the start", "dz": "standard deviations of the change", "half": "points",
    "other_of": "standard deviations", "mean_of": "points", "hours_of": "hours", "visits_of": "places in classes",
}  # fmt: skip
STATUS_WORDS = {
    CellStatus.SHOWN: "shown",
    CellStatus.SMALL: "hidden: a small number",
    CellStatus.WITHHELD: "withheld to protect others",
}


def export_of(release: Release) -> dict[str, Any]:
    """The release as plain data: its figures, what it is used for, and what people had said of such uses."""
    return {**figures_of(release), "purpose": release.purpose, "said": release.said}


def figures_of(release: Release) -> dict[str, Any]:
    """The figures of the release, of which the fingerprint is taken; `{}` as `where` is everyone.

    One of a single area says so, and has the cells of that area alone.

    A count is `value` rounded to the nearest `round`, or lies in `range`, or is
    `withheld`. Any other figure has `dp` decimal places, and `interval` where
    it has one. A figure with `as_at` repeats one of an earlier counting, because
    too few people came or left to count it anew. `measures` says which people a count is within and which count
    a mean is of, `sums` which counts add up. `method`: by which windows, line and least numbers it was counted; of
    releases from before it was hashed, it is no part of the file either, so that their fingerprint stays.
    """
    told = {
        "release": {
            "id": release.pk,
            "number": release.number,
            "programme": release.programme.slug,
            "organisation": release.organisation.slug,
            "as_at": release.as_at.isoformat(),
            **({"area": release.area} if release.area else {}),
        },
        "k": release.k,
        "dims": release.groups,
        "pairs": release.method.get("pairs", []),
        "measures": release.method.get("measures", {}),
        "sums": release.method.get("sums", []),
        "cells": [_cell(cell, release) for cell in cells_of(release)],
    }
    facts = {name: fact for name, fact in release.method.items() if name not in told}
    return told | ({"method": facts} if "hashed" in facts else {})


def cells_of(release: Release) -> list[ReleaseCell]:
    """Every stored cell, in the order in which they were made."""
    rows = release.cells.select_related("counted_in").order_by("pk")
    return list(rows.defer(*(f"counted_in__{heavy}" for heavy in ("method", "attack", "groups"))))


def fingerprint(release: Release) -> str:
    """SHA-256 of the figures in one fixed spelling."""
    text = json.dumps(figures_of(release), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def csv_of(release: Release) -> str:
    """One line for each cell, with what it is told in. Text that a spreadsheet would run is made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    dimensions = list(release.groups)
    writer.writerow(["table", "figure", *map(harmless, dimensions), *CSV_COLUMNS])
    measures = release.method.get("measures", {})
    for cell in cells_of(release):
        where = [harmless(cell.where.get(name, "everyone")) for name in dimensions]
        status = cell.reason or STATUS_WORDS[CellStatus(cell.status)]
        numbers = [_number(value, cell.decimal_places) for value in (cell.value, cell.low, cell.high)]
        as_at = (cell.counted_in or release).as_at.isoformat()
        told = told_in(cell.measure, measures.get(cell.measure, {}))
        writer.writerow([harmless(cell.table), harmless(cell.measure), *where, status, *numbers, as_at, *told])
    return out.getvalue()


def told_in(measure: str, about: dict[str, Any]) -> tuple[str, str]:
    """In what a figure is told, and the figures that it is worked out from, or is the average of; "" for a count."""
    named = next((name for name in UNITS if name in about), "")
    if named in NO_COUNT:
        said = about[named]
        return UNITS[named], said if isinstance(said, str) else "; ".join(said)
    return UNITS.get(named) or ("events" if measure.startswith("safety.") else "people"), ""


def _cell(cell: ReleaseCell, release: Release) -> dict[str, Any]:
    about = release.method.get("measures", {}).get(cell.measure, {})
    named: dict[str, Any] = {"where": cell.where}
    named |= {"ratio": about["ratio"]} if "ratio" in about else {"measure": cell.measure}
    if cell.counted_in is not None:
        named |= {"as_at": cell.counted_in.as_at.isoformat(), "counted_in": cell.counted_in_id}
    if cell.status == CellStatus.SMALL and is_count(about):
        return named | {"range": [0 if about.get("sensitive") else 1, release.k - 1]}
    if cell.status != CellStatus.SHOWN:
        return named | {"withheld": True}
    if is_count(about):
        return named | {"value": int(cell.value or 0), "round": ROUND_TO}
    shown = named | {"value": _rounded(cell.value or 0, cell.decimal_places), "dp": cell.decimal_places}
    if cell.low is None or cell.high is None:
        return shown
    return shown | {"interval": [_rounded(value, cell.decimal_places) for value in (cell.low, cell.high)]}


def is_count(about: dict[str, Any]) -> bool:
    """Whether a measure is a number rounded to the nearest ROUND_TO: not a mean, and not a share."""
    return NO_COUNT.isdisjoint(about)


def _rounded(value: float, places: int) -> float | int:
    return round(value, places) if places else round(value)


def _number(value: float | None, places: int) -> str:
    return "" if value is None else f"{value:.{places}f}"
