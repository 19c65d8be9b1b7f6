"""Clock time in the United Kingdom, safe over the two nights on which the clocks change.

Here: a local date and time to the instant it means, the dates of a series, bank
holidays of England. Instants come out in UTC and are compared in UTC: two times
that share a zone object compare by what the clock shows, so the first and the
second 1:30am of an October night would be equal. PURE: no Django. Called by
classes/timetable.py and by the pages that preview what it will do.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from dateutil.rrule import WEEKLY, rrule
from holidays import country_holidays

UK = ZoneInfo("Europe/London")


class Which(enum.StrEnum):
    """Which of two equal clock times is meant, in the night when the clocks go back."""

    FIRST = "first"
    SECOND = "second"


class NoSuchTime(Exception):
    """The clocks go forward over this time: no clock ever shows it on this date."""

    def __init__(self, on: date, at: time) -> None:
        super().__init__(on, at)
        self.on, self.at = on, at


class TimeHappensTwice(Exception):
    """The clocks go back over this time: whoever asks must say which one is meant."""

    def __init__(self, on: date, at: time, first: datetime, second: datetime) -> None:
        super().__init__(on, at)
        self.on, self.at, self.first, self.second = on, at, first, second


@dataclass(frozen=True)
class Span:
    """One date of a class: the local date that names it, and its two instants in UTC."""

    on: date
    starts_at: datetime
    ends_at: datetime


def instant(on: date, at: time, *, which: Which | None = None) -> datetime:
    """The instant, in UTC, at which UK clocks show `at` on `on`.

    Raises NoSuchTime, or TimeHappensTwice when it does and `which` was not said.
    `which` means nothing on any other night.
    """
    first = datetime.combine(on, at.replace(fold=0), tzinfo=UK).astimezone(UTC)
    second = datetime.combine(on, at.replace(fold=1), tzinfo=UK).astimezone(UTC)
    if first.astimezone(UK).replace(tzinfo=None) != datetime.combine(on, at.replace(fold=0)):
        raise NoSuchTime(on, at)
    if first == second:
        return first
    if which is None:
        raise TimeHappensTwice(on, at, first, second)
    return first if which == Which.FIRST else second


def span(on: date, at: time, minutes: int, *, which: Which | None = None) -> Span:
    """From `at` on `on` for `minutes` of elapsed time, whatever the clocks do meanwhile."""
    starts_at = instant(on, at, which=which)
    return Span(on, starts_at, starts_at + timedelta(minutes=minutes))


def local_date(moment: datetime) -> date:
    """The date on UK calendars at `moment`."""
    return moment.astimezone(UK).date()


def dates_of_series(
    first: date, last: date, *, interval_weeks: int = 1, excluded: Collection[date] = ()
) -> tuple[date, ...]:
    """Every date of a series from `first` to `last`, both included, without the excluded ones."""
    start, end = datetime.combine(first, time()), datetime.combine(last, time())
    found = rrule(WEEKLY, interval=interval_weeks, dtstart=start, until=end)
    return tuple(on for moment in found if (on := moment.date()) not in excluded)


def last_of_number(
    first: date, number: int, *, until: date, interval_weeks: int = 1, excluded: Collection[date] = ()
) -> date:
    """On which date a series of `number` classes ends: excluded dates are passed over and do not count.

    Never after `until`, with fewer classes where too many are excluded; `first` where all of them are.
    """
    held = dates_of_series(first, until, interval_weeks=interval_weeks, excluded=excluded)[:number]
    return held[-1] if held else first


def clock_changes(first: date, last: date) -> tuple[date, ...]:
    """The dates from `first` to `last`, both included, on which UK clocks change."""
    return tuple(on for on in _days(first, last) if _offset(on) != _offset(on + timedelta(days=1)))


def bank_holidays(first: date, last: date) -> dict[date, str]:
    """Bank holidays of England from `first` to `last`, one-off ones that are known included.

    A holiday at a weekend stands there on its own day and on the weekday that stands in for it.
    """
    named = {on: name for year in range(first.year, last.year + 1) for on, name in _bank_holidays_of(year).items()}
    return {on: named[on] for on in sorted(named) if first <= on <= last}


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _offset(on: date) -> timedelta | None:
    return datetime.combine(on, time(), tzinfo=UK).utcoffset()


@cache
def _bank_holidays_of(year: int) -> dict[date, str]:
    return {on: _as_we_write(name) for on, name in country_holidays("GB", subdiv="ENG", years=year).items()}


def _as_we_write(name: str) -> str:
    return name.replace("'", "’").replace("(observed)", "(substitute day)")
