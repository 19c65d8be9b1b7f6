"""From true figures to cells from which nothing can be worked out: rule R11. PURE.

Here: the order of the steps, and which further counts are withheld until the
attack finds nothing: the one that helps most first, groups before the overall
total. Called by release.py through the package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from outcomes.disclosure.attack import MIN_WIDTH, Breach, Key, Puzzle, Target, families_of
from outcomes.disclosure.means import mean_cells
from outcomes.disclosure.rules import Cells, primary, ratio_cells, with_splits_guarded, with_visits_guarded, withheld
from outcomes.disclosure.shapes import EVERYONE, Figures, Minimums, Protected, Status, Structure, structure_of

CANDIDATES = 8  # how many cells are tried before one is withheld: enough to choose well, few enough to be quick


def protect(figures: Figures, k: int = 8, minimums: Minimums | None = None) -> Protected:
    """The cells that may be shown of these figures, in their order; the same figures give the same cells.

    k: the least count of people shown, 8 or more. Raises FiguresDisagree when
    the figures contradict their structure, ValueError when k is below 8.
    """
    if k < 8:
        raise ValueError("k must be 8 or more")
    figures.check()
    minimums, structure = minimums or Minimums(), structure_of(figures)
    counts = with_visits_guarded(figures, with_splits_guarded(figures, primary(figures, k), k), k)
    counts = with_secondary(counts, structure, k)
    cells = (*counts.values(), *ratio_cells(figures, counts, minimums), *mean_cells(figures, counts, minimums))
    return Protected(cells, structure, k)


def with_secondary(cells: Cells, structure: Structure, k: int) -> Cells:
    """Withhold shown counts until no small one can be worked out."""
    cells = dict(cells)
    for family in families_of(structure):
        _mend(family, cells, structure, k)
    return cells


def _mend(family: tuple[str, ...], cells: Cells, structure: Structure, k: int) -> None:
    puzzle = Puzzle(family, cells, structure, k)
    while found := puzzle.breaches(MIN_WIDTH):
        first = next(iter(found.values()))
        best = min(_candidates(first, puzzle), key=lambda key: _harm(key, found, puzzle))
        _withhold(best, cells, structure)
        puzzle = Puzzle(family, cells, structure, k, puzzle.seen)


def _candidates(breach: Breach, puzzle: Puzzle) -> list[Key]:
    """Counts whose withholding may help, small first: of groups near the breach, then totals near it, then any."""
    near = set(_near(breach.measure, puzzle))
    told = [
        key for key, cell in puzzle.shown.items() if key[0] in puzzle.measures and cell.status is not Status.WITHHELD
    ]
    # One small count stands for all those beside it, as they are withheld together.
    small = {key[0]: key for key in told if key[1] is not EVERYONE and not puzzle.shown[key].shown}
    numbers = [key for key in told if puzzle.shown[key].value]
    groups = [key for key in (*small.values(), *numbers) if key[1] is not EVERYONE]
    choices = (
        [key for key in groups if key[0] in near],
        [key for key in told if key[0] in near],
        groups,
        told,
    )
    best = next(filter(None, choices))
    return sorted(best, key=lambda key: puzzle.shown[key].value or 0)[:CANDIDATES]


def _near(measure: str, puzzle: Puzzle) -> Iterator[str]:
    """The measure itself and those that a relation ties to it."""
    yield measure
    for inner, outer in puzzle.structure.within.items():
        if measure in (inner, outer):
            yield from (inner, outer)


def _harm(key: Key, found: Mapping[Target, Breach], puzzle: Puzzle) -> tuple[int, int, float]:
    """What is still given away when this cell is withheld, how tightly, and what the reader loses."""
    tried = dict(puzzle.shown)
    _withhold(key, tried, puzzle.structure)
    later = Puzzle(puzzle.measures, tried, puzzle.structure, puzzle.k, list(puzzle.seen))
    remaining = later.breaches(MIN_WIDTH, list(found)[:CANDIDATES]).values()
    width = sum(breach.high - breach.low for breach in remaining)
    return len(remaining), -width, puzzle.shown[key].value or 0


def _withhold(key: Key, cells: Cells, structure: Structure) -> None:
    """Withhold a count; the small ones beside it become withheld too, or it would be clear which is which."""
    cells[key] = withheld(cells[key])
    for group in structure.groups:
        beside = cells.get((key[0], group))
        if beside is not None and beside.status is Status.SMALL:
            cells[key[0], group] = withheld(beside)
