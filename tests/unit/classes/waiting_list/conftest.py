"""Wednesday noon; a full class online on Saturday; people who read email, and one who is only called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from accounts.models import Programme
from classes.models import Booking, BookingSource, Mode, Session
from classes.places.booking import book_place, cancel_booking
from participants.models import Participant
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)
DAY, HOUR, MINUTE, SECOND = (
    dt.timedelta(days=1),
    dt.timedelta(hours=1),
    dt.timedelta(minutes=1),
    dt.timedelta(seconds=1),
)
SATURDAY = NOON + dt.timedelta(days=3)
Waits = Callable[..., Booking]


def book(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


def fresh(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


def taken(session: Session) -> int:
    session.refresh_from_db()
    return session.places_taken


def give_up(held: Booking) -> None:
    cancel_booking(booking=held, by=held.participant.person)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def messages_leave_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they do while the worker runs; what becomes of an offer when they do not is in test_not_told.py."""
    monkeypatch.setattr("classes.telling.notices.message_about", lambda offer: None)


def somebody(programme: Programme, *, email: bool = True) -> Participant:
    participant = ParticipantFactory(programme=programme)
    if email:
        ContactPointFactory(person=participant.person)
    return participant


@pytest.fixture
def anna(clock: time_machine.Traveller, programme: Programme) -> Participant:
    return somebody(programme)


@pytest.fixture
def bert(clock: time_machine.Traveller, programme: Programme) -> Participant:
    return somebody(programme)


@pytest.fixture
def phil(clock: time_machine.Traveller, programme: Programme) -> Participant:
    """Whom we reach only by telephone."""
    return somebody(programme, email=False)


@pytest.fixture
def session(clock: time_machine.Traveller, programme: Programme) -> Session:
    return SessionFactory(programme=programme, mode=Mode.REMOTE, starts_at=SATURDAY, capacity=1)


@pytest.fixture
def held(clock: time_machine.Traveller, session: Session, programme: Programme) -> Booking:
    """Somebody has the only place."""
    return book(somebody(programme), session)


@pytest.fixture
def wait(held: Booking, session: Session) -> Waits:
    """`wait(anna)`: she waits for that place, and is to be asked before she gets it."""

    def wait(participant: Participant, **rest: Any) -> Booking:
        return book(participant, rest.pop("session", session), or_wait=True, **rest)

    return wait
