"""How much of what was offered somebody took: counts of places, visits and minutes. PURE.

Which mark and which place given back counts as due and as attended is the table
of classes/adherence.py. Not here: whose counts these are (cohort.py), adding
them up (truth.py), whether they may be shown (disclosure). Called by gathering.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from outcomes.statistics import check_part
from participants.rules.programme_time import WEEK, Pause, Stretch, in_a_paused_week, position_on

Number: TypeAlias = int | NDArray[np.int64]


@dataclass(frozen=True)
class TakingPart:
    """What one person made of the classes there were, or each of many: then every figure is a column.

    | figure | of what | left out |
    |---|---|---|
    | adherence: `attended` | `due`: places booked | our cancelling, sent home, given back in time, pauses |
    | of what was offered: `attended` | `offered`: the plan, or what was booked where that is more | pauses |
    | `given_back_late` and `missed`, beside adherence | `due` | as of adherence |
    | dose: `came`, `minutes` | every class attended | nothing |
    """

    offered: Number = 0
    due: Number = 0
    attended: Number = 0
    given_back_late: Number = 0
    came: Number = 0
    minutes: Number = 0

    def __post_init__(self) -> None:
        check_part(self.due, self.offered)
        check_part(self.attended + self.given_back_late, self.due)
        check_part(self.attended, self.came)
        if np.any((np.asarray(self.minutes) < 0) | ((np.asarray(self.minutes) > 0) & (np.asarray(self.came) == 0))):
            raise ValueError("minutes are of classes that were attended")

    @property
    def missed(self) -> Number:
        """Places that were kept to the end, and not come to."""
        return self.due - self.attended - self.given_back_late


def planned(*, first: date, until: date, stretches: Iterable[Stretch], pauses: Sequence[Pause]) -> int:
    """The most contacts that the plan offers in the whole weeks, Monday to Sunday, from `first` up to `until`.

    A week with a pause in it is none, as for adherence; in a week that is not over yet there may still be time.
    """
    phases, weeks = list(stretches), Counter[Stretch]()
    monday = first + timedelta(days=-first.weekday() % 7)
    while monday + WEEK <= until:
        stretch = position_on(monday, first=first, stretches=phases, pauses=pauses).stretch
        if stretch is not None and not in_a_paused_week(monday, pauses):
            weeks[stretch] += 1
        monday += WEEK
    return sum(n * stretch.contacts_most // stretch.per_weeks for stretch, n in weeks.items())
