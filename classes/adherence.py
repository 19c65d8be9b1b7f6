"""What a mark on the register, or a place given back, means for adherence: one table, the same for every figure.

| what became of a place         | a class was due | it was attended | why |
|--------------------------------|-----------------|-----------------|-----|
| attended                       | yes             | yes             | |
| attended in part               | yes             | yes             | doing what one can is taking part |
| did not attend, told us        | yes             | no              | |
| did not attend, did not tell us| yes             | no              | |
| sent home unwell               | no              | no              | the service decided, not the person |
| cancelled by SafeFit           | no              | no              | there was no class to attend |
| given back late                | yes             | no              | as "told us": few can still take the place |
| given back in time             | no              | no              | the place is somebody else's |

Late is less than 24 hours before the start. A place given back counts so only where the person gave it
back, and has no mark: one that the service ended (clearance, the same-day check, a class that was moved)
was not due. Nobody is held to a place they gave back; it is counted for the programme alone. No mark at
all says nothing either way. Whoever counts leaves out the weeks in which somebody was paused
(participants/rules/programme_time.py). PURE: no Django. Called by the register and by whoever counts attendance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LATE = timedelta(hours=24)  # before the start: somebody who waits can hardly still come


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
GIVEN_BACK_LATE, GIVEN_BACK_IN_TIME = "given_back_late", "given_back_in_time"
GIVEN_BACK: dict[str, Counted] = {
    GIVEN_BACK_LATE: Counted(due=True, attended=False),
    GIVEN_BACK_IN_TIME: Counted(due=False, attended=False),
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


def given_back(ended_at: datetime, starts_at: datetime) -> str:
    """What a place that its person gave back counts as: a name in GIVEN_BACK."""
    return GIVEN_BACK_LATE if ended_at > starts_at - LATE else GIVEN_BACK_IN_TIME


def adherence_of(states: Iterable[str]) -> Adherence:
    """What the marks in force, and the places given back, of one person or of many come to.

    An unknown one raises KeyError.
    """
    table = ADHERENCE | GIVEN_BACK
    counted = [table[state] for state in states]
    return Adherence(attended=sum(c.attended for c in counted), due=sum(c.due for c in counted))
