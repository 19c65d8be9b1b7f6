"""When something is due that people do in working hours: 5pm of a working day.

Called by whoever sets a due time in days. Bank holidays are not left out.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone


def due_in_working_days(now: datetime, days: int) -> datetime:
    """5pm UK time, `days` working days after today (Saturdays and Sundays are not counted)."""
    on = timezone.localtime(now).date()
    while days:
        on += timedelta(days=1)
        days -= on.weekday() < 5
    return timezone.make_aware(datetime.combine(on, time(17)))
