"""The shapes of disclosure control: true figures in, protected cells out. PURE.

Here: data only, and the checks that figures agree with each other. What may be
shown is rules.py and means.py, what else must be withheld is repair.py, whether
it can be broken is attack.py. release.py fills `Figures` and stores `Cell`s.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any, TypeAlias

from outcomes.statistics import LEAST_FOR_A_MEAN, LEAST_FOR_A_SUBGROUP, LEAST_FOR_AN_EFFECT_SIZE

Group: TypeAlias = str | None
EVERYONE: Group = None  # the overall total; in a stored cell an empty `where`


class Status(StrEnum):
    SHOWN = "shown"
    SMALL = "small"
    WITHHELD = "withheld"


class Reason(StrEnum):
    """Why a figure is not shown, for the words on a page."""

    SMALL = "small number"
    PROTECTS_OTHERS = "withheld to protect others"
    TOO_FEW = "too few to say"


class Kind(StrEnum):
    """What is estimated: decides the least number of people it needs."""

    MEAN = "mean"
    SPREAD = "spread"
    EFFECT_SIZE = "effect size"


class FiguresDisagree(ValueError):
    """The true figures contradict their declared structure: the release must not be built from them."""


@dataclass(frozen=True)
class Minimums:
    """Least number of people for a figure (design: outcome statistics, "Minimums").

    `comparison` holds for every group's mean, as groups are read side by side;
    `denominator` is the least shown denominator of a percentage.
    """

    mean: int = LEAST_FOR_A_MEAN
    effect_size: int = LEAST_FOR_AN_EFFECT_SIZE
    comparison: int = LEAST_FOR_A_SUBGROUP
    denominator: int = 20


@dataclass(frozen=True)
class Contributions:
    """Who makes up a total of visits: how many people, and the two largest shares."""

    people: int
    largest: int
    second: int


@dataclass(frozen=True)
class Count:
    """One count, true, for every group and for EVERYONE (which must be their sum).

    `within` names the count of which this one is a part in every group (a later
    stage of an earlier one; paired of due). `sensitive`: whether it says
    something of a person that none or all of the group are in it; then 0 is
    hidden too. `contributions` is for totals of visits, not of people.
    """

    table: str
    name: str
    values: Mapping[Group, int]
    within: str | None = None
    sensitive: bool = True
    contributions: Mapping[Group, Contributions] | None = None


@dataclass(frozen=True)
class Split:
    """Parts that add up to the count `whole` in every group: improved, same, worse.

    `merged` is the name that the parts in `merges` take together when the full
    split would give somebody away: "not improved" of same and worse.
    """

    table: str
    whole: str
    parts: Mapping[str, Mapping[Group, int]]
    merged: str
    merges: tuple[str, ...]


@dataclass(frozen=True)
class Estimate:
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Mean:
    """A mean, spread or effect size over the people of the count `of`; a group without one is left out.

    `variable` and `people`: when the same quantity is averaged over two
    populations (start scores of those paired at 12 and at 26 weeks), give both
    means the same `variable` and the ids of the people in each group, so that
    the difference of the two populations is guarded as well.
    """

    table: str
    name: str
    of: str
    values: Mapping[Group, Estimate]
    kind: Kind = Kind.MEAN
    range: tuple[float, float] | None = None
    decimal_places: int = 1
    variable: str = ""
    people: Mapping[Group, frozenset[Hashable]] = field(default_factory=dict)


@dataclass(frozen=True)
class Ratio:
    """A percentage: the count `numerator` of the count `denominator`, worked out from the shown figures."""

    table: str
    name: str
    numerator: str
    denominator: str


@dataclass(frozen=True)
class Figures:
    """The true figures of one release, by one dimension."""

    dimension: str
    groups: tuple[str, ...]
    counts: tuple[Count, ...]
    splits: tuple[Split, ...] = ()
    means: tuple[Mean, ...] = ()
    ratios: tuple[Ratio, ...] = ()

    @property
    def everywhere(self) -> tuple[Group, ...]:
        return (EVERYONE, *self.groups)

    def true_counts(self) -> dict[str, Mapping[Group, int]]:
        """Every count by name: the counts, and the parts of the splits, merged ones too."""
        found = {count.name: count.values for count in self.counts}
        for split in self.splits:
            found.update(split.parts)
            found[split.merged] = {
                group: sum(split.parts[part][group] for part in split.merges) for group in self.everywhere
            }
        return found

    def check(self) -> None:
        """Raise FiguresDisagree, naming the measure and the group, unless the declared structure holds."""
        counts = self.true_counts()
        names = [count.name for count in self.counts]
        names += [name for split in self.splits for name in (*split.parts, split.merged)]
        names += [mean.name for mean in self.means] + [ratio.name for ratio in self.ratios]
        for problem in chain(_repeated(names), self._unknown(counts), self._disagreements(counts)):
            raise FiguresDisagree(problem)

    def _disagreements(self, counts: Mapping[str, Mapping[Group, int]]) -> Iterator[str]:
        for name, values in counts.items():
            if set(values) != set(self.everywhere) or min(values.values()) < 0:
                yield f"{name}: give a count of 0 or more for everyone and for each of {', '.join(self.groups)}"
            elif self.groups and sum(values[group] for group in self.groups) != values[EVERYONE]:
                yield f"{name}: the groups do not add up to everyone; put people without a group into one of their own"
        for inner, outer in structure_of(self).within.items():
            for group in self.everywhere:
                if counts[inner][group] > counts[outer][group]:
                    yield f"{inner} is more than {outer}, of which it is a part, in {group or 'everyone'}"
        for split in self.splits:
            for group in self.everywhere:
                if sum(values[group] for values in split.parts.values()) != counts[split.whole][group]:
                    yield f"the parts of {split.whole} do not add up to it in {group or 'everyone'}"

    def _unknown(self, counts: Mapping[str, object]) -> Iterator[str]:
        named = [count.within for count in self.counts if count.within]
        named += [split.whole for split in self.splits] + [mean.of for mean in self.means]
        named += [name for ratio in self.ratios for name in (ratio.numerator, ratio.denominator)]
        yield from (f"{name} is named, and no count has that name" for name in named if name not in counts)


def _repeated(names: list[str]) -> Iterator[str]:
    yield from (f"{name} stands twice" for name in sorted(set(names)) if names.count(name) > 1)


@dataclass(frozen=True)
class Structure:
    """What anybody may know of a release beside its cells: how its measures hang together."""

    dimension: str
    groups: tuple[str, ...]
    measures: tuple[str, ...]
    within: Mapping[str, str]
    sums: tuple[tuple[str, tuple[str, ...]], ...]
    sensitive: frozenset[str]
    mean_of: Mapping[str, str]
    ranges: Mapping[str, tuple[float, float]]
    ratios: Mapping[str, tuple[str, str]]
    others_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def everywhere(self) -> tuple[Group, ...]:
        return (EVERYONE, *self.groups)

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
        for name, pair in self.ratios.items():
            about[name] = {"ratio": list(pair)}
        return {
            "dims": {self.dimension: list(self.groups)} if self.groups else {},
            "measures": about,
            "sums": [[whole, list(parts)] for whole, parts in self.sums],
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Structure:
        """The structure of a stored or exported release: any dict with `dims`, `measures` and `sums`."""
        about: Mapping[str, Mapping[str, Any]] = kept["measures"]
        dimension, groups = next(iter(kept["dims"].items()), ("", ()))
        others = ("mean_of", "other_of", "ratio")
        return cls(
            dimension=dimension,
            groups=tuple(groups),
            measures=tuple(name for name, facts in about.items() if not any(key in facts for key in others)),
            within={name: facts["within"] for name, facts in about.items() if "within" in facts},
            sums=tuple((whole, tuple(parts)) for whole, parts in kept["sums"]),
            sensitive=frozenset(name for name, facts in about.items() if facts.get("sensitive")),
            mean_of={name: facts["mean_of"] for name, facts in about.items() if "mean_of" in facts},
            ranges={name: (facts["range"][0], facts["range"][1]) for name, facts in about.items() if "range" in facts},
            ratios={name: (facts["ratio"][0], facts["ratio"][1]) for name, facts in about.items() if "ratio" in facts},
            others_of={name: facts["other_of"] for name, facts in about.items() if "other_of" in facts},
        )


def structure_of(figures: Figures) -> Structure:
    """What may be told of these figures: names and relations, no number."""
    parts = {part: split.whole for split in figures.splits for part in (*split.parts, split.merged)}
    sums = [(split.whole, tuple(split.parts)) for split in figures.splits]
    sums += [(split.merged, split.merges) for split in figures.splits]
    means = [mean for mean in figures.means if mean.kind is Kind.MEAN]
    return Structure(
        dimension=figures.dimension,
        groups=figures.groups,
        measures=tuple(figures.true_counts()),
        within={count.name: count.within for count in figures.counts if count.within} | parts,
        sums=tuple(sums),
        sensitive=frozenset(count.name for count in figures.counts if count.sensitive) | frozenset(parts),
        mean_of={mean.name: mean.of for mean in means},
        ranges={mean.name: mean.range for mean in means if mean.range},
        ratios={ratio.name: (ratio.numerator, ratio.denominator) for ratio in figures.ratios},
        others_of={mean.name: mean.of for mean in figures.means if mean.kind is not Kind.MEAN},
    )


@dataclass(frozen=True)
class Cell:
    """One figure as it may be shown; a hidden one has no number of any kind."""

    table: str
    measure: str
    group: Group
    status: Status
    value: float | None = None
    low: float | None = None
    high: float | None = None
    decimal_places: int = 0
    reason: Reason | None = None

    @property
    def shown(self) -> bool:
        return self.status is Status.SHOWN

    def where(self, dimension: str) -> dict[str, str]:
        return {} if self.group is None else {dimension: self.group}


@dataclass(frozen=True)
class Protected:
    """What may be stored and shown, in the order of the figures."""

    cells: tuple[Cell, ...]
    structure: Structure
    k: int
