"""One clock rules: the application's, as long as it agrees with the database's.

Called by delivery.py before it sends, and by the health page.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

MOST_APART = timedelta(seconds=30)


class ClockIsWrong(RuntimeError):
    """This computer's clock and the database's are `apart`; nothing is sent by a wrong clock."""

    def __init__(self, apart: timedelta) -> None:
        super().__init__(
            f"This computer's clock and the database's are {apart.total_seconds():.0f} seconds apart, so nothing is "
            "sent. Set both by a time server."
        )
        self.apart = apart


def apart_from_database() -> timedelta:
    """How far this computer's clock is ahead of the database's; the way there and back is shared out."""
    before = timezone.now()
    theirs = _clock_of_the_database()
    return before + (timezone.now() - before) / 2 - theirs


def require_a_right_clock() -> None:
    """Raises ClockIsWrong."""
    apart = apart_from_database()
    if abs(apart) > MOST_APART:
        raise ClockIsWrong(apart)


def _clock_of_the_database() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment
