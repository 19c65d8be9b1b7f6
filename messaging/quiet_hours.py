"""When people are left in peace: 20:00 to 08:00 in the United Kingdom. PURE: no Django.

Called by delivery.py, which keeps what is not urgent until the morning.
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
