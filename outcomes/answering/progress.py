"""One's own progress: how far each answer has moved since the start. PURE.

Here: facts. Not here: their words (frontend/views/me/wording.py). Up is always
better, whatever the question asked. The lines between "a little" and more are
ours, for plain speech only: they claim nothing about what matters clinically.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from outcomes.instruments.recipe import Direction, Recipe


class Move(enum.StrEnum):
    """Which way something has gone since the start, towards better (up) or away from it."""

    UP = "up"
    UP_A_LITTLE = "up_a_little"
    SAME = "same"
    DOWN_A_LITTLE = "down_a_little"
    DOWN = "down"


@dataclass(frozen=True)
class Form:
    """One form that was sent: its timepoint, when, and what it came to. Values are by item and by scale."""

    label: str
    is_start: bool
    on: date
    items: Mapping[str, float]
    scales: Mapping[str, float]
    is_late: bool = False  # given after its window
    is_superseded: bool = False  # the same was answered once more, nearer to its time


@dataclass(frozen=True)
class Line:
    """One question or scale over all forms. `values` stand in the order of the forms; None where there is none."""

    name: str
    direction: Direction
    values: tuple[float | None, ...]
    move: Move | None  # None with fewer than two values

    @property
    def first(self) -> int:
        """Which form holds the first value: what it has moved since."""
        return next(number for number, value in enumerate(self.values) if value is not None)


# What counts as a little, and from where on it is more: of 10 for a question, of 100 for a scale.
ITEM_STEPS = (1.0, 3.0)
SCALE_STEPS = (5.0, 15.0)
ALMOST = 1e-9  # scales move in sixths: a change of exactly a step must count as one


def compared(forms: Iterable[Form]) -> list[Form]:
    """Those that stand beside each other: of one timepoint that which was answered last."""
    return [form for form in forms if not form.is_superseded]


def moved(first: float, last: float, direction: Direction, steps: tuple[float, float]) -> Move:
    """Which way, and how far, from `first` to `last`."""
    change = (last - first) * (1 if direction is Direction.UP else -1)
    little, more = (step - ALMOST for step in steps)
    if abs(change) < little:
        return Move.SAME
    if change > 0:
        return Move.UP if change >= more else Move.UP_A_LITTLE
    return Move.DOWN if -change >= more else Move.DOWN_A_LITTLE


def item_lines(recipe: Recipe, forms: Sequence[Form], items: Sequence[str]) -> list[Line]:
    """A line for each of `items` that was answered at least once, in that order."""
    return [
        line
        for name in items
        if (line := _line(name, recipe.item(name).direction, [form.items.get(name) for form in forms], ITEM_STEPS))
    ]


def scale_lines(recipe: Recipe, forms: Sequence[Form], scales: Sequence[str]) -> list[Line]:
    """A line for each of `scales` that was scored at least once, in that order."""
    return [
        line
        for name in scales
        if (line := _line(name, recipe.scale(name).direction, [form.scales.get(name) for form in forms], SCALE_STEPS))
    ]


def _line(name: str, direction: Direction, values: Sequence[float | None], steps: tuple[float, float]) -> Line | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    move = moved(known[0], known[-1], direction, steps) if len(known) > 1 else None
    return Line(name, direction, tuple(values), move)
