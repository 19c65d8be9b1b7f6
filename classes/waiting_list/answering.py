"""Answers to an offer of a place: by the person, by who acts for them, and at the desk after a call.

Here: taking, declining, what a call came to, and taking an offer back. Not here:
who is offered a place (serving.py), what happens when nobody answers
(running_out.py), words and pages. An offer is single use: who took the place and
gives it up is not asked again, and the place goes to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person
from classes.judging.judgement import reasons_to_refuse
from classes.judging.refusals import (
    NoRoomForCompanion,
    NotEligible,
    NotWaiting,
    OfferOver,
    Overlaps,
    SessionFull,
    SessionNotOpen,
    TooLate,
)
from classes.judging.weekly_limits import beyond_limit
from classes.locks import LockedQueue, locked_booking, settled
from classes.models import Booking, BookingSource, BookingState, OfferState, Session, SessionStatus
from classes.telling import notices
from classes.waiting_list import offers
from classes.waiting_list.offer_times import starts_the_clock
from classes.waiting_list.serving import (
    NOT_REACHED,
    become_booked,
    call_about_public_places,
    count_places,
    end,
    held_at_that_time,
    offer_in_order,
    serve_where_time_is_free,
    take_back_offer,
    write_down,
)

DECLINED = "declined"
ASKED = (BookingState.WAITING, BookingState.OFFERED)  # whom the desk may call about a place
Change = Callable[[Booking, LockedQueue, datetime], None]


def accept_offer(*, booking: Booking, by: Person) -> Booking:
    """The person takes the place that is kept for them, or while they wait the one that anybody could book now.

    Taken before, and still theirs: returned as it is. Raises OfferOver, SessionNotOpen, TooLate, NotEligible,
    BeyondWeeklyLimit, Overlaps, TryAgain; after each of them nothing has changed.
    """

    def accept(own: Booking, queue: LockedQueue, now: datetime) -> None:
        if own.state == BookingState.WAITING and queue.has_room_for(own.party):
            return _take_free_place(own, queue, by=by, now=now, past_limit=False)
        if _is_over(own, now) and not (own.state == BookingState.BOOKED and _was_taken(own)):
            raise OfferOver(_became(own) or "")
        if own.state == BookingState.OFFERED:
            _take_kept_place(own, queue, by=by, now=now)

    return _changed(booking, "classes.accept_offer", accept, by=by)


def decline_offer(*, booking: Booking, by: Person, reason: str = DECLINED) -> Booking:
    """The person does not want the place: the next is asked. Declined before: returned as it is.

    Raises OfferOver, TryAgain.
    """

    def decline(own: Booking, queue: LockedQueue, now: datetime) -> None:
        if own.state == BookingState.DECLINED:
            return
        if own.state != BookingState.OFFERED:
            raise OfferOver(_became(own) or "")
        end(own, by=by, now=now, reason=reason, state=BookingState.DECLINED)
        count_places(queue.session, go=own.party)
        notices.booking_cancelled(own, by)
        offer_in_order(queue, by=by, now=now)

    own = _changed(booking, "classes.decline_offer", decline, by=by)
    serve_where_time_is_free(people=[own.participant_id], during=own.during, by=by)
    return own


def give_place(*, booking: Booking, by: Person, despite_limit: str = "") -> Booking:
    """The desk gives a place to somebody who waits or is offered one, after speaking with them.

    `despite_limit`: why it is one more than their phase allows in that week; it stands in the history. Raises
    NotWaiting, OfferOver, SessionNotOpen, TooLate, SessionFull, NoRoomForCompanion, NotEligible, BeyondWeeklyLimit,
    Overlaps, TryAgain.
    """

    def give(own: Booking, queue: LockedQueue, now: datetime) -> None:
        if own.state not in ASKED:
            raise NotWaiting
        if own.state == BookingState.OFFERED:
            if _is_over(own, now):
                raise OfferOver(OfferState.EXPIRED)
            _take_kept_place(own, queue, by=by, now=now)
        else:
            _take_free_place(own, queue, by=by, now=now, past_limit=bool(despite_limit))

    return _changed(booking, "classes.give_place", give, by=by, reason=despite_limit)


def pass_by(*, booking: Booking, by: Person) -> Booking:
    """The desk could not reach this person: the place goes to the next, and they keep their turn here and elsewhere.

    Raises NotWaiting, TryAgain.
    """

    def pass_on(own: Booking, queue: LockedQueue, now: datetime) -> None:
        if own.state not in ASKED:
            raise NotWaiting
        if own.state == BookingState.OFFERED:
            take_back_offer(own, queue, NOT_REACHED, state=OfferState.WITHDRAWN, by=by, now=now)
        else:
            write_down(own, NOT_REACHED, by=by)
        offer_in_order(queue, by=by, now=now)

    own = _changed(booking, "classes.pass_by", pass_on, by=by)
    serve_where_time_is_free(people=[own.participant_id], during=own.during, by=by)
    return own


def called_about_offer(*, booking: Booking, told: bool, by: Person) -> Booking:
    """A call about an offer by telephone: `told` of the place and thinking about it, or not reached. The clock runs.

    A call at night that nobody answers counts for nothing, and neither does one about a place that is not kept.
    Raises TryAgain.
    """

    def start(own: Booking, queue: LockedQueue, now: datetime) -> None:
        if own.state == BookingState.OFFERED and (told or starts_the_clock(now)):
            offer = offers.open_offer(own)
            if offer.by_phone:
                offers.start_clock(offer, queue.session, now=now, heard=told)

    return _changed(booking, "classes.called_about_offer", start, by=by)


def withdraw_offer(*, booking: Booking, by: Actor) -> Booking:
    """Take back the offer of somebody who may not come now: they keep the turn and are told, the next is asked.

    Judged again under the locks: who may come after all keeps the offer. A part of the action that changed this; it
    judges their turns in other classes afterwards. Raises TryAgain.
    """

    def withdraw(own: Booking, queue: LockedQueue, now: datetime) -> None:
        reasons = reasons_to_refuse(queue.standings[own.participant_id], queue.session)
        if own.state != BookingState.OFFERED or not reasons:
            return
        offer = offers.open_offer(own)
        take_back_offer(own, queue, reasons[0].value, state=OfferState.WITHDRAWN, by=by, now=now)
        notices.passed_by(own, by, offer)
        offer_in_order(queue, by=by, now=now)

    return _changed(booking, "classes.withdraw_offer", withdraw, by=by)


def _changed(booking: Booking, action: str, change: Change, *, by: Actor, reason: str = "") -> Booking:
    def attempt() -> Booking:
        now = timezone.now()
        with acting(by, action, on_behalf_of=booking.participant.person, reason=reason):
            own, queue = locked_booking(booking)
            change(own, queue, now)
            return own

    return settled(attempt)


def _is_over(own: Booking, now: datetime) -> bool:
    """At its last moment an offer has run out, whether or not that has been written down yet."""
    return own.state != BookingState.OFFERED or now >= offers.open_offer(own).expires_at


def _was_taken(own: Booking) -> bool:
    return _became(own) == OfferState.ACCEPTED or own.source == BookingSource.OFFER


def _became(own: Booking) -> str | None:
    offer = offers.last_offers([own]).get(own.pk)
    if offer is None:
        return None
    return OfferState.EXPIRED if offer.state == OfferState.OPEN else offer.state


def _take_kept_place(own: Booking, queue: LockedQueue, *, by: Person, now: datetime) -> None:
    _refuse_if_closed(queue.session, now)
    _refuse_if_not_eligible(own, queue)
    become_booked(own, queue, by=by, now=now)
    notices.offer_accepted(own, by)


def _take_free_place(turn: Booking, queue: LockedQueue, *, by: Person, now: datetime, past_limit: bool) -> None:
    _refuse_if_closed(queue.session, now)
    if queue.session.places_for(turn.party) > queue.session.places_left:
        raise SessionFull
    if not queue.session.has_room_beside(turn.party):
        raise NoRoomForCompanion
    _refuse_if_not_eligible(turn, queue)
    if held := held_at_that_time(turn):
        raise Overlaps(held.pk)
    beyond = beyond_limit(turn.participant, queue.session, queue.standings[turn.participant_id])
    if beyond and not past_limit:
        raise beyond
    become_booked(turn, queue, by=by, now=now)
    notices.placed_from_waiting(turn, by)
    call_about_public_places(queue, by=by, now=now)  # whose calls are in vain now


def _refuse_if_closed(session: Session, now: datetime) -> None:
    if session.status != SessionStatus.PUBLISHED:
        raise SessionNotOpen
    if session.has_started(now):
        raise TooLate


def _refuse_if_not_eligible(own: Booking, queue: LockedQueue) -> None:
    if reasons := reasons_to_refuse(queue.standings[own.participant_id], queue.session):
        raise NotEligible(reasons)
