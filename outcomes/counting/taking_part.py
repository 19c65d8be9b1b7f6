"""How far people came, and how much of what was offered they took: counts and shares. PURE.

Which mark counts as due and as attended is the table of classes/adherence.py.
Here a share of nothing is None, never 0. Not here: whose counts these are
(cohort.py), whether they may be shown (disclosure).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from outcomes.statistics import check_part


@dataclass(frozen=True)
class Step:
    """One stage of the way: how many reached it, of all who began, and of those at the stage before."""

    name: str
    n: int
    of_first: float | None
    of_before: float | None


def funnel(stages: Sequence[tuple[str, int]]) -> tuple[Step, ...]:
    """The stages in order, each a part of the one before. Raises ValueError when more came out than went in."""
    for (_, before), (_, later) in pairwise(stages):
        check_part(later, before)
    counts = [n for _, n in stages]
    return tuple(
        Step(name, n, _share(n, counts[0]), _share(n, before))
        for (name, n), before in zip(stages, [*counts[:1], *counts], strict=False)
    )


@dataclass(frozen=True)
class TakingPart:
    """What one person, or many, made of the classes there were; counts of places, and minutes attended.

    | figure | of what | left out |
    |---|---|---|
    | `adherence` | places booked | those that the organiser cancelled |
    | `of_offered` | classes that could have been booked | nothing |
    | `late_share` | places booked | those that the organiser cancelled |
    | dose | `attended`, `minutes` | |

    Somebody who was sent home unwell counts as cancelled by the organiser: the
    service decided. A place given back late counts as booked, and is shown on
    its own beside.
    """

    offered: int
    booked: int
    cancelled_by_organiser: int
    given_back_late: int
    attended: int
    minutes: int = 0

    def __post_init__(self) -> None:
        check_part(self.cancelled_by_organiser, self.booked)
        check_part(self.attended + self.given_back_late, self.due)
        check_part(self.booked, self.offered)
        if self.minutes < 0 or (self.minutes and not self.attended):
            raise ValueError("minutes are of classes that were attended")

    @property
    def due(self) -> int:
        """Places booked that the organiser did not take away."""
        return self.booked - self.cancelled_by_organiser

    @property
    def adherence(self) -> float | None:
        return _share(self.attended, self.due)

    @property
    def of_offered(self) -> float | None:
        return _share(self.attended, self.offered)

    @property
    def late_share(self) -> float | None:
        return _share(self.given_back_late, self.due)

    def __add__(self, other: TakingPart) -> TakingPart:
        return TakingPart(**{name: mine + getattr(other, name) for name, mine in vars(self).items()})


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
