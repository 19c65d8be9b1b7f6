"""When a questionnaire is due: windows around days since the first class, moved by pauses. PURE.

Called by planning.py and counting/cohort.py. Days are counted by participants/rules/programme_time.py,
which leaves pauses out. Dates are local and inclusive. Somebody who never came to a
class is not due for any follow-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from participants.rules.programme_time import Pause, day_after


@dataclass(frozen=True)
class Due:
    """A timepoint: so many days after the first class, with the window around it."""

    day: int
    opens_before: int
    closes_after: int

    @property
    def is_start(self) -> bool:
        return self.day == 0


@dataclass(frozen=True)
class Window:
    """None is "not known yet": a form without `opens_on` is not due, one without `closes_on` stays open."""

    opens_on: date | None = None
    due_on: date | None = None
    closes_on: date | None = None

    def is_open(self, on: date) -> bool:
        return self.opens_on is not None and self.opens_on <= on and not self.has_closed(on)

    def has_closed(self, on: date) -> bool:
        return self.closes_on is not None and self.closes_on < on


def window_of(due: Due, *, enrolled_on: date, first_class_on: date | None, pauses: Sequence[Pause]) -> Window:
    """The window of one timepoint for one person.

    The start form opens with enrolment and closes `closes_after` days after the
    first class. Every other one is counted from the first class attended, and
    days of a pause do not count.
    """
    opens_on = enrolled_on if due.is_start else None
    if first_class_on is None:
        return Window(opens_on=opens_on)
    ends = [day_after(first_class_on, days, pauses) for days in (due.day, due.day + due.closes_after)]
    if opens_on is None:
        opens_on = day_after(first_class_on, due.day - due.opens_before, pauses)
    # Joining a programme again after the first class must not make a window that ends before it begins.
    opens_on = opens_on if opens_on is None or ends[1] is None else min(opens_on, ends[1])
    return Window(opens_on, *ends)
