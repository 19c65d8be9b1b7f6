"""Who has heard that a class of today is off: whoever must be rung comes first, and a call is noted once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classes.models import BookingState, Session
from classes.telling.called_off import Heard, NotToRing, by_way, hearers_of, leaves_at, note_call
from classes.timetable import cancel_session, cancel_sessions
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task, TaskAttempt
from messaging.senders import SENDERS
from messaging.worklist import NO_ANSWER, REACHED, close_task
from participants.details import Rung
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db
SEVEN = dt.datetime(2027, 2, 3, 7, tzinfo=dt.UTC)  # before 8am, when nobody is written to who can wait
NUMBER = "+441632960123"


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(SEVEN) as clock:
        yield clock


@pytest.fixture
def session(programme: Any, ines: Any) -> Session:
    return SessionFactory(programme=programme, leader=ines, starts_at=SEVEN + dt.timedelta(hours=3))


def place(session: Session, way: str = "email", value: str = "", who: Any = None, **more: Any) -> Any:
    who = who or ParticipantFactory(programme=session.programme)
    value = value or f"p{who.pk}@example.org"
    ContactPointFactory(person=who.person, channel=way, value=value, preferred=True)
    return BookingFactory(session=session, participant=who, **more)


def heard(session: Session) -> dict[int, Heard]:
    return {one.booking.pk: one.heard for one in hearers_of([session]).get(session.pk, [])}


def test_who_is_only_rung_stands_first_with_a_number_and_the_written_to_are_told_before_8am(session, ines):
    told, rung = place(session), place(session, "phone", NUMBER)
    cancel_session(session=session, reason="Snow", by=ines.person)
    assert heard(session) == {told.pk: Heard.ON_ITS_WAY, rung.pk: Heard.ON_ITS_WAY}
    deliver_due()
    assert len(mail.outbox) == 1
    first, second = hearers_of([session])[session.pk]
    assert (first.booking, first.heard, first.numbers) == (rung, Heard.TO_RING, (Rung(NUMBER, False),))
    assert (second.booking, second.heard, second.numbers) == (told, Heard.TOLD, ())


def test_a_call_that_nobody_answers_keeps_them_on_the_list_and_one_that_reaches_them_is_noted_once(session, ines):
    place(session, "phone", NUMBER)
    cancel_session(session=session, reason="Snow", by=ines.person)
    deliver_due()
    (one,) = hearers_of([session])[session.pk]
    note_call(message=one.message, outcome=NO_ANSWER, by=ines.person)
    (one,) = hearers_of([session])[session.pk]
    assert one.heard is Heard.TO_RING and one.tried is not None
    note_call(message=one.message, outcome=REACHED, by=ines.person)
    assert heard(session)[one.booking.pk] is Heard.TOLD
    assert Message.objects.get().state == MessageState.DELIVERED
    with pytest.raises(NotToRing):
        note_call(message=one.message, outcome=REACHED, by=ines.person)
    assert TaskAttempt.objects.count() == 2 and Task.objects.get().outcome == REACHED
    with pytest.raises(ValueError, match="gave_up"):
        note_call(message=one.message, outcome="gave_up", by=ines.person)


def test_nobody_is_rung_for_a_message_that_made_no_call(session, ines):
    place(session)
    cancel_session(session=session, reason="Snow", by=ines.person)
    with pytest.raises(NotToRing):
        note_call(message=Message.objects.get(), outcome=REACHED, by=ines.person)
    assert not TaskAttempt.objects.exists()


def test_who_could_not_be_written_to_is_to_be_rung_and_knows_once_somebody_has(
    session, ines, dee, morning, monkeypatch
):
    def refuse(outgoing: Any) -> str:
        raise OSError("the mailbox is full")

    monkeypatch.setitem(SENDERS, "email", refuse)
    first, second = place(session), place(session)
    cancel_session(session=session, reason="Snow", by=ines.person)
    for _ in range(5):
        deliver_due()
        morning.shift(dt.timedelta(minutes=21))
    assert heard(session) == {first.pk: Heard.TO_RING, second.pk: Heard.TO_RING}
    tasks = {task.about_id: task for task in Task.objects.all()}
    close_task(task=tasks[first.participant.person_id], outcome=REACHED, by=dee.person)
    close_task(task=tasks[second.participant.person_id], outcome="gave_up", by=dee.person)
    assert heard(session) == {first.pk: Heard.TOLD, second.pk: Heard.NOT_REACHED}


def test_of_two_classes_off_together_one_message_tells_of_both(session, programme, ines):
    later = SessionFactory(programme=programme, leader=ines, starts_at=SEVEN + dt.timedelta(hours=6))
    who = ParticipantFactory(programme=programme)
    one, other = place(session, "phone", NUMBER, who), BookingFactory(session=later, participant=who)
    cancel_sessions(sessions=[session, later], reason="Snow", by=ines.person)
    deliver_due()
    found = hearers_of([session, later])
    assert [[h.booking for h in found[s.pk]] for s in (session, later)] == [[one], [other]]
    note_call(message=found[session.pk][0].message, outcome=REACHED, by=ines.person)
    assert [heard(s) for s in (session, later)] == [{one.pk: Heard.TOLD}, {other.pk: Heard.TOLD}]


def test_who_left_before_and_who_wants_no_contact_are_not_to_be_rung(session, ines):
    place(session, state=BookingState.CANCELLED, ended_at=SEVEN - dt.timedelta(days=1))
    silent = place(session, "phone", NUMBER)
    silent.participant.person.contact_stopped_at = SEVEN
    silent.participant.person.save()
    cancel_session(session=session, reason="Snow", by=ines.person)
    deliver_due()
    assert heard(session) == {silent.pk: Heard.NOT_TOLD}
    assert hearers_of([session])[session.pk][0].numbers == ()


def test_before_it_is_off_each_person_is_counted_once_by_the_way_they_would_hear(session, programme, ines):
    later = SessionFactory(programme=programme, leader=ines, starts_at=SEVEN + dt.timedelta(hours=6))
    both, nobody = place(session), ParticipantFactory(programme=programme)
    BookingFactory(session=later, participant=both.participant)
    place(later, "phone", NUMBER, state=BookingState.WAITING)
    BookingFactory(session=later, participant=nobody)
    assert by_way([session, later]) == {"email": 1, "phone": 1, "no_way": 1}


def test_news_of_today_leaves_at_once_and_of_tomorrow_afternoon_in_the_morning(session, programme):
    tomorrow = SessionFactory(programme=programme, starts_at=SEVEN + dt.timedelta(hours=31))
    assert leaves_at([session, tomorrow], SEVEN) is None
    assert leaves_at([tomorrow], SEVEN) == SEVEN + dt.timedelta(hours=1)
    assert leaves_at([tomorrow], SEVEN + dt.timedelta(hours=2)) is None


def test_who_has_heard_takes_as_many_queries_for_many_people_as_for_few(session, programme, ines):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            hearers_of(list(Session.objects.filter(status="cancelled")))
        return len(captured)

    for _ in range(2):
        place(session, "phone", NUMBER)
    cancel_session(session=session, reason="Snow", by=ines.person)
    deliver_due()
    few = queries()
    another = SessionFactory(programme=programme, starts_at=SEVEN + dt.timedelta(hours=5))
    for _ in range(6):
        place(another, "phone", NUMBER)
    cancel_session(session=another, reason="Snow", by=ines.person)
    deliver_due()
    assert queries() == few <= 7
