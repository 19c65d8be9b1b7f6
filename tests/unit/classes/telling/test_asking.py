"""Asking for the same-day check: whom, when, once, and by the way that reaches them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from procrastinate.contrib.django import app

from accounts.history import System, acting
from accounts.models import Channel
from classes.models import Booking, BookingState, Mode, Session, SessionStatus
from classes.places.booking import cancel_booking
from classes.readiness import to_answer
from classes.tasks import ask_for_same_day_checks
from classes.telling.asking import ask_for_checks, check_is_wanted
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task
from participants.models import AccessNeed, ClearanceState, Participant
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory
from tests.factories.symptoms import SymptomCheckFactory

pytestmark = pytest.mark.django_db
STARTS = dt.datetime(2027, 7, 6, 21, tzinfo=dt.UTC)  # 10pm in the UK: the check opens at 10am
OPENS = STARTS - dt.timedelta(hours=12)
SECOND = dt.timedelta(seconds=1)
KIND = "same_day_check"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(OPENS, tick=False) as clock:
        yield clock


@pytest.fixture
def place(clock: Any, pat: Participant) -> Booking:
    return BookingFactory(session=SessionFactory(programme=pat.programme, starts_at=STARTS), participant=pat)


def ask() -> int:
    with acting(System.WORKER, "tests.ask"):
        return ask_for_checks()


def told() -> list[str]:
    ask()
    deliver_due()
    return [str(sent.subject) for sent in mail.outbox]


def reached_by(pat: Participant, *channels: str) -> None:
    pat.person.contact_points.all().delete()
    for number, channel in enumerate(channels):
        ContactPointFactory(person=pat.person, channel=channel, value="01632 960111", preferred=number == 0)


def test_everybody_with_a_place_is_asked_when_the_check_opens_and_not_a_second_before(
    place: Booking, clock: Any
) -> None:
    clock.move_to(OPENS - SECOND)
    assert ask() == 0
    clock.move_to(OPENS)
    assert told() == ["Before your SafeFit class on Tuesday 6 July"]
    body = mail.outbox[0].body
    assert f"/me/bookings/{place.pk}/check/" in body
    assert "You can answer until 9:55pm." in body and "10pm to 11pm, Tuesday 6 July 2027" in body


def test_the_worker_looks_every_five_minutes(place: Booking) -> None:
    ask_for_same_day_checks()
    assert Message.objects.get(kind=KIND).person == place.participant.person
    name = "classes.tasks.ask_for_same_day_checks"
    assert app.periodic_registry.periodic_tasks[(name, name)].cron == "*/5 * * * *"


def test_it_is_asked_once_however_often_the_worker_looks(place: Booking, clock: Any) -> None:
    assert told() == told()
    clock.move_to(STARTS - dt.timedelta(hours=1))
    assert ask() == 0 and Message.objects.filter(kind=KIND).count() == 1


def test_an_online_class_says_that_it_opens_after_the_answers(place: Booking, pat: Participant) -> None:
    Session.objects.filter(pk=place.session_id).update(
        mode=Mode.REMOTE, venue=None, join_url="https://x.example/secret"
    )
    told()
    assert "The class opens for you when you have answered." in mail.outbox[0].body
    assert "secret" not in mail.outbox[0].body


@pytest.mark.parametrize("result", ["ready", "talk_first"])
def test_who_has_answered_is_not_asked(place: Booking, result: str) -> None:
    SymptomCheckFactory(booking=place, result=result)
    assert told() == []


@pytest.mark.parametrize(
    "change",
    [
        {"state": BookingState.WAITING},
        {"state": BookingState.CANCELLED, "ended_at": OPENS},
    ],
)
def test_only_a_place_is_asked_about(pat: Participant, change: dict[str, Any]) -> None:
    BookingFactory(session=SessionFactory(programme=pat.programme, starts_at=STARTS), participant=pat, **change)
    assert told() == []


def test_who_may_not_come_anyway_is_not_asked(place: Booking) -> None:
    ClearanceFactory(participant=place.participant, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    assert told() == []


def test_after_a_cancellation_nothing_is_sent(place: Booking) -> None:
    Session.objects.filter(pk=place.session_id).update(places_taken=1)
    ask()
    cancel_booking(booking=place, by=place.participant.person)
    assert Message.objects.get(kind=KIND).state == MessageState.NOT_WANTED
    assert told() == ["Your place on Tuesday 6 July is cancelled"]


def later(place: Booking) -> None:
    moved = STARTS + dt.timedelta(hours=1)
    Session.objects.filter(pk=place.session_id).update(starts_at=moved, ends_at=moved + dt.timedelta(hours=1))


def earlier(place: Booking) -> None:
    moved = STARTS - dt.timedelta(hours=1)
    Session.objects.filter(pk=place.session_id).update(starts_at=moved, ends_at=moved + dt.timedelta(hours=1))


def off(place: Booking) -> None:
    Session.objects.filter(pk=place.session_id).update(
        status=SessionStatus.CANCELLED, cancelled_at=OPENS, cancel_reason="Snow"
    )


def answered(place: Booking) -> None:
    SymptomCheckFactory(booking=place)


def given_up(place: Booking) -> None:
    Booking.objects.filter(pk=place.pk).update(state=BookingState.CANCELLED, ended_at=OPENS)


@pytest.mark.parametrize("change", [later, earlier, off, answered, given_up])
def test_it_is_decided_again_when_it_is_sent(place: Booking, change: Any) -> None:
    ask()
    change(place)
    deliver_due()
    assert mail.outbox == []
    assert Message.objects.get(kind=KIND).state == MessageState.NOT_WANTED


def test_once_it_is_too_late_to_answer_alone_nothing_is_sent(place: Booking, clock: Any) -> None:
    ask()
    clock.move_to(STARTS - dt.timedelta(minutes=5))
    deliver_due()
    assert mail.outbox == []


def test_a_message_whose_booking_is_gone_is_not_wanted() -> None:
    assert check_is_wanted(Message(kind=KIND, subject_id=0)) is None


def test_a_class_that_was_moved_is_asked_about_again(place: Booking, clock: Any) -> None:
    told()
    later(place)
    clock.move_to(OPENS + dt.timedelta(hours=1))
    assert len(told()) == 2


def test_who_is_reached_by_phone_is_called_before_the_class(place: Booking, pat: Participant) -> None:
    reached_by(pat, Channel.PHONE)
    assert told() == []
    call = Task.objects.get()
    assert (call.kind, call.about, call.due_at) == ("call", pat.person, STARTS - dt.timedelta(minutes=5))


def test_who_needs_a_voice_is_called_too(place: Booking, pat: Participant) -> None:
    reached_by(pat, Channel.EMAIL, Channel.PHONE)
    AccessNeed.objects.create(
        person=pat.person, kind="bsl_video", recorded_by=pat.person, review_on=dt.date(2027, 12, 1)
    )
    assert told() == []
    assert Task.objects.get().kind == "format_wanted"


def test_a_call_for_an_online_class_is_due_by_its_start(place: Booking, pat: Participant) -> None:
    Session.objects.filter(pk=place.session_id).update(mode=Mode.REMOTE, venue=None)
    reached_by(pat, Channel.PHONE)
    told()
    assert Task.objects.get().due_at == STARTS


def test_nobody_writes_a_letter_about_today(place: Booking, pat: Participant) -> None:
    reached_by(pat, Channel.POST, Channel.PHONE)
    told()
    assert Task.objects.get().kind == "call"


def test_who_is_reached_by_post_alone_is_not_asked_in_writing_at_all(place: Booking, pat: Participant) -> None:
    reached_by(pat, Channel.POST)
    assert told() == []
    assert Message.objects.get().state == MessageState.NOT_WANTED and not Task.objects.exists()


@pytest.mark.parametrize(
    ("starts", "sent_at"),
    [
        (dt.datetime(2027, 7, 7, 8, 30, tzinfo=dt.UTC), dt.datetime(2027, 7, 7, 7, tzinfo=dt.UTC)),  # 9:30am: at 8am
        (dt.datetime(2027, 7, 7, 7, 30, tzinfo=dt.UTC), dt.datetime(2027, 7, 6, 19, 30, tzinfo=dt.UTC)),  # 8:30am
    ],
)
def test_the_evening_is_quiet_unless_the_morning_is_too_late(
    place: Booking, clock: Any, starts: dt.datetime, sent_at: dt.datetime
) -> None:
    Session.objects.filter(pk=place.session_id).update(starts_at=starts, ends_at=starts + dt.timedelta(hours=1))
    clock.move_to(starts - dt.timedelta(hours=12))
    told()
    assert len(mail.outbox) == (sent_at == starts - dt.timedelta(hours=12))
    clock.move_to(sent_at)
    deliver_due()
    assert len(mail.outbox) == 1


def test_many_classes_are_looked_at_in_few_queries(
    pat: Participant, quinn: Participant, django_assert_max_num_queries: Any
) -> None:
    sessions = [SessionFactory(programme=pat.programme, starts_at=STARTS - dt.timedelta(hours=n)) for n in (1, 2)]
    for session in sessions:
        for _ in range(4):
            BookingFactory(session=session)
    with django_assert_max_num_queries(6):  # the version, the places, where people stand (3), their checks
        found = to_answer(Booking.objects.all(), OPENS)
    assert len(found) == 8
    assert [b.session_id for b in found] == [sessions[1].pk] * 4 + [sessions[0].pk] * 4


def test_an_answer_for_one_class_of_the_day_leaves_the_other_to_be_answered(place: Booking, pat: Participant) -> None:
    session = SessionFactory(programme=pat.programme, starts_at=STARTS - dt.timedelta(hours=3))
    other = BookingFactory(participant=pat, session=session)
    assert to_answer(Booking.objects.all(), OPENS) == [other, place]
    SymptomCheckFactory(booking=place)
    assert to_answer(Booking.objects.all(), OPENS) == [other]
