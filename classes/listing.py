"""What lists and pages read of classes and places: everything that a row needs, in a fixed number of queries.

Here: how full a class looks from outside (never a number), a person's turn in a
waiting list, similar classes. Not here: who may see which row (the `visible_to`
querysets: these functions take one and add to it), words (the pages).
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Programme
from classes.models import (
    Booking,
    BookingSource,
    BookingState,
    Offer,
    OfferKind,
    Session,
    SessionKind,
    SessionStatus,
)  # fmt: skip
from classes.models.booking import TOO_LATE_TO_OFFER, TURNS
from participants.models import Participant

FEW_PLACES, FEW_SHARE = 2, 0.2


class Availability(enum.StrEnum):
    """How full a class looks to the public. Exact numbers are for the desk and the instructor."""

    PLACES = "places"
    FEW = "few"
    FULL = "full"
    CANCELLED = "cancelled"
    STARTED = "started"


ANYBODYS = (Availability.PLACES, Availability.FEW)


def for_lists(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Each class with its type, venue and room, and whether somebody waits for the next free place."""
    return with_waits(sessions.select_related("class_type", "venue", "room"))


def with_waits(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Each class with whether somebody waits for the next free place."""
    waiting = Booking.objects.filter(session=OuterRef("pk"), state=BookingState.WAITING, skipped_reason="")
    return sessions.annotate(somebody_waits=Exists(waiting))


def off_today(at: datetime) -> list[Session]:
    """Classes of today that were called off and would not be over yet, as anybody may know. One query."""
    tonight = timezone.localtime(at).replace(hour=23, minute=59, second=59)
    off = Session.objects.filter(status=SessionStatus.CANCELLED, kind=SessionKind.GROUP)
    rows = off.not_over(at).filter(starts_at__lte=tonight).select_related("class_type", "venue")
    return list(rows.order_by("starts_at", "pk"))


def availability(session: Session, at: datetime) -> Availability:
    """Of a row of `for_lists`."""
    return availability_of(
        status=session.status,
        starts_at=session.starts_at,
        capacity=session.capacity,
        places_left=session.places_left,
        somebody_waits=getattr(session, "somebody_waits"),  # noqa: B009  annotated by for_lists
        at=at,
    )


def availability_of(
    *, status: str, starts_at: datetime, capacity: int, places_left: int, somebody_waits: bool, at: datetime
) -> Availability:
    """Of what a class is. A free place that belongs to somebody waiting is no free place."""
    if status == SessionStatus.CANCELLED:
        return Availability.CANCELLED
    if starts_at <= at:
        return Availability.STARTED
    if places_left <= 0 or somebody_waits:
        return Availability.FULL
    return Availability.FEW if places_left <= max(FEW_PLACES, capacity * FEW_SHARE) else Availability.PLACES


def areas() -> list[str]:
    """Every area in which a programme holds classes, in order."""
    return sorted({area for row in Programme.objects.values_list("areas", flat=True) for area in row})


def may_take(turn: Booking, session: Session, at: datetime) -> bool:
    """Whether a place is free that anybody could book, so whoever waits may take it too. `session`: of `for_lists`."""
    return availability(session, at) in ANYBODYS and session.fits(turn.party)


def is_open_to(turn: Booking, at: datetime) -> bool:
    """The same of a turn alone. One query."""
    return may_take(turn, for_lists(Session.objects.filter(pk=turn.session_id)).get(), at)


def open_among(turns: Collection[Booking], at: datetime) -> set[int]:
    """Those of `turns` (ids) whose person was only passed by because the class is near, and could take a place now.

    One query, and none where there is nobody like that.
    """
    near = [turn for turn in turns if turn.skipped_reason == TOO_LATE_TO_OFFER]
    if not near:
        return set()
    sessions = with_waits(Session.objects.filter(pk__in={turn.session_id for turn in near})).in_bulk()
    return {turn.pk for turn in near if may_take(turn, sessions[turn.session_id], at)}


def live_bookings(participant: Participant, sessions: Iterable[Session]) -> dict[int, Booking]:
    """This person's place or wait in each of `sessions`, by session id."""
    rows = Booking.objects.filter(participant=participant, session__in=[s.pk for s in sessions]).live()
    return {booking.session_id: booking for booking in rows}


def waits_that_day(placed: Booking) -> list[Booking]:
    """The person's turns in other classes of the same UK day: those at the same time have ended with the place."""
    on = timezone.localdate(placed.session.starts_at)
    turns = Booking.objects.filter(participant=placed.participant_id, session__starts_at__date=on).waiting()
    rows = turns.exclude(session=placed.session_id).filter(session__starts_at__gt=timezone.now())
    return list(rows.order_by("session__starts_at", "id").select_related("session__class_type"))


def with_classes(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """Each booking with its class, type and venue."""
    return bookings.select_related(
        "session__class_type", "session__venue", "session__room", "session__programme", "participant__person"
    )


def positions(bookings: Collection[Booking]) -> dict[int, int]:
    """The turn of each waiting booking among `bookings`, by its id: 1 is next. One query."""
    classes = {booking.session_id for booking in bookings if booking.state == BookingState.WAITING}
    turns: dict[int, list[int]] = {}
    for session_id, pk in Booking.objects.filter(session_id__in=classes).waiting().values_list("session_id", "id"):
        turns.setdefault(session_id, []).append(pk)
    return {pk: turn for queue in turns.values() for turn, pk in enumerate(queue, start=1)}


def similar(session: Session, *, to_choose_from: QuerySet[Session], at: datetime, most: int = 3) -> list[Session]:
    """The next classes of the same type or place with a place left, for somebody who came too late."""
    like = Q(class_type=session.class_type_id)
    if session.venue_id:
        like |= Q(venue=session.venue_id, class_type__effort=session.class_type.effort)
    rows = (
        for_lists(to_choose_from.filter(like, programme=session.programme_id, mode=session.mode))
        .published()  # type: ignore[attr-defined]
        .filter(starts_at__gt=at, starts_at__lt=at + timedelta(weeks=6), somebody_waits=False)
        .with_places()
        .exclude(pk=session.pk)
        .order_by("starts_at", "id")
    )
    return list(rows[:most])


def waiting_list(session: Session) -> tuple[list[Booking], list[Booking]]:
    """Who waits, in the order in which places are given; and who was asked, or got a place that came free, whatever
    became of it: those who are asked at this moment come first."""
    offered = Exists(Offer.objects.filter(booking=OuterRef("pk"), kind=OfferKind.WAITING_LIST))
    on_it = Q(state__in=(BookingState.WAITING, BookingState.OFFERED)) | Q(source=BookingSource.OFFER) | Q(offered)
    rows = session.bookings.filter(on_it).select_related("participant__person").order_by(*TURNS)
    waiting = [booking for booking in rows if booking.state == BookingState.WAITING]
    asked = [booking for booking in rows if booking.state != BookingState.WAITING]
    asked.sort(key=lambda b: (b.state != BookingState.OFFERED, b.ended_at or b.joined_at, b.pk))
    return waiting, asked
