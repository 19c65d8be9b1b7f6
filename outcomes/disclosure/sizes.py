"""How large a change is beside how much people differ: worked out from shown figures alone, so it says no more. PURE.

`dz` beside a mean and its interval would tell exactly how many people there are, which is rounded: the mean and dz
give the spread, and the spread and the interval give the number. So the spread is read back from the interval and
the rounded number, as any reader could; the second decimal would be made up. Not here: other figures that are worked
out (derived.py, which calls this), the spread at the start, which is counted and guarded with its mean (alike.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from scipy.special import stdtrit

from outcomes.disclosure.alike import SURE
from outcomes.disclosure.shapes import Cell, How, Minimums

BY_ITS_SPREAD, BY_THE_START = 1, 2  # decimal places
SIZES: Final = (How.EFFECT, How.DZ, How.HALF)


@dataclass(frozen=True)
class Answer:
    value: float
    low: float | None = None
    high: float | None = None
    decimal_places: int = 0


def size(how: How, shown: Sequence[Cell], minimums: Minimums | None) -> Answer | None:
    """By which of SIZES; the last of the shown cells is the number of people. None: of too few, or without a spread."""
    *figures, people = shown
    least = 2 if minimums is None else minimums.line if how is How.HALF else minimums.effect_size
    n = int(people.value or 0)
    if n < least:
        return None
    if how is How.HALF:
        (spread,) = figures
        return Answer(round((spread.value or 0) / 2, spread.decimal_places), decimal_places=spread.decimal_places)
    if how is How.DZ:
        (change,) = figures
        return _divided(change, _spread_by_interval(change, n), BY_ITS_SPREAD)
    change, spread = figures
    return _divided(change, spread.value or 0, BY_THE_START)


def _spread_by_interval(change: Cell, n: int) -> float:
    reach = ((change.high or 0) - (change.low or 0)) / 2
    return reach * sqrt(n) / float(stdtrit(n - 1, SURE))


def _divided(change: Cell, spread: float, places: int) -> Answer | None:
    return Answer(round((change.value or 0) / spread, places) + 0.0, decimal_places=places) if spread > 0 else None
