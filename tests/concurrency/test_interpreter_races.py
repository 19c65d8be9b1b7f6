"""Somebody books while the need for an interpreter is written down: one task, whichever comes first; no deadlock."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from classes.interpreters import BOOK_INTERPRETER
from classes.models import Booking, BookingSource
from classes.places.booking import book_place
from messaging.models import Task
from participants import needs
from participants.rules.application import Need
from tests.concurrency.racers import Racers
from tests.factories.accounts import PersonFactory, ProgrammeFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_place_and_a_need_of_the_same_moment_make_one_task():
    programme, dee = ProgrammeFactory(), PersonFactory()
    session = SessionFactory(programme=programme, capacity=20, starts_at=timezone.now() + dt.timedelta(days=40))
    with Racers(2) as racers:
        for _ in range(12):
            somebody = ParticipantFactory(programme=programme)
            answers = racers.run(
                [
                    lambda p=somebody: book_place(
                        participant=p, session=session, by=p.person, source=BookingSource.SELF
                    ),
                    lambda p=somebody: needs.record_needs(
                        person=p.person, needs=[Need("bsl_interpreter")], shared=(), by=dee
                    ),
                ]
            )
            assert not [answer for answer in answers if isinstance(answer, Exception)]
            booking = Booking.objects.get(participant=somebody)
            assert Task.objects.filter(kind=BOOK_INTERPRETER, subject_id=booking.pk, state="open").count() == 1
