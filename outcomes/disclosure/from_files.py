"""The attack by somebody with nothing but exported releases: of one partner or several, of one time or several. PURE.

Here: figures of one counting, whichever file shows them, are put together and
attacked; a figure that a release repeats tells that fewer than k people changed
it since. What such a reader does not know is who was counted: union.py attacks
with that too before a release is published, and so finds more. Not here:
reading files (exported.py). Called by `manage.py attack_release`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from time import perf_counter

from outcomes.disclosure.attack import Report, Tally, derived_that_say_more, means_given_away, scores_given_away
from outcomes.disclosure.countings import Earlier, View, joined
from outcomes.disclosure.exported import Exported
from outcomes.disclosure.frame import Tie
from outcomes.disclosure.puzzle import MIN_WIDTH, NO_DEADLINE, Deadline, Puzzle, puzzles_of
from outcomes.disclosure.repeats import beside, ties_of

Countings = dict[str, Earlier]  # by name of the release that counted


def attack_files(files: Sequence[Exported], *, min_width: int = MIN_WIDTH, deadline: Deadline = NO_DEADLINE) -> Report:
    """What all `files` together give away. Raises CannotJudge when they contradict each other or time runs out."""
    began, tally, countings = perf_counter(), Tally(), _countings(files)
    for counting in countings.values():
        puzzles = _puzzles(counting, deadline)
        _look(tally, puzzles, min_width)
        structure = joined([view.structure for view in counting.views])
        tally.add(list(means_given_away(counting.cells, structure, puzzles)))
        tally.add(list(scores_given_away(counting.cells, structure, puzzles)))
        for view in counting.views:
            tally.add(list(derived_that_say_more({cell.key: cell for cell in view.cells}, view.structure)))
    for earlier, later, ties in _repeats(files, countings):
        _look(tally, _beside(earlier, later, ties, deadline), min_width)
    return Report(
        breaches=tuple(tally.breaches.values()),
        cells=sum(len(file.cells) for file in files),
        figures=tally.figures,
        searches=tally.searches,
        seconds=round(perf_counter() - began, 3),
        against=tuple(countings),
    )


def _countings(files: Sequence[Exported]) -> Countings:
    views: dict[str, list[View]] = defaultdict(list)
    for file in files:
        apart = defaultdict(list)
        for cell in file.cells:
            apart[cell.counted or file.name].append(replace(cell, counted=""))
        for name, cells in apart.items():
            views[name].append(View(tuple(cells), file.structure, file.k))
    return {name: Earlier(name, None, tuple(some)) for name, some in views.items()}


def _puzzles(counting: Earlier, deadline: Deadline) -> list[Puzzle]:
    structure = joined([view.structure for view in counting.views])
    return puzzles_of(counting.known(), structure, _least_shown([counting]), deadline=deadline)


def _least_shown(countings: Iterable[Earlier]) -> int:
    return min(view.k for counting in countings for view in counting.views)


def _look(tally: Tally, puzzles: Sequence[Puzzle], min_width: int) -> None:
    for puzzle in puzzles:
        tally.add([breach for _, breach in puzzle.breaches(min_width)])
    tally.count(puzzles)


def _repeats(files: Sequence[Exported], countings: Countings) -> Iterator[tuple[Earlier, Earlier, list[Tie]]]:
    """Countings that hang together by figures that a release, counting others anew, repeats."""
    for file in files:
        for name, ties in ties_of(file.cells, file.structure, file.k).items() if file.name in countings else ():
            yield countings[name], countings[file.name], ties


def _beside(earlier: Earlier, later: Earlier, ties: Sequence[Tie], deadline: Deadline) -> list[Puzzle]:
    structure = joined([view.structure for one in (later, earlier) for view in one.views])
    k = _least_shown([earlier, later])
    return beside(later.known(), earlier.known(), structure, ties, k=k, deadline=deadline)
