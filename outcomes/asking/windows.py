"""When a questionnaire is due: windows around days since the first class, moved by pauses. PURE.

Called by planning.py, once_more.py and counting/cohort.py. Days are counted by participants/rules/programme_time.py,
which leaves pauses out. Dates are local and inclusive. Somebody who never came to a
class is not due for any follow-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from participants.rules.programme_time import Pause, day_after

ASKED_AGAIN_BEFORE: Final = timedelta(days=7)  # a first class: late enough that it is likely to be


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


def counting_window(due: Due, first: date | None, pauses: Sequence[Pause]) -> Window:
    """The window within which a form of this timepoint counts; for a start form, around the first class."""
    if first is None:
        return Window()
    window = window_of(due, enrolled_on=first, first_class_on=first, pauses=pauses)
    if not due.is_start:
        return window
    return Window(first - timedelta(days=due.opens_before), window.due_on, window.closes_on)


def window_once_more(
    due: Due, *, given_on: date, first_class_on: date | None, next_class_on: date | None, pauses: Sequence[Pause]
) -> Window:
    """The window in which the same is asked once more, since what was answered on `given_on` came too early to count.

    Not due where it counts, nor before it is known. Nobody should move before they have said how they were: what was
    said at the start is asked before the first class, once a place is held on `next_class_on`.
    """
    first = first_class_on or (next_class_on if due.is_start else None)
    counts = counting_window(due, first, pauses)
    if first is None or counts.opens_on is None or given_on >= counts.opens_on:
        return Window()
    if not due.is_start:
        return counts
    opens_on = max(counts.opens_on, first - ASKED_AGAIN_BEFORE)
    return Window(opens_on, first, None if first_class_on is None else counts.closes_on)
