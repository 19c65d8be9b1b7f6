"""Who comes first in a waiting list, by decision of staff: with a reason, and for one class.

Here: the one action. Not here: the order itself (BookingQuerySet.waiting), who may
decide (the desk's page). The reason is about health: it is shown to staff alone, and
the history keeps who decided.
"""

from __future__ import annotations

from accounts.history import acting
from accounts.models import Person
from classes.judging.refusals import NotWaiting, PriorityNeedsReason
from classes.locks import locked_booking, settled
from classes.models import Booking, BookingState

FIRST, IN_TURN = 1, 0
LONGEST_REASON = 200


def set_priority(*, booking: Booking, first: bool, reason: str = "", by: Person) -> Booking:
    """This turn comes before all others that do not come first; or in the order of joining again.

    A place that is offered to somebody at this moment stays theirs. Raises NotWaiting,
    PriorityNeedsReason, TryAgain.
    """
    reason = reason.strip() if first else ""
    if first and not 0 < len(reason) <= LONGEST_REASON:
        raise PriorityNeedsReason

    def attempt() -> Booking:
        with acting(by, "classes.set_priority", on_behalf_of=booking.participant.person):
            own, _ = locked_booking(booking)
            if own.state != BookingState.WAITING:
                raise NotWaiting
            own.priority, own.priority_reason = (FIRST if first else IN_TURN), reason
            own.save(update_fields=["priority", "priority_reason"])
            return own

    return settled(attempt)
