"""The way into an online class: who is given its link, and from when until when.

Here: the judgement, asked at the moment of joining, with named refusals. Not
here: the page (frontend), publishing the link (timetable). The link leaves this
module only as an answer to somebody who may follow it now.
"""

from __future__ import annotations

import enum
from datetime import datetime, timedelta
from typing import ClassVar

from classes.judging.judgement import reasons_to_refuse
from classes.judging.refusals import Refusal
from classes.models import Booking, BookingState, Session, SessionStatus
from classes.readiness import Readiness, todays_check
from participants.standing import Standing, standing_of

OPENS_BEFORE = timedelta(minutes=15)


class Closed(enum.StrEnum):
    """Why there is no way in."""

    NO_PLACE = "no_place"
    CANCELLED = "cancelled"
    NOT_PUBLISHED = "not_published"
    NO_LINK = "no_link"
    OVER = "over"
    NOT_CLEARED = "not_cleared"
    TALK_FIRST = "talk_first"


class NotYet(Refusal):
    """The class can be joined from `opens_at`."""

    code: ClassVar[str] = "not_yet"

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at)
        self.opens_at = opens_at


class CheckNeeded(Refusal):
    """The same-day check comes first."""

    code: ClassVar[str] = "check_needed"


class NoWayIn(Refusal):
    """This booking leads into no online class, for `reason`; waiting does not change that."""

    code: ClassVar[str] = "no_way_in"

    def __init__(self, reason: Closed) -> None:
        super().__init__(reason)
        self.reason = reason


def opens_at(session: Session) -> datetime:
    return session.starts_at - OPENS_BEFORE


def way_in(booking: Booking, at: datetime) -> str:
    """The link into the class of `booking` for its participant at the moment `at`.

    Whether it is safe for them is judged anew, by the facts of now and for the date
    of the class: clearance may have ended since they booked. The same-day check is
    read last. Nothing is locked: a stop ends the clearance in its own transaction, so
    one that is committed before the last of these reads shuts the way.
    Raises NoWayIn, NotYet, CheckNeeded.
    """
    if reason := _closed(booking, at) or _not_cleared(booking):
        raise NoWayIn(reason)
    if at < opens_at(booking.session):
        raise NotYet(opens_at(booking.session))
    check = todays_check(booking.session, booking.participant)
    if check.readiness is Readiness.TALK_FIRST:
        raise NoWayIn(Closed.TALK_FIRST)
    if not check.lets_in:
        raise CheckNeeded
    return booking.session.join_url


def number_to_join(booking: Booking, standing: Standing, at: datetime) -> str:
    """The telephone number by which an online class is joined; "" when it has none. `standing` is of its participant.

    It is read out to the person of `booking` ahead of the day, so the same-day check is asked aloud when they ring.
    Raises NoWayIn as way_in does, but for a link that is missing.
    """
    reason = _closed(booking, at)
    if reason not in (None, Closed.NO_LINK):
        raise NoWayIn(reason)
    if reasons_to_refuse(standing, booking.session):
        raise NoWayIn(Closed.NOT_CLEARED)
    return booking.session.dial_in


def _closed(booking: Booking, at: datetime) -> Closed | None:
    session = booking.session
    if session.is_cancelled:  # before the place: cancelling a class ends its bookings
        return Closed.CANCELLED
    shut = {
        Closed.NO_PLACE: booking.state != BookingState.BOOKED,
        Closed.NOT_PUBLISHED: session.status != SessionStatus.PUBLISHED,
        Closed.NO_LINK: not session.join_url,
        Closed.OVER: at >= session.ends_at,
    }
    return next((reason for reason, applies in shut.items() if applies), None)


def _not_cleared(booking: Booking) -> Closed | None:
    """By the same judgement as booking: clearance on that day, and taking part at all."""
    refused = reasons_to_refuse(standing_of(booking.participant), booking.session)
    return Closed.NOT_CLEARED if refused else None
