"""What comes of a call to somebody who waits for a place.

Here: which action an outcome asks for, and a refusal in words. Not here: giving
places (classes/waiting_list/), the page (worklist.py, which calls this).
"""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Person
from classes.judging import refusals
from classes.models import Booking, BookingState
from classes.places.booking import cancel_booking
from classes.waiting_list.answering import called_about_offer, decline_offer, give_place, pass_by
from frontend.views.desk.task_kind import DECLINES, NO_ANSWER, PASS_BY, TAKES_PLACE, THINKS, WRONG_DETAILS


def _decline(booking: Booking, by: Person) -> Booking:
    """No to the place that is kept for them; or, where the place is public, to waiting for one."""
    if booking.state == BookingState.OFFERED:
        return decline_offer(booking=booking, by=by)
    return cancel_booking(booking=booking, by=by, reason="declined_by_phone")


def _not_reached(booking: Booking, by: Person) -> Booking:
    return called_about_offer(booking=booking, told=False, by=by)


ACTIONS: dict[str, Callable[[Booking, Person], Booking]] = {
    TAKES_PLACE.value: lambda booking, by: give_place(booking=booking, by=by),
    DECLINES.value: _decline,
    THINKS.value: lambda booking, by: called_about_offer(booking=booking, told=True, by=by),
    NO_ANSWER.value: _not_reached,
    WRONG_DETAILS.value: _not_reached,
    PASS_BY.value: lambda booking, by: pass_by(booking=booking, by=by),
}
REFUSED = {
    refusals.NotWaiting: "This person is no longer waiting for a place. Nothing was changed.",
    refusals.OfferOver: "The time to answer is over, and the place goes to the next person. Nothing was changed.",
    refusals.SessionNotOpen: "This class is not open for booking any more. Nothing was changed.",
    refusals.TooLate: "This class has started. Nothing was changed.",
    refusals.SessionFull: "The free place has just gone. Nothing was changed. Tell them that they are still waiting.",
    refusals.NotEligible: "This person may not come to this class at the moment. Look at their page.",
    refusals.Overlaps: "This person has another class at that time. Cancel that one first, if they want this one.",
    refusals.TryAgain: "Many people are booking this class just now. Try again in a moment.",
}


def act_on(booking: Booking, outcome: str, by: Person) -> str:
    """Do what the outcome asks for; empty when it is done, else why not. After a refusal nothing has changed."""
    try:
        ACTIONS[outcome](booking, by)
    except refusals.Refusal as refusal:
        return REFUSED[type(refusal)]
    return ""
