"""On which days a class is not held, and why: bank holidays of England, days of its programme, days of its hall.

Here: reading them, by date and by name. They are offered as dates to leave out and nothing
more: whoever publishes decides. Not here: keeping those of programme and halls (classes/offering.py),
what becomes of dates that were left out (left_out.py).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from classes.models import DaysOff
from classes.wall_time import bank_holidays


@dataclass(frozen=True)
class DaysOffRead:
    """Every such day of a programme in some time, read at once for all of its halls."""

    first: date
    last: date
    kept: tuple[DaysOff, ...]

    def at(self, venue_id: int | None) -> dict[date, str]:
        """Those of a class in this hall, or online (None); a day that has several names has them all."""
        named = {on: [name] for on, name in bank_holidays(self.first, self.last).items()}
        for days in self.kept:
            if days.venue_id is not None and days.venue_id != venue_id:
                continue
            for ordinal in range(max(days.first, self.first).toordinal(), min(days.last, self.last).toordinal() + 1):
                named.setdefault(date.fromordinal(ordinal), []).append(days.name)
        return {on: ", ".join(named[on]) for on in sorted(named)}


NO_DAYS_OFF = DaysOffRead(date.max, date.min, ())


def read_days_off(programme_id: int, first: date, last: date) -> DaysOffRead:
    """From `first` to `last`, both included. One query."""
    kept = DaysOff.objects.filter(programme=programme_id, active=True, first__lte=last, last__gte=first)
    return DaysOffRead(first, last, tuple(kept))


def days_off(programme_id: int, first: date, last: date, *, venue_id: int | None = None) -> dict[date, str]:
    """Every day from `first` to `last` without a class in this hall, or online, with its name."""
    return read_days_off(programme_id, first, last).at(venue_id)


def days_off_among(programme_id: int, dates: Collection[date], *, venue_id: int | None = None) -> dict[date, str]:
    """Those of `dates` that are such days. One query."""
    if not dates:
        return {}
    named = days_off(programme_id, min(dates), max(dates), venue_id=venue_id)
    return {on: named[on] for on in sorted(dates) if on in named}
