"""The attack that a release must survive: what can be worked out from the shown cells alone? PURE.

Here: every shown cell becomes a fact, and linear programming over whole numbers
(scipy, HiGHS) finds the least and the most that each count can be: hidden
counts, everyone but one group, all hidden groups together, those lost between
two stages. Not here: who hides what (rules.py, means.py, repair.py). It is told
nothing that a reader of the release does not know. Measures that no relation
ties together are attacked apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from outcomes.disclosure.shapes import EVERYONE, Cell, Group, Status, Structure

# scipy.optimize is imported where it is used: it costs every process a third of a second at its start, and only the
# building of a release needs it.
if TYPE_CHECKING:
    from scipy.optimize import Bounds, LinearConstraint

MIN_WIDTH = 3  # a small count known to within less than this is as good as known
LEAST_IN_A_MEAN = 10
ROUND_TO = 5
SLACK = ROUND_TO // 2
NEARLY = 1e-6
UNKNOWN = 1000  # how far above everything shown a withheld count may lie

Key: TypeAlias = tuple[str, Group]
Shown: TypeAlias = Mapping[Key, Cell]
Vector: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"


class CannotJudge(ValueError):
    """The cells contradict each other or the search did not end: the release must not be published."""


@dataclass(frozen=True)
class Breach:
    """One thing that the release gives away. `low` and `high`: what is left of it."""

    words: str
    measure: str
    group: Group
    low: int
    high: int


@dataclass(frozen=True)
class Report:
    """What was tried. `figures` is how many counts were sought, `searches` how many had to be solved."""

    breaches: tuple[Breach, ...]
    cells: int
    figures: int
    searches: int
    seconds: float

    @property
    def survived(self) -> bool:
        return not self.breaches

    def as_dict(self) -> dict[str, Any]:
        """For storing with the release (JSON)."""
        return asdict(self) | {"breaches": [asdict(breach) for breach in self.breaches], "survived": self.survived}


@dataclass(frozen=True)
class Target:
    """A count that an attacker would like to know: a sum of others, by sign."""

    words: str
    measure: str
    group: Group
    terms: tuple[tuple[Key, int], ...]
    all_alike: bool = False  # nobody in it would mean that everyone shares a sensitive fact


def attack(
    cells: Sequence[Cell], structure: Structure, k: int, *, min_width: int = MIN_WIDTH, round_to: int = ROUND_TO
) -> Report:
    """Try to break the cells. Raises CannotJudge when they contradict each other.

    A breach is a count that may lie in 1..k-1 and is known to less than
    `min_width`; all or none of a group alike in something sensitive; a mean
    over fewer than 10 people; a percentage that says more than the shown counts.
    """
    began = perf_counter()
    shown = {(cell.measure, cell.group): cell for cell in cells}
    puzzles = puzzles_of(shown, structure, k, round_to)
    breaches = [breach for puzzle in puzzles for breach in puzzle.breaches(min_width).values()]
    breaches += _means_given_away(shown, structure, puzzles)
    breaches += _ratios_that_say_more(shown, structure)
    return Report(
        breaches=tuple(breaches),
        cells=len(shown),
        figures=sum(len(puzzle.targets) for puzzle in puzzles),
        searches=sum(puzzle.searches for puzzle in puzzles),
        seconds=round(perf_counter() - began, 3),
    )


def puzzles_of(shown: Shown, structure: Structure, k: int, round_to: int) -> list[Puzzle]:
    """One puzzle for each set of counts that relations tie together."""
    return [Puzzle(measures, shown, structure, k, round_to=round_to) for measures in families_of(structure)]


def families_of(structure: Structure) -> list[tuple[str, ...]]:
    family = {name: {name} for name in structure.measures}
    ties = [*structure.within.items(), *((whole, part) for whole, parts in structure.sums for part in parts)]
    for one, other in ties:
        if family[one] is not family[other]:
            family[one] |= family[other]
            for name in family[other]:
                family[name] = family[one]
    order = dict.fromkeys(frozenset(members) for members in family.values())
    return [tuple(name for name in structure.measures if name in members) for members in order]


@dataclass
class Puzzle:
    """What is known of one family of counts, and the whole numbers that fit it.

    Every solution is kept in `seen`: a count that has been seen with two values
    far enough apart needs no search of its own. What was seen stays possible
    when a cell is withheld, so it may be handed on.
    """

    measures: tuple[str, ...]
    shown: Shown
    structure: Structure
    k: int
    seen: list[Vector] = field(default_factory=list)
    round_to: int = ROUND_TO
    searches: int = 0

    @property
    def atoms(self) -> tuple[Group, ...]:
        return self.structure.groups or (EVERYONE,)

    @cached_property
    def columns(self) -> dict[Key, int]:
        return {key: i for i, key in enumerate((name, group) for name in self.measures for group in self.atoms)}

    @cached_property
    def top(self) -> int:
        values = [cell.value or 0 for (name, _), cell in self.shown.items() if name in self.measures]
        return int(sum(values)) + UNKNOWN

    def range_of(self, key: Key) -> tuple[int, int]:
        """What a reader knows of one count from its own cell."""
        cell = self.shown.get(key)
        if cell is None or cell.status is Status.WITHHELD:
            return 0, self.top
        if cell.status is Status.SMALL:
            return self.structure.lowest_hidden(key[0]), self.k - 1
        value = int(cell.value or 0)
        slack = self.round_to // 2
        return (max(self.k, value - slack), value + slack) if value else (0, 0)

    def row(self, terms: Sequence[tuple[Key, int]]) -> Vector:
        row = np.zeros(len(self.columns))
        for (name, group), sign in terms:
            for atom in self.atoms if group is EVERYONE else (group,):
                row[self.columns[name, atom]] += sign
        return row

    @cached_property
    def facts(self) -> LinearConstraint:
        """Totals in their ranges, parts within their wholes, parts that add up."""
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csc_array

        rows, lows, highs = [np.zeros(len(self.columns))], [0.0], [0.0]
        for name in self.measures:
            low, high = self.range_of((name, EVERYONE))
            rows.append(self.row([((name, EVERYONE), 1)]))
            lows.append(low)
            highs.append(high)
        for terms, is_equal in self._relations():
            rows.append(self.row(terms))
            lows.append(0)
            highs.append(0 if is_equal else np.inf)
        return LinearConstraint(csc_array(np.array(rows)), np.array(lows), np.array(highs))

    def _relations(self) -> Iterator[tuple[list[tuple[Key, int]], bool]]:
        for group in self.atoms:
            for inner, outer in self.structure.within.items():
                if inner in self.measures:
                    yield [((outer, group), 1), ((inner, group), -1)], False
            for whole, parts in self.structure.sums:
                if whole in self.measures:
                    yield [((whole, group), 1), *(((part, group), -1) for part in parts)], True

    @cached_property
    def bounds(self) -> Bounds:
        from scipy.optimize import Bounds

        ranges = [self.range_of(key) for key in self.columns]
        return Bounds([low for low, _ in ranges], [high for _, high in ranges])

    @cached_property
    def targets(self) -> list[Target]:
        return [*self._cells(), *self._unions(), *self._losses()]

    def _cells(self) -> Iterator[Target]:
        for name in self.measures:
            for group in self.structure.everywhere:
                where = group or "everyone"
                sensitive = name in self.structure.sensitive and name in self.structure.within
                yield Target(f"{name} in {where}", name, group, (((name, group), 1),), sensitive)

    def _unions(self) -> Iterator[Target]:
        """Everyone but one group, and all the groups that are hidden."""
        for name in self.measures:
            hidden = [group for group in self.structure.groups if not self._is_shown((name, group))]
            for group in self.structure.groups if len(self.structure.groups) > 2 else ():
                terms = (((name, EVERYONE), 1), ((name, group), -1))
                yield Target(f"{name} of everyone outside {group}", name, group, terms)
            if 1 < len(hidden) < len(self.structure.groups):
                yield Target(
                    f"{name} in {' and '.join(map(str, hidden))} together",
                    name,
                    hidden[0],
                    tuple(((name, group), 1) for group in hidden),
                )

    def _losses(self) -> Iterator[Target]:
        for inner, outer in self.structure.within.items():
            for group in self.structure.everywhere if inner in self.measures else ():
                words = f"those of {outer} who are not in {inner}, in {group or 'everyone'}"
                terms = (((outer, group), 1), ((inner, group), -1))
                yield Target(words, inner, group, terms, inner in self.structure.sensitive)

    def _is_shown(self, key: Key) -> bool:
        return key in self.shown and self.shown[key].shown

    @cached_property
    def matrix(self) -> Vector:
        return np.array([self.row(target.terms) for target in self.targets])

    def __post_init__(self) -> None:
        self.least = np.full(len(self.targets), np.inf)
        self.most = np.full(len(self.targets), -np.inf)
        if self.seen:
            values = self.matrix @ np.array(self.seen).T
            self.least, self.most = values.min(axis=1), values.max(axis=1)

    def solve(self, row: Vector, sign: int) -> int:
        """The least (sign 1) or most (sign -1) that a sum can be."""
        self.searches += 1
        found = self._search(sign * row)
        self._learn(found)
        return round(float(row @ found))

    def _search(self, row: Vector) -> Vector:
        """The whole numbers that make a sum least. Fractions nearly always come out whole, and are quicker."""
        found = self._least(row, whole=False)
        return np.round(found) if np.abs(found - np.round(found)).max() < NEARLY else self._least(row, whole=True)

    def _least(self, row: Vector, *, whole: bool) -> Vector:
        from scipy.optimize import milp

        integrality = np.full(len(row), int(whole))
        # Looking for short cuts first costs more than it saves, unless the numbers must be whole.
        answer = milp(
            row, constraints=self.facts, bounds=self.bounds, integrality=integrality, options={"presolve": whole}
        )
        if answer.x is None:
            raise CannotJudge(f"{', '.join(self.measures)}: {answer.message}")
        found: Vector = np.round(answer.x) if whole else answer.x
        return found

    def _learn(self, found: Vector) -> None:
        """Keep a solution that shows some target lower or higher than before."""
        values = self.matrix @ found
        if (values < self.least).any() or (values > self.most).any():
            self.seen.append(found)
            self.least, self.most = np.minimum(self.least, values), np.maximum(self.most, values)

    def limits(self, target: Target) -> tuple[int, int]:
        """Least and most of a target, exactly."""
        row = self.row(target.terms)
        return self.solve(row, 1), self.solve(row, -1)

    def breaches(self, min_width: int, among: Collection[Target] | None = None) -> dict[Target, Breach]:
        """What is given away of all targets, or of those in `among`."""
        judged = (
            (target, self._judge(i, min_width))
            for i, target in enumerate(self.targets)
            if among is None or target in among
        )
        return {target: breach for target, breach in judged if breach is not None}

    def _judge(self, index: int, min_width: int) -> Breach | None:
        target = self.targets[index]
        if self.most[index] - self.least[index] >= min_width or self._is_plain(target):
            return None
        low, high = self.limits(target)
        words = self._words(target, low, high, min_width)
        return Breach(words, target.measure, target.group, low, high) if words else None

    def _is_plain(self, target: Target) -> bool:
        """A count whose own cell says that it is k or more hides nobody."""
        return len(target.terms) == 1 and self.range_of(target.terms[0][0])[0] >= self.k

    def _words(self, target: Target, low: int, high: int, min_width: int) -> str:
        if high - low < min_width and high >= 1 and low < self.k:
            return f"{target.words}: known to be {low}" + (f" to {high}" if high > low else "")
        if target.all_alike and high == 0 and self._anybody(target):
            return f"{target.words}: known to be nobody at all"
        return ""

    def _anybody(self, target: Target) -> bool:
        """Whether there may be people in the group of whom it says something."""
        whole = self.structure.within[target.measure]
        return self.solve(self.row([((whole, target.group), 1)]), -1) > 0


def _means_given_away(shown: Shown, structure: Structure, puzzles: Sequence[Puzzle]) -> Iterator[Breach]:
    """A shown mean, or what the shown ones leave of everyone's, may be of fewer than 10 people."""
    puzzle_of = {name: puzzle for puzzle in puzzles for name in puzzle.measures}
    for mean, of in {**structure.mean_of, **structure.others_of}.items():
        told = [group for group in structure.everywhere if (mean, group) in shown and shown[mean, group].shown]
        for group in told:
            words = f"{mean} in {group or 'everyone'}"
            yield from _mean_of_few(words, mean, [(of, group)], puzzle_of[of])
        left = [(of, group) for group in structure.groups if group not in told]
        if EVERYONE in told and left:
            yield from _mean_of_few(f"{mean} of everyone, less the groups shown", mean, left, puzzle_of[of])


def _mean_of_few(words: str, mean: str, people: Sequence[Key], puzzle: Puzzle) -> Iterator[Breach]:
    if sum(puzzle.range_of(key)[0] for key in people) >= LEAST_IN_A_MEAN:
        return
    row = puzzle.row([(key, 1) for key in people])
    fewest, most = puzzle.solve(row, 1), puzzle.solve(row, -1)
    if fewest < LEAST_IN_A_MEAN and most > 0:
        yield Breach(f"{words}: may be of {fewest} people", mean, people[0][1], fewest, most)


def _ratios_that_say_more(shown: Shown, structure: Structure) -> Iterator[Breach]:
    for name, (numerator, denominator) in structure.ratios.items():
        for group in structure.everywhere:
            cell, upper, lower = (shown.get((measure, group)) for measure in (name, numerator, denominator))
            if cell is None or not cell.shown:
                continue
            if not (upper and lower and upper.shown and lower.shown and cell.value == percentage(upper, lower)):
                words = f"{name} in {group or 'everyone'}: is not the percentage of the shown counts"
                yield Breach(words, name, group, int(cell.value or 0), int(cell.value or 0))


def percentage(upper: Cell, lower: Cell) -> float | None:
    """Whole per cent of two shown counts, halves up; None of nothing."""
    return float(int(100 * (upper.value or 0) / lower.value + 0.5)) if lower.value else None
