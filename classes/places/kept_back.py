"""Places kept back: the desk gives one to somebody, with a reason; the rest go to all when their time has come.

Here: both, under the locks of the class and its waiting list. Not here: how many are kept back, and how long before
the start (the timetable says so). Giving is called by the desk's page and its API; the release by the worker, and is
harmless when it runs twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, QuerySet, Value
from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import Person
from classes.interpreters import ask_for_interpreter
from classes.judging.judgement import reasons_against_booking
from classes.judging.refusals import (
    NoRoomForCompanion,
    NotEligible,
    OfferedThere,
    Overlaps,
    ReasonNeeded,
    SessionFull,
    SessionNotOpen,
    TooLate,
    TryAgain,
)
from classes.judging.weekly_limits import beyond_limit
from classes.locks import LockedQueue, lock_queue, settled, whole_booking
from classes.models import Booking, BookingSource, BookingState, Session, SessionStatus
from classes.telling import notices
from classes.waiting_list.serving import become_booked, count_places, held_at_that_time, offer_in_order
from messaging.one_by_one import one_by_one
from participants.models import Participant

LONGEST_WHY = 200


def give_kept_place(
    *, participant: Participant, session: Session, why: str, by: Person, party: int = 1, despite_limit: str = ""
) -> Booking:
    """One of the places kept back, for `participant`, past whoever waits: `why` stands in the history.

    Whoever waits there has their turn become the place, for as many as they wait for; `party` is of all others. A place
    that they have is returned as it is. It is judged like any place. `despite_limit` as in book_place. Given back, it
    goes to whoever waits: it is kept for nobody any more.

    Raises ReasonNeeded, SessionNotOpen, TooLate, OfferedThere, SessionFull when fewer are kept back,
    NoRoomForCompanion, NotEligible, BeyondWeeklyLimit, Overlaps, TryAgain; after each of them nothing has changed.
    """
    why = why.strip()
    if not 0 < len(why) <= LONGEST_WHY:
        raise ReasonNeeded
    reason = f"{why} {despite_limit}".strip()

    def attempt() -> Booking:
        now = timezone.now()
        with acting(by, "classes.give_kept_place", on_behalf_of=participant.person, reason=reason):
            queue = lock_queue(session.pk, people=[participant.pk])
            there = Booking.objects.filter(participant=participant, session=session).live().first()
            if there is not None and there.state == BookingState.BOOKED:
                return whole_booking(there.pk)
            booking = _wish(participant, queue, there, party, by, now)
            _refuse(booking, queue, now, past_limit=bool(despite_limit))
            _give(booking, queue, by=by, now=now)
            return booking

    return settled(attempt)


def _wish(
    participant: Participant, queue: LockedQueue, there: Booking | None, party: int, by: Person, now: datetime
) -> Booking:
    """The turn that becomes a place; or a place that is not written yet."""
    if there is not None and there.state == BookingState.OFFERED:
        raise OfferedThere(there.pk)
    if there is not None:
        return next(turn for turn in queue.waiting if turn.pk == there.pk)
    return Booking(
        session=queue.session,
        participant=participant,
        state=BookingState.BOOKED,
        during=(queue.session.starts_at, queue.session.ends_at),
        party=party,
        source=BookingSource.DESK,
        made_by=by,
        joined_at=now,
        facts_version=queue.standings[participant.pk].version,
    )


def _refuse(booking: Booking, queue: LockedQueue, now: datetime, *, past_limit: bool) -> None:
    session, standing = queue.session, queue.standings[booking.participant_id]
    if session.status != SessionStatus.PUBLISHED or session.programme_id != booking.participant.programme_id:
        raise SessionNotOpen
    if session.has_started(now):
        raise TooLate
    if session.reserved < session.places_for(booking.party):
        raise SessionFull
    if not session.has_room_beside(booking.party):
        raise NoRoomForCompanion
    if reasons := reasons_against_booking(standing, session):
        raise NotEligible(reasons)
    if held := held_at_that_time(booking):
        raise Overlaps(held.pk)
    beyond = beyond_limit(booking.participant, session, standing)
    if beyond and not past_limit:
        raise beyond


def _give(booking: Booking, queue: LockedQueue, *, by: Person, now: datetime) -> None:
    session = queue.session
    places = session.places_for(booking.party)
    Session.objects.filter(pk=session.pk).update(reserved=F("reserved") - places)
    session.reserved -= places
    if booking.pk:
        become_booked(booking, queue, by=by, now=now, source=BookingSource.DESK)
        notices.placed_from_waiting(booking, by)
        return
    booking.save()
    booking.made_now = True
    count_places(session, come=booking.party)
    ask_for_interpreter(booking, by)
    notices.booking_confirmed(booking, by)


def release_places(*, by: Actor = System.WORKER) -> int:
    """Returns how many classes gave away what was kept back. One that is too busy is tried again at the next run."""
    return sum(one_by_one(partial(_release, by=by), due(), busy=(TryAgain,)))


def due() -> QuerySet[Session]:
    """Classes to come whose time to give away what is kept back has come."""
    before = ExpressionWrapper(F("release_hours") * Value(timedelta(hours=1)), output_field=DurationField())
    at = ExpressionWrapper(F("starts_at") - before, output_field=DateTimeField())
    now = timezone.now()
    kept = Session.objects.published().filter(reserved__gt=0, release_hours__isnull=False, starts_at__gt=now)
    return kept.annotate(released_at=at).filter(released_at__lte=now).order_by("starts_at", "pk")


def _release(session: Session, *, by: Actor) -> bool:
    def attempt() -> bool:
        with acting(by, "classes.release_places"):
            queue = lock_queue(session.pk)
            if not due().filter(pk=session.pk).exists():  # somebody was here before, or has moved it
                return False
            Session.objects.filter(pk=session.pk).update(reserved=0, version=F("version") + 1)
            queue.session.reserved = 0
            offer_in_order(queue, by=by, now=timezone.now(), newly_free=True)
            return True

    return settled(attempt)
