"""Figures that are worked out from shown ones and from nothing else, so that they say nothing more. PURE.

Here: percentages (R3), bounds of what is not known, shares of a group and how
far two of them lie apart; from which cells each comes, and what it comes to.
Not here: how large a change is (sizes.py), whether a count may be shown
(rules.py). Called when a release is protected, when it is attacked, and when
counts are repeated or withheld.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from outcomes.disclosure.shapes import EVERYONE, Cell, Group, How, Key, Minimums, Reason, Status
from outcomes.disclosure.sizes import SIZES, Answer, size
from outcomes.disclosure.truths import Derived, Figures
from outcomes.statistics import bounds_over_started, difference_of_shares, wilson

WITHIN = {How.RATIO: ((0, 1),), How.BOUNDS: ((0, 1), (1, 2)), How.SHARE: ((0, 1),), How.APART: ((0, 1), (2, 3))}
PLACES = 2  # of how far shares lie apart; everything else is in whole per cent


def has_cell(how: How, group: Group) -> bool:
    """Whether there is such a figure of a group: shares of everyone are of one dimension at a time; spreads at the
    start are of everyone alone."""
    if how in (How.EFFECT, How.HALF):
        return group == EVERYONE
    return len(group) == 1 if how in (How.SHARE, How.APART) else True


def sources(how: How, of: Sequence[str], group: Group) -> tuple[Key, ...]:
    """The figures that the one of a group comes from."""
    if how in (How.SHARE, How.APART):
        return tuple((name, where) for name in of for where in (group, EVERYONE))
    return tuple((name, group) for name in of)


def answer(how: How, numbers: Sequence[int], least: int = 1) -> Answer | None:
    """What the shown counts `numbers` come to; None when they are of fewer than `least` people, or no parts of them."""
    if any(numbers[part] > numbers[whole] or numbers[whole] < least for part, whole in WITHIN[how]):
        return None
    if how is How.APART:
        apart = difference_of_shares(numbers[0] / numbers[1], numbers[2] / numbers[3])
        return None if apart is None else Answer(round(apart, PLACES) + 0.0, decimal_places=PLACES)
    value, interval = _percent(numbers[0] / numbers[1]), None
    if how is How.RATIO:
        interval = wilson(numbers[0], numbers[1])
    elif how is How.BOUNDS:
        interval = bounds_over_started(numbers[0], numbers[1], numbers[2])
    return Answer(value) if interval is None else Answer(value, _percent(interval.low), _percent(interval.high))


def _percent(share: float) -> float:
    """In whole per cent, halves up."""
    return float(int(100 * share + 0.5))


def derived_cells(figures: Figures, cells: Mapping[Key, Cell], minimums: Minimums) -> Iterator[Cell]:
    """Every derived figure of every group as it may be shown, `cells` being the protected counts and means."""
    for one in figures.derived:
        for group in figures.everywhere:
            if has_cell(one.how, group):
                yield _cell(one, group, cells, minimums)


def _cell(one: Derived, group: Group, cells: Mapping[Key, Cell], minimums: Minimums) -> Cell:
    cell = Cell(one.table, one.name, group, Status.WITHHELD, reason=Reason.PROTECTS_OTHERS)
    found = [cells.get(key) for key in sources(one.how, one.of, group)]
    shown = [source for source in found if source is not None and source.shown]
    if len(shown) < len(found):
        return _as_hidden_as(found[0], cell)
    return _answered(cell, _answer(one.how, shown, minimums))


def _as_hidden_as(first: Cell | None, cell: Cell) -> Cell:
    """`cell`, for the reason that its first source is hidden for, where that is how few people there are."""
    if first is not None and first.reason in (Reason.SMALL, Reason.TOO_FEW):
        return replace(cell, status=first.status, reason=first.reason)
    return cell


def _answer(how: How, shown: Sequence[Cell], minimums: Minimums | None) -> Answer | None:
    if how in SIZES:
        return size(how, shown, minimums)
    return answer(how, [int(source.value or 0) for source in shown], 1 if minimums is None else minimums.denominator)


def worked_out_from(cell: Cell, how: How, shown: Sequence[Cell]) -> Cell:
    """`cell` as the shown counts of an earlier day have it."""
    return _answered(cell, _answer(how, shown, Minimums()))


def _answered(cell: Cell, answered: Answer | None) -> Cell:
    if answered is None:
        return replace(cell, status=Status.WITHHELD, value=None, low=None, high=None, reason=Reason.TOO_FEW)
    return replace(cell, status=Status.SHOWN, reason=None, **vars(answered))


def is_what_its_sources_say(cell: Cell, how: How, found: Sequence[Cell | None]) -> bool:
    """Whether a shown figure is exactly what the shown counts come to."""
    shown = [source for source in found if source is not None and source.shown]
    answered = _answer(how, shown, None) if len(shown) == len(found) else None
    if answered is None or cell.value != answered.value:
        return False
    return cell.low is None or (cell.low, cell.high) == (answered.low, answered.high)
