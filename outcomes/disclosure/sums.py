"""Means as an attacker sees them who knows how many people stand behind each (R5): they become sums, and sums add up.

PURE. Here: the least and the most that the mean of few people can be, and the
score of one, when all told means of two countings are put together. Those few
may be a group, what the shown groups leave over, or those who came or left
between the countings; the one may be anybody. Called by union.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np

from outcomes.disclosure.alike import Told, is_narrow
from outcomes.disclosure.attack import LEAST_IN_A_MEAN
from outcomes.disclosure.puzzle import NO_DEADLINE, Breach, Deadline
from outcomes.disclosure.shapes import Group, Key, Tables, words_of
from outcomes.disclosure.sheet import Beside, Sheet, counted
from outcomes.disclosure.solver import Facts, Vector

STAYED, LEFT, JOINED = "stayed", "left", "joined"
BEFORE, AFTER = (STAYED, LEFT), (STAYED, JOINED)
Block = tuple[str, Group]  # which people of an atom
Sizes = Mapping[Block, int]


@dataclass(frozen=True)
class Few:
    """Less than ten people of whom a reader may want to know the mean."""

    words: str
    group: Group
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Means:
    """One mean in tables that hang together, as told before and now."""

    name: str
    tables: Tables
    range: tuple[float, float]
    before: Mapping[Key, Told]
    now: Mapping[Key, Told]
    sizes: Sizes
    deadline: Deadline = NO_DEADLINE

    def breaches(self) -> Iterator[Breach]:
        if not any(self._told(means) for means in (self.before, self.now)):
            return
        for few in self._few():
            people = self._people(few.blocks)
            low, high = (bound / people for bound in self._limits(few.blocks))
            if is_narrow(low, high, self.range):
                words = f"{self.name} of {few.words} ({people} people): known to be {low:.1f} to {high:.1f}"
                yield Breach(words, self.name, few.group, int(low), int(high))
        yield from self._of_each()

    # --- one person ----------------------------------------------------------

    def _of_each(self) -> Iterator[Breach]:
        """Those whose score each is known now, and was not by what was told before."""
        for kind, atom in self._columns if self._told(self.now) else ():
            if self._is_known((kind, atom)) and not self._before_alone._is_known((kind, atom)):
                low, high = self._one_of((kind, atom))
                words = f"{self.name} of each who {kind}, {words_of(atom)}: known to be {low:.1f} to {high:.1f}"
                yield Breach(words, self.name, atom, int(low), int(high))

    def _is_known(self, block: Block) -> bool:
        return not self._is_seen_wide(block) and is_narrow(*self._one_of(block), self.range)

    @cached_property
    def _before_alone(self) -> Means:
        return replace(self, now={})

    def _one_of(self, block: Block) -> tuple[float, float]:
        return self._one_between(block, *self._limits([block]))

    def _one_between(self, block: Block, least: float, most: float) -> tuple[float, float]:
        """One person, by the sum of the block: nobody is further from an end than all of them together."""
        (lowest, highest), people = self.range, self.sizes[block]
        return max(lowest, highest - (people * highest - least)), min(highest, lowest + most - people * lowest)

    def _is_seen_wide(self, block: Block) -> bool:
        """Whether two scores that fit lie far enough apart already: so hardly any block needs a search of its own."""
        sums = [float(found[self._columns[block]]) for found in self._seen]
        return not is_narrow(*self._one_between(block, min(sums), max(sums)), self.range)

    @cached_property
    def _seen(self) -> tuple[Vector, Vector]:
        self.deadline.check()
        together = np.ones(len(self._columns))
        return self._facts.at_least(together), self._facts.at_least(-together)

    # --- what is told ----------------------------------------------------------

    def _told(self, means: Mapping[Key, Told]) -> list[Group]:
        return [group for group in self.tables.everywhere if (self.name, group) in means]

    def _people(self, blocks: Sequence[Block]) -> int:
        return sum(self.sizes.get(block, 0) for block in blocks)

    def _few(self) -> Iterator[Few]:
        for few in self._blocks():
            if 0 < self._people(few.blocks) < LEAST_IN_A_MEAN:
                yield few

    def _blocks(self) -> Iterator[Few]:
        for group in self.tables.everywhere:
            atoms = self._atoms(group)
            for kind in (LEFT, JOINED):
                yield Few(f"those who {kind}, {words_of(group)}", group, tuple((kind, atom) for atom in atoms))
        for (time, means), (whole, parts) in product(self._times, self.tables.divisions):
            told = self._told(means)
            over = [part for part in parts if part not in told]
            if whole in told and over:
                blocks = tuple((kind, atom) for part in over for atom in self._atoms(part) for kind in time)
                yield Few(f"{words_of(whole)} less the groups shown", over[0], blocks)

    @property
    def _times(self) -> tuple[tuple[tuple[str, str], Mapping[Key, Told]], ...]:
        return (BEFORE, self.before), (AFTER, self.now)

    def _atoms(self, group: Group) -> tuple[Group, ...]:
        dims = {name for name, _ in group}
        return next(self.tables.parts(group, leaf) for leaf in self.tables.leaves if dims <= set(leaf))

    @cached_property
    def _columns(self) -> dict[Block, int]:
        """Blocks with anybody in them: the others have no sum to know."""
        blocks = (
            (kind, atom)
            for kind in (STAYED, LEFT, JOINED)
            for leaf in self.tables.leaves
            for atom in self.tables.of(leaf)
        )
        return {block: i for i, block in enumerate(block for block in blocks if self.sizes.get(block))}

    def _row(self, blocks: Sequence[Block], sign: int = 1) -> Vector:
        row = np.zeros(len(self._columns))
        for block in blocks:
            if block in self._columns:
                row[self._columns[block]] += sign
        return row

    @cached_property
    def _facts(self) -> Facts:
        from scipy.sparse import csc_array

        rows = [(np.zeros(len(self._columns)), 0.0, 0.0), *self._shown(), *self._agreements()]
        people = np.array([float(self.sizes[block]) for block in self._columns])
        lows, highs = (np.array([row[i] for row in rows]) for i in (1, 2))
        matrix = csc_array(np.array([row[0] for row in rows]))
        return Facts(matrix, lows, highs, people * self.range[0], people * self.range[1])

    def _shown(self) -> Iterator[tuple[Vector, float, float]]:
        for time, means in self._times:
            for group in self._told(means):
                told = means[self.name, group]
                blocks = [(kind, atom) for atom in self._atoms(group) for kind in time]
                people = self._people(blocks)
                yield self._row(blocks), people * (told.value - told.slack), people * (told.value + told.slack)

    def _agreements(self) -> Iterator[tuple[Vector, float, float]]:
        """Tables that share a margin have the same sums in it."""
        for group in self.tables.everywhere:
            dims = {name for name, _ in group}
            first, *others = (self.tables.parts(group, leaf) for leaf in self.tables.leaves if dims <= set(leaf))
            for other, kind in product(others, (STAYED, LEFT, JOINED)):
                yield self._row([(kind, atom) for atom in first]) - self._row([(kind, atom) for atom in other]), 0, 0

    def _limits(self, blocks: Sequence[Block]) -> tuple[float, float]:
        self.deadline.check()
        row = self._row(blocks)
        return float(row @ self._facts.at_least(row)), float(row @ self._facts.at_least(-row))


def sizes_of(names: Sequence[str], tables: Tables, before: Sheet, now: Sheet) -> dict[str, Sizes]:
    """How many of each mean stayed with the same score, left, or joined, in each atom. A changed score does both."""
    two, found = Beside(before, now), {name: Counter[Block]() for name in names}
    leaves = [(groups, two.numbers(dims, groups)) for dims in tables.leaves for groups in (tables.of(dims),)]
    for name in names:
        first, last = two.amounts(name)
        there, here = ~np.isnan(first), ~np.isnan(last)
        for groups, (was, is_now) in leaves:
            stayed = (first == last) & (was == is_now)
            kinds = ((STAYED, was, stayed), (LEFT, was, there & ~stayed), (JOINED, is_now, here & ~stayed))
            for kind, numbers, who in kinds:
                people = counted(numbers, who, len(groups)).tolist()
                found[name].update({(kind, group): n for group, n in zip(groups, people, strict=True) if n})
    return dict(found)
