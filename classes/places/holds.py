"""A place that is held for a quarter of an hour while its person finishes health questions.

Here: holding one, and what becomes of it when the answers are there. Not here: the
clock that ends it (waiting_list/running_out.py), answers and clearance (participants),
pages. A hold is a booking that is `offered`, with an offer of kind HOLD: it counts in
`places_taken`, belongs to one person, and lets nobody into a class. It is taken by
the action that keeps the answers, in the same transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person
from classes.judging.eligibility import answering_settles
from classes.judging.judgement import reasons_against_booking, reasons_to_refuse
from classes.judging.refusals import CannotBeHeld, HeldBefore, Overlaps, SessionFull, SessionNotOpen, TooLate
from classes.judging.weekly_limits import beyond_limit
from classes.locks import LockedQueue, lock_queue, locked_booking, settled, whole_booking
from classes.models import Booking, BookingSource, BookingState, Offer, OfferKind, OfferState, Session, SessionStatus
from classes.models.booking import HELD_STATES
from classes.telling import notices
from classes.waiting_list.offers import HOLD_OVER, open_offer
from classes.waiting_list.serving import become_booked, count_places, end, held_at_that_time, offer_in_order
from participants.models import Participant

HELD_FOR = timedelta(minutes=15)
NOT_CLEARED_YET = "not_cleared_yet"  # end_reason: somebody has to read the answers first
HOLDS = Exists(Offer.objects.filter(booking=OuterRef("pk"), kind=OfferKind.HOLD, state=OfferState.OPEN))


def hold_place(*, participant: Participant, session: Session, by: Person, source: BookingSource) -> Booking:
    """Keep a place for `participant` while they answer; a live booking of theirs in this class is returned as it is.

    Raises CannotBeHeld when answering is not what is in the way, HeldBefore (one at a time, and once in a class),
    SessionNotOpen, TooLate, SessionFull, Overlaps, BeyondWeeklyLimit, TryAgain.
    """

    def attempt() -> Booking:
        now = timezone.now()
        with acting(by, "classes.hold_place", on_behalf_of=participant.person):
            queue = lock_queue(session.pk, people=[participant.pk])
            there = Booking.objects.filter(participant=participant, session=session).live().first()
            if there is not None:
                return whole_booking(there.pk)
            _refuse(participant, queue, now)
            return _hold(participant, queue, by=by, source=source, now=now)

    return settled(attempt)


def _refuse(participant: Participant, queue: LockedQueue, now: datetime) -> None:
    session, standing = queue.session, queue.standings[participant.pk]
    if session.status != SessionStatus.PUBLISHED or session.programme_id != participant.programme_id:
        raise SessionNotOpen
    if session.has_started(now):
        raise TooLate
    if not answering_settles(reasons_against_booking(standing, session)):
        raise CannotBeHeld
    if earlier := _earlier_hold(participant, session):
        raise HeldBefore(earlier.booking_id)
    if not queue.has_room_for(1):
        raise SessionFull
    if beyond := beyond_limit(participant, session, standing):
        raise beyond


def _earlier_hold(participant: Participant, session: Session) -> Offer | None:
    """One that is open, in whatever class, or one that was in this: nobody keeps a place for ever by holding again."""
    holds = Offer.objects.filter(kind=OfferKind.HOLD, booking__participant=participant).order_by("-id")
    return holds.filter(state=OfferState.OPEN).first() or holds.filter(booking__session=session).first()


def _hold(participant: Participant, queue: LockedQueue, *, by: Person, source: BookingSource, now: datetime) -> Booking:
    session = queue.session
    booking = Booking(
        session=session,
        participant=participant,
        state=BookingState.OFFERED,
        during=(session.starts_at, session.ends_at),
        source=source,
        made_by=by,
        joined_at=now,
        facts_version=queue.standings[participant.pk].version,
    )
    if held := held_at_that_time(booking):
        raise Overlaps(held.pk)
    booking.save()
    until = min(now + HELD_FOR, session.starts_at)
    Offer.objects.create(booking=booking, kind=OfferKind.HOLD, made_at=now, expires_at=until)
    count_places(session, come=booking.party)
    booking.made_now = True
    return booking


def settle_hold(*, booking: Booking, by: Actor) -> Booking:
    """Something has changed about the person: the hold is a place now, or goes on, or is over because it cannot be one.

    A part of the action that changed it, which holds the person's row. Raises TryAgain.
    """

    def attempt() -> Booking:
        now = timezone.now()
        with acting(by, "classes.settle_hold", on_behalf_of=booking.participant.person):
            own, queue = locked_booking(booking)
            if own.state == BookingState.OFFERED:
                _settle(own, queue, by=by, now=now)
            return own

    return settled(attempt)


def _settle(own: Booking, queue: LockedQueue, *, by: Actor, now: datetime) -> None:
    reasons = reasons_to_refuse(queue.standings[own.participant_id], queue.session)
    if answering_settles(reasons):
        return  # there is more to answer, and time for it
    over = now >= open_offer(own).expires_at
    if not reasons and not over:
        become_booked(own, queue, by=by, now=now, source=BookingSource(own.source))
        notices.booking_confirmed(own, by)
        return
    end(own, by=by, now=now, reason=HOLD_OVER if over else NOT_CLEARED_YET, state=BookingState.EXPIRED)
    count_places(queue.session, go=own.party)
    offer_in_order(queue, by=by, now=now)


def is_hold(booking: Booking) -> bool:
    """Whether `booking` is held for somebody who is answering."""
    return booking.state in HELD_STATES and Booking.objects.filter(HOLDS, pk=booking.pk).exists()


def last_hold(booking: Booking) -> Offer | None:
    return Offer.objects.filter(booking=booking, kind=OfferKind.HOLD).order_by("-id").first()


def hold_of_now(participant: Participant) -> Offer | None:
    """The hold that somebody who has just answered is told of: one that is open, or ended a moment ago."""
    lately = timezone.now() - HELD_FOR
    holds = Offer.objects.filter(kind=OfferKind.HOLD, booking__participant=participant, made_at__gte=lately)
    return holds.select_related("booking__session__class_type").order_by("-id").first()
