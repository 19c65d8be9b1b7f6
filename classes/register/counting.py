"""What the marks of many registers come to. Called by outcomes, which counts from the first attended class,
and by the pages that list somebody's classes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final

from django.db.models import Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from classes.models import Attendance, Booking, BookingState
from classes.wall_time import local_date

MARKED_WITHIN: Final = timedelta(days=7)


def first_attended_on(participant_ids: Collection[int]) -> dict[int, date]:
    """The UK date of the first class that each participant attended, at least in part, by the marks in force.

    Walk-ins count. A participant who never attended is not in the answer. One query.
    """
    theirs = Attendance.objects.filter(
        Q(booking__participant__in=participant_ids) | Q(guest__participant__in=participant_ids)
    )
    firsts = (
        theirs.counting()
        .annotate(who=Coalesce("booking__participant_id", "guest__participant_id"))
        .values("who")
        .annotate(first=Min("session__starts_at"))
        .values_list("who", "first")
    )
    return {who: local_date(first) for who, first in firsts}


def next_place_on(participant_ids: Collection[int]) -> dict[int, date]:
    """The UK date of the next class in which each holds a place. One that is over and has no mark yet counts for a
    week, as they may have been there. One query."""
    held = Booking.objects.filter(
        participant__in=participant_ids,
        state=BookingState.BOOKED,
        session__starts_at__gt=timezone.now() - MARKED_WITHIN,
        session__cancelled_at=None,
        attendances=None,
    )
    nexts = held.order_by().values("participant_id").annotate(next=Min("session__starts_at"))
    return {who: local_date(starts_at) for who, starts_at in nexts.values_list("participant_id", "next")}


def marks_of(bookings: Iterable[Booking]) -> dict[int, str]:
    """The state of the mark in force of each booking, by its id; one without a mark is not in the answer. One query."""
    theirs = Attendance.objects.filter(booking__in=[booking.pk for booking in bookings]).in_force()
    return {pk: state for pk, state in theirs.values_list("booking_id", "state") if pk is not None}
