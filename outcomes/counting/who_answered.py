"""Whether those who answered are like those who did not, and how groups compare. PURE.

A change of those who sent both forms says something of the others only as far
as the two were alike at the start. Here a figure that cannot be computed is
None, with a reason. Nothing here is a test: an interval that overlaps another
proves neither a difference nor its absence. Not here: whether a figure may be
shown (disclosure).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

from outcomes.statistics import LEAST_FOR_A_MEAN, Interval, Why, check_part, wilson

UNEVEN = 0.1  # from here on a standardised difference is one to speak of (Austin 2009)


@dataclass(frozen=True)
class Compared:
    """One line of the table: a mean, or the share of one group, among those who answered and the others.

    `answered` and `others` are means in points or shares from 0 to 1;
    `n_answered` and `n_others` of how many people they are, those of whom
    nothing is recorded left out. `difference` is standardised: the two apart by
    their common spread, so that ages and shares can be read side by side.
    """

    name: str
    n_answered: int
    n_others: int
    answered: float | None
    others: float | None
    difference: float | None
    why: Why | None = None

    @property
    def is_uneven(self) -> bool:
        return self.difference is not None and abs(self.difference) >= UNEVEN


def compare_numbers(name: str, answered: Sequence[float | None], others: Sequence[float | None]) -> Compared:
    """Of a number of each person, as age or the score at the start; None where it is not recorded."""
    here, there = ([number for number in numbers if number is not None] for numbers in (answered, others))
    if min(len(here), len(there)) < LEAST_FOR_A_MEAN:
        return Compared(name, len(here), len(there), None, None, None, Why.TOO_FEW)
    difference, why = _apart(fmean(here), fmean(there), variance(here) + variance(there))
    return Compared(name, len(here), len(there), fmean(here), fmean(there), difference, why)


def compare_groups(
    answered: Sequence[str | None], others: Sequence[str | None], order: Sequence[str]
) -> tuple[Compared, ...]:
    """Of a group of each person, as sex or area: a line for each of `order`. Others are counted as not recorded."""
    counts = [Counter(group for group in groups if group in order) for groups in (answered, others)]
    return tuple(_group(name, *counts) for name in order)


def _group(name: str, answered: Counter[str | None], others: Counter[str | None]) -> Compared:
    n, m = answered.total(), others.total()
    if min(n, m) < LEAST_FOR_A_MEAN:
        return Compared(name, n, m, None, None, None, Why.TOO_FEW)
    here, there = answered[name] / n, others[name] / m
    difference, why = _apart(here, there, here * (1 - here) + there * (1 - there))
    return Compared(name, n, m, here, there, difference, why)


def _apart(here: float, there: float, variances: float) -> tuple[float | None, Why | None]:
    """The two apart by their common spread; `variances` are of both, added."""
    if here == there:
        return 0.0, None
    return ((here - there) / sqrt(variances / 2), None) if variances else (None, Why.NO_SPREAD)


# --- groups side by side -----------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """How many of a group reached something, with the Wilson interval of the share."""

    name: str
    reached: int
    n: int

    def __post_init__(self) -> None:
        check_part(self.reached, self.n)

    @property
    def share(self) -> float | None:
        return self.reached / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.reached, self.n)


def index_of_disparity(groups: Mapping[str, tuple[int, int]], *, least: int) -> float | None:
    """How far groups lie from everyone together, on average, in percent of everyone's share (Pearcy and Keppel 2002).

    `groups`: how many reached something, and of how many. None when there are
    fewer than two groups, when one has fewer than `least` people, or when nobody
    reached it.
    """
    rates = [Rate(name, reached, n) for name, (reached, n) in groups.items()]
    everyone = Rate("", sum(rate.reached for rate in rates), sum(rate.n for rate in rates))
    if len(rates) < 2 or min(rate.n for rate in rates) < max(least, 1) or not everyone.share:
        return None
    return 100 * fmean(abs((rate.share or 0.0) - everyone.share) for rate in rates) / everyone.share
