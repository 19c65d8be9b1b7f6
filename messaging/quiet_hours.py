"""When people are left in peace: 20:00 to 08:00 in the United Kingdom. PURE: no Django.

Called by delivery.py, which keeps what is not urgent until the morning, and by those who ask
the desk to call somebody: nobody is to be called at night.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")
EVENING, MORNING = time(20), time(8)


def quiet_until(at: datetime) -> datetime | None:
    """The moment at which the quiet hours around `at` end, in UTC; None when `at` is not in them.

    Wall time counts, so a night in which the clocks change is an hour longer or
    shorter. 08:00 itself is not quiet, 20:00 is.
    """
    here = at.astimezone(UK)
    if MORNING <= here.time() < EVENING:
        return None
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, tzinfo=UK).astimezone(UTC)


def evening_before(at: datetime) -> datetime:
    """`at` itself; or, in quiet hours, the evening at which they began. In UTC: the last moment to reach somebody."""
    if quiet_until(at) is None:
        return at.astimezone(UTC)
    evening = _evening_of(at)
    return evening if evening <= at else _evening_of(at - timedelta(hours=12))


def within_calling_hours(at: datetime, hours: timedelta) -> datetime:
    """When, in UTC, `hours` have passed since `at`, counting only the hours in which people may be called."""
    begins, left = quiet_until(at) or at, hours
    while left > (until_evening := _evening_of(begins) - begins):
        left -= until_evening
        begins = quiet_until(_evening_of(begins)) or begins
    return (begins + left).astimezone(UTC)


def calling_hours_before(at: datetime, hours: timedelta) -> datetime:
    """The last moment, in UTC, from which `hours` in which people may be called have passed by `at`."""
    ends, left = evening_before(at), hours
    while left > (since_morning := ends - _morning_of(ends)):
        left -= since_morning
        ends = _evening_of(ends - timedelta(days=1))
    return (ends - left).astimezone(UTC)


def _morning_of(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UK).date(), MORNING, tzinfo=UK).astimezone(UTC)


def _evening_of(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UK).date(), EVENING, tzinfo=UK).astimezone(UTC)
