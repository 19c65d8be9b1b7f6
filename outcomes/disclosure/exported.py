"""A release as anybody has it: its exported file, read back into facts. PURE.

Here: the JSON of `manage.py export_release`, and what is wrong with a file that
is none. Nothing else is known of a release here: no rows, no sheet, no true
figure. Not here: writing the file (releases/export.py), attacking it
(from_files.py). Called by `manage.py attack_release`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outcomes.disclosure.shapes import Cell, How, Status, Structure, TablesTangled

KEYS = ("release", "k", "dims", "measures", "sums", "cells")
MOST_PLACES = 6
Json = Mapping[str, Any]


class NotARelease(ValueError):
    """What is wrong with a file, and where in it."""


@dataclass(frozen=True)
class Exported:
    """One file. `counted` of a cell names the release whose counting it repeats; "" is this one's own."""

    name: str
    as_at: str
    structure: Structure
    k: int
    cells: tuple[Cell, ...]


def read(text: str) -> Exported:
    """Raises NotARelease."""
    try:
        given = json.loads(text)
    except json.JSONDecodeError as problem:
        raise NotARelease(f"line {problem.lineno}, column {problem.colno}: this is not JSON ({problem.msg})") from None
    if not isinstance(given, dict):
        raise NotARelease("this is no exported release: it must be one object")
    if missing := [key for key in KEYS if key not in given]:
        raise NotARelease(f"this is no exported release: it has no {', '.join(missing)}")
    return _exported(given)


def _exported(given: Json) -> Exported:
    k, about = given["k"], given["release"]
    if not isinstance(about, dict):
        raise NotARelease("release: must be an object")
    if not isinstance(k, int) or k < 1:
        raise NotARelease("k: must be a whole number, the least number of people shown")
    if not isinstance(given["cells"], list):
        raise NotARelease("cells: must be a list")
    structure = _structure(given)
    names = _Names(structure)
    cells = tuple(names.cell(cell, i) for i, cell in enumerate(given["cells"]))
    keys = set()
    for i, cell in enumerate(cells):
        if cell.key in keys:
            raise NotARelease(f"cells[{i}]: {cell.measure} stands twice for the same people")
        keys.add(cell.key)
    return Exported(str(about.get("id", "")), str(about.get("as_at", "")), structure, k, cells)


def _structure(given: Json) -> Structure:
    try:
        structure = Structure.from_dict(given)
    except TablesTangled as problem:
        raise NotARelease(f"pairs: {problem}") from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise NotARelease("dims, pairs, measures, sums: not as manage.py export_release writes them") from None
    for place, name in _named(structure):
        if name not in structure.counts:
            raise NotARelease(f"{place}: {name} is named, and is no count of this file")
    figures = {*structure.counts, *structure.mean_of, *structure.others_of}
    for name, (_, of) in structure.derived.items():
        if missing := [each for each in of if each not in figures]:
            raise NotARelease(f"measures.{name}: {missing[0]} is named, and is no figure of this file")
    return structure


def _named(structure: Structure) -> Iterator[tuple[str, str]]:
    yield from ((f"measures.{name}", outer) for name, outer in structure.within.items())
    yield from (("sums", name) for whole, parts in structure.sums for name in (whole, *parts))
    yield from ((f"measures.{name}", of) for name, of in {**structure.mean_of, **structure.others_of}.items())
    yield from ((f"measures.{name}", of) for name, (of, *_) in structure.hours_of.items())
    yield from ((f"measures.{name}", of) for name, of in structure.visits.items())


class _Names:
    """What a file names: groups by what stands in `where`, and measures, a ratio by its two counts."""

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.groups = {frozenset(group): group for group in structure.everywhere}
        self.ratios = {of: name for name, (how, of) in structure.derived.items() if how is How.RATIO}
        self.all = {*structure.counts, *structure.mean_of, *structure.others_of, *structure.derived}

    def cell(self, given: Any, number: int) -> Cell:
        place = f"cells[{number}]"
        if not isinstance(given, dict) or not isinstance(given.get("where"), dict):
            raise NotARelease(f"{place}: must be an object with a `where`")
        group = self.groups.get(frozenset((name, str(value)) for name, value in given["where"].items()))
        if group is None:
            raise NotARelease(f"{place}: no table of this file has {given['where']}")
        name = self._measure(given)
        if name is None:
            raise NotARelease(f"{place}: {given.get('ratio', given.get('measure'))} is not among the measures")
        status, value = self._told(name, given, place)
        low, high = _interval(given, place)
        places = given.get("dp", 0)
        if not isinstance(places, int) or not 0 <= places <= MOST_PLACES:
            raise NotARelease(f"{place}: `dp` is a number of decimal places, 0 to {MOST_PLACES}")
        return Cell("", name, group, status, value, low, high, places, counted=str(given.get("counted_in", "")))

    def _measure(self, given: Json) -> str | None:
        name = self.ratios.get(tuple(map(str, given["ratio"]))) if "ratio" in given else given.get("measure")
        return name if isinstance(name, str) and name in self.all else None

    def _told(self, name: str, given: Json, place: str) -> tuple[Status, float | None]:
        if "withheld" in given:
            return Status.WITHHELD, None
        if "range" in given:
            return Status.SMALL, None
        value = given.get("value")
        if not isinstance(value, int | float) or (name in self.structure.counts and (value < 0 or value % 1)):
            raise NotARelease(f"{place}: needs a `value` (a whole number where it counts), a `range` or `withheld`")
        return Status.SHOWN, float(value)


def _interval(given: Json, place: str) -> tuple[float | None, float | None]:
    ends: Sequence[Any] = given.get("interval", (None, None))
    if not isinstance(ends, list | tuple) or len(ends) != 2:
        raise NotARelease(f"{place}: `interval` has two ends")
    return ends[0], ends[1]
