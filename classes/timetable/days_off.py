"""On which days a programme holds no classes, and why: bank holidays of England, and its own days.

Here: reading them, by date and by name. They are offered as dates to leave out and nothing
more: whoever publishes decides. Not here: keeping the programme's own (classes/offering.py),
what becomes of dates that were left out (left_out.py).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from classes.models import DaysOff
from classes.wall_time import bank_holidays


def days_off(programme_id: int, first: date, last: date) -> dict[date, str]:
    """Every day from `first` to `last` without classes, with its name; one that has several names has them all."""
    named = {on: [name] for on, name in bank_holidays(first, last).items()}
    own = DaysOff.objects.filter(programme=programme_id, active=True, first__lte=last, last__gte=first)
    for days in own:
        for ordinal in range(max(days.first, first).toordinal(), min(days.last, last).toordinal() + 1):
            named.setdefault(date.fromordinal(ordinal), []).append(days.name)
    return {on: ", ".join(named[on]) for on in sorted(named)}


def days_off_among(programme_id: int, dates: Collection[date]) -> dict[date, str]:
    """Those of `dates` that are such days. One query."""
    if not dates:
        return {}
    named = days_off(programme_id, min(dates), max(dates))
    return {on: named[on] for on in sorted(dates) if on in named}
