"""From true figures to cells from which nothing can be worked out: rule R11. PURE.

Here: the order of the steps, and which further counts are withheld until the
attack finds nothing: the one that helps most first, groups before the overall
total. Not here: merging small categories, which comes before anything is
counted (counting/bands.py). Called by releases/figures.py through the package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from outcomes.disclosure.derived import derived_cells
from outcomes.disclosure.frame import Target
from outcomes.disclosure.means import mean_cells
from outcomes.disclosure.puzzle import MIN_WIDTH, NO_DEADLINE, Breach, Deadline, Puzzle, known_of, puzzles_of
from outcomes.disclosure.rules import Cells, primary, with_splits_guarded, with_visits_guarded, withheld
from outcomes.disclosure.shapes import EVERYONE, Cell, Group, Key, Minimums, Protected, Status, Structure
from outcomes.disclosure.truths import Figures, structure_of

CANDIDATES = 6  # how many cells are tried before one is withheld: enough to choose well, few enough to be quick
LARGE = 3000  # columns of a puzzle: from there on trying takes most of the time, and chooses hardly any better
AT_ONCE = 4  # how many breaches are looked at when one is mended


def protect(
    figures: Figures, k: int = 8, minimums: Minimums | None = None, *, deadline: Deadline = NO_DEADLINE
) -> Protected:
    """The cells that may be shown of these figures, in their order; the same figures give the same cells.

    k: the least count of people shown, 8 or more. Raises FiguresDisagree when
    the figures contradict their structure, ValueError when k is below 8, and
    CannotJudge when time runs out.
    """
    if k < 8:
        raise ValueError("k must be 8 or more")
    figures.check()
    minimums, structure = minimums or Minimums(), structure_of(figures)
    counts = with_visits_guarded(figures, with_splits_guarded(figures, primary(figures, k), k), k)
    counts = with_secondary(counts, structure, k, deadline)
    means = mean_cells(figures, counts, minimums)
    shown = counts | {cell.key: cell for cell in means}
    return Protected((*counts.values(), *derived_cells(figures, shown, minimums), *means), structure, k)


def with_secondary(cells: Cells, structure: Structure, k: int, deadline: Deadline = NO_DEADLINE) -> Cells:
    """Withhold shown counts until no small one can be worked out."""
    cells = dict(cells)
    while True:
        puzzles = puzzles_of(known_of(cells.values(), structure, k), structure, k, deadline=deadline)
        changed = [mend(puzzle, cells) for puzzle in puzzles]
        # Tables that nothing ties together still share their totals, so what one hid is looked at from the others.
        if not any(changed) or len(structure.tables.components()) == 1:
            return cells


def mend(puzzle: Puzzle, cells: Cells) -> list[Key]:
    """Withhold in `cells` until this puzzle gives nothing away: what was withheld.

    What is given away all the same is a total that other tables tell, or was known before.
    """
    changed: list[Key] = []
    # A count that was sure to be k or more may be told as less once less is known: so every one is asked for again.
    while newly := list(_mended_once(puzzle, cells)):
        changed += newly
    return changed


def _mended_once(puzzle: Puzzle, cells: Cells) -> Iterator[Key]:
    """What is withheld while all that is given away is looked at once, a few at a time."""
    each = puzzle.breaches(MIN_WIDTH)
    while found := list(islice(each, AT_ONCE)):
        while found and (candidates := _candidates(found[0][1], puzzle, cells)):
            best = _best(candidates, found, puzzle, cells) if candidates[1:] else candidates[0]
            also = _also_hidden(best, cells, puzzle.structure)
            cells.update({key: withheld(cells[key]) for key in also})
            puzzle.learn_of(dict.fromkeys(also))
            yield from also
            left = ((target, puzzle.judge(target, MIN_WIDTH)) for target, _ in found)
            found = [(target, breach) for target, breach in left if breach is not None]


def _best(candidates: Sequence[Key], found: Sequence[tuple[Target, Breach]], puzzle: Puzzle, cells: Cells) -> Key:
    """The one that leaves least given away. They come in the order of what a reader loses, so the first that leaves
    nothing is it."""
    harms: dict[tuple[int, int, float], Key] = {}
    for key in candidates:
        harm = _harm(key, found, puzzle, cells)
        if not harm[0]:
            return key
        harms.setdefault(harm, key)
    return harms[min(harms)]


def _candidates(breach: Breach, puzzle: Puzzle, cells: Mapping[Key, Cell]) -> list[Key]:
    """Counts whose withholding may help, small first: of groups near the breach, then totals near it, then any.

    None where all is withheld already.
    """
    near = set(_near(breach.measure, puzzle))
    told = [
        (name, group)
        for name in puzzle.measures
        for group in puzzle.tables.everywhere
        if (name, group) in cells and cells[name, group].status is not Status.WITHHELD
    ]
    # One small count stands for all those beside it, as they are withheld together.
    small = {(key[0], dims_of(key[1])): key for key in told if key[1] != EVERYONE and not cells[key].shown}
    numbers = [key for key in told if cells[key].value]
    groups = [key for key in (*small.values(), *numbers) if key[1] != EVERYONE]
    choices = (
        [key for key in groups if key[0] in near],
        [key for key in told if key[0] in near],
        groups,
        told,
    )
    best = next(filter(None, choices), [])
    most = CANDIDATES if len(puzzle.frame.columns) < LARGE else 1
    return sorted(best, key=lambda key: cells[key].value or 0)[:most]


def dims_of(group: Group) -> tuple[str, ...]:
    return tuple(name for name, _ in group)


def _near(measure: str, puzzle: Puzzle) -> Iterator[str]:
    """The measure itself and those that a relation ties to it."""
    yield measure
    for inner, outer in puzzle.structure.within.items():
        if measure in (inner, outer):
            yield from (inner, outer)


def _harm(key: Key, found: Sequence[tuple[Target, Breach]], puzzle: Puzzle, cells: Cells) -> tuple[int, int, float]:
    """What is still given away when this cell is withheld, how tightly, and what the reader loses."""
    remaining = puzzle.judge_without(_also_hidden(key, cells, puzzle.structure), [target for target, _ in found])
    return len(remaining), -sum(breach.high - breach.low for breach in remaining), cells[key].value or 0


def _also_hidden(key: Key, cells: Cells, structure: Structure) -> list[Key]:
    """A count, and the small ones beside it: or it would be clear which is which."""
    name, chosen = key
    beside = [
        (name, group)
        for group in structure.groups
        if (chosen == EVERYONE or dims_of(group) == dims_of(chosen))
        and (cell := cells.get((name, group))) is not None
        and cell.status is Status.SMALL
    ]
    return list(dict.fromkeys([key, *beside]))
