"""Time in a programme: days on which somebody is paused do not count. PURE: no Django.

Here: the one way to count days from a start with pauses left out, and what
stretch of the programme a day falls into. Questionnaire windows
(outcomes/asking/windows.py), phases (course.py) and adherence all count here. Not here:
reading enrolments and pauses, words. Dates are local; a pause ends on the first day back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TELL_BEFORE = 4 * WEEK  # the end: nobody's booking closes sooner after they were told


@dataclass(frozen=True)
class Pause:
    """Time out from `starts_on` up to, and not including, `ends_on`; None while it goes on."""

    starts_on: date
    ends_on: date | None

    def days_within(self, first: date, until: date) -> int:
        """Paused days from `first` up to, and not including, `until`."""
        start, end = max(self.starts_on, first), min(self.ends_on or until, until)
        return max((end - start).days, 0)


@dataclass(frozen=True)
class Stretch:
    """A phase of the programme, so many days long; `most_a_week` places may be held in it, None: as many as one likes.

    `one_to_ones_apart`: one-to-one sessions have nothing to do with that number. `contacts_least` to
    `contacts_most` contacts in `per_weeks` weeks are the plan, to go by and no duty; so are `talks`, one to one,
    in `talks_per_weeks`. `key` tells phases apart.
    """

    name: str
    days: int
    most_a_week: int | None = None
    one_to_ones_apart: bool = False
    contacts_least: int = 0
    contacts_most: int = 0
    per_weeks: int = 1
    key: int = 0
    talks: int = 0
    talks_per_weeks: int = 4


@dataclass(frozen=True)
class Position:
    """Where somebody stands on a date. `day` counts from 1; on a paused day it is the one with which they go on.

    `stretch` is None before the start and after the end. `ends_on`, the last day
    of the programme, is None while a pause that goes on hides it, and in a programme without phases.
    """

    day: int
    stretch: Stretch | None
    ends_on: date | None

    @property
    def week(self) -> int:
        return (self.day - 1) // 7 + 1


def day_after(first: date, days: int, pauses: Iterable[Pause]) -> date | None:
    """The day on which `days` unpaused days have passed since `first`; None while a pause hides it."""
    day = first + timedelta(days=days)
    for pause in sorted(pauses, key=lambda pause: pause.starts_on):
        if pause.starts_on > day:
            break
        if pause.ends_on is None:
            return None
        day += max(pause.ends_on - max(pause.starts_on, first), timedelta(0))
    return day


def days_passed(first: date, on: date, pauses: Iterable[Pause]) -> int:
    """How many unpaused days lie from `first` up to, and not including, `on`; 0 before `first`."""
    return max((on - first).days, 0) - sum(pause.days_within(first, on) for pause in pauses)


def position_on(on: date, *, first: date, stretches: Sequence[Stretch], pauses: Sequence[Pause]) -> Position:
    """Where somebody who started on `first` stands on the date `on`."""
    passed = days_passed(first, on, pauses)
    whole = sum(stretch.days for stretch in stretches)
    ends_on = day_after(first, whole - 1, pauses) if whole else None
    return Position(passed + 1, _stretch_of(passed, stretches) if on >= first else None, ends_on)


def stays_until(until: date, *, given_on: date, pauses: Iterable[Pause]) -> date | None:
    """The last day of somebody who on `given_on` was let stay until `until`: days of a break since then do not count.

    None while a pause hides it. A break that begins after that day moves nothing.
    """
    return day_after(given_on, (until - given_on).days, pauses)


def closing_day(last_day: date, *, on: date) -> date | None:
    """The last day on which somebody can come, once it is time to tell them; None while it is early.

    Who is told late, a break having moved their day or hidden it, goes on for as long as anybody after being told.
    """
    if last_day - TELL_BEFORE > on:
        return None
    return max(last_day, on + TELL_BEFORE)


def in_a_paused_week(on: date, pauses: Iterable[Pause]) -> bool:
    """Whether any day of the week of `on`, Monday to Sunday, was paused."""
    monday = on - timedelta(days=on.weekday())
    return any(pause.days_within(monday, monday + WEEK) for pause in pauses)


def _stretch_of(passed: int, stretches: Sequence[Stretch]) -> Stretch | None:
    for stretch in stretches:
        if passed < stretch.days:
            return stretch
        passed -= stretch.days
    return None
