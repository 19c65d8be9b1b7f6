"""What comes of a call to somebody who waits for a place.

Here: a refusal in words. Not here: what an outcome does (classes/places/called.py), the
page (worklist.py, which calls this).
"""

from __future__ import annotations

from accounts.models import Person
from classes.judging import refusals
from classes.models import Booking
from classes.places.called import CallOutcome, answer_call

ACTIONS = frozenset(CallOutcome)
REFUSED = {
    refusals.NotWaiting: "This person is no longer waiting for a place. Nothing was changed.",
    refusals.OfferOver: "The time to answer is over, and the place goes to the next person. Nothing was changed.",
    refusals.SessionNotOpen: "This class is not open for booking any more. Nothing was changed.",
    refusals.TooLate: "This class has started. Nothing was changed.",
    refusals.SessionFull: "The free place has just gone. Nothing was changed. Tell them that they are still waiting.",
    refusals.NoRoomForCompanion: (
        "There is a place, but the hall is full for people who come along. Nothing was changed. They can come alone, "
        "if they want that: change who comes."
    ),
    refusals.NotEligible: "This person may not come to this class at the moment. Look at their page.",
    refusals.BeyondWeeklyLimit: (
        "This person has as many classes in that week as their phase allows. Nothing was changed. If one more is "
        "right, give them the place from the waiting list of this class, with a reason."
    ),
    refusals.Overlaps: "This person has another class at that time. Cancel that one first, if they want this one.",
    refusals.TryAgain: "Many people are booking this class just now. Try again in a moment.",
}


def act_on(booking: Booking, outcome: str, by: Person) -> str:
    """Do what the outcome asks for; empty when it is done, else why not. After a refusal nothing has changed."""
    try:
        answer_call(booking=booking, outcome=CallOutcome(outcome), by=by)
    except refusals.Refusal as refusal:
        return REFUSED[type(refusal)]
    return ""
