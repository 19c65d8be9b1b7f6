"""Cancel dates: in one transaction their places end and their people are told.

One date, one and all later ones of its series, or some that were chosen: every date
that is cancelled was named by whoever calls. Not here: the pages that ask for the
reason, the words of the messages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person
from classes.locks import lock_session, settled
from classes.models import Attendance, Booking, BookingState, Series, Session, SessionStatus
from classes.places import booking
from classes.telling import change_notices, notices
from classes.telling.cover import no_cover_wanted
from classes.telling.running_late import LEADER_MISSING
from classes.timetable import few_booked
from classes.timetable.materialising import TASK_DATE_NOT_PUBLISHED
from classes.timetable.refusals import LONGEST_REASON, ReasonNeeded, SomebodyBooked, TooLateToCancel
from classes.unqualified import leading, look_at
from classes.waiting_list import serving
from messaging.worklist import cancel_tasks


def cancel_session(*, session: Session, reason: str, by: Actor) -> Session:
    """Cancel one date: its places end, its people are told, nobody's adherence suffers.

    It stays on the timetable as cancelled and never comes back; who had a place may be
    served now where they wait at that time. Cancelling it twice changes nothing. Raises
    ReasonNeeded, TooLateToCancel, and TryAgain when too many people book it at the same
    moment.
    """
    return cancel_sessions(sessions=[session], reason=reason, by=by)[0]


def cancel_sessions(
    *, sessions: Sequence[Session], reason: str, end_series: Series | None = None, free_only: bool = False, by: Actor
) -> list[Session]:
    """The same for several dates: all of them or none, and one message to each person.

    `end_series`: no date of it from the first of these on is made any more, either.
    `free_only`: raises SomebodyBooked, and nothing is cancelled, where anybody has or waits for a place in one by now.
    """
    reason, now = reason.strip(), timezone.now()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise ReasonNeeded

    def attempt() -> list[Session]:
        with acting(by, "classes.cancel_session", reason=reason):
            if end_series is not None:
                _end(end_series, min(session.occurs_on for session in sessions), by)
            leaders = leading(sessions)
            found = [_cancel(session, reason, now, by) for session in sorted(sessions, key=lambda one: one.pk)]
            if free_only and _ended(found, now):
                raise SomebodyBooked
            look_at(leaders, by)
            _tell(found, now, by)
            return found

    cancelled = settled(attempt)
    for session in cancelled:
        _serve_elsewhere(session, by)
    return cancelled


def people_to_tell(*sessions: Session) -> int:
    """How many people cancelling these dates would tell: those with a place, an offer or a wait, each once."""
    live = Booking.objects.filter(session__in=sessions).live()
    return live.values("participant").distinct().count()


def people_with_a_place(session: Session) -> list[Person]:
    """Those of them who have a place, in the order of names."""
    booked = session.bookings.filter(state=BookingState.BOOKED).select_related("participant__person")
    return sorted((booking.participant.person for booking in booked), key=lambda person: person.full_name)


def _cancel(session: Session, reason: str, now: datetime, by: Actor) -> Session:
    booking.release_all(session=session, reason=reason, by=by)  # first: it ends places before it closes the class
    locked = lock_session(session.pk)
    if locked.is_cancelled:
        return locked
    if now >= locked.ends_at or Attendance.objects.filter(session=locked).exists():
        raise TooLateToCancel(locked)
    return _close(locked, reason, now, by)


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
    few_booked.no_longer_few(session, by)
    no_cover_wanted([session.pk], by)
    cancel_tasks(kinds=[LEADER_MISSING], subject_id=session.pk, by=by)
    return session


def _end(series: Series, first: date, by: Actor) -> None:
    """The day before `first` is its last; its first date, cancelled with the rest, where nothing lies before."""
    locked = Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    locked.last_date = max(locked.first_date, min(locked.last_date, first - timedelta(days=1)))
    locked.save(update_fields=["last_date"])
    cancel_tasks(kinds=[TASK_DATE_NOT_PUBLISHED], subject_id=series.pk, by=by)  # those that still stand come back


def _tell(found: Collection[Session], now: datetime, by: Actor) -> None:
    off = [session for session in found if session.cancelled_at == now]  # not those that were off before
    if len(found) == 1:
        for session in off:
            notices.session_cancelled(session, by)
        return
    for session in off:
        notices.no_talk_wanted(session)
    change_notices.several_cancelled(_ended(off, now))


def _ended(sessions: Iterable[Session], now: datetime) -> list[Booking]:
    ended = Booking.objects.filter(session__in=list(sessions), state=BookingState.CLOSED, ended_at__gte=now)
    return list(ended.select_related("participant__person", "participant__programme").order_by("session__starts_at"))


def _serve_elsewhere(session: Session, by: Actor) -> None:
    ended = Booking.objects.filter(session=session, state=BookingState.CLOSED)
    serving.serve_where_time_is_free(
        people=list(ended.values_list("participant_id", flat=True)),
        during=(session.starts_at, session.ends_at),
        by=by,
    )
