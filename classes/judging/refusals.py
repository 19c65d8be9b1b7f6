"""Why a place could not be taken, kept or changed: named refusals that carry data, not prose.

Here: what the actions of classes raise. Not here: words for people (the pages),
HTTP statuses (safefit.api and the pages). A refusal means that nothing was changed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from classes.judging.eligibility import Reason


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


class BeyondWeeklyLimit(NotEligible):
    """The person holds `most` places in the week of `monday` already, and more are not meant in their phase."""

    def __init__(self, most: int, monday: date) -> None:
        super().__init__((Reason.WEEKLY_LIMIT,))
        self.most, self.monday = most, monday

    @property
    def details(self) -> dict[str, object]:
        return {**super().details, "most_a_week": self.most, "week_from": self.monday.isoformat()}


class SessionFull(Refusal):
    """No place is left, or the free ones belong to people who are waiting."""

    code = "session_full"


class NoRoomForCompanion(Refusal):
    """A place is there, and the hall has no room for somebody who comes along: the person can come alone."""

    code = "no_room_for_companion"


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


class OfferedThere(Refusal):
    """A place there is kept for the person, but for another number of people, or its time is over: `booking_id`."""

    code = "offered_there"

    def __init__(self, booking_id: int) -> None:
        super().__init__(booking_id)
        self.booking_id = booking_id

    @property
    def details(self) -> dict[str, object]:
        return {"booking": self.booking_id}


class CannotBeHeld(Refusal):
    """Answers to health questions are not what is in the way: the place can be booked, or not had at all."""

    code = "cannot_be_held"


class HeldBefore(Refusal):
    """A place is held for the person already, or was held in this class before: `booking_id`."""

    code = "held_before"

    def __init__(self, booking_id: int) -> None:
        super().__init__(booking_id)
        self.booking_id = booking_id

    @property
    def details(self) -> dict[str, object]:
        return {"booking": self.booking_id}


class TooManyDates(Refusal):
    """From one to `most` dates are booked together."""

    code = "too_many_dates"

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most

    @property
    def details(self) -> dict[str, object]:
        return {"most": self.most}


class NotWaiting(Refusal):
    """The booking is not on the waiting list any more."""

    code = "not_waiting"


class PriorityNeedsReason(Refusal):
    """Nobody comes first without a reason, of at most the length that is kept."""

    code = "priority_needs_reason"


class ReasonNeeded(Refusal):
    """What passes by others is given with a reason, of at most the length that is kept."""

    code = "reason_needed"


class OfferOver(Refusal):
    """The offer was used, or its time is over: `became` is the state it came to; empty when there never was one."""

    code = "offer_over"

    def __init__(self, became: str) -> None:
        super().__init__(became)
        self.became = became

    @property
    def details(self) -> dict[str, object]:
        return {"offer": self.became}


class FewerNeeded(Refusal):
    """More people were chosen to give a place back than need to: `held` places are taken or kept back now."""

    code = "fewer_needed"

    def __init__(self, held: int) -> None:
        super().__init__(held)
        self.held = held

    @property
    def details(self) -> dict[str, object]:
        return {"held": self.held}


class PlacesFixed(Refusal):
    """How many places the class has stays as it is: it is `cancelled`, `over` or `one_to_one`."""

    code = "places_fixed"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def details(self) -> dict[str, object]:
        return {"why": self.why}


class CapacityBelowHeld(Refusal):
    """The class cannot be made smaller than the places that are held: `held`."""

    code = "capacity_below_held"

    def __init__(self, held: int) -> None:
        super().__init__(held)
        self.held = held

    @property
    def details(self) -> dict[str, object]:
        return {"held": self.held}


class PlacesBeyondHall(Refusal):
    """With so many places and those who come along, the hall would be too small: `most` places fit."""

    code = "places_beyond_hall"

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most

    @property
    def details(self) -> dict[str, object]:
        return {"most": self.most}


class QuestionsChanged(Refusal):
    """The answers are to an older version of the same-day check; `version` is the one asked now."""

    code = "questions_changed"

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version

    @property
    def details(self) -> dict[str, object]:
        return {"version": self.version}


class CheckNotOpen(Refusal):
    """The same-day check can be answered from `opens_at`."""

    code = "check_not_open"

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at)
        self.opens_at = opens_at

    @property
    def details(self) -> dict[str, object]:
        return {"opens_at": self.opens_at.isoformat()}


class CheckClosed(Refusal):
    """The same-day check could be answered in this way until `closed_at`."""

    code = "check_closed"

    def __init__(self, closed_at: datetime) -> None:
        super().__init__(closed_at)
        self.closed_at = closed_at

    @property
    def details(self) -> dict[str, object]:
        return {"closed_at": self.closed_at.isoformat()}


class NoPlace(Refusal):
    """The person holds no place in this class."""

    code = "no_place"


class StoppedToday(Refusal):
    """Answers of today say not to exercise, and no answer lifts that: `check_id`."""

    code = "stopped_today"

    def __init__(self, check_id: int | None) -> None:
        super().__init__(check_id)
        self.check_id = check_id

    @property
    def details(self) -> dict[str, object]:
        return {"check": self.check_id}


class LaterAnswers(Refusal):
    """Answers that come late are no graver than newer ones, which stand: `check_id`."""

    code = "later_answers"

    def __init__(self, check_id: int | None) -> None:
        super().__init__(check_id)
        self.check_id = check_id


class NoHealthConsent(Refusal):
    """The person has taken back that health facts may be held: no answer about them is kept."""

    code = "no_health_consent"


class WrongMode(Refusal):
    """Only oneself answers as oneself, and for others one is a scribe, on the telephone, or asks aloud."""

    code = "wrong_mode"


class IdUsed(Refusal):
    """The client-made id came with something else before."""

    code = "id_used"


class NothingToTalkAbout(Refusal):
    """The check in force does not ask for a talk, or the talk has come to "not today" already."""

    code = "nothing_to_talk_about"


class NotLeading(Refusal):
    """Only who leads the class lifts a check."""

    code = "not_leading"


class KeyReused(Refusal):
    """The same key came with another request."""

    code = "key_reused"


class TryAgain(Refusal):
    """Too many people at once, or the facts kept changing. Nothing was changed; the same request may be sent again."""

    code = "try_again"
