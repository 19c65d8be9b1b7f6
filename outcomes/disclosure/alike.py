"""What a shown mean tells of each single person behind it: of people who are nearly alike it tells the score. PURE.

Here: between which numbers anybody's score must lie, by a mean, the number of
people, the ends of the scale and the spread that the interval gives away; and
means that are not shown themselves, because two others of three tell them. Not
here: what is withheld for it (means.py, union.py), sums of several groups (sums.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, sqrt

from scipy.special import stdtrit

from outcomes.disclosure.shapes import EVERYONE, Cell, Key, Structure
from outcomes.disclosure.truths import Estimate

NARROW = 0.25  # of the whole range: a mean of few, or the score of one, that is known better than this is given away
LEAST_SPREAD = 0.01  # of the whole range: whoever stands behind a mean of less has nearly the score that it says
SURE = 0.975  # of an interval of 95 %: what lies below its upper end
BEFORE, AFTER, CHANGE = ".before", ".after", ".change"  # of one scale at one timepoint: two of them tell the third
OTHERS, APART = ".before_others", ".before_apart"  # how far two means lie apart by their common spread
SPREAD = ".before_spread"  # the standard deviation at the start, of everyone


@dataclass(frozen=True)
class Told:
    """One mean as a reader knows it, `by` the measures that tell it: within `slack`, with what is known of its spread.

    `reach` is how far its interval goes to either side.
    """

    value: float
    slack: float = 0.0
    reach: float = inf
    spread: float = inf
    by: tuple[str, ...] = ()

    def most_spread(self, people: int) -> float:
        """The most that the standard deviation can be; without an end where nothing tells it."""
        if people < 2 or self.reach == inf:
            return self.spread
        return min(self.spread, self.reach * sqrt(people) / float(stdtrit(people - 1, SURE)))

    def of_each(self, people: int, ends: tuple[float, float]) -> tuple[float, float]:
        """The least and the most that any one of so many can have.

        Nobody lies further from a mean than (n - 1) / sqrt(n) spreads (Samuelson 1968), and nobody further from an
        end of the scale than all of them together.
        """
        (lowest, highest), low, high = ends, self.value - self.slack, self.value + self.slack
        apart = self.most_spread(people) * (people - 1) / sqrt(people)
        least = max(lowest, highest - people * (highest - low), low - apart)
        return least, min(highest, lowest + people * (high - lowest), high + apart)

    def tells_of_each(self, people: int, ends: tuple[float, float]) -> bool:
        """Whether it says nearly what everybody has, or nearly everybody."""
        least, most = self.of_each(people, ends)
        return is_narrow(least, most, ends) or self.most_spread(people) < LEAST_SPREAD * (ends[1] - ends[0])


def is_narrow(least: float, most: float, ends: tuple[float, float]) -> bool:
    return most - least < NARROW * (ends[1] - ends[0])


def together(groups: Sequence[tuple[Estimate, int]]) -> Estimate:
    """Of several groups, each with its number of people, the mean of all of them, and its interval where all have one.

    One person alone has no interval, and no spread.
    """
    people = sum(size for _, size in groups)
    mean = sum(one.value * size for one, size in groups) / people
    squares = sum((size - 1) * _spread_of(one, size) ** 2 + size * (one.value - mean) ** 2 for one, size in groups)
    if squares == inf or people < 2:
        return Estimate(mean)
    reach = sqrt(squares / (people - 1) / people) * float(stdtrit(people - 1, SURE))
    return Estimate(mean, mean - reach, mean + reach)


def _spread_of(one: Estimate, people: int) -> float:
    if people < 2:
        return 0.0
    reach = inf if one.low is None or one.high is None else (one.high - one.low) / 2
    return Told(one.value, reach=reach).most_spread(people)


def told_means(shown: Mapping[Key, Cell], structure: Structure) -> dict[Key, Told]:
    """Each mean that the shown cells tell: by itself, or by the two others of start, later and change."""
    found: dict[Key, Told] = {}
    for name in structure.mean_of:
        others = [each for each in siblings(name, structure) if each != name]
        for group in structure.everywhere:
            two = [shown.get((one, group)) for one in others]
            told = told_by(shown.get((name, group))) or _by_the_others(name, two)
            if told is not None:
                found[name, group] = told
    for name in structure.others_of:
        found |= _with_spread(name, shown, found)
    for name in structure.others_of:
        found |= _with_common_spread(name, shown, found)
    return found


def told_by(cell: Cell | None) -> Told | None:
    if cell is None or not cell.shown:
        return None
    slack = 0.5 * 10**-cell.decimal_places + 1e-6
    reach = inf if cell.low is None or cell.high is None else (cell.high - cell.low) / 2 + slack
    return Told(cell.value or 0.0, slack, reach, by=(cell.measure,))


def siblings(measure: str, structure: Structure) -> tuple[str, ...]:
    """Start, later and change of one scale at one timepoint, of which a measure is one; none where it is not."""
    for end in (BEFORE, AFTER, CHANGE):
        names = tuple(measure.removesuffix(end) + each for each in (BEFORE, AFTER, CHANGE))
        if measure.endswith(end) and len({structure.mean_of.get(name, name) for name in names}) == 1:
            return names
    return ()


def _by_the_others(name: str, others: Sequence[Cell | None]) -> Told | None:
    known = [told for cell in others if (told := told_by(cell)) is not None]
    if len(known) < 2:
        return None
    first, last = known
    value = _third(name, first.value, last.value)
    return Told(value, first.slack + last.slack, by=(*first.by, *last.by))


def _third(name: str, first: float, last: float) -> float:
    """Start and change are later; later less change is the start; later less start is the change."""
    if name.endswith(AFTER):
        return first + last
    return first - last if name.endswith(BEFORE) else last - first


def of_whom(measure: str) -> str:
    """The mean of whose people a spread is; of any other figure itself."""
    return measure.removesuffix(SPREAD) + BEFORE if measure.endswith(SPREAD) else measure


def spreads_alone(cells: Mapping[Key, Cell]) -> Iterator[Key]:
    """Spreads that are shown, and their mean not, or of another day: of two populations they tell what means do."""
    for (name, group), cell in cells.items():
        if name.endswith(SPREAD) and cell.shown:
            mean = cells.get((of_whom(name), group))
            if mean is None or not mean.shown or mean.counted != cell.counted:
                yield name, group


def _with_spread(name: str, shown: Mapping[Key, Cell], found: Mapping[Key, Told]) -> Iterator[tuple[Key, Told]]:
    key, spread = (name.removesuffix(SPREAD) + BEFORE, EVERYONE), told_by(shown.get((name, EVERYONE)))
    if spread is not None and key in found:
        yield key, replace(found[key], spread=spread.value + spread.slack, by=(*found[key].by, name))


def _with_common_spread(name: str, shown: Mapping[Key, Cell], found: Mapping[Key, Told]) -> Iterator[tuple[Key, Told]]:
    """Two means with what their distance in spreads tells of both: neither is more than both together, and where one
    is told itself, the other is no more than what is left."""
    stem, apart = name.removesuffix(APART), told_by(shown.get((name, EVERYONE)))
    keys = ((stem + BEFORE, EVERYONE), (stem + OTHERS, EVERYONE))
    here, there = (found.get(key) for key in keys)
    if apart is None or here is None or there is None or abs(apart.value) <= apart.slack:
        return
    distance = abs(here.value - there.value) + here.slack + there.slack
    both = sqrt(2) * distance / (abs(apart.value) - apart.slack)
    alone = told_by(shown.get((stem + SPREAD, EVERYONE)))
    left = both if alone is None else sqrt(max(0.0, both**2 - max(0.0, alone.value - alone.slack) ** 2))
    for key, told, spread in zip(keys, (here, there), (both, left), strict=True):
        yield key, replace(told, spread=min(told.spread, spread), by=(*told.by, name))
