"""Which scales of which instruments releases tell, and from which line on a change counts as one. PURE.

Here: our own check, and what a recipe says of any other instrument that a programme asks, or movement that it measures.
Not here: which those are (forms.py, measured.py), counting (truth.py), words (frontend/releases/).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import floor, log10
from typing import Any, Final

from outcomes.instruments.recipe import Change, Direction, Recipe
from outcomes.scoring import score
from outcomes.sit_to_stand import RECIPES
from outcomes.statistics import LEAST_FOR_A_SUBGROUP

THRESHOLD: Final = 10.0  # points of 100 from which a change of our own check counts as one: our own line
OWN_STEPS: Final = {"body": 10 / 6, "mind": 10 / 4, "total": 1.0, "overall": 10.0}  # by which our own scores go
MOST_STEPS: Final = 250  # that are walked through a recipe: what takes more goes by small ones
NEARLY: Final = 1e-9
PLACES: Final = ((2, 3), (10, 2))  # by the width of a scale, up to which it has so many decimal places; else one


@dataclass(frozen=True)
class Line:
    """From how many points on a change counts, and who says so."""

    better: float
    worse: float
    source: str


@dataclass(frozen=True)
class Told:
    """One scale. `measure` begins the names of its figures; `better` and `worse` are 0 where no line is known."""

    scale: str
    measure: str
    label: str
    lo: float
    hi: float
    up: bool  # more is better
    better: float
    worse: float
    source: str  # of the line
    also: tuple[Line, ...] = ()  # other lines that are known, such as that of reliable change: nobody is counted by one
    counts: str = ""  # begins the names of its figures of people, where these are the same for other scales
    answers: tuple[str, ...] = ()  # the items by whose answers people are counted, as no line is known
    step: float = 0.0  # by how much the score goes up at least; 0 where that is not known

    @property
    def has_line(self) -> bool:
        return self.better > 0 and self.worse > 0

    @property
    def has_parts(self) -> bool:
        """Whether people are counted by which way they went."""
        return self.has_line or bool(self.answers)

    @property
    def of_people(self) -> str:
        return self.counts or self.measure

    @property
    def places(self) -> int:
        """Of one score."""
        return next((places for most, places in PLACES if self.hi - self.lo <= most), 1)

    @property
    def places_of_an_average(self) -> int:
        """So few that the average of a group does not tell how many people stand behind it.

        Their scores add up to a whole number of steps; told more exactly, the average would fit few numbers of people.
        """
        if not self.step:
            return self.places
        return max(0, min(self.places, floor(log10(LEAST_FOR_A_SUBGROUP / self.step) + NEARLY)))


@dataclass(frozen=True)
class Instrument:
    """One recipe as releases tell it. Its `code` begins the names of the figures that are of its forms."""

    code: str
    title: str
    version: str
    citation: str
    scales: tuple[Told, ...]
    measured: bool = False  # a movement that somebody was counted at, and no form

    def as_dict(self) -> dict[str, Any]:
        """For storing with a release, as facts."""
        return asdict(self) | {"scales": [asdict(told) for told in self.scales]}


def instrument_of(recipe: Recipe) -> Instrument:
    walked = list(_walk(recipe))
    scales = tuple(_told(recipe, name, _step_of(name, walked)) for name in recipe.to_tell)
    measured = recipe.code in RECIPES.values()
    return Instrument(recipe.code, recipe.title, recipe.version, recipe.citation, scales, measured)


def _walk(recipe: Recipe) -> Iterator[dict[str, float]]:
    """What the scales come to while one answer after the other goes from its least to its most."""
    answers = {item.id: item.lo for item in recipe.items}
    for number, (item, answer) in enumerate(_answers(recipe)):
        if number > MOST_STEPS:
            return
        answers[item] = answer
        found = score(recipe, answers)
        yield {name: float(one.value) for name, one in found.items() if one.value is not None}


def _answers(recipe: Recipe) -> Iterator[tuple[str, int]]:
    yield from ((item.id, answer) for item in recipe.items for answer in range(item.lo, item.hi + 1))


def _step_of(scale: str, walked: list[dict[str, float]]) -> float:
    """The least by which two scores of a walk lie apart; 0 where it comes to one score alone."""
    values = sorted({round(scores[scale], 9) for scores in walked if scale in scores})
    return min((more - less for less, more in pairwise(values)), default=0.0)


def _told(recipe: Recipe, name: str, step: float) -> Told:
    scale = recipe.scale(name)
    first, *others = [Line(one.better, one.worse, _said_by(one)) for one in scale.changes] or [Line(0.0, 0.0, "")]
    return Told(
        scale=name,
        measure=f"{recipe.code}-{name.replace('.', '_')}",
        label=scale.name or recipe.title,
        lo=scale.lo,
        hi=scale.hi,
        up=scale.direction is Direction.UP,
        better=first.better,
        worse=first.worse,
        source=first.source,
        also=tuple(others),
        counts=f"{recipe.code}-index" if scale.value_set else "",
        answers=scale.items if scale.by_answers else (),
        step=step,
    )


def _said_by(change: Change) -> str:
    return change.source if change.checked else f"{change.source}; to be confirmed"


def own(scale: str) -> Told:
    """One of our own check, from 0 to 100."""
    return Told(scale, scale, scale, 0, 100, True, THRESHOLD, THRESHOLD, "", step=OWN_STEPS[scale])


ACTIVE_MINUTES: Final = Told("active_minutes", "active_minutes", "Active minutes a week", 0, 1680, True, 0, 0, "")
