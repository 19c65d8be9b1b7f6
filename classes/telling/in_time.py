"""By when news of a class must have reached somebody, so that they can still act on it. PURE: no Django.

Called by whatever decides about a message at the moment of sending. Where it answers None there is time
for every way, a letter too; else a letter comes too late, and somebody calls by the moment it names.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypedDict

from messaging.quiet_hours import evening_before, within_calling_hours

LETTER_TAKES = timedelta(days=5)  # second class, over a weekend, once it has been written and posted
CALLED_WITHIN = timedelta(hours=8)  # of those in which people are called
TO_SET_OUT = timedelta(hours=2)  # before the start of a class somebody may be on the way to it
AT_ONCE = timedelta(hours=1)
# Told at 8am of a class sooner than this after 4pm the day before, nobody could change their plans.
CANNOT_WAIT_FOR_MORNING = timedelta(hours=16)


class InTime(TypedDict):
    """What delivery is told of that: whether a message goes out at night too, and by when it must be heard."""

    urgent: bool
    needed_by: datetime | None


def in_time(starts_at: datetime, now: datetime, *, known: bool = False) -> InTime:
    """Of news of a class at `starts_at`; `known`: its reader did this, so that it may come when it comes."""
    if known:
        return {"urgent": False, "needed_by": None}
    return {"urgent": cannot_wait(starts_at, now), "needed_by": news_by(starts_at, now)}


def cannot_wait(starts_at: datetime, now: datetime) -> bool:
    """Whether news of a class goes out at night too."""
    return starts_at - now < CANNOT_WAIT_FOR_MORNING


def news_by(starts_at: datetime, now: datetime) -> datetime | None:
    """When, in UTC, somebody must have heard what is new of a class at `starts_at`. None: a letter will do.

    In calling hours, and before anybody sets out; when that time is over already, within the hour, day or night.
    """
    if starts_at - now >= LETTER_TAKES:
        return None
    latest = last_call(starts_at)
    if latest <= now:
        return min(now + AT_ONCE, starts_at)
    return min(within_calling_hours(now, AT_ONCE if cannot_wait(starts_at, now) else CALLED_WITHIN), latest)


def last_call(starts_at: datetime) -> datetime:
    """The last moment, in UTC, at which a call about a class is of use: before one sets out, and not at night."""
    return evening_before(starts_at - TO_SET_OUT)
