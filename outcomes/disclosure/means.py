"""What may be shown of means, spreads and effect sizes: rule R5. PURE.

Here: the least numbers of people, and the complement rule: what is left when
the shown means are taken away from a larger one must be nobody or ten people;
and no mean, shown or left over, of people so alike that each of them is known.
All is judged on the shown counts, so that the presence of a mean says nothing
more of a count than the count itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain, combinations, product
from math import inf
from operator import and_, mul, or_

from outcomes.disclosure.alike import CHANGE, Told, spreads_alone, together, told_means
from outcomes.disclosure.apart import Population, populations, tells_of_few
from outcomes.disclosure.attack import LEAST_IN_A_MEAN, SLACK, Shown
from outcomes.disclosure.rules import Cells, withheld
from outcomes.disclosure.shapes import EVERYONE, Cell, Group, Key, Kind, Minimums, Reason, Status, Structure
from outcomes.disclosure.truths import Estimate, Figures, Mean, People, structure_of


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
    if _tells_of_each(mean, estimate, surely(people, floor=LEAST_IN_A_MEAN)):
        return cell
    places = mean.decimal_places
    value, low, high = (
        None if number is None else round(number, places) + 0.0
        for number in (estimate.value, estimate.low, estimate.high)
    )
    return Cell(mean.table, mean.name, group, Status.SHOWN, value, low, high, places)


def _tells_of_each(mean: Mean, estimate: Estimate, people: int) -> bool:
    """By the true numbers, so that it does not hang on rounding; the fewer they may be, the more it says of each."""
    has_interval = estimate.low is not None and estimate.high is not None
    reach = ((estimate.high or 0) - (estimate.low or 0)) / 2 if has_interval else inf
    return mean.range is not None and Told(estimate.value, reach=reach).tells_of_each(people, mean.range)


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
            if not left or whole not in told:
                continue
            if _speaks_of_few([counts[mean.of, group] for group in left]) or _are_alike(mean, left, figures):
                # Withholding the smallest group hides the few among it; with no group left to hide, the whole goes.
                size = figures.true_counts[mean.of]
                among = [group for group in parts if group in told]
                return mean.name, min(among, key=lambda group: size[group], default=whole)
    also = chain(_shared(figures, cells), _several_together(figures, cells), _by_others(figures, counts, cells))
    return next(also, None)


def _told(mean: Mean, figures: Figures, cells: Cells) -> list[Group]:
    return [group for group in figures.everywhere if (mean.name, group) in cells and cells[mean.name, group].shown]


def _speaks_of_few(people: Sequence[Cell]) -> bool:
    is_nobody = all(cell.shown and not cell.value for cell in people)
    return not is_nobody and sum(surely(cell, floor=0) for cell in people) < LEAST_IN_A_MEAN


def _are_alike(mean: Mean, groups: Sequence[Group], figures: Figures) -> bool:
    """Whether what is left over would tell nearly what each of them has: by its mean, or by its spread.

    Where intervals are shown, those of the whole and of the groups shown tell both.
    """
    sizes = [(mean.values[group], figures.true_counts[mean.of][group]) for group in groups if group in mean.values]
    people = sum(size for _, size in sizes)
    return people > 0 and _tells_of_each(mean, together(sizes), people)


def _by_others(figures: Figures, counts: Shown, cells: Cells) -> Iterator[Key]:
    """Two of start, later and change tell the third; two means and how far apart they lie tell a spread."""
    structure = structure_of(figures)
    yield from given_up(cells, structure)
    for (name, group), told in told_means(cells, structure).items():
        people = surely(counts[structure.mean_of[name], group], floor=LEAST_IN_A_MEAN)
        if name in structure.ranges and told.tells_of_each(people, structure.ranges[name]):
            yield told.by[-1], group


def given_up(cells: Mapping[Key, Cell], structure: Structure) -> Iterator[Key]:
    """What else goes where one of start, later and change is withheld: later before the start, the change never; and
    the spread at the start with its mean."""
    for (name, group), told in told_means(cells, structure).items():
        if name not in told.by:
            yield [by for by in told.by if not by.endswith(CHANGE)][-1], group
    yield from spreads_alone(cells)


def _shared(figures: Figures, cells: Cells) -> Iterator[Key]:
    """Means of one quantity over two populations that differ by one to nine people."""
    for one, other in combinations(figures.means, 2):
        if one.variable and one.variable == other.variable:
            for first, last in product(_populations(one, figures, cells), _populations(other, figures, cells)):
                if tells_of_few(first, last, one.range):
                    yield other.name, last.group


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


def _populations(mean: Mean, figures: Figures, cells: Cells) -> list[Population]:
    people, told = mean.people, _told(mean, figures, cells)
    totals = {group: people[group].bit_count() * mean.values[group].value for group in told}
    return list(populations(told, people, totals, figures.tables))
