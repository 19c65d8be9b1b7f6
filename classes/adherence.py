"""What a mark on the register means for adherence: one table, the same for every figure.

| mark                           | a class was due | it was attended | why |
|--------------------------------|-----------------|-----------------|-----|
| attended                       | yes             | yes             | |
| attended in part               | yes             | yes             | doing what one can is taking part |
| did not attend, told us        | yes             | no              | |
| did not attend, did not tell us| yes             | no              | |
| sent home unwell               | no              | no              | the service decided, not the person |
| cancelled by SafeFit           | no              | no              | there was no class to attend |

No mark at all says nothing either way. Whoever counts leaves out the weeks in which
somebody was paused (participants/programme_time.py). PURE: no Django. Called by the register
and by whoever counts attendance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """Whether a mark counts as a class that was due, and as one that was attended."""

    due: bool
    attended: bool


ADHERENCE: dict[str, Counted] = {
    "attended": Counted(due=True, attended=True),
    "attended_in_part": Counted(due=True, attended=True),
    "absent_told": Counted(due=True, attended=False),
    "absent_untold": Counted(due=True, attended=False),
    "sent_home": Counted(due=False, attended=False),
    "service_cancelled": Counted(due=False, attended=False),
}
ATTENDED_STATES = tuple(state for state, counted in ADHERENCE.items() if counted.attended)
DUE_STATES = tuple(state for state, counted in ADHERENCE.items() if counted.due)


@dataclass(frozen=True)
class Adherence:
    """Classes attended of those due. `share` is None when none was due: that is not zero."""

    attended: int
    due: int

    @property
    def share(self) -> float | None:
        return self.attended / self.due if self.due else None


def adherence_of(states: Iterable[str]) -> Adherence:
    """What the marks in force of one person, or of many, come to. An unknown mark raises KeyError."""
    counted = [ADHERENCE[state] for state in states]
    return Adherence(attended=sum(c.attended for c in counted), due=sum(c.due for c in counted))
