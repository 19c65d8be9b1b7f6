"""What of a number of people a study may be shown, and when an earlier number is shown again. PURE: no Django.

Here: the rules (ADR 0055). Not here: who matches (matching.py), keeping a count (running.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from outcomes.disclosure.rules import nearest_five

K: Final = 8
MOST_COUNTS: Final = 3  # different criteria that one study may have counted


@dataclass(frozen=True)
class Counted:
    """A number that was shown: the key of its count (none: of who was told), whom it counted, what was shown of it."""

    key: int | None
    matched: frozenset[int]
    shown: int


def shown_of(number: int, k: int = K) -> int:
    """0, which reads "fewer than k", for any number below it, nobody included; else the nearest 5."""
    return 0 if number < k else nearest_five(number)


def near(matched: Collection[int], earlier: Sequence[Counted], k: int = K) -> Counted | None:
    """The latest earlier number from which fewer than `k` people are missing and to which fewer than `k` came.

    Its number is shown again. So a criterion that a handful of people do not meet, a day on which a handful changed
    and a criterion that changes nothing look alike.
    """
    now = frozenset(matched)
    found = (one for one in reversed(earlier) if len(now - one.matched) < k and len(one.matched - now) < k)
    return next(found, None)
