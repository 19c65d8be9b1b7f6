"""Averages with their spread, as two countings tell them: what they say of each of ten or more who came between. PURE.

Here: whoever joined a group, where nobody left it, or left it, where nobody joined. Of them two averages tell the
average, and two intervals the spread; where they are nearly alike that is what each has. Not here: fewer than ten, of
whom no average may be told either (sums.py), one counting alone (means.py). Called by union.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt

from scipy.special import stdtrit

from outcomes.disclosure.alike import SPREAD, SURE, Told
from outcomes.disclosure.attack import LEAST_IN_A_MEAN
from outcomes.disclosure.puzzle import Breach
from outcomes.disclosure.shapes import Group, Key, Tables, words_of
from outcomes.disclosure.sums import JOINED, LEFT, STAYED, Sizes


@dataclass(frozen=True)
class Some:
    """A told group, or what told `parts` leave over of it."""

    whole: Group
    parts: tuple[Group, ...] = ()

    @property
    def signs(self) -> Iterator[tuple[int, Group]]:
        yield 1, self.whole
        yield from ((-1, part) for part in self.parts)


@dataclass(frozen=True)
class CameOrLeft:
    """One average in tables that hang together, as it was told before and is now."""

    name: str
    tables: Tables
    range: tuple[float, float]
    before: Mapping[Key, Told]
    now: Mapping[Key, Told]
    sizes: Sizes

    def breaches(self) -> Iterator[Breach]:
        told = [group for group in self.tables.everywhere if self._is_told(group)]
        for some in self._somes(told):
            left, joined = (self._people(kind, some) for kind in (LEFT, JOINED))
            if min(left, joined) == 0 and max(left, joined) >= LEAST_IN_A_MEAN:
                yield from self._given_away(some, max(left, joined), 1 if joined else 0)

    def _is_told(self, group: Group) -> bool:
        key = self.name, group
        return all(key in told and _has_spread(told[key]) for told in (self.before, self.now))

    def _somes(self, told: Sequence[Group]) -> Iterator[Some]:
        yield from map(Some, told)
        for whole, parts in self.tables.divisions:
            shown = tuple(part for part in parts if part in told)
            if whole in told and shown:
                yield Some(whole, shown)

    def _people(self, kind: str, some: Some) -> int:
        return sum(sign * self._in(kind, group) for sign, group in some.signs)

    def _in(self, kind: str, group: Group) -> int:
        dims = {name for name, _ in group}
        leaf = next(leaf for leaf in self.tables.leaves if dims <= set(leaf))
        return sum(self.sizes.get((kind, atom), 0) for atom in self.tables.parts(group, leaf))

    def _given_away(self, some: Some, people: int, time: int) -> Iterator[Breach]:
        """Of so many who are there at one time alone: how far from their average anybody can lie."""
        each = [
            (sign if at == time else -sign, told[self.name, group], self._in(STAYED, group) + self._in(kind, group))
            for sign, group in some.signs
            for at, told, kind in ((0, self.before, LEFT), (1, self.now, JOINED))
        ]
        about = sum(sign * behind * one.value for sign, one, behind in each) / people
        slack = sum(behind * one.slack for _, one, behind in each) / people
        squares = sum(sign * _squares(one, behind, about, most=sign > 0) for sign, one, behind in each)
        told = Told(about, slack, spread=sqrt(max(0.0, squares) / (people - 1)))
        if told.tells_of_each(people, self.range):
            low, high = told.of_each(people, self.range)
            which = "joined" if time else "left"
            words = f"{self.name} of each of {people} who {which}, {words_of(some.whole)}: known to be "
            yield Breach(f"{words}{low:.1f} to {high:.1f}, or nearly so", self.name, some.whole, int(low), int(high))


def _has_spread(told: Told) -> bool:
    return told.reach < inf or any(name.endswith(SPREAD) for name in told.by)


def _squares(told: Told, people: int, about: float, *, most: bool) -> float:
    """The most, or the least, that the squares of how far so many lie from a number can come to."""
    apart = abs(told.value - about) + (told.slack if most else -told.slack)
    spread = told.most_spread(people) if most else _least_spread(told, people)
    return (people - 1) * spread**2 + people * max(0.0, apart) ** 2


def _least_spread(told: Told, people: int) -> float:
    """What it is shown to be lies within the slack to either side."""
    if told.reach == inf:
        return max(0.0, told.spread - 2 * told.slack)
    return max(0.0, told.reach - 2 * told.slack) * sqrt(people) / float(stdtrit(people - 1, SURE))
