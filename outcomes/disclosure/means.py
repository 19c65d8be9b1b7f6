"""What may be shown of means, spreads and effect sizes: rule R5. PURE.

Here: the least numbers of people, and the complement rule: what is left when
the shown means are taken away from a larger one must be nobody or ten people.
All is judged on the shown counts, so that the presence of a mean says nothing
more of a count than the count itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import chain, combinations, product
from operator import and_, mul, or_

from outcomes.disclosure.attack import LEAST_IN_A_MEAN, SLACK, Shown
from outcomes.disclosure.rules import Cells, withheld
from outcomes.disclosure.shapes import EVERYONE, Cell, Group, Key, Kind, Minimums, Reason, Status
from outcomes.disclosure.truths import Figures, Mean, People


def mean_cells(figures: Figures, counts: Shown, minimums: Minimums) -> list[Cell]:
    """Every mean of every group as it may be shown, `counts` being the protected counts."""
    cells: Cells = {
        (mean.name, group): _alone(mean, group, counts[mean.of, group], minimums)
        for mean in figures.means
        for group in ((EVERYONE,) if mean.everyone_only else figures.everywhere)
    }
    # Each pass only ever withholds, so this ends.
    while (given_away := _given_away(figures, counts, cells)) is not None:
        cells[given_away] = withheld(cells[given_away])
    return list(cells.values())


def _alone(mean: Mean, group: Group, people: Cell, minimums: Minimums) -> Cell:
    cell = Cell(mean.table, mean.name, group, Status.WITHHELD, reason=Reason.PROTECTS_OTHERS)
    estimate = mean.values.get(group)
    if not people.shown:
        return Cell(mean.table, mean.name, group, people.status, reason=people.reason)
    if estimate is None or surely(people, floor=0) < least_people(mean.kind, group, minimums):
        return withheld(cell, Reason.TOO_FEW)
    places = mean.decimal_places
    value, low, high = (
        None if number is None else round(number, places) + 0.0
        for number in (estimate.value, estimate.low, estimate.high)
    )
    return Cell(mean.table, mean.name, group, Status.SHOWN, value, low, high, places)


def least_people(kind: Kind, group: Group, minimums: Minimums) -> int:
    own = minimums.effect_size if kind is Kind.EFFECT_SIZE else minimums.mean
    return own if group == EVERYONE else max(own, minimums.comparison)


def surely(people: Cell, *, floor: int) -> int:
    """The least number of people a reader can be sure of."""
    return max(floor, int(people.value) - SLACK) if people.value else floor


def _given_away(figures: Figures, counts: Shown, cells: Cells) -> Key | None:
    """A mean to withhold next, or None when nothing can be worked out any more."""
    for mean in figures.means:
        told = _told(mean, figures, cells)
        for whole, parts in () if mean.everyone_only else figures.tables.divisions:
            left = [group for group in parts if group not in told]
            if whole in told and left and _speaks_of_few([counts[mean.of, group] for group in left]):
                # Withholding the smallest group hides the few among it; with no group left to hide, the whole goes.
                size = figures.true_counts[mean.of]
                among = [group for group in parts if group in told]
                return mean.name, min(among, key=lambda group: size[group], default=whole)
    return next(chain(_shared(figures, cells), _several_together(figures, cells)), None)


def _told(mean: Mean, figures: Figures, cells: Cells) -> list[Group]:
    return [group for group in figures.everywhere if (mean.name, group) in cells and cells[mean.name, group].shown]


def _speaks_of_few(people: Sequence[Cell]) -> bool:
    is_nobody = all(cell.shown and not cell.value for cell in people)
    return not is_nobody and sum(surely(cell, floor=0) for cell in people) < LEAST_IN_A_MEAN


def _shared(figures: Figures, cells: Cells) -> Iterator[Key]:
    """Means of one quantity over two populations that differ by one to nine people."""
    for one, other in combinations(figures.means, 2):
        if one.variable and one.variable == other.variable:
            for _, people in _populations(one, figures, cells):
                for group, others in _populations(other, figures, cells):
                    if 0 < (people ^ others).bit_count() < LEAST_IN_A_MEAN:
                        yield other.name, group


def _several_together(figures: Figures, cells: Cells) -> Iterator[Key]:
    """Means of one quantity over several populations, which added and taken away leave one to nine people."""
    for variable in dict.fromkeys(mean.variable for mean in figures.means if mean.variable):
        told = [mean for mean in figures.means if mean.variable == variable and EVERYONE in _told(mean, figures, cells)]
        alike = _alike([mean.people[EVERYONE] for mean in told])
        for signs in product((-1, 0, 1), repeat=len(told)):
            left = sum(n for is_in, n in alike.items() if sum(map(mul, signs, is_in)))
            if 0 < left < LEAST_IN_A_MEAN:
                yield (
                    next(mean.name for mean, sign in zip(reversed(told), reversed(signs), strict=True) if sign),
                    EVERYONE,
                )


def _alike(populations: Sequence[People]) -> dict[tuple[bool, ...], int]:
    """How many people are in the same of the populations, by which: they count alike. Who is in none is not told."""
    found, everybody = {}, reduce(or_, populations, 0)
    for is_in in product((True, False), repeat=len(populations)):
        sides = (people if there else ~people for there, people in zip(is_in, populations, strict=True))
        found[is_in] = reduce(and_, sides, everybody).bit_count()
    return found


def _populations(mean: Mean, figures: Figures, cells: Cells) -> Iterator[tuple[Group, People]]:
    """Whom the shown means speak of: each by itself, all groups of a table together, all but one.

    With each comes the group to withhold when it must not be told.
    """
    people, told = mean.people, _told(mean, figures, cells)
    yield from ((group, people[group]) for group in told)
    for dims in figures.tables.all:
        groups = [group for group in figures.tables.of(dims) if group in told]
        for out in (None, *groups):
            together = [group for group in groups if group != out]
            if len(together) > 1:
                yield together[-1], reduce(or_, (people[group] for group in together))
