"""What is known of counts that hang together, and the whole numbers that fit it. PURE.

Here: linear programming over whole numbers (scipy, HiGHS) for the least and the
most that a count can be. Not here: which facts there are and what is sought
(frame.py), what else is a breach of a release (attack.py), several releases (union.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor
from time import monotonic
from typing import Any, TypeAlias

import numpy as np

from outcomes.disclosure.frame import Frame, Target, Tie
from outcomes.disclosure.shapes import EVERYONE, Cell, Group, Key, Status, Structure, words_of
from outcomes.disclosure.solver import NEARLY, CannotJudge, Facts, Vector

MIN_WIDTH = 3  # a small count known to within less than this is as good as known
ROUND_TO = 5
MOST_WHOLE = 400  # columns up to which halves of people are never believed
FEW_TARGETS = 200  # so many are asked for one by one sooner than together
MOST_IDLE = 4  # looks around that find hardly anything new, one after the other, before each count is asked for alone
FAR = 20  # from here on it does not matter whether ends are whole
PROGRESS = 0.98  # of the counts still unsure, left unsure: less than that is something new
UNKNOWN = 1000  # how far above everything known a withheld count may lie

Known: TypeAlias = Mapping[Key, tuple[int, int]]  # least and most; what is withheld is not in it


@dataclass(frozen=True)
class Breach:
    """One thing that the release gives away. `low` and `high`: what is left of it."""

    words: str
    measure: str
    group: Group
    low: int
    high: int

    def as_dict(self) -> dict[str, Any]:
        where = dict(self.group)
        return {"words": self.words, "measure": self.measure, "where": where, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Deadline:
    """When a search gives up, so that what cannot be judged in time is not published."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        return cls(monotonic() + seconds)

    def check(self) -> None:
        if monotonic() > self.at:
            raise CannotJudge("the search was not finished in the time it has; release fewer dimensions or pairs")


NO_DEADLINE = Deadline(float("inf"))


def known_of(
    cells: Iterable[Cell], structure: Structure, k: int, round_to: int = ROUND_TO
) -> dict[Key, tuple[int, int]]:
    """What a reader knows of each count from its own cell."""
    known = {}
    for cell in cells:
        if cell.measure not in structure.counts or cell.status is Status.WITHHELD:
            continue
        if cell.status is Status.SMALL:
            known[cell.key] = structure.lowest_hidden(cell.measure), k - 1
            continue
        value, slack = int(cell.value or 0), round_to // 2
        known[cell.key] = (max(k, value - slack), value + slack) if value else (0, 0)
    return known | _visits_in_the_hours(known, structure)


def _visits_in_the_hours(known: Known, structure: Structure) -> dict[Key, tuple[int, int]]:
    """How many visits the shown hours leave room for, as everybody may know how long a class lasts."""
    found = {}
    for name, (visits, shortest, longest) in structure.hours_of.items():
        for (_, group), (low, high) in ((key, limits) for key, limits in known.items() if key[0] == name):
            least, most = ceil(low * 60 / longest), floor(((high + 1) * 60 - 1) / shortest)
            before = known.get((visits, group), (least, most))
            found[visits, group] = max(least, before[0]), min(most, before[1])
    return found


class Puzzle:
    """A frame and what is known in it.

    Every solution is kept: a count that has been seen with two values far
    enough apart needs no search of its own. What was seen stays possible when a
    cell is withheld.
    """

    def __init__(self, frame: Frame, known: Known, k: int, deadline: Deadline = NO_DEADLINE) -> None:
        self.frame, self.known, self.k, self.deadline = frame, dict(known), k, deadline
        self.structure, self.tables, self.measures = frame.structure, frame.tables, frame.measures
        self.searches = 0
        self.seen: list[Vector] = []
        self.top = sum(high for (name, _), (_, high) in known.items() if name in frame.measures) + UNKNOWN
        self._outer: tuple[Vector, Vector] | None = None
        self.told_before: Callable[[], Puzzle] | None = None  # the same, with what was told before alone
        self._limits: dict[Target, tuple[int, int]] = {}
        self.least = np.full(len(frame.targets), np.inf)
        self.most = np.full(len(frame.targets), -np.inf)

    def range_of(self, key: Key) -> tuple[int, int]:
        return self.known.get(key, (0, self.top))

    def is_shown(self, key: Key) -> bool:
        low, high = self.range_of(key)
        return low >= self.k or high == 0

    @cached_property
    def facts(self) -> Facts:
        rows, lows, highs = zip(*self.frame.facts, strict=True)
        ranges = np.array([self.range_of(key) for key in self.frame.columns], dtype=float)
        matrix = self.frame.matrix_of(rows).tocsc()
        facts = Facts(matrix, np.array(lows), np.array(highs), ranges[:, 0].copy(), ranges[:, 1].copy())
        for key, row in self.frame.totals.items():
            facts.let_row(row, *self.range_of(key))
        return facts

    def learn_of(self, changes: Mapping[Key, tuple[int, int] | None]) -> None:
        """Know less, or again more, of some counts: None is nothing at all."""
        self._outer = None
        for key, limits in changes.items():
            if limits is None:
                self.known.pop(key, None)
            else:
                self.known[key] = limits
            if key in self.frame.columns:
                self.facts.let_column(self.frame.columns[key], *self.range_of(key))
            elif key in self.frame.totals:
                self.facts.let_row(self.frame.totals[key], *self.range_of(key))

    def judge_without(self, keys: Iterable[Key], targets: Sequence[Target]) -> list[Breach]:
        """What would be given away of these if some counts were known no more."""
        before = {key: self.known.get(key) for key in keys}
        seen, least, most = len(self.seen), self.least, self.most
        self.learn_of(dict.fromkeys(before))
        remaining = [breach for target in targets if (breach := self.judge(target, MIN_WIDTH)) is not None]
        self.learn_of(before)
        # What was seen while less was known may be impossible again.
        del self.seen[seen:]
        self.least, self.most = least, most
        return remaining

    def hidden_together(self) -> list[Target]:
        """All the groups of a table, or of a margin, that are hidden."""
        found = []
        for name in self.measures:
            for whole, parts in self.tables.divisions:
                hidden = [group for group in parts if not self.is_shown((name, group))]
                if 1 < len(hidden) < len(parts):
                    words = f"{name} of {words_of(whole)} outside the groups shown"
                    terms = tuple(((name, group), 1) for group in hidden)
                    found.append(Target(words, name, hidden[0], terms))
        return found

    @property
    def sought(self) -> int:
        return len(self.frame.targets) + len(self.hidden_together())

    def solve(self, row: Vector, sign: int) -> int:
        """The least (sign 1) or most (sign -1) that a sum can be."""
        self.deadline.check()
        self.searches += 1
        found = self._search(sign * row)
        self._learn(found)
        value = float(row @ found)
        return ceil(value - NEARLY) if sign == 1 else floor(value + NEARLY)

    def _search(self, row: Vector) -> Vector:
        """The numbers that make a sum least. Fractions nearly always come out whole, and are quicker.

        In tables of two dimensions with many measures, whole numbers cannot be searched for in any time: there
        halves of people are believed, and only the ends are made whole.
        """
        try:
            found = self.facts.at_least(row)
            rounded = np.round(found)
            if np.abs(found - rounded).max() < NEARLY:
                return rounded
            return found if len(row) > MOST_WHOLE else self.facts.whole_at_least(row)
        except CannotJudge as problem:
            raise CannotJudge(f"{', '.join(self.measures)}: {problem}") from None

    def _learn(self, found: Vector) -> None:
        """Keep a solution that shows some target lower or higher than before."""
        values = self.frame.matrix @ found
        if (values < self.least).any() or (values > self.most).any():
            self.seen.append(found)
            self.least, self.most = np.minimum(self.least, values), np.maximum(self.most, values)

    def limits_of(self, terms: Iterable[tuple[Key, int]]) -> tuple[int, int]:
        """Least and most of a sum, exactly."""
        row = self.frame.row(terms)
        return self.solve(row, 1), self.solve(row, -1)

    @property
    def outer(self) -> tuple[Vector, Vector]:
        """Between which each target must lie by what is plain: sums and parts, without a search."""
        if self._outer is None:
            least, most = self.facts.plain_limits()
            up, down = self.frame.matrix.maximum(0), self.frame.matrix.minimum(0)
            self._outer = (up @ least + down @ most, up @ most + down @ least)
        return self._outer

    def totals(self) -> dict[Key, tuple[int, int]]:
        """Between which the count of everyone lies, for each measure."""
        found = [target for target in self.frame.targets if target.group == EVERYONE and len(target.terms) == 1]
        together = self.frame.row(term for target in found for term in target.terms)
        self.solve(together, 1), self.solve(together, -1)  # both ends of most of them
        numbers = ((target, self.frame.number_of[target]) for target in found)
        return {target.terms[0][0]: (self._least(target, i), self._most(target, i)) for target, i in numbers}

    def breaches(self, min_width: int) -> Iterator[tuple[Target, Breach]]:
        """What is given away, as it is found. Raises CannotJudge where nothing fits what is known."""
        if not self.seen:
            self.solve(self.frame.row(()), 1)
        if len(self.frame.targets) > FEW_TARGETS:
            self._look_around(min_width)
        for i, target in enumerate(self.frame.targets):
            if self._seen_between(i) < _wanted(target, min_width):
                yield from self._given_away(target, min_width)
        yield from self._hidden_given_away(min_width)

    def _look_around(self, min_width: int) -> None:
        """Solutions that pull many counts to their ends at once, so that few must be asked for one by one."""
        wanted = np.array([_wanted(target, min_width) for target in self.frame.targets])
        low, high = self.outer
        draw, idle, left = np.random.default_rng(0), 0, len(wanted)
        while idle < MOST_IDLE:
            unsure = np.flatnonzero(
                (_whole(self.least, self.most) < wanted) & ((self.most < high - NEARLY) | (self.least > low + NEARLY))
            )
            if not len(unsure):
                return
            idle, left = (idle + 1 if len(unsure) > PROGRESS * left else 0), len(unsure)
            self.deadline.check()
            self.searches += 1
            self._learn(self._search(draw.choice((-1.0, 1.0), left) @ self.frame.matrix[unsure]))

    def _hidden_given_away(self, min_width: int) -> Iterator[tuple[Target, Breach]]:
        targets = self.hidden_together()
        if targets and self.seen:
            values = self.frame.matrix_of(target.terms for target in targets) @ np.array(self.seen).T
            wide = _whole(values.min(axis=1), values.max(axis=1)) >= min_width
            targets = [target for target, is_wide in zip(targets, wide, strict=True) if not is_wide]
        for target in targets:
            yield from self._given_away(target, min_width)

    def _given_away(self, target: Target, min_width: int) -> Iterator[tuple[Target, Breach]]:
        found = self.judge(target, min_width)
        if found is not None:
            yield target, found

    def judge(self, target: Target, min_width: int) -> Breach | None:
        """What is given away of a target; the search ends as soon as it is sure that nothing is."""
        if self._is_plain(target):
            return None
        wanted = _wanted(target, min_width)
        i = self.frame.number_of.get(target)
        if i is None:
            return self._breach(target, *self.limits_of(target.terms), wanted)
        if target.changed is None and self.outer[0][i] >= self.k - NEARLY:
            return None
        low = self._least(target, i)
        if (target.changed is None and low >= self.k) or self._seen_between(i) >= wanted:
            return None
        return self._breach(target, low, self._most(target, i), wanted)

    def _seen_between(self, i: int) -> float:
        """How far apart the ends of a target lie that were seen, in whole people: halves are not believed."""
        apart = self.most[i] - self.least[i]
        return float(apart if apart >= FAR else _whole(self.least[i], self.most[i]))

    def _breach(self, target: Target, low: int, high: int, wanted: int) -> Breach | None:
        words = self._words(target, low, high, wanted)
        if not words or (self.told_before is not None and self.told_before().limits(target) == (low, high)):
            return None  # whoever knows as much already is told nothing
        return Breach(words, target.measure, target.group, low, high)

    def limits(self, target: Target) -> tuple[int, int]:
        """Least and most of a target, searched for once: of a puzzle that is never told less or more."""
        if target not in self._limits:
            i = self.frame.number_of.get(target)
            ends = self.limits_of(target.terms) if i is None else (self._least(target, i), self._most(target, i))
            self._limits[target] = ends
        return self._limits[target]

    def _least(self, target: Target, i: int) -> int:
        """Searched for only where no solution that was seen lies at the plain end."""
        low = self.outer[0][i]
        return round(low) if self.least[i] <= low + NEARLY else self.solve(self.frame.row(target.terms), 1)

    def _most(self, target: Target, i: int) -> int:
        high = self.outer[1][i]
        return round(high) if self.most[i] >= high - NEARLY else self.solve(self.frame.row(target.terms), -1)

    def _is_plain(self, target: Target) -> bool:
        """A count whose own cell says that it is k or more hides nobody; nor does a change of what is shown as 0."""
        if target.changed is not None:
            return (0, 0) in (self.range_of(target.changed.later), self.range_of(target.changed.earlier))
        return len(target.terms) == 1 and self.range_of(target.terms[0][0])[0] >= self.k

    def _words(self, target: Target, low: int, high: int, wanted: int) -> str:
        known = f"{target.words}: known to be {low}" + (f" to {high}" if high > low else "")
        if high - low < wanted and (target.changed or (high >= 1 and low < self.k)):
            return known
        if target.all_alike and high == 0 and self._anybody(target):
            return f"{target.words}: known to be nobody at all"
        return ""

    def _anybody(self, target: Target) -> bool:
        """Whether there may be people in the group of whom it says something: seen so already, or searched for."""
        whole = self.structure.within[target.measure], target.group
        i = self.frame.cell_of[whole]
        if self.range_of(whole)[1] == 0 or self.outer[1][i] < 1 - NEARLY:
            return False
        return bool(self.most[i] >= 1 - NEARLY) or self.solve(self.frame.row([(whole, 1)]), -1) > 0


def _whole(least: Vector, most: Vector) -> Vector:
    """How far apart the whole numbers between these lie."""
    apart: Vector = np.floor(most + NEARLY) - np.ceil(least - NEARLY)
    return apart


def _wanted(target: Target, min_width: int) -> int:
    """How uncertain a count must stay; of a change by few not more than it is to begin with."""
    return min_width if target.changed is None else min(min_width, 2 * target.changed.most)


def puzzles_of(
    known: Known, structure: Structure, k: int, *, ties: Sequence[Tie] = (), deadline: Deadline = NO_DEADLINE
) -> list[Puzzle]:
    """A puzzle for each set of counts and of tables that anything ties together.

    Tables that no pair ties together share their totals alone, so what each
    says of everyone is told to the others.
    """
    components = structure.tables.components()

    frames = [
        Frame(
            family,
            structure,
            tables,
            tuple(tie for tie in ties if tie.later[0] in family and tie.later[1] in tables.everywhere),
        )
        for family in structure.families()
        for tables in components
    ]

    def made(told: Known) -> list[Puzzle]:
        return [Puzzle(frame, told, k, deadline) for frame in frames]

    return made(known) if len(components) == 1 else made(_with_totals(known, made(known)))


def _with_totals(known: Known, puzzles: Sequence[Puzzle]) -> Known:
    """What is known, with each total only as uncertain as the surest table leaves it."""
    told = dict(known)
    for puzzle in puzzles:
        for (name, _), (low, high) in puzzle.totals().items():
            before = told.get((name, EVERYONE), (low, high))
            told[name, EVERYONE] = max(low, before[0]), min(high, before[1])
    return told
