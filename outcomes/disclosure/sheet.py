"""Who was counted in what, so that two countings can be compared (R9). PURE.

Here: a line for each person, told apart by a token, and what
moved between two sheets. Not here: where sheets are kept (models.py), what may
be shown because of it (union.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from typing import Any

from outcomes.disclosure.shapes import EVERYONE, Group, Key, Structure


@dataclass(frozen=True)
class Line:
    """One person (or one event): a value of each dimension, and an amount for each measure they are counted in."""

    places: tuple[tuple[str, str], ...]
    amounts: Mapping[str, float]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Every group that the line is in, of one dimension or of two."""
        return (EVERYONE, *((place,) for place in self.places), *combinations(self.places, 2))


Sheet = Mapping[str, Line]


@dataclass
class Moved:
    """How many people came, left or changed between two sheets, in each cell; and in any of a set of measures."""

    in_all: Counter[Key] = field(default_factory=Counter)  # people, each once
    touched: Counter[tuple[int, Group]] = field(default_factory=Counter)  # by number of the family


def moved(earlier: Sheet, later: Sheet, structure: Structure) -> Moved:
    """What moved between two sheets, in every group and every family of measures of a release."""
    found, groups = Moved(), frozenset(structure.everywhere)
    family_of = {name: i for i, names in enumerate(structure.families()) for name in names}
    nobody = Line((), {})
    for token in earlier.keys() | later.keys():
        before, after = earlier.get(token, nobody), later.get(token, nobody)
        if before != after:
            _compare(before, after, groups, family_of, found)
    return found


def surely_moved(before: Mapping[Key, tuple[int, int]], later: Sheet, structure: Structure) -> Moved:
    """The least number of people who moved since a counting of which only the figures are left.

    Told by how far a count of people lies outside of what it was known to be
    `before`. One person may have made many visits, so of these only so many
    people are new as there are more than could have made any. A mean moved by
    as many as its people.
    """
    found, groups = Moved(), frozenset(structure.everywhere)
    now = Counter(
        (name, group)
        for line in later.values()
        for name in structure.counts & line.amounts.keys()
        for group in line.groups
    )
    for name, group in product(structure.measures, groups):
        people = structure.visits.get(name, name)
        if (people, group) in before:
            least, most = before[people, group] if people == name else (0, before[people, group][1])
            found.in_all[name, group] = max(least - now[name, group], now[name, group] - most, 0)
    for mean, of in {**structure.mean_of, **structure.others_of}.items():
        for group in groups:
            found.in_all[mean, group] = found.in_all[of, group]
    return found


def _compare(before: Line, after: Line, groups: frozenset[Group], family_of: Mapping[str, int], found: Moved) -> None:
    stays = before.places == after.places
    lost, gained = (
        {
            (name, group): amount
            for name, amount in line.amounts.items()
            if not (stays and other.amounts.get(name) == amount)
            for group in groups.intersection(line.groups)
        }
        for line, other in ((before, after), (after, before))
    )
    changed = {key for key in lost.keys() | gained.keys() if lost.get(key) != gained.get(key)}
    found.in_all.update(changed)
    found.touched.update({(family_of[name], group) for name, group in changed if name in family_of})


def packed(sheet: Sheet) -> dict[str, Any]:
    """For keeping: names once, numbers for the rest."""
    measures = sorted({name for line in sheet.values() for name in line.amounts})
    places = sorted({place for line in sheet.values() for place in line.places})
    number_of = {name: i for i, name in enumerate(measures)}
    place_of = {place: i for i, place in enumerate(places)}
    lines = [
        [token, [place_of[place] for place in line.places], [[number_of[n], a] for n, a in line.amounts.items()]]
        for token, line in sorted(sheet.items())
    ]
    return {"measures": measures, "places": [list(place) for place in places], "lines": lines}


def unpacked(kept: Mapping[str, Any]) -> dict[str, Line]:
    measures, places = kept["measures"], [(name, value) for name, value in kept["places"]]
    return {
        token: Line(tuple(places[i] for i in where), {measures[i]: amount for i, amount in amounts})
        for token, where, amounts in kept.get("lines", ())
    }
