"""What may be shown of each figure by itself: small counts, splits, percentages. PURE.

Here: rules R1, R2, R4 and R6. Percentages are derived.py, means are means.py, what else must be withheld so
that nothing can be worked out is repair.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, product
from math import inf

from outcomes.disclosure.puzzle import ROUND_TO
from outcomes.disclosure.shapes import EVERYONE, Cell, Group, Key, Reason, Status
from outcomes.disclosure.truths import Count, Figures, Split

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
        for group in (EVERYONE,) if count.everyone_only else figures.everywhere:
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
    visits = [count for count in figures.counts if count.contributions is not None]
    guarded = dict(cells)
    for count, group in product(visits, figures.everywhere):
        if _speaks_of_few(count, [group], k):
            guarded[count.name, group] = withheld(guarded[count.name, group])
    # Each pass only ever withholds, so this ends.
    while also := next(chain(_left_over(figures, visits, guarded, k), _alone_in_a_sum(figures, visits, guarded)), None):
        guarded[also] = withheld(guarded[also])
    return guarded


def _left_over(figures: Figures, visits: Sequence[Count], cells: Cells, k: int) -> Iterator[Key]:
    """A group to withhold too, because the shown ones leave over the visits of few."""
    for count, (whole, parts) in product(visits, figures.tables.divisions):
        left = [group for group in parts if not cells[count.name, group].shown]
        if cells[count.name, whole].shown and left and _speaks_of_few(count, left, k):
            told = [group for group in parts if group not in left]
            yield count.name, min(told, key=count.values.__getitem__, default=whole)


def _alone_in_a_sum(figures: Figures, visits: Sequence[Count], cells: Cells) -> Iterator[Key]:
    """The smallest of visits that add up, where one alone is hidden and the others would tell it."""
    size = {count.name: count.values for count in visits}
    for whole, parts in figures.sums:
        for group in figures.everywhere if whole in size else ():
            told = [name for name in (whole, *parts) if cells[name, group].shown]
            if len(told) == len(parts):
                # Hiding none of a thing hides nothing.
                yield min((size[name][group] or inf, name) for name in told)[1], group


def _speaks_of_few(count: Count, groups: Sequence[Group], k: int) -> bool:
    made_by = count.contributions or {}
    shares, total = [made_by[group] for group in groups], sum(count.values[group] for group in groups)
    people = sum(share.people for share in shares)
    first, second = sorted((visits for share in shares for visits in (share.largest, share.second)), reverse=True)[:2]
    return 0 < people < k or 2 * first > total or 10 * (first + second) > 7 * total
