"""Why a place could not be taken, kept or changed: named refusals that carry data, not prose.

Here: what the actions of classes raise. Not here: words for people (the pages),
HTTP statuses (safefit.api and the pages). A refusal means that nothing was changed.
"""

from __future__ import annotations

from typing import ClassVar

from classes.eligibility import Reason


class Refusal(Exception):
    """`code` names the refusal to programs; `details` is what else they are told."""

    code: ClassVar[str]

    @property
    def details(self) -> dict[str, object]:
        return {}


class NotEligible(Refusal):
    """The person may not come to this class, for `reasons`."""

    code = "not_eligible"

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(*reasons)
        self.reasons = reasons

    @property
    def details(self) -> dict[str, object]:
        return {"reasons": [reason.value for reason in self.reasons]}


class SessionFull(Refusal):
    """No place is left, or the free ones belong to people who are waiting."""

    code = "session_full"


class TooLate(Refusal):
    """The class has started."""

    code = "too_late"


class SessionNotOpen(Refusal):
    """The class is not published, or has been cancelled."""

    code = "session_not_open"


class Overlaps(Refusal):
    """The person holds a place in another class at that time: `booking_id`."""

    code = "overlaps"

    def __init__(self, booking_id: int | None = None) -> None:
        super().__init__(booking_id)
        self.booking_id = booking_id

    @property
    def details(self) -> dict[str, object]:
        return {"booking": self.booking_id}


class NotWaiting(Refusal):
    """The booking is not on the waiting list any more."""

    code = "not_waiting"


class CapacityBelowHeld(Refusal):
    """The class cannot be made smaller than the places that are held: `held`."""

    code = "capacity_below_held"

    def __init__(self, held: int) -> None:
        super().__init__(held)
        self.held = held

    @property
    def details(self) -> dict[str, object]:
        return {"held": self.held}


class KeyReused(Refusal):
    """The same key came with another request."""

    code = "key_reused"


class TryAgain(Refusal):
    """Too many people at once, or the facts kept changing. Nothing was changed; the same request may be sent again."""

    code = "try_again"
