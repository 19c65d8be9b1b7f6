"""What figures that repeat an earlier counting tell of the new one: that fewer than k people changed them since. PURE.

Here: those ties, and the puzzle of two countings that hang together by them. Whoever has nothing but the files knows
as much. Called before a release is published (union.py), and by the attack on files (from_files.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from outcomes.disclosure.frame import Tie
from outcomes.disclosure.puzzle import Deadline, Known, Puzzle, puzzles_of
from outcomes.disclosure.shapes import Cell, Key, Structure

BEFORE = "@before"  # on the name of a measure, for its earlier counting


def ties_of(cells: Iterable[Cell], structure: Structure, k: int) -> dict[str, list[Tie]]:
    """By the counting that is repeated. Nobody knows how many visits those who changed have made."""
    found: dict[str, list[Tie]] = defaultdict(list)
    for cell in cells:
        if cell.counted and cell.measure in structure.counts and cell.measure not in structure.visits:
            found[cell.counted].append(Tie(cell.key, (cell.measure + BEFORE, cell.group), k - 1))
    return found


def of_then(known: Known) -> dict[Key, tuple[int, int]]:
    """What is known of an earlier counting, under the names that it has beside a later one."""
    return {(name + BEFORE, group): limits for (name, group), limits in known.items()}


def beside(
    now: Known, before: Known, structure: Structure, ties: Sequence[Tie], *, k: int, deadline: Deadline
) -> list[Puzzle]:
    """One counting and an earlier one, as far as anything ties the two together."""
    known: Mapping[Key, tuple[int, int]] = {**now, **of_then(before)}
    puzzles = puzzles_of(known, twice(structure), k, ties=ties, deadline=deadline)
    return [puzzle for puzzle in puzzles if puzzle.frame.ties]


def twice(structure: Structure) -> Structure:
    """The same measures at two times; tied together in one family each, as ties go between them."""
    old = {name: name + BEFORE for name in structure.measures}
    return replace(
        structure,
        measures=(*structure.measures, *old.values()),
        within={**structure.within, **{old[inner]: old[outer] for inner, outer in structure.within.items()}},
        sums=(*structure.sums, *((old[whole], tuple(old[part] for part in parts)) for whole, parts in structure.sums)),
        sensitive=structure.sensitive | {old[name] for name in structure.sensitive if name in old},
        tied=tuple(old.items()),
    )
