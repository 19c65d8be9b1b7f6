"""What comes of a call to somebody who waits for a place, or is being offered one.

Here: what each outcome does. Not here: the actions themselves (classes/waiting_list/answering.py), words and
pages. Called by the desk's call sheet (frontend/views/desk/waiting_calls.py) and by the API.
"""

from __future__ import annotations

import enum

from accounts.models import Person
from classes.judging.refusals import NotWaiting
from classes.models import Booking, BookingState
from classes.models.booking import DECLINED_BY_PHONE
from classes.places.booking import cancel_booking
from classes.waiting_list.answering import called_about_offer, decline_offer, give_place, pass_by


class CallOutcome(enum.StrEnum):
    TAKES_PLACE = "takes_place"
    DECLINES = "declines"
    THINKS = "thinks"  # told, and wants to think: the time to answer runs
    NO_ANSWER = "no_answer"
    WRONG_DETAILS = "wrong_details"
    UNREACHABLE = "pass_by"  # the next is asked, and the turn is kept


def answer_call(*, booking: Booking, outcome: CallOutcome, despite_limit: str = "", by: Person) -> Booking:
    """Do what the outcome asks for. Raises Refusal as the action does; then nothing has changed."""
    if outcome is CallOutcome.TAKES_PLACE:
        return give_place(booking=booking, by=by, despite_limit=despite_limit)
    if outcome is CallOutcome.DECLINES:
        return _decline(booking, by)
    if outcome is CallOutcome.UNREACHABLE:
        return pass_by(booking=booking, by=by)
    return called_about_offer(booking=booking, told=outcome is CallOutcome.THINKS, by=by)


def _decline(booking: Booking, by: Person) -> Booking:
    """No to the place that is kept for them; or, where the place is public, to waiting for one."""
    booking.refresh_from_db(fields=["state"])
    if booking.state == BookingState.OFFERED:
        return decline_offer(booking=booking, by=by, reason=DECLINED_BY_PHONE)
    if booking.state != BookingState.WAITING:  # a place that they took meanwhile is not given up by an old answer
        raise NotWaiting
    return cancel_booking(booking=booking, by=by, reason=DECLINED_BY_PHONE)
