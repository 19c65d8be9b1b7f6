"""What an NHS number looks like, and how little of it is shown. PURE: no Django.

Here: reading one as people write it, the check figure, the masked form. Not here: keeping it (nhs_numbers.py).
"""

from __future__ import annotations

import enum
import re

LONG, SHOWN = 10, 4
WEIGHTS = range(10, 1, -1)


class Problem(enum.StrEnum):
    NOT_FIGURES = "not_figures"
    NOT_TEN = "not_ten"
    MISTYPED = "mistyped"  # the last figure, which follows from the others, does not


class NotANumber(ValueError):
    """It cannot be somebody's NHS number: `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def read_number(text: str) -> str:
    """The ten figures of what was typed; spaces and hyphens between them are fine. Raises NotANumber."""
    bare = re.sub(r"[\s\-\u2010-\u2015]", "", text)
    if not re.fullmatch(r"[0-9]+", bare):
        raise NotANumber(Problem.NOT_FIGURES)
    if len(bare) != LONG:
        raise NotANumber(Problem.NOT_TEN)
    if len(set(bare)) == 1 or not _fits(bare):  # ten times the same fits by chance, and is nobody's
        raise NotANumber(Problem.MISTYPED)
    return bare


def _fits(bare: str) -> bool:
    """Modulus 11: where the rest calls for a last figure of 10 there is no such number."""
    total = sum(int(figure) * weight for figure, weight in zip(bare, WEIGHTS, strict=False))
    return (11 - total % 11) % 11 == int(bare[-1])


def ending_of(number: str) -> str:
    return number[-SHOWN:]


def in_groups(number: str) -> str:
    """As it is written on a letter: 999 123 4560."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"
