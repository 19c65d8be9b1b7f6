"""Cancel one date: in one transaction its places end and its people are told."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person
from classes import booking, notices, waiting
from classes.locks import lock_session, settled
from classes.models import Attendance, Booking, BookingState, Session, SessionStatus
from classes.timetable.refusals import LONGEST_REASON, ReasonNeeded, TooLateToCancel


def cancel_session(*, session: Session, reason: str, by: Actor) -> Session:
    """Cancel one date: its places end, its people are told, nobody's adherence suffers.

    It stays on the timetable as cancelled and never comes back; who had a place may be
    served now where they wait at that time. Cancelling it twice changes nothing. Raises
    ReasonNeeded, TooLateToCancel, and TryAgain when too many people book it at the same
    moment.
    """
    reason, now = reason.strip(), timezone.now()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise ReasonNeeded

    def attempt() -> Session:
        with acting(by, "classes.cancel_session", reason=reason):
            booking.release_all(session=session, reason=reason, by=by)  # first: it locks people before the class
            locked = lock_session(session.pk)
            if locked.is_cancelled:
                return locked
            if now >= locked.ends_at or Attendance.objects.filter(session=locked).exists():
                raise TooLateToCancel(locked)
            return _close(locked, reason, now, by)

    cancelled = settled(attempt)
    ended = Booking.objects.filter(session=cancelled, state=BookingState.CLOSED)
    waiting.serve_where_time_is_free(
        people=list(ended.values_list("participant_id", flat=True)),
        during=(cancelled.starts_at, cancelled.ends_at),
        by=by,
    )
    return cancelled


def people_to_tell(session: Session) -> int:
    """How many people cancelling this date would tell: those with a place, an offer or a wait."""
    return session.bookings.live().count()


def people_with_a_place(session: Session) -> list[Person]:
    """Those of them who have a place, in the order of names."""
    booked = session.bookings.filter(state=BookingState.BOOKED).select_related("participant__person")
    return sorted((booking.participant.person for booking in booked), key=lambda person: person.full_name)


def _close(session: Session, reason: str, now: datetime, by: Actor) -> Session:
    Session.objects.filter(pk=session.pk).update(
        status=SessionStatus.CANCELLED,
        cancelled_at=now,
        cancel_reason=reason,
        ics_sequence=F("ics_sequence") + 1,
        version=F("version") + 1,
    )
    session.refresh_from_db()
    session.leaders.filter(active=True).update(active=False)
    notices.session_cancelled(session, by)
    return session
