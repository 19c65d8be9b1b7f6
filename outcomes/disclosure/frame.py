"""What an attack is about, whatever is known: counts, how they hang together, and what is sought. PURE.

Here: the columns, the rows of facts and the targets of one set of counts in one
set of tables. Not here: what is known of them, and the search (puzzle.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from outcomes.disclosure.shapes import MOST_DIMENSIONS, Group, Key, Structure, Tables, words_of
from outcomes.disclosure.solver import Vector

if TYPE_CHECKING:
    from scipy.sparse import csr_array


Terms: TypeAlias = Iterable[tuple[Key, int]]  # counts to add up, by sign


@dataclass(frozen=True)
class Tie:
    """Counts of one thing at two times, of which it is known that at most `most` people changed."""

    later: Key
    earlier: Key
    most: int


@dataclass(frozen=True)
class Target:
    """A count that an attacker would like to know: a sum of others, by sign."""

    words: str
    measure: str
    group: Group
    terms: tuple[tuple[Key, int], ...]
    all_alike: bool = False  # nobody in it would mean that everyone shares a sensitive fact
    changed: Tie | None = None  # it is what changed between two times


@dataclass(frozen=True)
class Frame:
    """What a puzzle is about, whatever is known: its counts, how they hang together, and what an attacker seeks."""

    measures: tuple[str, ...]
    structure: Structure
    tables: Tables
    ties: tuple[Tie, ...] = ()

    @cached_property
    def atoms(self) -> tuple[Group, ...]:
        return tuple(group for leaf in self.tables.leaves for group in self.tables.of(leaf))

    @cached_property
    def columns(self) -> dict[Key, int]:
        return {key: i for i, key in enumerate((name, group) for name in self.measures for group in self.atoms)}

    @cached_property
    def totals(self) -> dict[Key, int]:
        """Counts that are sums of columns, each with the row of the facts that holds it."""
        atoms = set(self.atoms)
        keys = ((name, group) for name in self.measures for group in self.tables.everywhere if group not in atoms)
        return {key: i for i, key in enumerate(keys)}

    @cached_property
    def _spellings(self) -> dict[Group, list[tuple[Group, ...]]]:
        """Each way to say a group as a sum of atoms: one for each finest table that holds its dimensions."""
        return {
            group: [
                self.tables.parts(group, leaf)
                for leaf in self.tables.leaves
                if {name for name, _ in group} <= set(leaf)
            ]
            for group in self.tables.everywhere
        }

    def row(self, terms: Terms) -> Vector:
        return np.array(self.matrix_of([terms]).toarray()[0])

    def matrix_of(self, sums: Iterable[Terms]) -> csr_array:
        """A row for each sum of counts."""
        from scipy.sparse import csr_array

        columns: list[int] = []
        signs: list[float] = []
        ends = [0]
        for terms in sums:
            for (name, group), sign in terms:
                atoms = self._spellings[group][0]
                columns += [self.columns[name, atom] for atom in atoms]
                signs += [float(sign)] * len(atoms)
            ends.append(len(columns))
        made = csr_array((signs, columns, ends), shape=(len(ends) - 1, len(self.columns)))
        made.sum_duplicates()
        return made

    @cached_property
    def facts(self) -> list[tuple[Terms, float, float]]:
        """Sums that hold whatever is known: first one for each total, then tables, parts, and few who changed."""
        totals = [([(key, 1)], 0.0, np.inf) for key in self.totals]
        nothing: tuple[Terms, float, float] = ([], 0.0, 0.0)
        return [*totals, nothing, *self._agreements(), *self._relations(), *self._changed_by_few()]

    def _agreements(self) -> Iterator[tuple[Terms, float, float]]:
        for first, *others in self._spellings.values():
            for other in others:
                for name in self.measures:
                    terms = [((name, atom), 1) for atom in first] + [((name, atom), -1) for atom in other]
                    yield terms, 0, 0

    def _relations(self) -> Iterator[tuple[Terms, float, float]]:
        for group in self.atoms:
            for inner, outer in self.structure.within.items():
                if inner in self.measures:
                    yield [((outer, group), 1), ((inner, group), -1)], 0, np.inf
            for whole, parts in self.structure.sums:
                if whole in self.measures:
                    yield [((whole, group), 1), *(((part, group), -1) for part in parts)], 0, 0

    def _changed_by_few(self) -> Iterator[tuple[Terms, float, float]]:
        for tie in self.ties:
            yield [(tie.later, 1), (tie.earlier, -1)], -tie.most, tie.most

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        return (*self._cells(), *self._complements(), *self._losses(), *self._changes())

    @cached_property
    def number_of(self) -> dict[Target, int]:
        return {target: i for i, target in enumerate(self.targets)}

    @cached_property
    def cell_of(self) -> dict[Key, int]:
        """By number, the target that each count is by itself."""
        return {target.terms[0][0]: i for i, target in enumerate(self.targets) if len(target.terms) == 1}

    @cached_property
    def matrix(self) -> csr_array:
        return self.matrix_of(target.terms for target in self.targets)

    def _cells(self) -> Iterator[Target]:
        for name in self.measures:
            for group in self.tables.everywhere:
                sensitive = name in self.structure.sensitive and name in self.structure.within
                yield Target(f"{name} in {words_of(group)}", name, group, (((name, group), 1),), sensitive)

    def _complements(self) -> Iterator[Target]:
        """Everyone but one group; in a table of two also each margin but one."""
        for name in self.measures:
            for whole, parts in self.tables.divisions:
                for group in parts if len(parts) > MOST_DIMENSIONS else ():
                    terms = (((name, whole), 1), ((name, group), -1))
                    yield Target(f"{name} of {words_of(whole)} outside {words_of(group)}", name, group, terms)

    def _losses(self) -> Iterator[Target]:
        for inner, outer in self.structure.within.items():
            for group in self.tables.everywhere if inner in self.measures else ():
                words = f"those of {outer} who are not in {inner}, in {words_of(group)}"
                terms = (((outer, group), 1), ((inner, group), -1))
                yield Target(words, inner, group, terms, inner in self.structure.sensitive)

    def _changes(self) -> Iterator[Target]:
        for tie in self.ties:
            if tie.most:
                words = f"how {tie.later[0]} changed in {words_of(tie.later[1])}"
                yield Target(words, *tie.later, ((tie.later, 1), (tie.earlier, -1)), changed=tie)
