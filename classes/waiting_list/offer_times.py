"""How a place that has come free is offered, and until when an offer stands. PURE: no Django.

Here: the times. Not here: who is next and what is written down (serving.py,
offers.py), the quiet hours (messaging/quiet_hours.py, pure too). Called by those
who give places, at the moment at which one is free.

Three ways, by how far the class is away:
by itself, to whoever asked for that; by an offer that waits for an answer, of at least
four hours in which people are awake; and, when there is no time left for an offer,
to everybody at once, while the desk calls those who wait in their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from messaging.quiet_hours import calling_hours_before, quiet_until, within_calling_hours

AUTOMATIC_UNTIL = timedelta(hours=24)  # before the start; later than that a person is asked first
TO_ANSWER = timedelta(hours=4)  # of those in which people are awake: the clock stands still from 20:00 to 08:00
AT_ONCE = timedelta(seconds=1)  # at the moment itself there is still just time enough
NO_OFFER_WITHIN_REMOTE = timedelta(hours=2)  # before the start: whoever says yes must still be able to come
NO_OFFER_WITHIN_IN_PERSON = timedelta(hours=24)


@dataclass(frozen=True)
class Terms:
    """How a place is offered now. `until` is None when there is no time left for an offer.

    `call_until`: from then on nobody who is called has their whole time to answer any more, so a place that is kept
    for somebody whom nobody has called is everybody's.
    """

    by_itself: bool
    until: datetime | None
    last_moment: datetime
    call_until: datetime

    @property
    def is_public(self) -> bool:
        """Whether the place is open to everybody while those who wait are called."""
        return self.until is None


def terms_of_offer(now: datetime, *, starts_at: datetime, remote: bool) -> Terms:
    """How a place that is free `now` is offered, in a class that starts at `starts_at`."""
    last_moment = starts_at - (NO_OFFER_WITHIN_REMOTE if remote else NO_OFFER_WITHIN_IN_PERSON)
    until = answer_by(now)
    return Terms(
        by_itself=now < starts_at - AUTOMATIC_UNTIL,
        until=until if until <= last_moment else None,
        last_moment=last_moment,
        call_until=calling_hours_before(last_moment, TO_ANSWER) + AT_ONCE,
    )


def answer_by(heard_at: datetime) -> datetime:
    """Until when somebody has time who heard of their place at `heard_at`, in UTC."""
    return within_calling_hours(heard_at, TO_ANSWER)


def starts_the_clock(tried_at: datetime) -> bool:
    """Whether a call that nobody answered counts as an attempt: it was made while people may be called."""
    return quiet_until(tried_at) is None
