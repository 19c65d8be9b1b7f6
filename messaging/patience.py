"""How long one waits for word of a text message, and how often one asks. PURE: no Django.

A telephone may be off for a night, so silence is not yet a failure. But what cannot wait is told by
another way while there is time. Called by receipts.py and delivery.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST, LAST = timedelta(minutes=1), timedelta(hours=1)  # the shortest and the longest time between two questions
URGENT, USUAL = timedelta(minutes=30), timedelta(hours=24)
FOR_ANOTHER_WAY = timedelta(hours=2)  # somebody can be called in it, and act on what they hear


def next_ask(sent_at: datetime, now: datetime) -> datetime:
    """Half as long again as it has been on its way: often at first, then seldom."""
    return now + min(max((now - sent_at) / 2, FIRST), LAST)


def waits_until(sent_at: datetime, *, urgent: bool, needed_by: datetime | None) -> datetime:
    """From when on silence counts as a failure: in time for another way, and never at once."""
    latest = sent_at + (URGENT if urgent else USUAL)
    if needed_by is None:
        return latest
    return max(min(latest, needed_by - FOR_ANOTHER_WAY), min(latest, sent_at + URGENT))
