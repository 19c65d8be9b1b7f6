"""Countings that were published before, as a new summary is held against them, and whoever shows them. PURE.

Here: shapes, and what several releases have in common. Not here: reading them from rows (releases/past.py), the attack
beside them (union.py) or on files (from_files.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from outcomes.disclosure.puzzle import known_of
from outcomes.disclosure.shapes import Cell, Key, Structure, Tables
from outcomes.disclosure.sheet import Sheet
from outcomes.disclosure.solver import CannotJudge


@dataclass(frozen=True)
class View:
    """What one release shows of one counting."""

    cells: tuple[Cell, ...]
    structure: Structure
    k: int


@dataclass(frozen=True)
class Earlier:
    """One counting of people, and everything that any release shows of it. `name` is kept in cells that repeat it.

    Without its sheet only the figures themselves say how many at least came or left since.
    """

    name: str
    sheet: Sheet | None
    views: tuple[View, ...]

    @cached_property
    def cells(self) -> dict[Key, Cell]:
        """Each figure as the release tells it that tells most."""
        told: dict[Key, Cell] = {}
        for cell in (cell for view in self.views for cell in view.cells):
            if cell.key not in told or cell.shown:
                told[cell.key] = cell
        return told

    def highest_k(self, key: Key) -> int:
        """The least number shown of the most careful release that shows the figure."""
        return max(view.k for view in self.views for cell in view.cells if cell.key == key and cell.shown)

    def known(self) -> dict[Key, tuple[int, int]]:
        known: dict[Key, tuple[int, int]] = {}
        for view in self.views:
            for key, (low, high) in known_of(view.cells, view.structure, view.k).items():
                least, most = known.get(key, (low, high))
                known[key] = max(least, low), min(most, high)
        return known


def joined(structures: Sequence[Structure]) -> Structure:
    """What hangs together in several releases. Raises CannotJudge when one and the same dimension has two bandings."""
    first, *others = structures
    dims, pairs = dict(first.tables.dims), list(first.tables.pairs)
    measures = dict.fromkeys(first.measures)
    sums = list(first.sums)
    merged = first
    for other in others:
        for name, values in other.tables.dims.items():
            if dims.setdefault(name, values) != values:
                raise CannotJudge(
                    f"{name} is divided in another way than before (R8): its groups must stay as they are"
                )
        pairs += [pair for pair in other.tables.pairs if pair not in pairs]
        measures |= dict.fromkeys(other.measures)
        sums += [one for one in other.sums if one not in sums]
        merged = replace(
            merged,
            within={**merged.within, **other.within},
            sensitive=merged.sensitive | other.sensitive,
            mean_of={**merged.mean_of, **other.mean_of},
            ranges={**merged.ranges, **other.ranges},
            derived={**merged.derived, **other.derived},
            others_of={**merged.others_of, **other.others_of},
            hours_of={**merged.hours_of, **other.hours_of},
            visits={**other.visits, **merged.visits},
        )
    return replace(merged, tables=Tables(dims, tuple(pairs)), measures=tuple(measures), sums=tuple(sums))
