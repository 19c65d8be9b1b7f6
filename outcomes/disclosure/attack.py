"""The attack that a release must survive (R12): what can be worked out from the shown cells alone? PURE.

Here: every shown cell becomes a fact, and the search of puzzle.py finds hidden
counts, everyone but one group, all hidden groups together, those lost between
two stages; means of few, and of people so alike that each is known; percentages that say more. Not here: who hides what
(rules.py, means.py, repair.py), several releases (union.py). It is told nothing
that a reader of the release does not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import Any, TypeAlias

from outcomes.disclosure.alike import told_means
from outcomes.disclosure.derived import is_what_its_sources_say, sources
from outcomes.disclosure.puzzle import (
    MIN_WIDTH,
    NO_DEADLINE,
    ROUND_TO,
    Breach,
    Deadline,
    Puzzle,
    known_of,
    puzzles_of,
)
from outcomes.disclosure.shapes import Cell, Key, Structure, words_of

LEAST_IN_A_MEAN = 10
SLACK = ROUND_TO // 2

Shown: TypeAlias = Mapping[Key, Cell]


@dataclass(frozen=True)
class Report:
    """What was tried. `figures` is how many counts were sought, `searches` how many had to be solved.

    `against`: the releases that were looked at together with this one.
    """

    breaches: tuple[Breach, ...]
    cells: int
    figures: int
    searches: int
    seconds: float
    against: tuple[str, ...] = ()
    gave_up: str = ""  # why it could not be judged, in words

    @property
    def survived(self) -> bool:
        return not self.breaches and not self.gave_up

    def as_dict(self) -> dict[str, Any]:
        """For storing with the release (JSON)."""
        breaches = [breach.as_dict() for breach in self.breaches]
        return asdict(self) | {"breaches": breaches, "against": list(self.against), "survived": self.survived}


@dataclass
class Tally:
    """Breaches as they are found, and what it took."""

    breaches: dict[tuple[str, str], Breach] = field(default_factory=dict)
    figures: int = 0
    searches: int = 0
    mended: int = 0  # how many figures were withheld meanwhile
    broken: set[int] = field(default_factory=set)  # numbers of the earlier countings beside which there were any

    def add(self, found: Iterator[Breach] | Sequence[Breach]) -> None:
        self.breaches |= {(breach.measure, breach.words): breach for breach in found}

    def count(self, puzzles: Sequence[Puzzle]) -> None:
        self.figures += sum(puzzle.sought for puzzle in puzzles)
        self.searches += sum(puzzle.searches for puzzle in puzzles)


def attack(
    cells: Sequence[Cell],
    structure: Structure,
    k: int,
    *,
    min_width: int = MIN_WIDTH,
    round_to: int = ROUND_TO,
    deadline: Deadline = NO_DEADLINE,
) -> Report:
    """Try to break the cells of one release. Raises CannotJudge when they contradict each other or time runs out.

    A breach is a count that may lie in 1..k-1 and is known to less than
    `min_width`; all or none of a group alike in something sensitive; a mean
    over fewer than 10 people, or that tells nearly what each of them has; a
    percentage that says more than the shown counts.
    """
    began = perf_counter()
    shown = {cell.key: cell for cell in cells}
    puzzles = puzzles_of(known_of(cells, structure, k, round_to), structure, k, deadline=deadline)
    tally = Tally()
    for puzzle in puzzles:
        tally.add([breach for _, breach in puzzle.breaches(min_width)])
    tally.add(means_given_away(shown, structure, puzzles))
    tally.add(scores_given_away(shown, structure, puzzles))
    tally.add(derived_that_say_more(shown, structure))
    tally.count(puzzles)
    return Report(
        breaches=tuple(tally.breaches.values()),
        cells=len(shown),
        figures=tally.figures,
        searches=tally.searches,
        seconds=round(perf_counter() - began, 3),
    )


def means_given_away(shown: Shown, structure: Structure, puzzles: Sequence[Puzzle]) -> Iterator[Breach]:
    """A shown mean, or what the shown parts leave of a whole, may be of fewer than 10 people."""
    for mean, of in {**structure.mean_of, **structure.others_of}.items():
        told = {group for group in structure.everywhere if (mean, group) in shown and shown[mean, group].shown}
        for puzzle in (one for one in puzzles if of in one.measures):
            for group in (group for group in puzzle.tables.everywhere if group in told):
                yield from _mean_of_few(f"{mean} in {words_of(group)}", mean, [(of, group)], puzzle)
            for whole, parts in puzzle.tables.divisions:
                left = [(of, group) for group in parts if group not in told]
                if whole in told and left:
                    words = f"{mean} of {words_of(whole)}, less the groups shown"
                    yield from _mean_of_few(words, mean, left, puzzle)


def _mean_of_few(words: str, mean: str, people: Sequence[Key], puzzle: Puzzle) -> Iterator[Breach]:
    if sum(puzzle.range_of(key)[0] for key in people) >= LEAST_IN_A_MEAN:
        return
    fewest, most = puzzle.limits_of([(key, 1) for key in people])
    if fewest < LEAST_IN_A_MEAN and most > 0:
        yield Breach(f"{words}: may be of {fewest} people", mean, people[0][1], fewest, most)


def scores_given_away(shown: Shown, structure: Structure, puzzles: Sequence[Puzzle]) -> Iterator[Breach]:
    """A told mean, with its interval and the ends of its scale, may leave hardly any room for each person's score."""
    for (name, group), told in told_means(shown, structure).items():
        ends, of = structure.ranges.get(name), structure.mean_of[name]
        about = (one for one in puzzles if of in one.measures and group in one.tables.everywhere)
        people = max([LEAST_IN_A_MEAN, *(one.range_of((of, group))[0] for one in about)])
        if ends is not None and told.tells_of_each(people, ends):
            low, high = told.of_each(people, ends)
            words = f"{name} of each in {words_of(group)}: known to be {low:.1f} to {high:.1f}, or nearly so"
            yield Breach(words, name, group, int(low), int(high))


def derived_that_say_more(shown: Shown, structure: Structure) -> Iterator[Breach]:
    for name, (how, of) in structure.derived.items():
        for group in structure.everywhere:
            cell = shown.get((name, group))
            if cell is None or not cell.shown or cell.counted:
                continue  # one that is repeated stands already in the release that it is repeated from
            if not is_what_its_sources_say(cell, how, [shown.get(key) for key in sources(how, of, group)]):
                words = f"{name} in {words_of(group)}: is not what the shown counts come to"
                yield Breach(words, name, group, int(cell.value or 0), int(cell.value or 0))
