"""The true figures of a release as disclosure control is given them, and whether they agree with each other. PURE.

Here: data, never stored and never shown. truth.py counts them; what is left
when they may be shown are the cells of shapes.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TypeAlias

from outcomes.disclosure.shapes import Group, How, Kind, Structure, Tables, words_of

People: TypeAlias = int  # a set of people, a bit for each: what many millions of them have in common takes no time


class FiguresDisagree(ValueError):
    """The true figures contradict their declared structure: the release must not be built from them."""


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
    hidden too. `contributions` is for totals of visits, not of people, and
    `made_by` names a count of people that holds everybody who made any;
    `hours_of` for the hours of such visits: which, and how many minutes the
    shortest and the longest can be. `everyone_only`: no group has a cell of it.
    """

    table: str
    name: str
    values: Mapping[Group, int]
    within: str | None = None
    sensitive: bool = True
    contributions: Mapping[Group, Contributions] | None = None
    made_by: str = ""
    hours_of: tuple[str, int, int] | None = None
    everyone_only: bool = False


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
    means the same `variable` and the people of each group, so that
    the difference of the two populations is guarded as well.
    `everyone_only`: no group has a cell of it.
    """

    table: str
    name: str
    of: str
    values: Mapping[Group, Estimate]
    kind: Kind = Kind.MEAN
    range: tuple[float, float] | None = None
    decimal_places: int = 1
    variable: str = ""
    people: Mapping[Group, People] = field(default_factory=dict)
    everyone_only: bool = False


@dataclass(frozen=True)
class Derived:
    """A figure that is worked out from the shown figures `of` alone, and so says nothing more than they do."""

    table: str
    name: str
    how: How
    of: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """The true figures of one release. `sums`: counts that are the sum of others in every group, beside the splits."""

    tables: Tables
    counts: tuple[Count, ...]
    splits: tuple[Split, ...] = ()
    means: tuple[Mean, ...] = ()
    derived: tuple[Derived, ...] = ()
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.tables.groups

    @property
    def everywhere(self) -> tuple[Group, ...]:
        return self.tables.everywhere

    @cached_property
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
        counts = self.true_counts
        names = [count.name for count in self.counts]
        names += [name for split in self.splits for name in (*split.parts, split.merged)]
        names += [mean.name for mean in self.means] + [one.name for one in self.derived]
        for problem in chain(_repeated(names), self._unknown(counts), self._disagreements(counts)):
            raise FiguresDisagree(problem)

    def _disagreements(self, counts: Mapping[str, Mapping[Group, int]]) -> Iterator[str]:
        for name, values in counts.items():
            if set(values) != set(self.everywhere) or min(values.values()) < 0:
                groups = ", ".join(map(words_of, self.groups))
                yield f"{name}: give a count of 0 or more for everyone and for each of {groups}"
            else:
                yield from self._not_adding_up(name, values)
        for inner, outer in structure_of(self).within.items():
            for group in self.everywhere:
                if counts[inner][group] > counts[outer][group]:
                    yield f"{inner} is more than {outer}, of which it is a part, in {words_of(group)}"
        for whole, parts in (*((split.whole, tuple(split.parts)) for split in self.splits), *self.sums):
            for group in self.everywhere:
                if sum(counts[part][group] for part in parts) != counts[whole][group]:
                    yield f"the parts of {whole} do not add up to it in {words_of(group)}"

    def _not_adding_up(self, name: str, values: Mapping[Group, int]) -> Iterator[str]:
        for whole, parts in self.tables.divisions:
            if sum(values[part] for part in parts) != values[whole]:
                yield (
                    f"{name}: the groups do not add up to {words_of(whole)}; "
                    "put people without a group into one of their own"
                )

    def _unknown(self, counts: Mapping[str, object]) -> Iterator[str]:
        named = [count.within for count in self.counts if count.within]
        named += [split.whole for split in self.splits] + [mean.of for mean in self.means]
        named += [name for whole, parts in self.sums for name in (whole, *parts)]
        yield from (f"{name} is named, and no count has that name" for name in named if name not in counts)
        figures = counts.keys() | {mean.name for mean in self.means}
        sources = (name for one in self.derived for name in one.of)
        yield from (f"{name} is named, and no figure has that name" for name in sources if name not in figures)


def _repeated(names: list[str]) -> Iterator[str]:
    yield from (f"{name} stands twice" for name in sorted(set(names)) if names.count(name) > 1)


def structure_of(figures: Figures) -> Structure:
    """What may be told of these figures: names and relations, no number."""
    parts = {part: split.whole for split in figures.splits for part in (*split.parts, split.merged)}
    sums = [(split.whole, tuple(split.parts)) for split in figures.splits]
    sums += [*((split.merged, split.merges) for split in figures.splits), *figures.sums]
    means = [mean for mean in figures.means if mean.kind is Kind.MEAN]
    return Structure(
        tables=figures.tables,
        measures=tuple(figures.true_counts),
        within={count.name: count.within for count in figures.counts if count.within} | parts,
        sums=tuple(sums),
        sensitive=frozenset(count.name for count in figures.counts if count.sensitive) | frozenset(parts),
        mean_of={mean.name: mean.of for mean in means},
        ranges={mean.name: mean.range for mean in means if mean.range},
        derived={one.name: (one.how, one.of) for one in figures.derived},
        others_of={mean.name: mean.of for mean in figures.means if mean.kind is not Kind.MEAN},
        visits={count.name: count.made_by for count in figures.counts if count.contributions is not None},
        hours_of={count.name: count.hours_of for count in figures.counts if count.hours_of},
    )
