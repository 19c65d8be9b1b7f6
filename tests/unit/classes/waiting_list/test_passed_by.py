"""Who waits, may not come when a place comes free, and is told so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail

from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place, cancel_booking
from classes.waiting_list.answering import pass_by
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState
from participants.models import ClearanceState, Participant
from participants.standing import facts_changed
from tests.factories.classes import SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)
SUBJECT = "You are still waiting for the SafeFit class on Saturday 6 February"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def session(clock: Any, pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, starts_at=NOON + dt.timedelta(days=3), capacity=1)


def book(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


@pytest.fixture
def held(session: Session, quinn: Participant) -> Booking:
    return book(quinn, session)


@pytest.fixture
def waits(held: Booking, pat: Participant, session: Session) -> Booking:
    """Pat waits for Quinn's place, and is told so at once."""
    booking = book(pat, session, or_wait=True, book_automatically=True)
    deliver_due()
    mail.outbox.clear()
    return booking


def decide(participant: Participant, state: str) -> None:
    cleared = state == ClearanceState.CLEARED
    ClearanceFactory(participant=participant, state=state, **({} if cleared else {"valid_until": None}))
    facts_changed(participant)


def comes_free(session: Session) -> None:
    """A place is taken and given back by somebody new."""
    other = ParticipantFactory(programme=session.programme)
    cancel_booking(booking=book(other, session), by=other.person)


def told(whom: str = "pat@example.org") -> list[str]:
    deliver_due()
    return [message.subject for message in mail.outbox if message.recipients() == [whom]]


def test_who_may_not_come_is_told_once_and_keeps_the_turn(pat: Participant, held: Booking, waits: Booking) -> None:
    decide(pat, ClearanceState.NEEDS_REVIEW)
    cancel_booking(booking=held, by=held.participant.person)
    for _ in range(2):
        comes_free(waits.session)
    assert told() == [SUBJECT]
    waits.refresh_from_db()
    assert (waits.state, waits.skipped_reason) == ("waiting", "being_checked")
    decide(pat, ClearanceState.PAUSED)
    comes_free(waits.session)
    assert told() == [SUBJECT]


def test_the_words_name_no_reason(pat: Participant, held: Booking, waits: Booking) -> None:
    decide(pat, ClearanceState.NEEDS_REVIEW)
    cancel_booking(booking=held, by=held.participant.person)
    deliver_due()
    (message,) = [m for m in mail.outbox if m.subject == SUBJECT]
    assert not [word for word in ("check", "health", "safe for", "clear", "review") if word in message.body.lower()]
    assert "You keep your turn" in message.body and "/me/bookings/" in message.body


def test_at_night_it_waits_for_the_morning(clock: Any, pat: Participant, held: Booking, waits: Booking) -> None:
    decide(pat, ClearanceState.NEEDS_REVIEW)
    clock.move_to(NOON.replace(hour=23))
    cancel_booking(booking=held, by=held.participant.person)
    assert told() == []
    clock.move_to(NOON.replace(day=4, hour=8))
    assert told() == [SUBJECT]


def test_who_is_cleared_before_the_message_goes_out_is_told_of_the_place_alone(
    pat: Participant, held: Booking, waits: Booking
) -> None:
    decide(pat, ClearanceState.NEEDS_REVIEW)
    cancel_booking(booking=held, by=held.participant.person)
    decide(pat, ClearanceState.CLEARED)
    comes_free(waits.session)
    assert told() == ["You have a place in the SafeFit class on Saturday 6 February"]
    assert Message.objects.get(kind="passed_by").state == MessageState.NOT_WANTED


def test_whose_turn_is_in_order_again_is_told_nothing(pat: Participant, held: Booking, waits: Booking) -> None:
    decide(pat, ClearanceState.NEEDS_REVIEW)
    cancel_booking(booking=held, by=held.participant.person)
    Booking.objects.filter(pk=waits.pk).update(skipped_reason="")
    assert told() == []


def test_who_leaves_the_list_is_told_of_that_alone(pat: Participant, held: Booking, waits: Booking) -> None:
    decide(pat, ClearanceState.NEEDS_REVIEW)
    cancel_booking(booking=held, by=held.participant.person)
    cancel_booking(booking=waits, by=pat.person)
    assert told() == ["You have left the waiting list for Saturday 6 February"]


def test_a_message_about_a_turn_that_is_gone_is_not_sent(pat: Participant, held: Booking, waits: Booking) -> None:
    decide(pat, ClearanceState.NEEDS_REVIEW)
    cancel_booking(booking=held, by=held.participant.person)
    Message.objects.filter(kind="passed_by").update(subject_id=0)
    assert told() == []


def test_whom_another_class_or_the_telephone_kept_from_the_place_is_told_nothing_new(
    pat: Participant, held: Booking, waits: Booking, dee: Any
) -> None:
    elsewhere = book(pat, SessionFactory(programme=pat.programme, starts_at=waits.session.starts_at))
    cancel_booking(booking=held, by=held.participant.person)
    assert elsewhere.state == "booked"
    pass_by(booking=waits, by=dee.person)
    assert not Message.objects.filter(kind="passed_by").exists()
