"""What a scoring recipe is made of: items, scales and the operations on them. PURE.

Here: shapes only, as frozen data. Not here: how an operation is worked out
(outcomes/scoring/), how a recipe is read from its file (reading.py), or the
recipes themselves (one file each beside this one). A recipe names items and
never holds their words.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property


class Direction(enum.StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


class System(enum.StrEnum):
    """Where a code comes from."""

    LOINC = "http://loinc.org"
    SNOMED = "http://snomed.info/sct"


@dataclass(frozen=True)
class Code:
    """What others call the same thing."""

    system: System
    code: str


@dataclass(frozen=True)
class Item:
    """One question: its answers are whole numbers from `lo` to `hi`, unless `whole` is False.

    `optional`: a form may do without it. `unable`: "I could not do it" is an
    answer too (scoring.UNABLE), as of a test of strength.
    """

    id: str
    lo: int
    hi: int
    direction: Direction = Direction.UP
    optional: bool = False
    whole: bool = True
    unable: bool = False
    codes: tuple[Code, ...] = ()

    def takes(self, number: float) -> bool:
        """Whether `number` is one of its answers."""
        return self.lo <= number <= self.hi and (not self.whole or number == int(number))


# --- operations --------------------------------------------------------------


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
class Recode:
    """Put another number for each answer, by item: the first number stands for the item's lowest answer."""

    numbers: Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Weigh:
    """Multiply each answer by its item's weight."""

    weights: Mapping[str, float]


@dataclass(frozen=True)
class UnableIsZero:
    """Somebody who could not do it did it no times: 0, and marked so."""


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
class Product:
    """The first item by the second, at most `at_most`; 0 as soon as one of them is 0, whatever the other says."""

    first: str
    second: str
    at_most: float = float("inf")


@dataclass(frozen=True)
class Linear:
    """a * x + b."""

    a: float
    b: float = 0.0


@dataclass(frozen=True)
class Rescale:
    """What runs from `lo` to `hi` runs from `new_lo` to `new_hi`, exact at both ends."""

    lo: float
    hi: float
    new_lo: float
    new_hi: float


@dataclass(frozen=True)
class Lookup:
    """The number that a published table has for the whole number x: the first is for `start`."""

    start: int
    numbers: Sequence[float]


@dataclass(frozen=True)
class FromScales:
    """Go on with the scores of other scales, each of which must be there; `turned` ones are turned round first."""

    scales: tuple[str, ...]
    turned: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Function:
    """A rule that no row of operations can say, by its name in outcomes/scoring/."""

    name: str


Operation = (
    CheckRange
    | MinAnswered
    | Reverse
    | Recode
    | Weigh
    | UnableIsZero
    | Mean
    | Sum
    | ProratedSum
    | Product
    | Linear
    | Rescale
    | Lookup
    | FromScales
    | Function
)


# --- what a score means ------------------------------------------------------


@dataclass(frozen=True)
class Band:
    """Scores from `least` up to the next band are called `name`."""

    least: float
    name: str


@dataclass(frozen=True)
class Change:
    """From how many points on a change is said to matter, towards better and towards worse.

    `source`: who says so. `checked`: the source itself was read; else the
    number is from one place or from general knowledge, and is to be confirmed
    before a claim rests on it.
    """

    better: float
    worse: float
    source: str
    checked: bool


@dataclass(frozen=True)
class Scale:
    """One score: the items it reads, what is done to them in order, and the range it can take.

    `value_set`: whose values an index is made of; two sets are two scales, so
    that no mean ever mixes them. `changes`: the first is the one to go by.
    `name`: what people call it, where it is not called as the instrument is.
    `by_answers`: no change of it is known to matter, so a change is told by
    the answers one by one.
    """

    id: str
    items: tuple[str, ...]
    operations: tuple[Operation, ...]
    lo: float
    hi: float
    direction: Direction = Direction.UP
    value_set: str = ""
    bands: tuple[Band, ...] = ()
    changes: tuple[Change, ...] = ()
    codes: tuple[Code, ...] = ()
    name: str = ""
    by_answers: bool = False

    def band_of(self, value: float) -> str:
        """The name of the band that `value` lies in; "" when the scale has none."""
        names = [band.name for band in self.bands if value >= band.least]
        return names[-1] if names else ""


@dataclass(frozen=True)
class Label:
    """A band that goes out under a name of its own, beside the number or instead of it (when `id` is the scale's)."""

    id: str
    of: str


@dataclass(frozen=True)
class SafetyItem:
    """An answer of `least` or more is one that a person must see. `id`: what the finding is called in a file."""

    item: str
    least: int
    id: str


@dataclass(frozen=True)
class Recipe:
    """How one version of one instrument is scored, and where that is written down.

    `main`: the scale to show where there is room for one; `told`: those that
    summaries tell, and whoever answers reads of their own, where it is not the main one alone. `status`: the name
    under which a file says whether `main` could be worked out, where the
    instrument wants that. `variant_of`: the instrument of which this is another
    rule. `to_check`: facts that rest on a single source.
    """

    code: str
    version: str
    title: str
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    citation: str
    licence: str
    measures: str = ""
    main: str = ""
    told: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    safety_items: tuple[SafetyItem, ...] = ()
    status: str = ""
    variant_of: str = ""
    to_check: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()

    def item(self, item_id: str) -> Item:
        """The item of that name. Raises KeyError."""
        return self._items[item_id]

    def scale(self, scale_id: str) -> Scale:
        """The scale of that name. Raises KeyError."""
        return self._scales[scale_id]

    @property
    def to_tell(self) -> tuple[str, ...]:
        """The scales that are told."""
        return self.told or (self.main,)

    @property
    def value_sets(self) -> tuple[str, ...]:
        """Those that it works out an index in."""
        return tuple(scale.value_set for scale in self.scales if scale.value_set)

    def in_values_of(self, value_set: str) -> Recipe:
        """The same with its index told in that set; as it is where it has none of that set."""
        if value_set not in self.value_sets:
            return self
        index = next(scale.id for scale in self.scales if scale.value_set == value_set)
        told = tuple(index if self.scale(name).value_set else name for name in self.to_tell)
        return replace(self, main=index if self.scale(self.main).value_set else self.main, told=told)

    @property
    def instrument(self) -> str:
        """The instrument whose answers it takes."""
        return self.variant_of or self.code

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _scales(self) -> dict[str, Scale]:
        return {scale.id: scale for scale in self.scales}
