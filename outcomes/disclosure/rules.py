"""What may be shown of each figure by itself: small counts, splits, percentages. PURE.

Here: rules R1 to R4 and R6. Means are means.py, what else must be withheld so
that nothing can be worked out is repair.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from outcomes.disclosure.attack import Shown, percentage
from outcomes.disclosure.puzzle import ROUND_TO
from outcomes.disclosure.shapes import Cell, Group, Key, Minimums, Reason, Status
from outcomes.disclosure.truths import Contributions, Count, Figures, Ratio, Split
from outcomes.statistics import wilson

Cells = dict[Key, Cell]


def nearest_five(n: int) -> int:
    return ROUND_TO * ((n + ROUND_TO // 2) // ROUND_TO)


def count_cell(table: str, name: str, group: Group, n: int, *, k: int, sensitive: bool) -> Cell:
    """R1 and R2: a true count, of a group or of everyone, as it may be shown."""
    if 1 <= n < k or (n == 0 and sensitive):
        return Cell(table, name, group, Status.SMALL, reason=Reason.SMALL)
    return Cell(table, name, group, Status.SHOWN, float(nearest_five(n)))


def withheld(cell: Cell, reason: Reason = Reason.PROTECTS_OTHERS) -> Cell:
    return replace(cell, status=Status.WITHHELD, value=None, low=None, high=None, reason=reason)


def primary(figures: Figures, k: int) -> Cells:
    """Each count by itself, the parts of splits too: small ones hidden, the others rounded, nothing else."""
    cells = {}
    for count in figures.counts:
        for group in figures.everywhere:
            cells[count.name, group] = count_cell(
                count.table, count.name, group, count.values[group], k=k, sensitive=count.sensitive
            )
    for split in figures.splits:
        for name, values in split.parts.items():
            for group in figures.everywhere:
                cells[name, group] = count_cell(split.table, name, group, values[group], k=k, sensitive=True)
    return cells


def with_splits_guarded(figures: Figures, cells: Cells, k: int) -> Cells:
    """R4: where a part is small, nobody or everybody, the merged parts instead, or no part at all."""
    guarded = dict(cells)
    true = figures.true_counts
    for split in figures.splits:
        for group in figures.everywhere:
            if not _may_stand((true[name][group] for name in split.parts), k):
                guarded.update(_coarser(split, group, true, k, cells))
    return guarded


def _may_stand(parts: Iterable[int], k: int) -> bool:
    return min(parts) >= k


def _coarser(
    split: Split, group: Group, true: Mapping[str, Mapping[Group, int]], k: int, cells: Mapping[Key, Cell]
) -> Iterator[tuple[Key, Cell]]:
    kept = [name for name in split.parts if name not in split.merges]
    merges = _may_stand((true[name][group] for name in (*kept, split.merged)), k)
    hidden = split.merges if merges else tuple(split.parts)
    yield from (((name, group), withheld(cells[name, group])) for name in hidden)
    if merges:
        n = true[split.merged][group]
        yield (split.merged, group), count_cell(split.table, split.merged, group, n, k=k, sensitive=True)


def with_visits_guarded(figures: Figures, cells: Cells, k: int) -> Cells:
    """R6: no total of visits made by few people or mostly by one or two, alone or as what the others leave over."""
    guarded = dict(cells)
    for count in figures.counts:
        shares = count.contributions
        if shares is not None:
            _guard_visits(figures, count, shares, guarded, k)
    return guarded


def _guard_visits(figures: Figures, count: Count, shares: Mapping[Group, Contributions], cells: Cells, k: int) -> None:
    def speaks_of_few(groups: list[Group]) -> bool:
        return _speaks_of_few([shares[group] for group in groups], sum(count.values[group] for group in groups), k)

    for group in figures.everywhere:
        if speaks_of_few([group]):
            cells[count.name, group] = withheld(cells[count.name, group])
    # Each pass only ever withholds, so this ends.
    while (also := _left_over(figures, count, cells, speaks_of_few)) is not None:
        cells[count.name, also] = withheld(cells[count.name, also])


def _left_over(
    figures: Figures, count: Count, cells: Cells, speaks_of_few: Callable[[list[Group]], bool]
) -> Group | None:
    """A group to withhold too, because the shown ones leave over the visits of few."""
    for whole, parts in figures.tables.divisions:
        left = [group for group in parts if not cells[count.name, group].shown]
        if cells[count.name, whole].shown and left and speaks_of_few(left):
            told = [group for group in parts if group not in left]
            return min(told, key=lambda group: count.values[group], default=whole)
    return None


def _speaks_of_few(shares: list[Contributions], total: int, k: int) -> bool:
    people = sum(share.people for share in shares)
    first, second = sorted((visits for share in shares for visits in (share.largest, share.second)), reverse=True)[:2]
    return 0 < people < k or 2 * first > total or 10 * (first + second) > 7 * total


def ratio_cells(figures: Figures, cells: Shown, minimums: Minimums) -> Iterator[Cell]:
    """R3: whole per cent of the shown counts, with its Wilson interval from the same two."""
    for ratio in figures.ratios:
        for group in figures.everywhere:
            yield _ratio_cell(ratio, group, cells, minimums)


def _ratio_cell(ratio: Ratio, group: Group, cells: Shown, minimums: Minimums) -> Cell:
    upper, lower = cells.get((ratio.numerator, group)), cells[ratio.denominator, group]
    cell = Cell(ratio.table, ratio.name, group, Status.WITHHELD, reason=Reason.PROTECTS_OTHERS)
    if upper is None or not (upper.shown and lower.shown):
        is_small = upper is not None and upper.status is Status.SMALL
        return replace(cell, status=Status.SMALL, reason=Reason.SMALL) if is_small else cell
    interval = wilson(int(upper.value or 0), int(lower.value or 0))
    if interval is None or (lower.value or 0) < minimums.denominator:
        return replace(cell, reason=Reason.TOO_FEW)
    low, high = (float(round(100 * end)) for end in (interval.low, interval.high))
    return replace(cell, status=Status.SHOWN, value=percentage(upper, lower), low=low, high=high, reason=None)
