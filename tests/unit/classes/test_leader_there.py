"""Whoever leads a class is late, there or missing: people are told once, the desk is asked once, it closes itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.history import System, acting
from accounts.models import AccessLog
from accounts.permissions import Permission
from classes.cover import CoverGone, MayNotCover, give_at_once
from classes.leader_there import NotNow, delays_of, look_for_leaders, say_here, say_late, say_nobody_is_there
from classes.models import BookingState, CoverState, RunningLate, Session
from classes.register import open_register, open_registers
from classes.telling.running_late import LEADER_MISSING, delay_of
from classes.timetable import cancel_session
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task, TaskState
from messaging.worklist import close_task
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db
TEN = dt.datetime(2027, 2, 3, 10, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(TEN - 10 * MINUTE, tick=False) as travelled:
        yield travelled


@pytest.fixture
def session(programme: Any, ines: Any) -> Session:
    return SessionFactory(programme=programme, leader=ines, starts_at=TEN)


def place(session: Session, way: str = "email", value: str = "", **more: Any) -> Any:
    who = ParticipantFactory(programme=session.programme)
    ContactPointFactory(person=who.person, channel=way, value=value or f"p{who.pk}@example.org", preferred=True)
    return BookingFactory(session=session, participant=who, **more)


def look() -> int:
    with acting(System.WORKER, "classes.look_for_leaders"):
        return look_for_leaders(System.WORKER)


def asked(state: str = TaskState.OPEN) -> list[Task]:
    return list(Task.objects.filter(kind=LEADER_MISSING, state=state))


def test_people_who_are_written_to_are_told_of_a_delay_once_and_nobody_is_rung(session, ines):
    told = place(session)
    place(session, "phone", "+441632960123")
    place(session, state=BookingState.WAITING)
    first = say_late(session=session, minutes=10, by=ines.person)
    assert say_late(session=session, minutes=20, by=ines.person) == first
    deliver_due()
    (letter,) = mail.outbox
    assert letter.to == [told.participant.person.contact_points.get().value]
    assert letter.subject == "Your SafeFit class on Wednesday 3 February begins 10 minutes late"
    assert "at about 10:10am" in letter.body
    assert not Task.objects.exists()
    assert Message.objects.filter(state=MessageState.NOT_WANTED).count() == 1


def test_a_delay_that_has_passed_a_lost_place_or_a_class_that_is_off_is_told_to_nobody(session, ines, clock):
    gone = place(session)
    say_late(session=session, minutes=5, by=ines.person)
    gone.state, gone.ended_at = BookingState.CANCELLED, TEN - 5 * MINUTE
    gone.save()
    late = place(other := SessionFactory(programme=session.programme, starts_at=TEN))
    say_late(session=other, minutes=5, by=ines.person)
    clock.move_to(TEN + 5 * MINUTE)
    deliver_due()
    assert mail.outbox == [] and late.pk != gone.pk


def test_a_delay_can_be_told_from_three_hours_before_until_it_has_passed(session, ines, clock):
    assert delays_of(session, TEN - dt.timedelta(hours=3, seconds=1)) == ()
    assert delays_of(session, TEN - dt.timedelta(hours=3)) == (5, 10, 15, 20)
    assert delays_of(session, TEN + 10 * MINUTE) == (15, 20)
    clock.move_to(TEN + 5 * MINUTE)
    for minutes in (5, 7):
        with pytest.raises(NotNow):
            say_late(session=session, minutes=minutes, by=ines.person)
    cancel_session(session=session, reason="Snow", by=ines.person)
    session.refresh_from_db()
    assert delays_of(session, TEN) == ()


def test_the_database_keeps_one_delay_of_a_class_and_no_other_minutes(session, ines):
    RunningLate.objects.create(session=session, starts_at=TEN, minutes=5, by=ines.person)
    for minutes in (10, 6):
        with pytest.raises(IntegrityError), transaction.atomic():
            RunningLate.objects.create(session=session, starts_at=TEN, minutes=minutes, by=ines.person)


def test_what_was_said_of_a_class_that_was_moved_is_no_sign_any_more_and_can_be_said_anew(session, ines, clock):
    place(session)
    say_here(session=session, by=ines.person)
    first = say_late(session=session, minutes=20, by=ines.person)
    moved = TEN + dt.timedelta(days=1)
    Session.objects.filter(pk=session.pk).update(starts_at=moved, ends_at=moved + dt.timedelta(hours=1))
    session.refresh_from_db()
    assert delay_of(session) is None
    clock.move_to(moved + 12 * MINUTE)
    assert look() == 1
    again = say_late(session=session, minutes=15, by=ines.person)
    assert (again.minutes, again.pk != first.pk, delay_of(session)) == (15, True, again)
    say_here(session=session, by=ines.person)
    assert look() == 0 and asked() == []
    deliver_due()
    assert "15 minutes late" in mail.outbox[-1].subject and len(mail.outbox) == 1


def test_ten_minutes_after_the_start_the_desk_is_asked_once_and_at_once(session, clock, dee):
    place(session)
    clock.move_to(TEN + 10 * MINUTE - dt.timedelta(seconds=1))
    assert look() == 0 and asked() == []
    clock.move_to(TEN + 10 * MINUTE)
    assert look() == 1
    (task,) = asked()
    assert (task.subject_id, task.urgent_for) == (session.pk, Permission.PUBLISH_FOR_ANYONE)
    assert Message.objects.filter(kind="alert", person=dee.person).exists()
    close_task(task=task, outcome="is_there", by=dee.person)
    look()
    assert asked() == []


def test_how_long_is_waited_is_configuration(session, clock, settings):
    place(session)
    settings.LEADER_MISSING_AFTER = 3
    clock.move_to(TEN + 3 * MINUTE)
    assert look() == 1


def test_after_a_delay_that_was_told_the_desk_is_asked_so_much_later(session, ines, clock):
    place(session)
    say_late(session=session, minutes=15, by=ines.person)
    clock.move_to(TEN + 24 * MINUTE)
    assert look() == 0
    clock.move_to(TEN + 25 * MINUTE)
    assert look() == 1


def test_nobody_is_asked_about_a_class_without_people_one_that_is_off_or_one_that_is_over(
    session, programme, ines, clock
):
    place(session, state=BookingState.WAITING)
    off = SessionFactory(programme=programme, starts_at=TEN)
    place(off)
    cancel_session(session=off, reason="Snow", by=ines.person)
    place(SessionFactory(programme=programme, starts_at=TEN - dt.timedelta(hours=2)))
    clock.move_to(TEN + 15 * MINUTE)
    assert look() == 0 and asked() == []


@pytest.mark.parametrize("sign", ["here", "register", "mark"])
def test_a_sign_of_whoever_leads_it_closes_what_was_asked(session, ines, clock, sign):
    booking = place(session)
    clock.move_to(TEN + 12 * MINUTE)
    look()
    assert len(asked()) == 1
    if sign == "here":
        say_here(session=session, by=ines.person)
        say_here(session=session, by=ines.person)
        assert asked() == []
    elif sign == "register":
        open_register(session=session, by=ines.person)
    else:
        AttendanceFactory(session=session, booking=booking, by=ines.person)
    assert look() == 0 and asked() == []


def test_a_register_saved_by_a_telephone_opened_by_the_desk_or_of_another_class_is_no_sign(
    session, programme, ines, dee, clock
):
    place(session)
    other = SessionFactory(programme=programme, starts_at=TEN)
    place(other)
    clock.move_to(TEN + 12 * MINUTE)
    open_registers(sessions=[session], by=ines.person, to_keep=True)
    open_register(session=session, by=dee.person)
    open_register(session=other, by=ines.person)
    assert AccessLog.objects.count() == 3 and look() == 2


def test_cancelling_the_class_or_its_end_closes_what_was_asked(session, programme, ines, clock):
    place(session)
    other = SessionFactory(programme=programme, starts_at=TEN)
    place(other)
    clock.move_to(TEN + 12 * MINUTE)
    assert look() == 2
    cancel_session(session=session, reason="Nobody came", by=ines.person)
    assert [task.subject_id for task in asked()] == [other.pk]
    clock.move_to(other.ends_at)
    assert look() == 0 and asked() == []


def test_who_waits_in_the_class_can_say_so_from_the_start_and_no_sign_of_a_register_closes_it(session, ines, clock):
    booking = place(session)
    with pytest.raises(NotNow):
        say_nobody_is_there(booking=booking, by=booking.participant.person)
    clock.move_to(TEN)
    for _ in range(2):
        say_nobody_is_there(booking=booking, by=booking.participant.person)
    (task,) = asked()
    assert task.urgent_for == Permission.PUBLISH_FOR_ANYONE and task.about is None
    open_register(session=session, by=ines.person)  # at home, perhaps
    clock.move_to(TEN + 12 * MINUTE)
    assert look() == 0 and len(asked()) == 1
    clock.move_to(session.ends_at)
    assert look() == 0 and len(asked()) == 1  # it is over, and somebody has still to hear why
    clock.move_to(TEN + 12 * MINUTE)
    say_here(session=session, by=ines.person)
    assert asked() == []


def test_here_is_said_of_a_class_that_is_near_and_on(session, ines, clock):
    clock.move_to(TEN - dt.timedelta(hours=1, seconds=1))
    with pytest.raises(NotNow):
        say_here(session=session, by=ines.person)


def test_under_way_the_desk_gives_it_to_somebody_who_may_and_they_lead_it_from_then_on(session, ines, ivor, dee, clock):
    place(session)
    clock.move_to(TEN + 12 * MINUTE)
    leader = give_at_once(session=session, instructor=ivor, reason="Nobody there", by=dee.person)
    assert (leader.instructor, leader.cover_for) == (ivor, ines)
    assert give_at_once(session=session, instructor=ivor, reason="Nobody there", by=dee.person) == leader
    assert session.cover_requests.get().state == CoverState.TAKEN
    SessionFactory(programme=session.programme, leader=ines, starts_at=TEN)
    with pytest.raises(MayNotCover):
        give_at_once(session=session, instructor=ines, reason="Back", by=dee.person)
    clock.move_to(session.ends_at)
    with pytest.raises(CoverGone):
        give_at_once(session=session, instructor=ines, reason="Back", by=dee.person)
