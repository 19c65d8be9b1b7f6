"""How groups of one dimension compare: a rate of each, and how far they lie from everyone. PURE.

Nothing here is a test: an interval that overlaps another proves neither a
difference nor its absence. Not here: whether a figure may be shown, and whether
those who answered are like those who did not (disclosure). Called by whoever
sets shown counts side by side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from outcomes.statistics import Interval, check_part, wilson


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
