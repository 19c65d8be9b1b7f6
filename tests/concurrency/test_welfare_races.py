"""Two registers of two classes are taken at the same moment: an absence in each makes one call, never none."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.utils import timezone

from classes.models import AttendanceState, Booking
from classes.register import NewMark, take_register
from classes.register.welfare import WELFARE_CALL
from messaging.models import Task
from tests.concurrency.racers import Racers
from tests.factories.accounts import PersonFactory, ProgrammeFactory
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db(transaction=True)


def missed(booking: Booking) -> Callable[[], object]:
    new = NewMark(uuid.uuid4(), AttendanceState.ABSENT_UNTOLD, timezone.now(), booking_id=booking.pk)
    by = PersonFactory()
    return lambda: take_register(session=booking.session, marks=[new], by=by)


def test_two_absences_marked_at_once_make_one_call():
    programme = ProgrammeFactory()
    with Racers(2) as racers:
        for _ in range(5):
            somebody = ParticipantFactory(programme=programme)
            sessions = [
                SessionFactory(programme=programme, starts_at=timezone.now() - dt.timedelta(days=days))
                for days in (8, 1)
            ]
            rows = [BookingFactory(session=session, participant=somebody) for session in sessions]
            answers = racers.run([missed(row) for row in rows])
            assert not [answer for answer in answers if isinstance(answer, Exception)]
            assert Task.objects.filter(kind=WELFARE_CALL, subject_id=somebody.pk, state="open").count() == 1
