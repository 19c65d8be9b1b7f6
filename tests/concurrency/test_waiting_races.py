"""Waiting lists with two real connections: somebody is placed while another of their classes is being cancelled."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from accounts.history import acting
from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place, cancel_booking, release_all
from participants.models import Participant
from tests.concurrency.racers import Racers
from tests.factories.accounts import ProgrammeFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for_a_lock_that_is_waited_for(unless: threading.Event) -> None:
    with connection.cursor() as cursor:
        waits = False
        while not (waits or unless.is_set()):
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            waits = cursor.fetchone()[0]


def test_who_gets_a_place_while_another_class_they_wait_for_is_cancelled_keeps_it() -> None:
    programme = ProgrammeFactory()
    pat, quinn = ParticipantFactory(programme=programme), ParticipantFactory(programme=programme)
    session = SessionFactory(programme=programme, capacity=1)
    other = SessionFactory(programme=programme, capacity=0, starts_at=session.starts_at)

    def book(participant: Participant, session: Session) -> Booking:
        return book_place(
            participant=participant,
            session=session,
            by=participant.person,
            source=BookingSource.SELF,
            or_wait=True,
            book_automatically=True,
        )

    held, turn, elsewhere = book(quinn, session), book(pat, session), book(pat, other)
    released, served = threading.Event(), threading.Event()

    def cancel_the_other_class() -> None:
        with transaction.atomic(), acting(quinn.person, "tests.cancel"):
            release_all(session=other, by=quinn.person)
            released.set()
            wait_for_a_lock_that_is_waited_for(unless=served)

    def give_the_place_up() -> Booking:
        assert released.wait(timeout=30)
        try:
            return cancel_booking(booking=held, by=quinn.person)
        finally:
            served.set()

    with Racers(2) as racers:
        results = racers.run([cancel_the_other_class, give_the_place_up])
    assert [getattr(result, "state", result) for result in results] == [None, "cancelled"]
    assert Booking.objects.get(pk=turn.pk).state == "booked"
    assert Booking.objects.get(pk=elsewhere.pk).state == "closed"
