"""Everybody of a sheet by group, as the figures of a release add them up. PURE.

Here: which lines are in which group, and what they come to. Not here: which figures there are. Called by truth.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from outcomes.disclosure import Group, People, Sheet
from outcomes.disclosure.sheet import Floats, Ints

HOURS: Final = "visits.hours"
Rows = Mapping[Group, Ints]  # by group: which lines of a sheet are in it


@dataclass(frozen=True)
class Lines:
    """Everybody of a sheet by group."""

    sheet: Sheet
    rows: Rows

    def amounts(self, name: str) -> dict[Group, Floats]:
        """What those who are in a measure add to it."""
        column = self.sheet.amount(name)
        return {group: each[~np.isnan(each)] for group, some in self.rows.items() for each in (column[some],)}

    def sums(self, name: str) -> dict[Group, int]:
        """In whole numbers. Hours are added up by their minutes: those of each person alone are rounded already."""
        if name == HOURS:
            return {group: int(np.rint(60 * each).sum()) // 60 for group, each in self.amounts(name).items()}
        return {group: int(each.sum()) for group, each in self.amounts(name).items()}

    def people(self, name: str) -> dict[Group, People]:
        """Who is in a measure."""
        there, found = self.sheet.is_in(name), dict[Group, People]()
        for group, some in self.rows.items():
            among = np.zeros(len(there), bool)
            among[some] = there[some]
            found[group] = int.from_bytes(np.packbits(among, bitorder="little").tobytes(), "little")
        return found
