"""The waiting list: who gets a place that has become free, and who is passed by and why.

Here: giving free places in order, inside the transaction that freed them, and the
parts of an action that every change of a turn shares. Not here: joining and leaving
the list (booking.py), answers to offers (answering.py), the times (offer_times.py),
the calls themselves (messaging.worklist). Called by booking.py, answering.py,
running_out.py, and when somebody's clearance comes back.

A place goes by itself to whoever ticked "book me automatically" while the class is
more than 24 hours away. Otherwise it is offered and kept until there is an answer.
When there is no time left for that, it is public: those who wait are written to, and the desk calls them.
Who may not come, or needs more places than are free, is passed by with the reason
written down, and keeps their turn; who may not come is told so, once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from django.db.models import F, Q
from django.utils import timezone
from psycopg.types.range import Range

from accounts.history import Actor, acting
from accounts.models import Person
from classes.interpreters import ask_for_interpreter, place_has_ended
from classes.judging.eligibility import Reason
from classes.judging.judgement import reasons_to_refuse
from classes.judging.refusals import TryAgain
from classes.judging.weekly_limits import beyond_limit, weeks_around
from classes.locks import LockedQueue, lock_queue, settled
from classes.models import Booking, BookingSource, BookingState, OfferKind, OfferState, Session, SessionStatus
from classes.models.booking import HELD_STATES, TOO_LATE_TO_OFFER
from classes.telling import copies, notices
from classes.telling.place_open import tell_of_open_place
from classes.waiting_list import offers
from classes.waiting_list.offer_times import Terms
from messaging import worklist
from messaging.models import Task
from messaging.quiet_hours import quiet_until, within_calling_hours

log = structlog.get_logger(__name__)

CALL_WITHIN = timedelta(hours=4)  # of those in which people are called
TO_GET_THERE = timedelta(hours=2)  # whoever is called must still be able to come
# Kinds of the desk's tasks about one booking; they end with it.
CALL, PLACE_IN_DOUBT = "waiting_call", "place_in_doubt"
# Why somebody was passed by, beside the reasons of eligibility.
OVERLAP, PARTY_TOO_LARGE, NOT_REACHED = "overlaps", "party_too_large", "not_reached"
PLACED_ELSEWHERE = "placed_elsewhere"  # why an overlapping wait ended


def offer_freed_places(*, session: Session, by: Actor) -> list[Booking]:
    """Give the free places of `session` to those who wait, in order. Returns those who now hold one or are offered it.

    Until it has run, a free place is nobody's, and the public never sees it. Raises TryAgain.
    """

    def attempt() -> list[Booking]:
        with acting(by, "classes.offer_freed_places"):
            return offer_in_order(lock_queue(session.pk), by=by, now=timezone.now())

    return settled(attempt)


def serve_where_time_is_free(
    *, people: Collection[int], during: Range[datetime] | tuple[datetime, datetime], by: Actor
) -> None:
    """`people` (ids of participants) no longer hold a place `during` this time: serve their turns elsewhere,

    at that time, or in that week where they held as many places as they may.

    For after the transaction that ended those places: each other class is locked in one of its own, or the order of
    locks would not hold. A class that is too busy is left for the next place that comes free in it.
    """
    in_the_way = Q(skipped_reason=OVERLAP, during__overlap=during)
    in_the_way |= Q(skipped_reason=Reason.WEEKLY_LIMIT, during__overlap=weeks_around(during))
    passed_by = Booking.objects.filter(in_the_way, participant__in=people, state=BookingState.WAITING)
    for session in Session.objects.filter(pk__in=passed_by.values("session")).order_by("starts_at", "pk"):
        try:
            offer_freed_places(session=session, by=by)
        except TryAgain:
            log.warning("turns_not_served", session=session.pk)


def offer_in_order(queue: LockedQueue, *, by: Actor, now: datetime, newly_free: bool = False) -> list[Booking]:
    """Walk the queue while places are left: each is passed by with a reason, placed, or offered the place.

    `newly_free`: a place has just been given up or added. Then whoever could not be reached
    before is tried again; a place that only passes on does not come round to them.
    """
    session, served = queue.session, list[Booking]()
    if session.status != SessionStatus.PUBLISHED or session.has_started(now):
        return served
    terms = offers.terms_now(session, now)
    for booking in queue.waiting:
        if session.places_left <= 0:
            break
        if reason := _reason_to_pass_by(booking, queue, newly_free=newly_free):
            _pass_by(booking, reason, by=by)
        elif terms.by_itself and booking.book_automatically:
            _place(booking, queue, by=by, now=now)
            served.append(booking)
        elif terms.is_public:
            write_down(booking, TOO_LATE_TO_OFFER, by=by)
        else:
            _offer(booking, queue, terms, by=by, now=now)
            served.append(booking)
    call_about_public_places(queue, by=by, now=now)
    return served


def _reason_to_pass_by(booking: Booking, queue: LockedQueue, *, newly_free: bool) -> str:
    if booking.skipped_reason == NOT_REACHED and not newly_free:
        return NOT_REACHED
    if reasons := reasons_to_refuse(queue.standings[booking.participant_id], queue.session):
        return reasons[0].value
    if held_at_that_time(booking):
        return OVERLAP
    if beyond_limit(booking.participant, queue.session, queue.standings[booking.participant_id]):
        return Reason.WEEKLY_LIMIT
    return "" if queue.session.fits(booking.party) else PARTY_TOO_LARGE


def held_at_that_time(booking: Booking) -> Booking | None:
    return (
        Booking.objects.filter(
            participant_id=booking.participant_id, state__in=HELD_STATES, during__overlap=booking.during
        )
        .order_by("pk")
        .first()
    )


def _pass_by(booking: Booking, reason: str, *, by: Actor) -> None:
    if write_down(booking, reason, by=by) and reason in notices.MAY_NOT_COME:
        notices.passed_by(booking, by)


def write_down(booking: Booking, reason: str, *, by: Actor) -> bool:
    """Why the place passes this person by; whom it passes by nobody calls about it. Whether that is new."""
    if booking.skipped_reason == reason:
        return False
    booking.skipped_reason = reason
    booking.save(update_fields=["skipped_reason"])
    worklist.cancel_tasks(kinds=[CALL], subject_id=booking.pk, by=by)
    return True


def _place(booking: Booking, queue: LockedQueue, *, by: Actor, now: datetime) -> None:
    become_booked(booking, queue, by=by, now=now)
    notices.placed_from_waiting(booking, by)


def become_booked(
    booking: Booking,
    queue: LockedQueue,
    *,
    by: Actor,
    now: datetime,
    source: BookingSource = BookingSource.OFFER,
) -> None:
    """A turn, or an offer, is a place now. The person's turns at that time in other classes end, and that is told."""
    was_offered = booking.state == BookingState.OFFERED
    booking.session = queue.session
    booking.state = BookingState.BOOKED
    booking.source = source
    booking.skipped_reason = ""
    booking.facts_version = queue.standings[booking.participant_id].version
    booking.save(update_fields=["state", "source", "skipped_reason", "facts_version"])
    if was_offered:
        offers.end_offer(booking, now=now)
    else:
        count_places(queue.session, come=booking.party)
    worklist.cancel_tasks(kinds=[CALL], subject_id=booking.pk, by=by)
    for other in _withdraw_overlapping(booking, by=by, now=now):
        notices.booking_cancelled(other, by)
    ask_for_interpreter(booking, by)


def _offer(booking: Booking, queue: LockedQueue, terms: Terms, *, by: Actor, now: datetime) -> None:
    """The place is kept for this person; who is reached only by telephone is called."""
    booking.session = queue.session
    booking.state = BookingState.OFFERED
    booking.skipped_reason = ""
    booking.facts_version = queue.standings[booking.participant_id].version
    booking.save(update_fields=["state", "skipped_reason", "facts_version"])
    count_places(queue.session, come=booking.party)
    offer = offers.make_offer(booking, terms, now=now)
    copies.tell_of_offer(booking=booking, offer=offer)
    if offer.by_phone:
        _ask_desk_to_call(booking, queue.session, by=by, now=now)
    else:
        worklist.cancel_tasks(kinds=[CALL], subject_id=booking.pk, by=by)
        notices.place_offered(booking, offer, by)


def take_back_offer(
    booking: Booking, queue: LockedQueue, reason: str, *, state: OfferState, by: Actor, now: datetime
) -> None:
    """The place is free again; the person has the turn that they had. The caller serves the next."""
    booking.session = queue.session
    booking.state = BookingState.WAITING
    booking.skipped_reason = reason
    booking.save(update_fields=["state", "skipped_reason"])
    offers.end_offer(booking, now=now, state=state)
    count_places(queue.session, go=booking.party)
    worklist.cancel_tasks(kinds=[CALL], subject_id=booking.pk, by=by)
    notices.offer_taken_back(booking)
    queue.waiting.append(booking)
    queue.waiting.sort(key=lambda turn: (-turn.priority, turn.joined_at, turn.pk))


def take_back_offers(queue: LockedQueue, *, by: Actor, now: datetime) -> None:
    """Nobody has answered about the class as it is now: each has their turn again, and `offer_in_order` asks anew.

    For a class that moves to another time or place. The people are locked. What is held for a quarter of an hour
    while somebody answers health questions was of the class as it was: it ends, for they had no turn.
    """
    offered = queue.session.bookings.filter(state=BookingState.OFFERED).order_by("pk")
    for booking in offered.select_related("participant__person", "participant__programme"):
        if offers.open_offer(booking).kind == OfferKind.HOLD:
            end(booking, by=by, now=now, reason=offers.HOLD_OVER, state=BookingState.EXPIRED)
            count_places(queue.session, go=booking.party)
        else:
            take_back_offer(booking, queue, "", state=OfferState.WITHDRAWN, by=by, now=now)


def call_about_public_places(queue: LockedQueue, *, by: Actor, now: datetime) -> None:
    """Where there was no time for an offer, those who wait are written to, and called in their order, while a place is
    left."""
    for booking in queue.waiting:
        if booking.state != BookingState.WAITING or booking.skipped_reason != TOO_LATE_TO_OFFER:
            continue
        if queue.session.places_left > 0:
            tell_of_open_place(booking, _ask_desk_to_call(booking, queue.session, by=by, now=now))
        else:
            worklist.cancel_tasks(kinds=[CALL], subject_id=booking.pk, by=by)


def count_places(session: Session, *, come: int = 0, go: int = 0) -> None:
    """A party of `come` people has a place in a locked class, or one of `go` has it no more: in the row and in
    `session`."""
    places = session.places_for(come) - session.places_for(go)
    beside = session.beside(come) - session.beside(go)
    Session.objects.filter(pk=session.pk).update(
        places_taken=F("places_taken") + places, companions=F("companions") + beside, version=F("version") + 1
    )
    session.places_taken += places
    session.companions += beside
    session.version += 1


def _withdraw_overlapping(placed: Booking, *, by: Actor, now: datetime) -> list[Booking]:
    """End this person's waits for other classes at that time.

    The person is locked, so that none becomes a place now; each row is too, since the class may be being cancelled.
    """
    others = list(
        Booking.objects.filter(participant_id=placed.participant_id, during__overlap=placed.during)
        .waiting()
        .exclude(pk=placed.pk)
        .select_for_update(of=("self",), no_key=True)
        .select_related("session__class_type", "session__venue", "participant__person", "participant__programme")
    )
    for other in others:
        end(other, by=by, now=now, reason=PLACED_ELSEWHERE)
    return others


def end(
    booking: Booking, *, by: Actor, now: datetime, reason: str, state: BookingState = BookingState.CANCELLED
) -> None:
    """The booking is over, and so is the work about it; the caller holds the locks and counts the places."""
    had_a_place, was_offered = booking.state == BookingState.BOOKED, booking.state == BookingState.OFFERED
    booking.state = state
    booking.ended_at = now
    booking.ended_by = by if isinstance(by, Person) else None
    booking.end_reason = reason
    booking.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])
    worklist.cancel_tasks(kinds=[CALL, PLACE_IN_DOUBT], subject_id=booking.pk, by=by)
    if was_offered:
        offers.end_offer(booking, now=now)
    if had_a_place:
        place_has_ended(booking, by)


def _call_by(now: datetime, session: Session) -> datetime:
    """Nobody is called at night. When the class is soon the call is due at once, or as soon as people may be called."""
    in_time = min(within_calling_hours(now, CALL_WITHIN), session.starts_at - TO_GET_THERE)
    return min(max(in_time, quiet_until(now) or now), session.starts_at)


def _ask_desk_to_call(booking: Booking, session: Session, *, by: Actor, now: datetime) -> Task:
    return worklist.raise_task(
        programme=session.programme,
        kind=CALL,
        due_at=_call_by(now, session),
        about=booking.participant.person,
        subject_id=booking.pk,
        dedupe_key=f"{CALL}:{booking.pk}",
        by=by,
    )
