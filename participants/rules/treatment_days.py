"""Days of treatment that somebody noted, and which classes lie close to them. PURE: no Django.

Here: which days are meant, what cannot be noted, whether a day is close to one
of them. It suggests and never forbids: nothing here is asked by booking. Not
here: keeping them (treatments.py), for how many days a class is close (rules.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

MOST_WEEKS, MOST_TIMES = 12, 30
BACK, AHEAD = timedelta(days=365), timedelta(days=2 * 365)  # how far from today they may begin and end


@dataclass(frozen=True, order=True)
class Days:
    """One day (`every_weeks` 0, `times` 1), or `times` days, one every `every_weeks` weeks from `first` on."""

    first: date
    every_weeks: int = 0
    times: int = 1

    @property
    def each(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(weeks=self.every_weeks * number) for number in range(self.times))

    @property
    def last(self) -> date:
        return self.first + timedelta(weeks=self.every_weeks * (self.times - 1))

    def next_from(self, today: date) -> date | None:
        """The first of them that is not over; None when all are."""
        return next((day for day in self.each if day >= today), None)


@dataclass(frozen=True)
class NearTreatment:
    """The days that lie close to a treatment: `on in near`. Empty for whoever noted none."""

    noted: tuple[Days, ...] = ()
    days_after: int = 0

    def __contains__(self, on: date) -> bool:
        return is_close(on, self.noted, self.days_after)


def is_close(on: date, noted: Iterable[Days], days_after: int) -> bool:
    """Whether `on` is a day of treatment, or one of the `days_after` days that follow it."""
    return any(0 <= (on - day).days <= days_after for days in noted for day in days.each)


def fault_in(days: Days, *, today: date, days_after: int) -> str:
    """Why these days cannot be noted; empty when they can.

    every_weeks · times (out of their limits) · too_long_ago · too_far · past (no class can be close to any of them)
    """
    once = (days.every_weeks, days.times) == (0, 1)
    if not once and not 1 <= days.every_weeks <= MOST_WEEKS:
        return "every_weeks"
    if not once and not 2 <= days.times <= MOST_TIMES:
        return "times"
    if days.first < today - BACK:
        return "too_long_ago"
    if days.first > today + AHEAD or days.last > today + AHEAD:
        return "too_far"
    return "past" if days.last + timedelta(days=days_after) < today else ""
