"""The shapes that disclosure control shows: groups, tables, cells, and what anybody may know of how they hang together.

PURE. Here: data only. The true figures are truths.py, what may be shown is
rules.py and means.py, what else must be withheld is repair.py, whether it can
be broken is attack.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import product
from typing import Any, TypeAlias

from outcomes.statistics import LEAST_FOR_A_LINE, LEAST_FOR_A_MEAN, LEAST_FOR_A_SUBGROUP, LEAST_FOR_AN_EFFECT_SIZE

Group: TypeAlias = tuple[tuple[str, str], ...]  # dimension and value, at most two; none is everyone
Key: TypeAlias = tuple[str, Group]  # measure and group
EVERYONE: Group = ()
MOST_DIMENSIONS = 2  # R7: of one table


def words_of(group: Group) -> str:
    return " and ".join(value for _, value in group) or "everyone"


class Status(StrEnum):
    SHOWN = "shown"
    SMALL = "small"
    WITHHELD = "withheld"


class Reason(StrEnum):
    """Why a figure is not shown, for the words on a page."""

    SMALL = "small number"
    PROTECTS_OTHERS = "withheld to protect others"
    TOO_FEW = "too few to say"
    TWO_DAYS = "its numbers are of two days"


class How(StrEnum):
    """By which way a figure is worked out from shown ones (derived.py); in an exported file, the name of the way."""

    RATIO = "ratio"  # the first as a percentage of the second
    BOUNDS = "bounds"  # the first of the second; at worst and at best of the third
    SHARE = "share"  # of everyone in the count, the percentage that is in the group
    APART = "apart"  # the shares of a group in two counts, apart by their common spread
    EFFECT = "effect"  # the first by the second, a spread
    DZ = "dz"  # the first by its own spread, read back from its interval and the number of people
    HALF = "half"  # half of the first, a spread


class Kind(StrEnum):
    """What is estimated: decides the least number of people it needs."""

    MEAN = "mean"
    SPREAD = "spread"
    EFFECT_SIZE = "effect size"


NO_COUNT = frozenset({"mean_of", "other_of", *map(str, How)})  # what is told of a measure that is no rounded count


@dataclass(frozen=True)
class Minimums:
    """Least number of people for a figure (design: outcome statistics, "Minimums").

    `comparison` holds for every group's mean, as groups are read side by side;
    `denominator` is the least shown denominator of a percentage, `line` of a line that is drawn from a spread.
    """

    mean: int = LEAST_FOR_A_MEAN
    effect_size: int = LEAST_FOR_AN_EFFECT_SIZE
    comparison: int = LEAST_FOR_A_SUBGROUP
    denominator: int = 20
    line: int = LEAST_FOR_A_LINE


class TablesTangled(ValueError):
    """The declared tables cannot be judged: an unknown dimension, more than two at once, or pairs in a ring."""


@dataclass(frozen=True)
class Tables:
    """How people are divided (R7): by each dimension alone, and by the declared pairs of them.

    Pairs must not form a ring: without one, whatever fits each table also fits
    all of them together, so that searching the tables misses nothing.
    """

    dims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pairs: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        component = {name: {name} for name in self.dims}
        for pair in self.pairs:
            if len(set(pair)) != MOST_DIMENSIONS or not set(pair) <= set(self.dims):
                raise TablesTangled(f"{' by '.join(pair)}: a table has two different dimensions, both declared")
            one, other = (component[name] for name in pair)
            if one is other:
                raise TablesTangled(f"{' by '.join(pair)}: this pair closes a ring with the others; leave one out")
            one |= other
            component |= dict.fromkeys(other, one)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Every group but everyone."""
        return tuple(group for dims in self.all for group in self.of(dims))

    @property
    def everywhere(self) -> tuple[Group, ...]:
        return (EVERYONE, *self.groups)

    @property
    def all(self) -> tuple[tuple[str, ...], ...]:
        """The dimensions of each table."""
        return (*((name,) for name in self.dims), *self.pairs)

    @cached_property
    def leaves(self) -> tuple[tuple[str, ...], ...]:
        """The finest tables: the others are their margins."""
        paired = {name for pair in self.pairs for name in pair}
        return (*self.pairs, *((name,) for name in self.dims if name not in paired)) or ((),)

    def of(self, dims: tuple[str, ...]) -> tuple[Group, ...]:
        """The groups of one table, in order."""
        values = product(*(self.dims[name] for name in dims))
        return tuple(tuple(zip(dims, each, strict=True)) for each in values)

    def parts(self, whole: Group, dims: tuple[str, ...]) -> tuple[Group, ...]:
        """The groups of one table that together are `whole`."""
        return tuple(group for group in self.of(dims) if set(whole) <= set(group))

    @cached_property
    def divisions(self) -> tuple[tuple[Group, tuple[Group, ...]], ...]:
        """Each whole with the parts that it is divided into: everyone, and each margin of a pair."""
        found: list[tuple[Group, tuple[Group, ...]]] = []
        for dims in self.all:
            found.append((EVERYONE, self.of(dims)))
            if len(dims) == MOST_DIMENSIONS:
                wholes = (group for name in dims for group in self.of((name,)))
                found += [(whole, self.parts(whole, dims)) for whole in wholes]
        return tuple(found)

    def components(self) -> tuple[Tables, ...]:
        """The tables apart, as far as no pair ties their dimensions together."""
        left, found = list(self.dims), []
        while left:
            tied = {left[0]}
            for _ in self.pairs:
                tied |= {name for pair in self.pairs if tied & set(pair) for name in pair}
            found.append(
                Tables(
                    {name: self.dims[name] for name in self.dims if name in tied},
                    tuple(pair for pair in self.pairs if pair[0] in tied),
                )
            )
            left = [name for name in left if name not in tied]
        return tuple(found) or (self,)


@dataclass(frozen=True)
class Structure:
    """What anybody may know of a release beside its cells: how its measures hang together."""

    tables: Tables
    measures: tuple[str, ...]
    within: Mapping[str, str]
    sums: tuple[tuple[str, tuple[str, ...]], ...]
    sensitive: frozenset[str]
    mean_of: Mapping[str, str]
    ranges: Mapping[str, tuple[float, float]]
    derived: Mapping[str, tuple[How, tuple[str, ...]]]
    others_of: Mapping[str, str] = field(default_factory=dict)
    hours_of: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)  # of which visits, each so many minutes
    visits: Mapping[str, str] = field(default_factory=dict)  # each with a count of people that holds whoever made them
    tied: tuple[tuple[str, str], ...] = ()  # measures that must be judged together for another reason

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.tables.groups

    @property
    def everywhere(self) -> tuple[Group, ...]:
        return self.tables.everywhere

    @cached_property
    def counts(self) -> frozenset[str]:
        return frozenset(self.measures)

    def lowest_hidden(self, measure: str) -> int:
        """The least count that status "small" may stand for: 0 where none would say something of a person."""
        return 0 if measure in self.sensitive else 1

    def as_dict(self) -> dict[str, Any]:
        """For storing with the release: `measures` and `sums` as in the exported file, `dims` as its groups."""
        about: dict[str, dict[str, Any]] = {name: {} for name in self.measures}
        for name, outer in self.within.items():
            about[name]["within"] = outer
        for name in self.sensitive:
            about[name]["sensitive"] = True
        for name, of in self.mean_of.items():
            about[name] = {"mean_of": of}
        for name, ends in self.ranges.items():
            about[name]["range"] = list(ends)
        for name, of in self.others_of.items():
            about[name] = {"other_of": of}
        for name, (how, names) in self.derived.items():
            about[name] = {str(how): list(names)}
        for name, people in self.visits.items():
            about[name]["visits_of"] = people
        for name, (visits, shortest, longest) in self.hours_of.items():
            about[name] |= {"hours_of": visits, "minutes": [shortest, longest]}
        return {
            "dims": {name: list(values) for name, values in self.tables.dims.items()},
            "pairs": [list(pair) for pair in self.tables.pairs],
            "measures": about,
            "sums": [[whole, list(parts)] for whole, parts in self.sums],
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Structure:
        """The structure of a stored or exported release: any dict with `dims`, `measures` and `sums`."""
        about: Mapping[str, Mapping[str, Any]] = kept["measures"]
        dims = {name: tuple(values) for name, values in kept["dims"].items()}
        return cls(
            tables=Tables(dims, tuple((one, other) for one, other in kept.get("pairs", ()))),
            measures=tuple(name for name, facts in about.items() if NO_COUNT.isdisjoint(facts)),
            within={name: facts["within"] for name, facts in about.items() if "within" in facts},
            sums=tuple((whole, tuple(parts)) for whole, parts in kept["sums"]),
            sensitive=frozenset(name for name, facts in about.items() if facts.get("sensitive")),
            mean_of={name: facts["mean_of"] for name, facts in about.items() if "mean_of" in facts},
            ranges={name: (facts["range"][0], facts["range"][1]) for name, facts in about.items() if "range" in facts},
            derived={
                name: (how, tuple(facts[how])) for name, facts in about.items() for how in How if str(how) in facts
            },
            others_of={name: facts["other_of"] for name, facts in about.items() if "other_of" in facts},
            visits={name: facts["visits_of"] for name, facts in about.items() if "visits_of" in facts},
            hours_of={
                name: (facts["hours_of"], *facts["minutes"]) for name, facts in about.items() if "hours_of" in facts
            },
        )

    def families(self) -> list[tuple[str, ...]]:
        """Counts that relations tie together, each family apart."""
        family = {name: {name} for name in self.measures}
        for one, other in self._ties():
            if family[one] is not family[other]:
                family[one] |= family[other]
                family |= dict.fromkeys(family[other], family[one])
        order = dict.fromkeys(frozenset(members) for members in family.values())
        return [tuple(name for name in self.measures if name in members) for members in order]

    def _ties(self) -> Iterator[tuple[str, str]]:
        yield from self.within.items()
        yield from ((whole, part) for whole, parts in self.sums for part in parts)
        yield from self.tied


@dataclass(frozen=True)
class Cell:
    """One figure as it may be shown; a hidden one has no number of any kind.

    `counted` says when, if it repeats an earlier figure because too few came or left to count it anew (R9).
    """

    table: str
    measure: str
    group: Group
    status: Status
    value: float | None = None
    low: float | None = None
    high: float | None = None
    decimal_places: int = 0
    reason: Reason | None = None
    counted: str = ""

    @property
    def shown(self) -> bool:
        return self.status is Status.SHOWN

    @property
    def key(self) -> Key:
        return self.measure, self.group


@dataclass(frozen=True)
class Protected:
    """What may be stored and shown, in the order of the figures."""

    cells: tuple[Cell, ...]
    structure: Structure
    k: int
