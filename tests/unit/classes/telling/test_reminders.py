"""Reminders of a class: to whom, when, once, and never after the place is gone."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db.models import Value
from django.db.models.functions import Concat
from procrastinate.contrib.django import app

from accounts.history import System, acting
from accounts.models import Channel
from classes.judging.refusals import NoPlace, TooLate
from classes.models import Booking, Mode, Session
from classes.places.booking import cancel_booking
from classes.tasks import remind_of_classes
from classes.telling.block_notices import BOOKED, MOVED
from classes.telling.notices import CONFIRMED, REMINDER, SOON
from classes.telling.reminders import remind
from classes.telling.replies import booking_behind, say_coming, token_for
from messaging.choices import choose_topics, choose_ways, topics_wanted_by
from messaging.delivery import deliver_due
from messaging.models import Matter, Message, MessageState, OptOut, Task, Topic
from participants.models import ClearanceState, Participant
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db
STARTS = dt.datetime(2027, 7, 6, 13, tzinfo=dt.UTC)  # a Tuesday, 2pm in the UK
DAYS, HOURS, MINUTES = dt.timedelta(hours=48), dt.timedelta(hours=2), dt.timedelta(minutes=30)
SECOND = dt.timedelta(seconds=1)
UK = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(STARTS - DAYS, tick=False) as clock:
        yield clock


@pytest.fixture
def place(clock: Any, pat: Participant) -> Booking:
    return BookingFactory(
        session=SessionFactory(programme=pat.programme, starts_at=STARTS, places_taken=1), participant=pat
    )


def look() -> int:
    with acting(System.WORKER, "tests.remind"):
        return remind()


def told() -> list[str]:
    look()
    deliver_due()
    return [str(sent.subject) for sent in mail.outbox]


def online(place: Booking) -> None:
    Session.objects.filter(pk=place.session_id).update(mode=Mode.REMOTE, venue=None, join_url="https://meet.example/x")


def test_two_days_before_and_not_a_second_earlier(place, clock):
    clock.move_to(STARTS - DAYS - SECOND)
    assert look() == 0
    clock.move_to(STARTS - DAYS)
    assert told() == ["Your SafeFit class on Tuesday 6 July"]
    assert f"/reply/{token_for(place)}/" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("starts", "told_at", "when"),
    [
        (dt.time(20, 14), dt.time(19, 44), "today at 8:14pm"),
        (dt.time(20, 30), dt.time(19, 45), "today at 8:30pm"),  # half an hour before it are the quiet hours
        (dt.time(8), dt.time(19, 45), "tomorrow at 8am"),  # in the morning it would come too late
        (dt.time(8, 15), dt.time(8), "today at 8:15am"),
    ],
)
def test_what_begins_in_the_evening_or_early_is_told_before_the_quiet_hours(place, clock, starts, told_at, when):
    begins = dt.datetime.combine(STARTS.date(), starts, UK)
    online(place)
    Session.objects.filter(pk=place.session_id).update(starts_at=begins, ends_at=begins + dt.timedelta(hours=1))
    on = STARTS.date() - dt.timedelta(days="tomorrow" in when)
    clock.move_to(dt.datetime.combine(on, told_at, UK) - SECOND)
    assert SOON not in {*told(), *Message.objects.filter(state=MessageState.SENT).values_list("kind", flat=True)}
    clock.move_to(dt.datetime.combine(on, told_at, UK))
    assert f"Your SafeFit class {when}" in told()
    (words,) = [str(sent.body) for sent in mail.outbox if when in sent.subject]
    assert ("begins tomorrow morning" if "tomorrow" in when else "begins soon") in words


@pytest.mark.parametrize(("remote", "before"), [(False, HOURS), (True, MINUTES)])
def test_shortly_before_by_the_mode_of_the_class_and_not_a_second_earlier(place, clock, remote, before):
    if remote:
        online(place)
    clock.move_to(STARTS - before - SECOND)
    assert look() == 0
    clock.move_to(STARTS - before)
    assert told() == ["Your SafeFit class today at 2pm"]
    assert (f"/me/bookings/{place.pk}/join/" in mail.outbox[0].body) == remote
    assert "meet.example" not in mail.outbox[0].body  # pitfalls 43


@pytest.mark.parametrize("on", [dt.date(2027, 3, 28), dt.date(2027, 10, 31)])
def test_the_time_before_a_class_is_elapsed_time_over_a_clock_change(pat, clock, on):  # pitfalls 28
    starts = dt.datetime.combine(on, dt.time(18), tzinfo=dt.UTC)
    clock.move_to(starts - DAYS - SECOND)
    BookingFactory(session=SessionFactory(programme=pat.programme, starts_at=starts), participant=pat)
    assert look() == 0
    clock.move_to(starts - DAYS)
    assert look() == 1


def test_it_is_sent_once_however_often_the_worker_looks(place):
    assert told() == told()
    assert Message.objects.filter(kind=REMINDER).count() == 1


def test_a_class_that_is_moved_is_reminded_of_at_its_new_time_and_the_old_reminder_is_not_sent(place, clock):
    look()
    Session.objects.filter(pk=place.session_id).update(
        starts_at=STARTS + dt.timedelta(days=1), ends_at=STARTS + dt.timedelta(days=1, hours=1)
    )
    deliver_due()
    assert mail.outbox == [] and Message.objects.get(kind=REMINDER).state == MessageState.NOT_WANTED
    clock.move_to(STARTS - dt.timedelta(days=1))
    assert told() == ["Your SafeFit class on Wednesday 7 July"]


def test_nobody_is_reminded_of_a_place_given_up_a_minute_before(place, clock):  # pitfalls 40
    clock.move_to(STARTS - HOURS)
    look()
    cancel_booking(booking=place, by=place.participant.person)
    deliver_due()
    assert "Your SafeFit class today at 2pm" not in [sent.subject for sent in mail.outbox]
    assert Message.objects.get(kind=SOON).state == MessageState.NOT_WANTED
    assert look() == 0


def test_a_place_that_does_not_stand_is_not_reminded_of(place):
    ClearanceFactory(participant=place.participant, state=ClearanceState.PAUSED, valid_until=None)
    assert told() == []


@pytest.mark.parametrize("kind", [CONFIRMED, BOOKED, MOVED])
def test_whoever_has_just_been_told_of_the_place_is_not_reminded_of_it(place, kind):
    message = Message(programme=place.participant.programme, person=place.participant.person, kind=kind)
    message.subject_id, message.dedupe_key = place.pk, "just now"
    if kind != CONFIRMED:  # several dates at once, or one instead of another: about the person
        message.subject_id, message.context = place.participant_id, {"bookings": [place.pk + 1, place.pk]}
    message.save()
    Message.objects.update(created_at=STARTS - DAYS - dt.timedelta(hours=12) + SECOND)
    assert look() == 0
    Message.objects.update(created_at=STARTS - DAYS - dt.timedelta(hours=12))
    assert look() == 1


def test_a_reminder_that_comes_too_late_is_not_sent(place, clock):
    look()
    clock.move_to(STARTS - HOURS)
    deliver_due()
    assert mail.outbox == []
    clock.move_to(STARTS - HOURS + SECOND)
    look()
    clock.move_to(STARTS)
    deliver_due()
    assert mail.outbox == []


def test_somebody_who_only_telephones_is_called_two_days_before_and_not_on_the_day(place, clock):  # pitfalls 46
    place.participant.person.contact_points.all().delete()
    ContactPointFactory(person=place.participant.person, channel=Channel.PHONE, value="01632 960111")
    assert told() == []
    task = Task.objects.get(kind="call")
    assert task.due_at == dt.datetime(2027, 7, 5, 9, tzinfo=dt.UTC)  # eight of the hours in which people are called
    clock.move_to(STARTS - HOURS)
    told()
    assert Message.objects.get(kind=SOON).state == MessageState.NOT_WANTED
    assert Task.objects.count() == 1


def test_who_wants_to_be_called_about_reminders_is_not_called_on_the_day(place, clock):
    person = place.participant.person
    ContactPointFactory(person=person, channel=Channel.PHONE, value="01632 960111", preferred=False)
    choose_ways(person=person, ways={Matter.REMINDERS: "phone"}, by=person)
    clock.move_to(STARTS - HOURS)
    told()
    assert Message.objects.get(kind=SOON).state == MessageState.NOT_WANTED
    assert not Task.objects.exists()


def test_before_an_unanswered_check_the_last_reminder_says_where_to_answer(place, clock):
    clock.move_to(STARTS - HOURS)
    told()
    assert f"/me/bookings/{place.pk}/check/" in mail.outbox[0].body


def test_the_worker_looks_every_five_minutes(place):
    remind_of_classes()
    assert Message.objects.get(kind=REMINDER).person == place.participant.person
    name = "classes.tasks.remind_of_classes"
    assert app.periodic_registry.periodic_tasks[(name, name)].cron == "*/5 * * * *"


# --- who does without ---------------------------------------------------------


@pytest.mark.parametrize(("topic", "before"), [(Topic.DAYS_BEFORE, DAYS), (Topic.SHORTLY_BEFORE, HOURS)])
def test_whoever_does_without_a_reminder_is_sent_none_of_it_and_every_other(place, clock, topic, before):
    person = place.participant.person
    choose_topics(person=person, wanted=[one for one in Topic if one != topic], by=person)
    clock.move_to(STARTS - before)
    assert told() == []
    choose_topics(person=person, wanted=[topic], by=person)
    Message.objects.update(dedupe_key=Concat("dedupe_key", Value(":unsent")))  # as if it had not come up before
    assert len(told()) == 1


def test_a_choice_is_kept_as_it_was_said_last(pat):
    person = pat.person
    assert topics_wanted_by(person) == list(Topic)
    for wanted in ([Topic.QUESTIONS], [], [Topic.DAYS_BEFORE, Topic.QUESTIONS]):
        choose_topics(person=person, wanted=wanted, by=person)
        assert topics_wanted_by(person) == wanted
    choose_topics(person=person, wanted=list(Topic), by=person)
    assert not OptOut.objects.exists()


# --- the answer ---------------------------------------------------------------


def test_the_link_opens_its_own_booking_until_the_class_is_over(place, clock):
    token = token_for(place)
    assert booking_behind(token) == place
    assert booking_behind(token[:-1]) is None and booking_behind("no") is None
    clock.move_to(place.session.ends_at)
    assert booking_behind(token) is None


def test_saying_that_one_comes_is_kept_from_the_first_time(place, clock):
    person = place.participant.person
    first = say_coming(booking=place, by=person).said_coming_at
    clock.shift(60)
    assert say_coming(booking=place, by=person).said_coming_at == first is not None
    assert "Thank you for telling us" in _body(told())


def _body(_: list[str]) -> str:
    return mail.outbox[0].body


def test_nobody_says_that_they_come_to_what_has_begun_or_without_a_place(place, clock):
    person = place.participant.person
    clock.move_to(STARTS)
    with pytest.raises(TooLate):
        say_coming(booking=place, by=person)
    clock.move_to(STARTS - SECOND)
    cancel_booking(booking=place, by=person)
    with pytest.raises(NoPlace):
        say_coming(booking=place, by=person)


def test_a_place_that_ended_without_anybody_taking_its_reminder_back_is_not_reminded_of(place):
    look()
    Booking.objects.filter(pk=place.pk).update(state="closed", ended_at=STARTS - DAYS)
    deliver_due()
    assert mail.outbox == []
