"""A class made smaller than what is held: who gives a place back is chosen, told, and in the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import User
from classes.judging.refusals import CapacityBelowHeld, FewerNeeded, TooLate
from classes.models import Booking, BookingSource, BookingState, Session
from classes.places.booking import book_place, cancel_booking, change_capacity
from classes.places.making_smaller import FEWER_PLACES, make_smaller
from classes.telling.gone import place_was_taken_back
from messaging.delivery import deliver_due
from messaging.models import Message
from participants.models import Participant
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """By night nothing would be sent."""
    with time_machine.travel(dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def at_any_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written is sent at once: when the night is quiet is shown by the tests of messaging."""
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    monkeypatch.setattr("messaging.delivery.quiet_until", lambda at: None)


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, capacity=2)


@pytest.fixture
def places(session: Session, pat: Participant, quinn: Participant) -> list[Booking]:
    return [book(session, pat), book(session, quinn)]


def book(session: Session, participant: Participant, **given: object) -> Booking:
    return book_place(
        session=session, participant=participant, by=participant.person, source=BookingSource.SELF, **given
    )


def shrink(session: Session, to: int, *chosen: Booking, by: User, reason: str = "The small hall") -> list[Booking]:
    return make_smaller(session=session, capacity=to, giving_up=[b.pk for b in chosen], reason=reason, by=by.person)


def state_of(booking: Booking) -> tuple[str, str]:
    booking.refresh_from_db()
    return booking.state, booking.end_reason


def counts(session: Session) -> tuple[int, int]:
    session.refresh_from_db()
    return session.capacity, session.places_taken


def test_who_was_chosen_gives_it_back_and_nobody_who_waits_gets_it(session, places, dee):  # pitfalls 12
    waiting = book(session, ParticipantFactory(programme=session.programme), or_wait=True, book_automatically=True)
    version = session.version
    assert shrink(session, 1, places[1], by=dee) == [places[1]]
    assert state_of(places[1]) == (BookingState.CLOSED, FEWER_PLACES)
    assert state_of(places[0]) == (BookingState.BOOKED, "")
    assert state_of(waiting)[0] == BookingState.WAITING
    assert counts(session) == (1, 1)
    assert session.version > version


def test_it_is_told_once_with_no_reason_and_the_reason_is_kept(session, places, dee, at_any_hour):
    shrink(session, 1, places[1], by=dee)
    assert not Message.objects.filter(subject_id=places[1].pk, kind="booking_confirmed", state="queued").exists()
    deliver_due()
    (told,) = [sent for sent in mail.outbox if "not kept" in sent.subject]
    assert "Please do not come" in told.body and "small hall" not in told.body
    assert told.recipients() == [places[1].participant.person.contact_points.get().value]
    event = places[1].events.latest("pgh_id")
    assert event.pgh_context["reason"] == "The small hall"


def test_too_few_chosen_changes_nothing(session, places, dee):
    with pytest.raises(CapacityBelowHeld) as refused:
        shrink(session, 0, places[1], by=dee)
    assert refused.value.held == 1
    assert state_of(places[1])[0] == BookingState.BOOKED
    assert counts(session) == (2, 2)
    assert not Message.objects.filter(kind="place_taken_back").exists()


@pytest.mark.parametrize(("to", "chosen"), [(1, [0, 1]), (2, [1]), (3, [0])])
def test_nobody_loses_a_place_that_could_stay(session, places, dee, to, chosen):
    with pytest.raises(FewerNeeded) as refused:
        shrink(session, to, *(places[number] for number in chosen), by=dee)
    assert refused.value.held == 2
    assert [state_of(place)[0] for place in places] == [BookingState.BOOKED] * 2
    assert counts(session) == (2, 2)


def test_two_give_way_where_one_of_them_would_not_be_enough(session, places, dee):
    shrink(session, 0, *places, by=dee)
    assert counts(session) == (0, 0)


def test_who_was_only_asked_keeps_the_turn_and_hears_so(session, places, pat, dee, at_any_hour):
    waits = ParticipantFactory(programme=session.programme)
    ContactPointFactory(person=waits.person, value="waits@example.org")
    asked = book(session, waits, or_wait=True)
    cancel_booking(booking=places[0], by=pat.person)
    assert state_of(asked)[0] == BookingState.OFFERED
    shrink(session, 1, asked, by=dee)
    assert state_of(asked) == (BookingState.WAITING, "")
    assert counts(session) == (1, 1)
    deliver_due()
    (told,) = [sent for sent in mail.outbox if "waits@example.org" in sent.to and "not kept" in sent.subject]
    assert "You keep your turn" in told.body and "taken yours back" not in told.body


def test_who_gave_it_back_meanwhile_or_belongs_to_another_class_is_passed_over(session, places, pat, dee):
    elsewhere = book(SessionFactory(programme=pat.programme, starts_at=session.starts_at + dt.timedelta(days=1)), pat)
    Booking.objects.filter(pk=places[1].pk).update(state=BookingState.CANCELLED, ended_at=timezone.now())
    Session.objects.filter(pk=session.pk).update(places_taken=1)
    assert shrink(session, 1, places[1], elsewhere, by=dee) == []
    assert state_of(elsewhere)[0] == BookingState.BOOKED
    assert counts(session) == (1, 1)


@pytest.mark.parametrize("meanwhile", ["not_well", ""])
def test_what_is_no_longer_so_is_not_told(session, places, dee, meanwhile):
    """It ended in another way after all, or the class is over before the message leaves."""
    shrink(session, 1, places[1], by=dee)
    if meanwhile:
        Booking.objects.filter(pk=places[1].pk).update(end_reason=meanwhile)
    else:
        over = timezone.now() - dt.timedelta(days=1)
        Session.objects.filter(pk=session.pk).update(starts_at=over, ends_at=over + dt.timedelta(hours=1))
    assert place_was_taken_back(Message.objects.get(kind="place_taken_back")) is None


def test_after_the_start_nobody_loses_a_place(session, places, dee):
    Session.objects.filter(pk=session.pk).update(
        starts_at=timezone.now(), ends_at=timezone.now() + dt.timedelta(hours=1)
    )
    with pytest.raises(TooLate):
        shrink(session, 1, places[1], by=dee)


def test_a_turn_of_theirs_at_that_time_is_served(session, places, quinn, dee):
    other = SessionFactory(programme=session.programme, capacity=0, starts_at=session.starts_at)
    waits = book(other, quinn, or_wait=True, book_automatically=True)
    change_capacity(session=other, capacity=1, by=dee.person)
    assert state_of(waits)[0] == BookingState.WAITING  # passed by: they are in this class at that time
    shrink(session, 1, places[1], by=dee)
    assert state_of(waits)[0] == BookingState.BOOKED
