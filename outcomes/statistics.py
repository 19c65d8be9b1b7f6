"""The statistics of outcomes: paired change, proportions, bounds. PURE: no Django, no rows, no clock.

Called by truth.py with scores already turned so that + is better. Whether a
figure may be shown to others is disclosure; here a figure that cannot be
computed is None, with a reason, never 0. Beside it: who took part
(counting/taking_part.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from math import fsum, sqrt
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit  # not scipy.stats: that alone takes as long to import as the rest of a process

TOLERANCE = 1e-9  # scales move in thirds and ninths: a change of exactly the threshold must count
UNEVEN = 0.1  # from here on a standardised difference is one to speak of (Austin 2009)
LEAST_FOR_A_MEAN, LEAST_FOR_AN_EFFECT_SIZE, LEAST_FOR_A_SUBGROUP, LEAST_FOR_A_LINE = 10, 20, 30, 100  # people

Floats: TypeAlias = NDArray[np.float64]


class Why(StrEnum):
    NOBODY = "nobody has both scores"
    ONE_PERSON = "only one person has both scores"
    ALL_CHANGED_ALIKE = "everybody changed by the same amount"
    ALL_STARTED_ALIKE = "everybody started at the same score"
    NO_SPREAD = "within each group all are alike"


class Way(IntEnum):
    """Where somebody's score went, by a threshold, or their answers, taken together without adding them up."""

    WORSE = -1
    SAME = 0
    IMPROVED = 1
    MIXED = 2  # of several answers, one is better and another is worse


@dataclass(frozen=True)
class PairedChange:
    """Change of those with both scores, in points of the scale, + is better.

    `low` and `high`: 95 % interval by Student's t with n-1 degrees of freedom.
    `dz`: mean change by its own spread; `dz_hedges`: corrected for few people;
    `effect_size`: mean change by the spread at the start. A figure that cannot
    be computed is None and `missing` says why, by field name.
    """

    n: int
    mean_before: float | None
    mean_after: float | None
    mean_change: float | None
    sd_before: float | None
    sd_change: float | None
    se: float | None
    low: float | None
    high: float | None
    t: float | None
    dz: float | None
    dz_hedges: float | None
    effect_size: float | None
    missing: dict[str, Why]


@dataclass(frozen=True)
class Interval:
    """Two shares, 0 to 1."""

    low: float
    high: float


def paired_change(pairs: ArrayLike, *, confidence: float = 0.95) -> PairedChange:
    """Change from (before, after) of each person with both. Raises ValueError on a number that is not finite."""
    scores = np.asarray(pairs, float).reshape(-1, 2)
    if not np.isfinite(scores).all():
        raise ValueError("a score is not a finite number: leave the person out of the pairs")
    before, after = scores[:, 0], scores[:, 1]
    changes = after - before
    n, missing = len(scores), dict[str, Why]()
    if n == 0:
        missing |= dict.fromkeys(("mean_before", "mean_after", "mean_change"), Why.NOBODY)
    if n < 2:
        why = Why.ONE_PERSON if n else Why.NOBODY
        missing |= dict.fromkeys(
            ("sd_before", "sd_change", "se", "low", "high", "t", "dz", "dz_hedges", "effect_size"), why
        )
    mean_change = mean_of(changes)
    sd_before, sd_change = _spread(before), _spread(changes)
    se, reach = _error(sd_change, n, confidence)
    if sd_change == 0:
        missing |= dict.fromkeys(("t", "dz", "dz_hedges"), Why.ALL_CHANGED_ALIKE)
    if sd_before == 0:
        missing["effect_size"] = Why.ALL_STARTED_ALIKE
    dz = _over(mean_change, sd_change)
    return PairedChange(
        n=n,
        mean_before=mean_of(before),
        mean_after=mean_of(after),
        mean_change=mean_change,
        sd_before=sd_before,
        sd_change=sd_change,
        se=se,
        low=None if mean_change is None or reach is None else mean_change - reach,
        high=None if mean_change is None or reach is None else mean_change + reach,
        t=_over(mean_change, se),
        dz=dz,
        dz_hedges=None if dz is None else dz * (1 - 3 / (4 * (n - 1) - 1)),
        effect_size=_over(mean_change, sd_before),
        missing=missing,
    )


def mean_of(scores: Floats) -> float | None:
    """Of nobody there is none. Added up exactly, so that it does not hang on the order of people."""
    return fsum(scores.tolist()) / len(scores) if len(scores) else None


def _variance(scores: Floats) -> float:
    """Of two or more."""
    apart = scores - (mean_of(scores) or 0.0)
    return float((apart * apart).sum()) / (len(scores) - 1)


def _spread(scores: Floats) -> float | None:
    """Standard deviation; scores that differ by rounding alone do not differ."""
    if len(scores) < 2:
        return None
    return 0.0 if np.ptp(scores) <= TOLERANCE else sqrt(_variance(scores))


def _error(sd: float | None, n: int, confidence: float) -> tuple[float | None, float | None]:
    """Standard error, and how far the interval reaches to either side."""
    if sd is None:
        return None, None
    se = sd / sqrt(n)
    return se, se * float(stdtrit(n - 1, (1 + confidence) / 2))


def _over(mean: float | None, spread: float | None) -> float | None:
    return mean / spread if mean is not None and spread else None


def wilson(successes: int, n: int, *, confidence: float = 0.95) -> Interval | None:
    """Wilson score interval of a proportion, 0 to 1 (Wilson 1927); None when n is 0, as there is nothing to count."""
    check_part(successes, n)
    if n == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = successes / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / weight
    reach = z / weight * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # With nobody or everybody the end is exact, and must not miss it by a rounding error.
    return Interval(middle - reach if successes else 0.0, middle + reach if successes < n else 1.0)


def ways_of(changes: Floats, threshold: float, worse_from: float | None = None) -> NDArray[np.int8]:
    """Which Way each went, by a threshold > 0 in points, which itself counts; for the worse by another, where given."""
    down = threshold if worse_from is None else worse_from
    if not (threshold > 0 and down > 0):
        raise ValueError("the threshold must be above 0")
    improved, worse = changes >= threshold - TOLERANCE, changes <= -down + TOLERANCE
    return improved.astype(np.int8) - worse.astype(np.int8)


@dataclass(frozen=True)
class ReliableChange:
    """`sem`: standard error of measurement; `threshold`: least change in points beyond measurement error."""

    sem: float
    sd_difference: float
    threshold: float

    def index(self, change: float) -> float:
        """Jacobson and Truax 1991: at 1.96 or more to either side the change is reliable."""
        return change / self.sd_difference


def reliable_change(sd_before: float, reliability: float) -> ReliableChange:
    """From the spread at the start (> 0) and the scale's reliability (0 up to, not including, 1).

    No release calls it, as no recipe knows a reliability that was checked: where somebody has published the line
    itself, that is the recipe's (`changes`). It stands here, held to kept figures, for whoever measures one.
    """
    if not sd_before > 0:
        raise ValueError("the spread at the start must be above 0")
    if not 0 <= reliability < 1:
        raise ValueError("the reliability must be from 0 to below 1")
    sem = sd_before * sqrt(1 - reliability)
    return ReliableChange(sem, sqrt(2) * sem, NormalDist().inv_cdf(0.975) * sqrt(2) * sem)


def bounds_over_started(improved: int, paired: int, started: int) -> Interval | None:
    """Worst and best share improved of all who started, 0 to 1, had the missing ones all failed or all improved.

    Manski bounds: they assume nothing of those who sent no second form. None
    when nobody started.
    """
    check_part(improved, paired)
    check_part(paired, started)
    if started == 0:
        return None
    return Interval(improved / started, (improved + started - paired) / started)


def difference_of_shares(here: float, there: float) -> float | None:
    """Two shares, 0 to 1, apart by their common spread (Austin 2009); None where all are alike on both sides."""
    return _apart(here - there, here * (1 - here) + there * (1 - there))


def difference_of_means(here: ArrayLike, there: ArrayLike) -> float | None:
    """The means of two sets of people apart by their common spread; None of fewer than two, or without a spread."""
    one, other = np.asarray(here, float), np.asarray(there, float)
    if min(len(one), len(other)) < 2:
        return None
    return _apart((mean_of(one) or 0.0) - (mean_of(other) or 0.0), _variance(one) + _variance(other))


def _apart(difference: float, variances: float) -> float | None:
    """`variances` are of both, added."""
    if abs(difference) <= TOLERANCE:
        return 0.0
    return difference / sqrt(variances / 2) if variances > TOLERANCE else None


def ways_of_answers(moves: Floats) -> NDArray[np.int8]:
    """Which Way each went by how far their answers moved, a row for each answer, + is better (Devlin 2010, for EQ-5D).

    Better when one answer or more is better and none is worse, worse the other way round, mixed when there are both.
    Raises ValueError on a number that is not finite.
    """
    if not np.isfinite(moves).all():
        raise ValueError("an answer is not a finite number: leave the person out")
    up, down = (moves > 0).any(axis=0), (moves < 0).any(axis=0)
    return np.where(up & down, np.int8(Way.MIXED), up.astype(np.int8) - down.astype(np.int8))


def check_part(part: ArrayLike, whole: ArrayLike) -> None:
    """Raises ValueError when `part`, or any of several, cannot be a part of `whole`."""
    if not np.all((np.asarray(part) >= 0) & (np.asarray(part) <= np.asarray(whole))):
        raise ValueError(f"{part!r} is not a part of {whole!r}")
