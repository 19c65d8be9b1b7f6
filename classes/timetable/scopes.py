"""Which dates a change or a cancellation is about: one, this one and later ones, all to come, or some that were chosen.

Past dates, dates that have begun, cancelled ones and those with a mark on their
register are in no scope: they never change. Called by edits.py, changing.py and the pages.
"""

from __future__ import annotations

import enum
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from classes.models import Attendance, BookingState, Session, SessionStatus
from classes.models.booking import HELD_STATES


class Scope(enum.StrEnum):
    ONE = "this-date"
    LATER = "this-and-later"
    ALL = "all-to-come"


def open_dates(session: Session, scope: Scope, now: datetime) -> QuerySet[Session]:
    """Those of the dates in `scope`, counted from `session`, that can still be changed, in order."""
    marked = Exists(Attendance.objects.filter(session=OuterRef("pk")))
    rows = Session.objects.filter(~marked, starts_at__gt=now, status=SessionStatus.PUBLISHED)
    return _within(rows, session, scope).order_by("occurs_on", "pk")


def itself(session: Session) -> QuerySet[Session]:
    """This one date, whatever has become of it."""
    return Session.objects.filter(pk=session.pk)


def with_people(dates: QuerySet[Session]) -> QuerySet[Session]:
    """Each with how many have a place in it, `booked`, and how many wait for one, `waiting`."""
    held = Count("bookings", filter=Q(bookings__state__in=HELD_STATES), distinct=True)
    waits = Count("bookings", filter=Q(bookings__state=BookingState.WAITING), distinct=True)
    return dates.select_related("class_type", "venue").annotate(booked=held, waiting=waits)


def _within(rows: QuerySet[Session], session: Session, scope: Scope) -> QuerySet[Session]:
    if session.series_id is None or scope is Scope.ONE:
        return rows.filter(pk=session.pk)
    of_series = rows.filter(series=session.series_id)
    return of_series.filter(occurs_on__gte=session.occurs_on) if scope is Scope.LATER else of_series
