"""Averages of one quantity over two populations that are nearly the same: what they tell of the few who differ. PURE.

Here: whom the shown averages speak of, alone and put together, and what two such populations give away; in one release
(means.py calls it), and in two countings. Of one score at the start there are several averages, one for each later
form, and each is of the people who sent that form. Not here: one average at two dates, whose groups are held against
each other by their sums (sums.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations, product
from operator import or_
from typing import TypeAlias

import numpy as np

from outcomes.disclosure.alike import BEFORE, NARROW, OTHERS, Told
from outcomes.disclosure.attack import LEAST_IN_A_MEAN
from outcomes.disclosure.puzzle import Breach
from outcomes.disclosure.shapes import EVERYONE, Group, Key, Structure, Tables, words_of
from outcomes.disclosure.sheet import NONE, Beside, Bools, Floats, Ints, Sheet
from outcomes.disclosure.truths import People

Ends: TypeAlias = tuple[float, float]
MOST_AT_ONCE = 4  # averages added and taken away: of two forms, each of those who sent it and of those who did not


@dataclass(frozen=True)
class Population:
    """People of whom an average is known, the sum of their scores, and the group to withhold so that it is not."""

    group: Group
    people: People
    total: float


def populations(
    told: Collection[Group], people: Mapping[Group, People], totals: Mapping[Group, float], tables: Tables
) -> Iterator[Population]:
    """Each told group by itself, all of a table together, all but one of them, and what the told ones leave over."""
    yield from (Population(group, people[group], totals[group]) for group in told)
    yield from _left_over(told, people, totals, tables)
    for dims in tables.all:
        groups = [group for group in tables.of(dims) if group in told]
        for out in (None, *groups):
            together = [group for group in groups if group != out]
            if len(together) > 1:
                everybody = reduce(or_, (people[group] for group in together))
                yield Population(together[-1], everybody, sum(totals[group] for group in together))


def _left_over(
    told: Collection[Group], people: Mapping[Group, People], totals: Mapping[Group, float], tables: Tables
) -> Iterator[Population]:
    """Whoever is in a told whole and in no told part of it: an average that is withheld may be told all the same."""
    for whole, parts in tables.divisions:
        shown = [part for part in parts if part in told]
        if whole in told and shown:
            left = people[whole] & ~reduce(or_, (people[part] for part in shown))
            smallest = min(shown, key=lambda part: people[part].bit_count())
            if left:
                yield Population(smallest, left, totals[whole] - sum(totals[part] for part in shown))


def tells_of_few(one: Population, other: Population, ends: Ends | None, changed: People = 0) -> bool:
    """Whether the two differ by one to nine people, or by such as are surely all near an end of the scale.

    `changed`: those who are in both, each time with another score.
    """
    differ = ((one.people ^ other.people) | (one.people & other.people & changed)).bit_count()
    more = one.people.bit_count() - other.people.bit_count()
    return 0 < differ < LEAST_IN_A_MEAN or _all_near_an_end(differ, more, one.total - other.total, ends)


def _all_near_an_end(apart: int, more: int, difference: float, ends: Ends | None) -> bool:
    """Whether all who are in one of two populations alone are surely near one end, those of the other near the other.

    Such people are `apart`, `more` of them in the first; the sum of its scores is larger by `difference`.
    """
    if not apart or ends is None:
        return False
    (low, high), ours, theirs = ends, (apart + more) // 2, (apart - more) // 2
    room = min(ours * high - theirs * low - difference, difference - ours * low + theirs * high)
    return room < NARROW * (high - low)


# --- two countings -----------------------------------------------------------


def scale_at_start(measure: str) -> str:
    """Of an average at the start the name of its scale, whichever later form it is of; empty for any other figure."""
    return measure.partition(".")[0] if measure.endswith((BEFORE, OTHERS)) else ""


@dataclass(frozen=True)
class Starts:
    """Averages at the start as two countings tell them, of the people of one later form and of another."""

    earlier: Sheet
    now: Sheet
    structure: Structure

    def given_away(self, before: Collection[Key], told: Collection[Key]) -> Iterator[Breach]:
        """What the averages told before and now, by their keys, say of the few who are behind one of them alone."""
        names = ({name for name, _ in keys if scale_at_start(name)} for keys in (before, told))
        for was, name in product(*map(sorted, names)):
            if was != name and scale_at_start(was) == scale_at_start(name):
                yield from self._of_two(was, name, before, told)

    def given_away_by_several(self, before: Mapping[Key, Told], told: Mapping[Key, Told]) -> Iterator[Breach]:
        """What three or four averages of everyone, added and taken away, say of one to nine people.

        Those who sent a form and those who did not are together who started, whichever form it is: so whoever left
        between two countings is what the two of one form have more than the two of another.
        """
        ranges = self.structure.ranges
        names = [[name for name, group in means if group == EVERYONE and name in ranges] for means in (before, told)]
        for scale in sorted({*map(scale_at_start, names[1])} - {""}):
            each = [(time, name) for time in (0, 1) for name in names[time] if scale_at_start(name) == scale]
            slack = np.array([(before, told)[time][name, EVERYONE].slack for time, name in each])
            for some in self._tell_of_few(each, slack) if each[0][0] == 0 else ():
                _, name = each[some[-1]]
                words = f"{name}, beside {len(some) - 1} other averages at the start: tells of the few who are left"
                yield Breach(words, name, EVERYONE, 0, 0)

    def _tell_of_few(self, each: Sequence[tuple[int, str]], slack: Floats) -> Iterator[tuple[int, ...]]:
        """Which of some averages, each of a counting, do so together: as near as their rounding leaves it."""
        alike, people = self._alike(each)
        low, high = self.structure.ranges[each[-1][1]]
        for size in range(3, MOST_AT_ONCE + 1):
            signs = np.array([(1, *others) for others in product((1, -1), repeat=size - 1)]).T
            for some in combinations(range(len(each)), size):
                if len({each[i][0] for i in some}) == 1:
                    continue  # of one counting: means.py
                weights = np.abs(alike[:, some] @ signs)
                left, room = people @ (weights > 0), 2 * (people @ alike[:, some]) @ slack[list(some)]
                if ((left > 0) & (left < LEAST_IN_A_MEAN) & (room < NARROW * (high - low) * (people @ weights))).any():
                    yield some

    def _alike(self, each: Sequence[tuple[int, str]]) -> tuple[Ints, Ints]:
        """In which of the averages people are, and how many are in the very same; twice, with another score by now."""
        times = np.array([time for time, _ in each])
        amounts = np.array([self._two.amounts(name)[time] for time, name in each])
        bits, there = 1 << np.arange(len(each)), ~np.isnan(amounts)
        first, last = (np.where(times == time, bits, 0) @ there for time in (0, 1))
        was, now = (np.fmax.reduce(amounts[times == time]) for time in (0, 1))
        stayed = was == now
        codes = np.concatenate([(first + last)[stayed], first[~stayed], last[~stayed]])
        kinds, people = np.unique(codes, return_counts=True)
        return kinds[:, None] >> np.arange(len(each)) & 1, people

    def _of_two(self, was: str, name: str, before: Collection[Key], told: Collection[Key]) -> Iterator[Breach]:
        changed, ends = self._changed(was, name), self.structure.ranges.get(name)
        first, last = self._populations(0, was, before), self._populations(1, name, told)
        for one, other in product(first, last):
            if tells_of_few(one, other, ends, changed):
                words = f"{name} in {words_of(other.group)}, beside {was} of before: tells of the few who are in one"
                yield Breach(words, name, other.group, 0, 0)

    def _populations(self, time: int, name: str, told: Collection[Key]) -> list[Population]:
        tables, amounts = self.structure.tables, self._two.amounts(name)[time]
        people, totals = dict[Group, People](), dict[Group, float]()
        for dims in ((), *tables.all):
            groups = tables.of(dims)
            numbers = np.where(np.isnan(amounts), NONE, self._two.numbers(dims, groups)[time])
            for number, group in enumerate(groups):
                if (name, group) in told:
                    who = numbers == number
                    people[group], totals[group] = _bits(who), float(amounts[who].sum())
        return list(populations(people, people, totals, tables))

    def _changed(self, was: str, name: str) -> People:
        return _bits(self._two.amounts(was)[0] != self._two.amounts(name)[1])

    @cached_property
    def _two(self) -> Beside:
        return Beside(self.earlier, self.now)


def _bits(who: Bools) -> People:
    return int.from_bytes(np.packbits(who, bitorder="little").tobytes(), "little")
