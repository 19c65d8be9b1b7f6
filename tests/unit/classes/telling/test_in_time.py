"""News of a class is heard in time to act on it, by whatever way somebody is reached."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import Channel, ContactPoint, Person, User
from classes.models import Booking, BookingState, Session, SessionStatus
from classes.telling import block_notices, notices
from classes.telling.in_time import cannot_wait, news_by
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task
from messaging.quiet_hours import quiet_until
from participants.models import Participant, Supporter, SupporterScope
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import BookingFactory, SessionFactory

NOW = dt.datetime(2027, 2, 3, 16, 0, tzinfo=dt.UTC)  # a Wednesday, 4pm in the UK
HOUR = dt.timedelta(hours=1)


def here(day: int, hour: float, month: int = 2) -> dt.datetime:
    return dt.datetime(2027, month, day, tzinfo=dt.UTC) + hour * HOUR


@pytest.mark.parametrize(
    ("starts_at", "now", "by"),
    [
        (here(8, 16), NOW, None),  # five days: a letter will do
        (here(8, 16) - dt.timedelta(seconds=1), NOW, here(4, 12)),
        (here(5, 15), NOW, here(4, 12)),  # eight of the hours in which people are called
        (here(4, 15), NOW, here(4, 12)),
        (here(4, 12), NOW, here(4, 10)),  # before anybody sets out
        (here(4, 9), NOW, here(3, 20)),  # 7am is no time to call: the evening before
        (here(4, 8), NOW, here(3, 20)),
        (here(4, 7.5), NOW, here(3, 17)),  # less than sixteen hours: within one
        (here(3, 19), NOW, here(3, 17)),
        (here(3, 18), NOW, here(3, 17)),  # somebody may be on the way: within one
        (here(3, 16.5), NOW, here(3, 16.5)),
        (here(4, 9), here(3, 22), here(3, 23)),  # at night, and in the morning it is too late
        (here(4, 12), here(3, 22), here(4, 9)),
        (here(1, 18, 7), here(1, 12, 7), here(1, 13, 7)),  # summer
        (here(2, 8.5, 7), here(1, 14, 7), here(1, 19, 7)),  # summer: 9.30am, heard of by 8pm here
    ],
)
def test_news_is_heard_before_one_sets_out_and_not_at_night(starts_at, now, by):
    assert news_by(starts_at, now) == by


def test_what_begins_within_sixteen_hours_cannot_wait():
    assert cannot_wait(NOW + 16 * HOUR - dt.timedelta(seconds=1), NOW)
    assert not cannot_wait(NOW + 16 * HOUR, NOW)


# --- every kind of news, by every way ------------------------------------------


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def is_off(place: Booking) -> None:
    Session.objects.filter(pk=place.session_id).update(
        status=SessionStatus.CANCELLED, cancelled_at=timezone.now(), cancel_reason="Ill"
    )
    notices.session_cancelled(Session.objects.get(pk=place.session_id), place.participant.person)


def is_freed(place: Booking) -> None:
    place.state, place.ended_at, place.end_reason = BookingState.CLOSED, timezone.now(), notices.NOT_CLEARED
    place.save()
    notices.place_freed(place, place.participant.person)


def is_placed(place: Booking) -> None:
    notices.placed_from_waiting(place, place.participant.person)


BY_PHONE = [(Channel.PHONE, "+441632960222")]
BY_POST = [(Channel.POST, "1 High Street, Poole")]


@pytest.mark.django_db
@pytest.mark.parametrize("news", [is_off, is_freed, is_placed])
@pytest.mark.parametrize("hours", [3, 17, 25, 110])
@pytest.mark.parametrize("ways", [BY_PHONE, BY_POST + BY_PHONE, BY_POST])
def test_who_is_not_written_to_is_called_in_time(clock, pat: Participant, news, hours, ways):  # pitfalls 39
    ContactPoint.objects.filter(person=pat.person).delete()
    for channel, value in ways:
        ContactPointFactory(person=pat.person, channel=channel, value=value, preferred=(channel, value) == ways[0])
    starts_at = NOW + hours * HOUR
    news(BookingFactory(session=SessionFactory(programme=pat.programme, starts_at=starts_at), participant=pat))
    deliver_due()
    task = Task.objects.get()
    if ways == BY_POST:  # no letter arrives in time, and nobody can be called: the desk must know at once
        assert (task.kind, task.due_at) == ("not_reached", NOW + HOUR)
        return
    assert task.kind == "call"
    assert NOW < task.due_at <= starts_at - 2 * HOUR
    assert quiet_until(task.due_at) is None or task.due_at == quiet_begins(task.due_at)


@pytest.mark.django_db
def test_with_five_days_a_letter_will_do(clock, pat: Participant):
    ContactPoint.objects.filter(person=pat.person).update(channel=Channel.POST, value="1 High Street, Poole")
    session = SessionFactory(programme=pat.programme, starts_at=NOW + dt.timedelta(days=5))
    is_off(BookingFactory(session=session, participant=pat))
    deliver_due()
    assert Task.objects.get().kind == "letter"
    assert Message.objects.get(kind=notices.CLASS_OFF).state == MessageState.WITH_DESK


def quiet_begins(at: dt.datetime) -> dt.datetime:
    return at.replace(hour=20, minute=0)


# --- what somebody else did for a person ----------------------------------------


def books(place: Booking, by: Person) -> None:
    notices.booking_confirmed(place, by)


def gives_back(place: Booking, by: Person) -> None:
    _ended(place)
    notices.booking_cancelled(place, by)


def books_together(place: Booking, by: Person) -> None:
    block_notices.dates_booked(place.participant, [place], [], by, copy=True)


def gives_back_together(place: Booking, by: Person) -> None:
    _ended(place)
    block_notices.dates_cancelled(place.participant, [place], by, copy=True)


def moves(place: Booking, by: Person) -> None:
    later = SessionFactory(programme=place.participant.programme, starts_at=place.session.starts_at + 240 * HOUR)
    _ended(place)
    block_notices.booking_moved(place, BookingFactory(session=later, participant=place.participant), by, copy=True)


def _ended(place: Booking) -> None:
    place.state, place.ended_at = BookingState.CANCELLED, timezone.now()
    place.save()


BY_SOMEBODY_ELSE = [books, gives_back, books_together, gives_back_together, moves]


def place_in(hours: float, pat: Participant, state: BookingState = BookingState.BOOKED) -> Booking:
    session = SessionFactory(programme=pat.programme, starts_at=timezone.now() + hours * HOUR)
    return BookingFactory(session=session, participant=pat, state=state)


@pytest.mark.django_db
@pytest.mark.parametrize("does", BY_SOMEBODY_ELSE)
def test_what_somebody_else_did_is_heard_by_telephone_before_the_class(clock, pat: Participant, sam: User, does):
    ContactPoint.objects.filter(person=pat.person).update(channel=Channel.POST, value="1 High Street, Poole")
    ContactPointFactory(person=pat.person, channel=Channel.PHONE, value="+441632960222", preferred=False)
    does(place_in(20, pat), sam.person)
    deliver_due()
    task = Task.objects.get()  # no letter, and no call for the copy
    assert (task.kind, task.about, task.due_at) == ("call", pat.person, here(4, 10))


@pytest.mark.django_db
@pytest.mark.parametrize("does", BY_SOMEBODY_ELSE)
def test_what_somebody_else_did_in_the_evening_before_is_told_by_night(clock, pat: Participant, sam: User, does):
    Supporter.objects.filter(participant=pat).update(scopes=[SupporterScope.SEE_MESSAGES])
    clock.move_to(here(3, 20.5))
    does(place_in(11.75, pat), sam.person)
    deliver_due()
    assert [sent.to for sent in mail.outbox] == [["pat@example.org"]], "whoever did it reads the copy in the morning"


@pytest.mark.django_db
@pytest.mark.parametrize("does", BY_SOMEBODY_ELSE)
def test_what_somebody_did_themselves_disturbs_nobody(clock, pat: Participant, does):
    clock.move_to(here(3, 20.5))
    does(place_in(11.75, pat), pat.person)
    deliver_due()
    assert mail.outbox == [] and Message.objects.get().due_at == here(4, 8)


@pytest.mark.django_db
def test_who_was_only_put_on_waiting_lists_is_told_in_the_morning(clock, pat: Participant, sam: User):
    clock.move_to(here(3, 20.5))
    books_together(place_in(11.75, pat, BookingState.WAITING), sam.person)
    deliver_due()
    assert mail.outbox == [] and Message.objects.get().due_at == here(4, 8)
