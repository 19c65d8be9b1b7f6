"""Who was counted in what, so that two countings can be compared (R9). PURE.

Here: a sheet has a line for each person, told apart by a token, and keeps it in columns, so that a million lines are
looked at together; and what moved between two sheets. Not here: where sheets are kept (models.py) and how they are
packed for it (packing.py), what may be shown because of it (union.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from outcomes.disclosure.shapes import Group, Key, Structure, Tables

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Tokens: TypeAlias = NDArray[np.str_]
PLACES: Final = 6  # of an amount that tell it from another: scored anew, the same answers may differ in the last bit
NONE: Final = -1  # the number of a value, or of a group, that a line has none of


@dataclass(frozen=True)
class Line:
    """One person (or one event): a value of each dimension, and an amount for each measure they are counted in."""

    places: tuple[tuple[str, str], ...]
    amounts: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Labels:
    """One of `values` for each line, by its number among them."""

    values: tuple[str, ...]
    numbers: Ints

    @property
    def people(self) -> dict[str, int]:
        """How many lines each value is of."""
        each = np.bincount(self.numbers[self.numbers != NONE], minlength=len(self.values))
        return dict(zip(self.values, each.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Sheet:
    """Lines in columns. `amounts`: not a number for whoever is not counted in a measure."""

    tokens: Tokens
    places: Mapping[str, Labels]
    amounts: Mapping[str, Floats]

    @classmethod
    def of(cls, lines: Mapping[str, Line]) -> Sheet:
        """A sheet of few, written line by line."""
        tokens = np.array(list(lines), np.str_)
        measures = dict.fromkeys(name for line in lines.values() for name in line.amounts)
        said = [dict(line.places) for line in lines.values()]
        return cls(
            tokens,
            {name: _labels([one.get(name) for one in said]) for name in dict.fromkeys(n for one in said for n in one)},
            {name: np.array([line.amounts.get(name, np.nan) for line in lines.values()], float) for name in measures},
        )

    def __len__(self) -> int:
        return len(self.tokens)

    def amount(self, name: str) -> Floats:
        found = self.amounts.get(name)
        return np.full(len(self), np.nan) if found is None else found

    def told_apart(self, name: str) -> Floats:
        """Amounts as they are held against those of another counting."""
        found: Floats = np.round(self.amount(name), PLACES)
        return found

    def is_in(self, name: str) -> Bools:
        return ~np.isnan(self.amount(name))

    def labels(self, dimension: str) -> Labels:
        return self.places.get(dimension) or Labels((), np.full(len(self), NONE, np.int64))

    def numbers(self, dims: Sequence[str], groups: Sequence[Group]) -> Ints:
        """Of each line the number of the one of `groups` that it is in: groups of the table of `dims`."""
        if not dims:
            return np.zeros(len(self), np.int64)
        number_of: dict[tuple[tuple[str, str | None], ...], int] = {group: n for n, group in enumerate(groups)}
        labels = [self.labels(name) for name in dims]
        kinds: list[tuple[str | None, ...]] = list(product(*((*of.values, None) for of in labels)))  # None: at -1
        numbers = [number_of.get(tuple(zip(dims, kind, strict=True)), NONE) for kind in kinds]
        shape = tuple(len(of.values) + 1 for of in labels)
        of_each: Ints = np.array(numbers, np.int64).reshape(shape)[tuple(of.numbers for of in labels)]
        return of_each

    def without(self, tokens: Collection[str], instead: Callable[[], str]) -> Sheet:
        """With lines under another token, which say of whoever stood there in what they were counted and no amount.

        Their places stay, so that it is known from which groups somebody has gone.
        """
        gone = np.isin(self.tokens, list(tokens))
        named = [instead() if is_gone else token for token, is_gone in zip(self.tokens.tolist(), gone, strict=True)]
        amounts = {name: np.where(gone & ~np.isnan(each), 0.0, each) for name, each in self.amounts.items()}
        return replace(self, tokens=np.array(named, np.str_), amounts=amounts)

    def rows(self, tables: Tables) -> dict[Group, Ints]:
        """Which lines are in each group of the tables."""
        found: dict[Group, Ints] = {}
        for dims in ((), *tables.all):
            groups = tables.of(dims)
            numbers = self.numbers(dims, groups)
            order = np.argsort(numbers, kind="stable")
            ends = np.searchsorted(numbers[order], np.arange(len(groups) + 1))
            found |= {group: order[ends[i] : ends[i + 1]] for i, group in enumerate(groups)}
        return found


def _labels(said: Sequence[str | None]) -> Labels:
    values = tuple(dict.fromkeys(value for value in said if value is not None))
    number_of = {value: number for number, value in enumerate(values)}
    return Labels(values, np.array([NONE if value is None else number_of[value] for value in said], np.int64))


def put_together(one: Sheet, other: Sheet) -> Sheet:
    """Two sheets that have nobody in common as one."""
    both = (one, other)
    dims = dict.fromkeys(name for sheet in both for name in sheet.places)
    measures = dict.fromkeys(name for sheet in both for name in sheet.amounts)
    return Sheet(
        np.concatenate([sheet.tokens for sheet in both]),
        {name: _joined([sheet.labels(name) for sheet in both]) for name in dims},
        {name: np.concatenate([sheet.amount(name) for sheet in both]) for name in measures},
    )


def _joined(each: Sequence[Labels]) -> Labels:
    """One after the other, by the values of both."""
    values = tuple(dict.fromkeys(value for labels in each for value in labels.values))
    moved_to = [np.array([*(values.index(value) for value in labels.values), NONE]) for labels in each]
    return Labels(values, np.concatenate([to[labels.numbers] for to, labels in zip(moved_to, each, strict=True)]))


# --- two countings -----------------------------------------------------------


class Beside:
    """Two sheets, line by line: whoever is in one alone has no amount, and is in no group, in the other."""

    def __init__(self, earlier: Sheet, later: Sheet) -> None:
        self.earlier, self.later = earlier, later
        self.tokens = np.union1d(earlier.tokens, later.tokens)

    @cached_property
    def _rows(self) -> tuple[Ints, Ints]:
        first, last = (np.searchsorted(self.tokens, of.tokens) for of in (self.earlier, self.later))
        return first, last

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys([*self.earlier.amounts, *self.later.amounts]))

    def amounts(self, name: str) -> tuple[Floats, Floats]:
        first, last = (np.full(len(self.tokens), np.nan) for _ in range(2))
        first[self._rows[0]], last[self._rows[1]] = self.earlier.told_apart(name), self.later.told_apart(name)
        return first, last

    def numbers(self, dims: Sequence[str], groups: Sequence[Group]) -> tuple[Ints, Ints]:
        first, last = (np.full(len(self.tokens), 0 if not dims else NONE) for _ in range(2))
        first[self._rows[0]] = self.earlier.numbers(dims, groups)
        last[self._rows[1]] = self.later.numbers(dims, groups)
        return first, last


@dataclass
class Moved:
    """How many people came, left or changed between two sheets, in each cell; and in any of a set of measures."""

    in_all: Counter[Key] = field(default_factory=Counter)  # people, each once
    touched: Counter[tuple[int, Group]] = field(default_factory=Counter)  # by number of the family


class _Changes:
    """In one table, who changed in any of some measures: within a group, or out of one and into another."""

    def __init__(self, groups: Sequence[Group], numbers: tuple[Ints, Ints]) -> None:
        self.groups, (self.was, self.is_now) = groups, numbers
        self.stayed = self.was == self.is_now
        self.within, self.out, self.into = (np.zeros(len(self.was), bool) for _ in range(3))

    def add(self, first: Floats, last: Floats) -> Counter[Group]:
        """Those who changed in one more measure, by group."""
        there, here = ~np.isnan(first), ~np.isnan(last)
        within = self.stayed & (first != last) & (there | here)
        out, into = ~self.stayed & there, ~self.stayed & here
        self.within, self.out, self.into = self.within | within, self.out | out, self.into | into
        return self._counted(within, out, into)

    def in_any(self) -> Counter[Group]:
        return self._counted(self.within, self.out, self.into)

    def _counted(self, within: Bools, out: Bools, into: Bools) -> Counter[Group]:
        each = zip((self.was, self.was, self.is_now), (within, out, into), strict=True)
        people = sum(counted(numbers, who, len(self.groups)) for numbers, who in each)
        return Counter(dict(zip(self.groups, np.atleast_1d(people).tolist(), strict=True)))


def counted(numbers: Ints, who: Bools, groups: int) -> Ints:
    """How many of them are in each of so many groups."""
    return np.bincount(numbers[who & (numbers != NONE)], minlength=groups)


def moved(earlier: Sheet, later: Sheet, structure: Structure) -> Moved:
    """What moved between two sheets, in every group and every family of measures of a release."""
    found, two = Moved(), Beside(earlier, later)
    tables = [(groups, two.numbers(dims, groups)) for dims, groups in _tables(structure.tables)]
    for number, names in _families(structure, two.names):
        changes = [_Changes(groups, numbers) for groups, numbers in tables]
        for name, one in product(names, changes):
            people = one.add(*two.amounts(name))
            found.in_all.update({(name, group): n for group, n in people.items() if n})
        if number is not None:
            found.touched.update({(number, group): n for one in changes for group, n in one.in_any().items() if n})
    return found


def _tables(tables: Tables) -> Iterator[tuple[tuple[str, ...], tuple[Group, ...]]]:
    yield from ((dims, tables.of(dims)) for dims in ((), *tables.all))


def _families(structure: Structure, names: Iterable[str]) -> Iterator[tuple[int | None, list[str]]]:
    """Measures that there are, by the number of their family; those of none at the end."""
    left = dict.fromkeys(names)
    for number, family in enumerate(structure.families()):
        yield number, [name for name in family if name in left]
        left = {name: None for name in left if name not in family}
    yield None, list(left)


def surely_moved(before: Mapping[Key, tuple[int, int]], later: Sheet, structure: Structure) -> Moved:
    """The least number of people who moved since a counting of which only the figures are left.

    Told by how far a count of people lies outside of what it was known to be
    `before`. One person may have made many visits, so of these only so many
    people are new as there are more than could have made any. A mean moved by
    as many as its people.
    """
    found, groups, now = Moved(), structure.everywhere, Counter[Key]()
    for dims, of_table in _tables(structure.tables):
        numbers = later.numbers(dims, of_table)
        for name in structure.counts & later.amounts.keys():
            people = counted(numbers, later.is_in(name), len(of_table)).tolist()
            now.update({(name, group): n for group, n in zip(of_table, people, strict=True)})
    for name, group in product(structure.measures, groups):
        people = structure.visits.get(name, name)
        if (people, group) in before:
            least, most = before[people, group] if people == name else (0, before[people, group][1])
            found.in_all[name, group] = max(least - now[name, group], now[name, group] - most, 0)
    for mean, of in {**structure.mean_of, **structure.others_of}.items():
        for group in groups:
            found.in_all[mean, group] = found.in_all[of, group]
    return found
