"""What a scoring recipe is made of: items, scales and the operations on them. PURE.

Here: shapes only, as frozen data. Not here: how an operation is worked out
(outcomes/scoring.py), or the recipes themselves (one module each beside this
one). A recipe names items and never holds their words.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Direction(enum.StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class Item:
    """One question: its answers are whole numbers from `lo` to `hi`."""

    id: str
    lo: int
    hi: int
    direction: Direction = Direction.UP


@dataclass(frozen=True)
class CheckRange:
    """Every answer lies within its item's range; else there is no score."""


@dataclass(frozen=True)
class MinAnswered:
    """At least `count` answers; without it, at least `share` of the items (`over`: more than that share)."""

    count: int | None = None
    share: float = 1.0
    over: bool = False


@dataclass(frozen=True)
class Reverse:
    """Turn the named items round within their own range: lo + hi - answer."""

    items: frozenset[str]


@dataclass(frozen=True)
class Mean:
    """The mean of the answers there are."""


@dataclass(frozen=True)
class Sum:
    """The sum of the answers there are."""


@dataclass(frozen=True)
class ProratedSum:
    """The sum as if all items had been answered like the answered ones: sum * items / answered."""


@dataclass(frozen=True)
class Linear:
    """a * x + b."""

    a: float
    b: float = 0.0


@dataclass(frozen=True)
class Function:
    """A rule that no row of operations can say, by its name in outcomes/scoring.py."""

    name: str


Operation = CheckRange | MinAnswered | Reverse | Mean | Sum | ProratedSum | Linear | Function


@dataclass(frozen=True)
class Scale:
    """One score: the items it reads, what is done to them in order, and the range it can take."""

    id: str
    items: tuple[str, ...]
    operations: tuple[Operation, ...]
    lo: float
    hi: float
    direction: Direction = Direction.UP


@dataclass(frozen=True)
class Recipe:
    """How one version of one instrument is scored, and where that is written down."""

    code: str
    version: str
    title: str
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    citation: str
    licence: str

    def item(self, item_id: str) -> Item:
        """The item of that name. Raises KeyError."""
        return {item.id: item for item in self.items}[item_id]

    def scale(self, scale_id: str) -> Scale:
        """The scale of that name. Raises KeyError."""
        return {scale.id: scale for scale in self.scales}[scale_id]
