"""What the clock does to waiting lists: offers that nobody answers, and turns that end with the start of the class.

Here: the work that comes back every minute, each offer and each class in a transaction
of its own, so that one that is busy, or fails, holds nobody else up; it is looked at again a
minute later. Not here: answers (answering.py), the order of the list (serving.py). Called by
the worker (tasks.py).
"""

from __future__ import annotations

from functools import partial

from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.utils import timezone

from accounts.history import Actor, System, acting
from classes.judging.refusals import TryAgain
from classes.locks import lock_queue, locked_booking, settled
from classes.models import Booking, BookingState, Offer, OfferKind, OfferState, Session, SessionStatus
from classes.telling import notices
from classes.waiting_list import offers
from classes.waiting_list.serving import (
    CALL,
    NOT_REACHED,
    call_about_public_places,
    count_places,
    end,
    offer_freed_places,
    offer_in_order,
    serve_where_time_is_free,
    take_back_offer,
)
from messaging.models import Message, MessageState, Task, TaskState
from messaging.one_by_one import one_by_one

NOT_ANSWERED = "not_answered"
TRIED_IN_VAIN = (MessageState.WITH_DESK, MessageState.FAILED)
UNHEARD = (*TRIED_IN_VAIN, MessageState.QUEUED)


def expire_offers(*, by: Actor = System.WORKER) -> int:
    """Offers whose time is over: the place goes to the next. Returns how many ran out."""
    over = Offer.objects.filter(state=OfferState.OPEN, expires_at__lte=timezone.now()).order_by("expires_at", "id")
    offered = [offer.booking for offer in over.select_related("booking__participant__person")]
    return sum(one_by_one(partial(_expire, by=by), offered, busy=(TryAgain,)))


def close_waiting_lists(*, by: Actor = System.WORKER) -> int:
    """Classes that have started: nobody waits for them any more, and who did is told. Returns how many turns ended."""
    waits = Booking.objects.filter(state=BookingState.WAITING, session__starts_at__lte=timezone.now())
    return sum(one_by_one(partial(_close, by=by), _classes_of(waits), busy=(TryAgain,)))


def serve_waiting_lists(*, by: Actor = System.WORKER) -> int:
    """A second line: a free place that nobody was offered, as its class was busy. Returns how many were served."""
    free = _waits().filter(session__capacity__gt=_held(), skipped_reason="")
    return sum(one_by_one(partial(_serve, by=by), _classes_of(free), busy=(TryAgain,)))


def end_calls_in_vain(*, by: Actor = System.WORKER) -> None:
    """Calls about a place that is free no more."""
    called = Task.objects.filter(kind=CALL, state=TaskState.OPEN).values("subject_id")
    full = _waits().filter(session__capacity__lte=_held(), pk__in=called)
    one_by_one(partial(_end_calls, by=by), _classes_of(full), busy=(TryAgain,))


def _waits() -> QuerySet[Booking]:
    return Booking.objects.filter(state=BookingState.WAITING, session__starts_at__gt=timezone.now())


def _held() -> Combinable:
    return F("session__places_taken") + F("session__reserved") + F("session__walk_in")


def _classes_of(waits: QuerySet[Booking]) -> QuerySet[Session]:
    published = Session.objects.filter(status=SessionStatus.PUBLISHED)
    return published.filter(pk__in=waits.values("session")).order_by("starts_at", "id")


def _expire(booking: Booking, *, by: Actor) -> int:
    def attempt() -> Booking | None:
        now = timezone.now()
        with acting(by, "classes.expire_offer", on_behalf_of=booking.participant.person):
            own, queue = locked_booking(booking)
            if own.state != BookingState.OFFERED or now < (offer := offers.open_offer(own)).expires_at:
                return None  # answered, or its clock was started, a moment ago
            message = notices.message_about(offer)
            told = message.state if message else None
            if told == MessageState.QUEUED and offers.start_anew(offer, queue.session, now=now):
                return None  # no message leaves: nobody loses a turn by that, and the next would not hear of it either
            if _did_not_hear(offer, message):
                tried = offer.tried_at or told in TRIED_IN_VAIN or own.participant.person.contact_stopped_at
                take_back_offer(own, queue, NOT_REACHED if tried else "", state=OfferState.EXPIRED, by=by, now=now)
            else:
                end(own, by=by, now=now, reason=NOT_ANSWERED, state=BookingState.EXPIRED)
                count_places(queue.session, go=own.party)
                if offer.kind != OfferKind.HOLD:  # who is answering questions reads it on the page
                    notices.offer_ran_out(own, by)
            offer_in_order(queue, by=by, now=now)
            return own

    own = settled(attempt)
    if own is None:
        return 0
    serve_where_time_is_free(people=[own.participant_id], during=own.during, by=by)
    return 1


def _did_not_hear(offer: Offer, message: Message | None) -> bool:
    """Whether the person cannot have known: who was never asked has not been silent, and keeps the turn."""
    if offer.by_phone:
        return offer.heard_at is None
    return message is not None and (message.state in UNHEARD or _came_too_late(message, offer))


def _came_too_late(message: Message, offer: Offer) -> bool:
    """It waited until the time to answer was over, and was then no longer worth sending."""
    finished = message.finished_at if message.state == MessageState.NOT_WANTED else None
    return finished is not None and finished >= offer.expires_at


def _close(session: Session, *, by: Actor) -> int:
    def attempt() -> int:
        now = timezone.now()
        with acting(by, "classes.close_waiting_list"):
            queue = lock_queue(session.pk)
            if not queue.session.has_started(now):
                return 0  # moved to a later time a moment ago
            for booking in queue.waiting:
                booking.session = queue.session
                end(booking, by=by, now=now, reason=notices.NO_PLACE_CAME_FREE, state=BookingState.CLOSED)
                notices.no_place_came_free(booking, by)
            return len(queue.waiting)

    return settled(attempt)


def _serve(session: Session, *, by: Actor) -> int:
    return len(offer_freed_places(session=session, by=by))


def _end_calls(session: Session, *, by: Actor) -> None:
    def attempt() -> None:
        with acting(by, "classes.end_calls"):
            call_about_public_places(lock_queue(session.pk), by=by, now=timezone.now())

    settled(attempt)
