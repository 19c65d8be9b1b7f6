"""What a break does to the day until which somebody was let stay: its days do not count, as in the programme itself.

Here: the day as it would be if they came back today. Not here: the rule (programme_time.py), letting somebody
stay (ending.py), coming back (life.py), which keeps the moved day. It is kept, and not worked out anew each
time, as only history knows on which day staff let them stay.
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from accounts.happenings import in_history
from participants.models import Enrolment
from participants.rules.programme_time import Pause, stays_until

EXTEND = "participants.extend_programme"


def moved_by_break(enrolment: Enrolment) -> date | None:
    """Until when they stay if they come back today; None for somebody who was not let stay. Two queries.

    Breaks that are over have moved it already, when each of them ended.
    """
    until, today = enrolment.extended_until, timezone.localdate()
    if until is None:
        return None
    breaks = [Pause(going_on.starts_on, today) for going_on in enrolment.pauses.filter(ends_on=None)]
    return stays_until(until, given_on=_given_on(enrolment), pauses=breaks)


def _given_on(enrolment: Enrolment) -> date:
    """On which day they were let stay, for the last time."""
    given = in_history(Enrolment).filter(pgh_obj_id=enrolment.pk, acted=EXTEND).order_by("-pgh_id").first()
    return timezone.localdate(given.pgh_created_at) if given else enrolment.starts_on
