"""Averages of one quantity as three or more countings tell them, all put together: what they say of a few. PURE.

Here: every told average as a sum of those who stand behind it, and the least and the most that the few can have who
are alike in what up to three countings tell. Two averages of two quarters may be ten people apart each, and five when
a third one is taken away. Not here: two countings, which are looked at more strictly (sums.py, apart.py). Called by
union.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations_with_replacement

import numpy as np

from outcomes.disclosure.alike import NARROW, Told
from outcomes.disclosure.apart import scale_at_start
from outcomes.disclosure.attack import LEAST_IN_A_MEAN
from outcomes.disclosure.puzzle import NO_DEADLINE, Breach, Deadline
from outcomes.disclosure.shapes import Group, Key
from outcomes.disclosure.sheet import Bools, Floats, Ints, Sheet, Tokens
from outcomes.disclosure.solver import DUAL, NEARLY, Facts, Vector

MOST_EARLIER = 8  # countings, the latest: what a search takes grows with the square of their number
MOST_PEOPLE = 20_000  # behind an average; of minutes a week those of many more would be looked at
LOOKS = 6  # searches each way, by which nearly everybody is seen to be safe
HALVES = 2  # no average weighs less than a half in what several come to


@dataclass(frozen=True)
class Average:
    """One told average as a sum: of the `scores` of these people, between `low` and `high`. `time`: which counting."""

    time: int
    name: str
    group: Group
    tokens: Tokens
    scores: Floats
    low: float
    high: float


@dataclass(frozen=True)
class Counting:
    """Who was counted, and the averages that anybody was told of them. `time` is larger the later it was."""

    time: int
    sheet: Sheet
    told: Mapping[Key, Told]
    ranges: Mapping[str, tuple[float, float]]

    @cached_property
    def averages(self) -> list[Average]:
        """Those of not too many people, whose rounding does not hide nine of them, however they are put together."""
        return [average for key in self.told if key[0] in self.ranges for average in self._average(*key)]

    def _average(self, name: str, group: Group) -> Iterator[Average]:
        told, (low, high) = self.told[name, group], self.ranges[name]
        lines = np.flatnonzero(self._is_in(group) & self.sheet.is_in(name))
        hides_nine = 2 * told.slack * len(lines) >= HALVES * NARROW * (high - low) * LEAST_IN_A_MEAN
        if len(lines) <= MOST_PEOPLE and not hides_nine:
            ends = (len(lines) * (told.value - told.slack), len(lines) * (told.value + told.slack))
            yield Average(self.time, name, group, self.sheet.tokens[lines], self.sheet.told_apart(name)[lines], *ends)

    def _is_in(self, group: Group) -> Bools:
        found = np.ones(len(self.sheet), bool)
        for dimension, value in group:
            found &= self.sheet.numbers([dimension], [((dimension, value),)]) == 0
        return found


def quantity_of(measure: str) -> str:
    """What an average is of: a score at the start is one, whichever later form follows."""
    return scale_at_start(measure) or measure


def given_away(countings: Sequence[Counting], deadline: Deadline = NO_DEADLINE) -> Iterator[Breach]:
    """What averages of several countings say of a few. The last counting is the one that may still be changed.

    Raises CannotJudge.
    """
    *earlier, today = countings
    averages = [one for counting in (*earlier[-MOST_EARLIER:], today) for one in counting.averages]
    for quantity in sorted({quantity_of(one.name) for one in today.averages}):
        some = [one for one in averages if quantity_of(one.name) == quantity]
        if len({one.time for one in some}) > 2:
            yield from Chains(quantity, some, today.ranges[some[-1].name], deadline).breaches()


@dataclass(frozen=True)
class Chains:
    """The averages of one quantity, of the earliest counting first."""

    quantity: str
    averages: Sequence[Average]
    range: tuple[float, float]
    deadline: Deadline = NO_DEADLINE

    def breaches(self) -> Iterator[Breach]:
        for few in self._unsure():
            limits = self._limits(few, self._facts)
            if self._is_narrow(few, limits) and not self._is_narrow(few, self._limits(few, self._facts_before)):
                people, of = int(self._people @ few), self._nearest(few)
                low, high = (limit / people for limit in limits)
                words = f"{self.quantity} of {people} people, by {len(self._alike)} summaries together: known to be "
                yield Breach(f"{words}{low:.1f} to {high:.1f}", of.name, of.group, int(low), int(high))

    # --- people who are alike --------------------------------------------------

    @cached_property
    def _matrix(self) -> Ints:
        """A line for each kind of people, a column for each average: whether they stand behind it."""
        return self._kinds[0]

    @cached_property
    def _people(self) -> Ints:
        """How many there are of each kind. Whoever has another score by now is somebody else."""
        return self._kinds[1]

    @cached_property
    def _kinds(self) -> tuple[Ints, Ints]:
        tokens = np.concatenate([one.tokens for one in self.averages])
        scores = np.concatenate([one.scores for one in self.averages])
        behind = np.repeat(np.arange(len(self.averages)), [len(one.tokens) for one in self.averages])
        values, value = np.unique(scores, return_inverse=True)
        _, who = np.unique(tokens, return_inverse=True)
        everybody, who = np.unique(who * len(values) + value, return_inverse=True)
        there = np.zeros((len(everybody), len(self.averages)), np.int8)
        there[who, behind] = 1
        kinds, people = np.unique(there, axis=0, return_counts=True)
        return kinds.astype(np.int64), people

    @cached_property
    def _times(self) -> Ints:
        return np.array([one.time for one in self.averages])

    @cached_property
    def _alike(self) -> dict[int, Ints]:
        """By counting, a number of each kind: the same where it does not tell them apart, 0 where it tells nothing."""
        found = {}
        for time in dict.fromkeys(self._times.tolist()):
            here = self._matrix[:, self._times == time]
            found[time] = np.where(here.any(axis=1), 1 + np.unique(here, axis=0, return_inverse=True)[1], 0)
        return found

    def _few(self) -> Iterator[Bools]:
        """Kinds that up to three countings do not tell apart, the last of them among these: a line for each."""
        *earlier, last = self._alike.values()
        for some in combinations_with_replacement(earlier, 2):
            first, second = (number * (len(last) + 1) ** place for place, number in enumerate(some, 1))
            each = last + first + second
            yield np.unique(each[each > 0])[:, None] == each

    def _unsure(self) -> list[Bools]:
        """Those few who are not seen to be safe at once."""
        found: dict[bytes, Bools] = {}
        for together in chain([np.eye(len(self._people), dtype=bool)], self._few()):
            self.deadline.check()
            people = together @ self._people
            sums = together @ np.array(self._seen).T
            for few in together[self._narrow(people, sums.min(axis=1), sums.max(axis=1))]:
                found[few.tobytes()] = few
        return sorted(found.values(), key=lambda few: int(self._people @ few))

    def _narrow(self, people: Ints, least: Floats, most: Floats) -> Bools:
        """Whether sums between these say nearly what fewer than ten have on average, or what one of more has."""
        low, high = self.range
        one_least = np.maximum(low, high - (people * high - least))
        one_most = np.minimum(high, low + most - people * low)
        of_few = people < LEAST_IN_A_MEAN
        apart = np.where(of_few, (most - least) / people, one_most - one_least)
        return np.asarray(apart < NARROW * (high - low), bool)

    # --- what is told of them --------------------------------------------------

    def _limits(self, few: Bools, facts: Facts) -> tuple[float, float]:
        """Between which the sum of their scores lies."""
        self.deadline.check()
        row = few.astype(float)
        return float(row @ facts.at_least(row)), float(row @ facts.at_least(-row))

    def _is_narrow(self, few: Bools, limits: tuple[float, float]) -> bool:
        people, least, most = (np.array([number]) for number in (int(self._people @ few), *limits))
        return bool(self._narrow(people, least, most)[0])

    @cached_property
    def _seen(self) -> list[Vector]:
        """Scores that fit, each way as far as several kinds go at once."""
        draw, facts, found = np.random.default_rng(0), replace(self._facts, simplex=DUAL), list[Vector]()
        ways = [np.ones(len(self._people)), *draw.choice((-1.0, 1.0), (LOOKS - 1, len(self._people)))]
        for way in ways:
            self.deadline.check()
            found += [facts.at_least(way), facts.at_least(-way)]
        return found

    @cached_property
    def _facts(self) -> Facts:
        return self._facts_of(self._times <= self._times[-1])

    @cached_property
    def _facts_before(self) -> Facts:
        """What was told before, which no withholding takes back."""
        return self._facts_of(self._times < self._times[-1])

    def _facts_of(self, which: Bools) -> Facts:
        from scipy.sparse import csc_array

        people: Vector = self._people.astype(float)
        some = [self.averages[i] for i in np.flatnonzero(which).tolist()]
        return Facts(
            csc_array(self._matrix[:, which].T.astype(float)),
            np.array([one.low for one in some]) - NEARLY,
            np.array([one.high for one in some]) + NEARLY,
            people * self.range[0],
            people * self.range[1],
        )

    def _nearest(self, few: Bools) -> Average:
        """The smallest average of today that they stand behind; of all where they stand behind none."""
        last = np.flatnonzero(self._times == self._times[-1]).tolist()
        theirs = [i for i in last if self._matrix[few, i].any()]
        return min((self.averages[i] for i in theirs or last), key=lambda one: len(one.tokens))
