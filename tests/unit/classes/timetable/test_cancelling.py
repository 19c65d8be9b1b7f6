"""Cancelling one date."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import User
from classes.models import Booking, BookingState, Session, SessionStatus
from classes.telling import notices
from classes.timetable import (
    LONGEST_REASON,
    ReasonNeeded,
    TooLateToCancel,
    cancel_session,
    people_to_tell,
    people_with_a_place,
)
from instructors.models import Instructor
from participants.models import Participant
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(ines: Instructor) -> Session:
    return SessionFactory(programme=ines.programme, leader=ines, places_taken=1)


def test_everybody_is_released_and_told_in_one_go(
    session: Session, pat: Participant, quinn: Participant, dee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Session] = []
    monkeypatch.setattr(notices, "session_cancelled", lambda session, by: told.append(session))
    booked = BookingFactory(session=session, participant=pat)
    waiting = BookingFactory(session=session, participant=quinn, state=BookingState.WAITING)
    assert people_to_tell(session) == 2
    assert people_with_a_place(session) == [pat.person]

    cancelled = cancel_session(session=session, reason="  The hall is shut ", by=dee.person)

    assert (cancelled.status, cancelled.cancel_reason) == (SessionStatus.CANCELLED, "The hall is shut")
    assert cancelled.cancelled_at is not None
    assert (cancelled.ics_sequence, cancelled.places_taken) == (1, 0)
    assert set(Booking.objects.filter(pk__in=[booked.pk, waiting.pk]).values_list("state", flat=True)) == {"closed"}
    assert not cancelled.leaders.filter(active=True).exists()
    assert told == [cancelled]
    assert people_to_tell(cancelled) == 0


def test_cancelling_twice_keeps_the_first_reason_and_tells_nobody_again(
    session: Session, dee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel_session(session=session, reason="ill", by=dee.person)
    monkeypatch.setattr(notices, "session_cancelled", lambda session, by: pytest.fail("told twice"))
    assert cancel_session(session=session, reason="other", by=dee.person).cancel_reason == "ill"


@pytest.mark.parametrize("reason", ["", "   ", "x" * (LONGEST_REASON + 1)])
def test_a_reason_is_needed(session: Session, dee: User, reason: str) -> None:
    with pytest.raises(ReasonNeeded) as refusal:
        cancel_session(session=session, reason=reason, by=dee.person)
    assert refusal.value.longest == LONGEST_REASON
    session.refresh_from_db()
    assert session.status == SessionStatus.PUBLISHED


def test_a_class_that_is_over_stays_as_it_was(ines: Instructor, dee: User) -> None:
    over = SessionFactory(programme=ines.programme, starts_at=timezone.now() - dt.timedelta(hours=2))
    with pytest.raises(TooLateToCancel) as refusal:
        cancel_session(session=over, reason="late", by=dee.person)
    assert refusal.value.session == over


def test_a_class_that_has_begun_can_be_cancelled_until_somebody_is_marked(
    ines: Instructor, pat: Participant, dee: User
) -> None:
    begun = SessionFactory(programme=ines.programme, starts_at=timezone.now() - dt.timedelta(minutes=5))
    booking = BookingFactory(session=begun, participant=pat)
    mark = AttendanceFactory(booking=booking)
    with pytest.raises(TooLateToCancel):
        cancel_session(session=begun, reason="nobody came", by=dee.person)
    booking.refresh_from_db()
    assert booking.state == BookingState.BOOKED
    assert mark.pk

    unmarked = SessionFactory(programme=ines.programme, starts_at=timezone.now() - dt.timedelta(minutes=5))
    assert cancel_session(session=unmarked, reason="instructor ill", by=dee.person).is_cancelled


def test_history_names_who_cancelled_and_why(session: Session, dee: User) -> None:
    cancel_session(session=session, reason="The hall is shut", by=dee.person)
    context = Session.pgh_event_model.objects.filter(pgh_obj=session).latest("pgh_id").pgh_context
    assert context == {
        "by": f"person:{dee.person.pk}",
        "action": "classes.cancel_session",
        "reason": "The hall is shut",
    }
