"""Somebody to be booked for a place: asked of the desk with the place, and ended with it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.history import System
from classes import interpreters
from classes.models import BookingSource, BookingState, Mode, SessionKind
from classes.places.booking import book_place, cancel_booking, release_all
from classes.timetable import Edit, Scope, change_dates, fields_of_date, preview_edit
from classes.waiting_list.answering import give_place
from messaging.models import Task, TaskState
from messaging.worklist import close_task
from participants import needs
from participants.models import AccessNeedKind
from participants.rules.application import Need
from participants.rules.formats import PROFESSIONALS
from tests.factories.classes import ClassTypeFactory, SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)


@pytest.fixture
def session(pat):
    return SessionFactory(programme=pat.programme, capacity=1, starts_at=timezone.now() + 40 * DAYS)


def says(participant, *kinds):
    said = [Need(kind) for kind in kinds]
    needs.record_needs(person=participant.person, needs=said, shared=(), by=participant.person)


def book(participant, session, **rest):
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


def open_tasks(kind="book_interpreter"):
    return list(Task.objects.filter(kind=kind, state=TaskState.OPEN))


@pytest.mark.parametrize("kind", AccessNeedKind.values)
def test_exactly_the_needs_for_a_professional_make_one_task_with_the_place(pat, session, kind):
    says(pat, kind)
    booking = book(pat, session)
    assert [task.subject_id for task in open_tasks()] == ([booking.pk] if kind in PROFESSIONALS else [])
    assert book(pat, session) == booking and len(Task.objects.filter(kind="book_interpreter")) <= 1


@pytest.mark.parametrize(
    ("mode", "kind", "asked"),
    [
        (Mode.IN_PERSON, SessionKind.GROUP, 1),
        (Mode.IN_PERSON, SessionKind.ONE_TO_ONE, 1),
        (Mode.REMOTE, SessionKind.ONE_TO_ONE, 1),
        (Mode.REMOTE, SessionKind.GROUP, 0),
    ],
)
def test_it_is_asked_for_classes_in_person_and_for_one_to_ones(pat, mode, kind, asked):
    says(pat, "bsl_interpreter")
    session = SessionFactory(programme=pat.programme, mode=mode, kind=kind, capacity=1)
    booking = book(pat, session)
    assert len(open_tasks()) == asked
    cancel_booking(booking=booking, by=pat.person)
    assert open_tasks() == []


@pytest.mark.parametrize(
    ("class_in", "due_in"), [(40 * DAYS, 2 * DAYS), (15 * DAYS, DAYS), (14 * DAYS, 0 * DAYS), (3 * DAYS, 0 * DAYS)]
)
def test_it_is_due_well_before_the_class_and_at_once_when_that_is_near(pat, time_machine_now, class_in, due_in):
    says(pat, "lip_speaker")
    session = SessionFactory(programme=pat.programme, starts_at=time_machine_now + class_in)
    book(pat, session)
    (task,) = open_tasks()
    assert task.due_at == time_machine_now + due_in
    assert (task.about, task.programme, task.context) == (pat.person, pat.programme, {})


@pytest.fixture
def time_machine_now(monkeypatch):
    now = timezone.now().replace(microsecond=0)
    monkeypatch.setattr("classes.interpreters.timezone.now", lambda: now)
    return now


def test_a_refused_place_leaves_no_task(pat, session):
    book(ParticipantFactory(programme=pat.programme), session)
    says(pat, "bsl_interpreter")
    waiting = book(pat, session, or_wait=True)
    assert waiting.state == BookingState.WAITING and open_tasks() == []


def test_a_place_from_the_waiting_list_asks_too_by_itself_or_by_the_desk(pat, session, quinn, dee):
    first = book(ParticipantFactory(programme=pat.programme), session)
    says(pat, "deafblind")
    says(quinn, "interpreter")
    by_itself = book(pat, session, or_wait=True, book_automatically=True)
    by_the_desk = book(quinn, session, or_wait=True)
    cancel_booking(booking=first, by=first.participant.person)
    assert [task.subject_id for task in open_tasks()] == [by_itself.pk]
    by_itself.refresh_from_db()
    cancel_booking(booking=by_itself, by=pat.person)
    give_place(booking=by_the_desk, by=dee.person)
    assert [task.subject_id for task in open_tasks()] == [by_the_desk.pk]


def test_when_the_class_is_cancelled_nobody_is_booked(pat, session):
    says(pat, "bsl_interpreter")
    book(pat, session)
    release_all(session=session, by=System.WORKER)
    assert open_tasks() == [] == open_tasks("call_off_interpreter")


def booked_interpreter(pat, session, dee):
    says(pat, "bsl_interpreter")
    booking = book(pat, session)
    close_task(task=open_tasks()[0], outcome=interpreters.BOOKED, by=dee.person)
    return booking


def test_who_was_booked_is_called_off_when_the_place_ends(pat, session, dee):
    booking = booked_interpreter(pat, session, dee)
    cancel_booking(booking=booking, by=pat.person)
    (task,) = open_tasks("call_off_interpreter")
    assert task.subject_id == booking.pk
    assert task.due_at <= timezone.now() + interpreters.CALLED_OFF_WITHIN


def test_nobody_is_called_off_who_was_not_booked(pat, session, dee):
    says(pat, "bsl_interpreter")
    booking = book(pat, session)
    close_task(task=open_tasks()[0], outcome="brings_somebody", by=dee.person)
    cancel_booking(booking=booking, by=pat.person)
    assert open_tasks("call_off_interpreter") == []


def test_a_need_that_comes_later_asks_for_places_held_already_and_one_that_ends_takes_it_back(pat, session):
    booking = book(pat, session)
    waits = SessionFactory(programme=pat.programme, capacity=0, starts_at=timezone.now() + 50 * DAYS)
    book(pat, waits, or_wait=True)
    says(pat, "bsl_interpreter")
    says(pat, "bsl_interpreter", "more_time")
    assert [task.subject_id for task in open_tasks()] == [booking.pk]
    says(pat, "more_time")
    assert open_tasks() == []


def test_who_needs_it_again_after_all_keeps_who_was_booked_or_is_asked_for_anew(pat, session, dee):
    booked_interpreter(pat, session, dee)
    says(pat)
    assert len(open_tasks("call_off_interpreter")) == 1
    says(pat, "bsl_interpreter")
    assert open_tasks("call_off_interpreter") == [] == open_tasks()
    says(pat)
    close_task(task=open_tasks("call_off_interpreter")[0], outcome="done", by=dee.person)
    says(pat, "bsl_interpreter")
    assert len(open_tasks()) == 1


def test_the_record_of_a_class_that_has_begun_calls_nobody_off(pat, session, dee, monkeypatch):
    booking = booked_interpreter(pat, session, dee)
    monkeypatch.setattr("classes.interpreters.timezone.now", lambda: session.starts_at)
    interpreters.place_has_ended(booking, pat.person)
    assert open_tasks("call_off_interpreter") == []


@pytest.fixture
def moved(ines, dee):
    """A class that Ines leads is changed; returns how."""

    def change(session, **changes):
        session.leaders.get_or_create(instructor=ines, defaults={"during": (session.starts_at, session.ends_at)})
        fresh = type(session).objects.get(pk=session.pk)
        asked = Edit(fresh, Scope.ONE, fields_of_date(fresh) | changes)
        change_dates(edit=asked, seen=preview_edit(asked).fingerprint, by=dee.person)

    return change


def test_for_a_class_that_moves_whoever_was_booked_is_called_off_and_somebody_is_asked_for_anew(
    pat, session, dee, moved
):
    says(pat, "bsl_interpreter")
    booking = book(pat, session)
    close_task(task=open_tasks()[0], outcome="interpreter_booked", by=dee.person)
    moved(session, start_time=dt.time(6, 10))
    assert [task.subject_id for task in open_tasks("call_off_interpreter")] == [booking.pk]
    assert [task.subject_id for task in open_tasks()] == [booking.pk]
    moved(session, start_time=dt.time(6, 20))
    assert (len(open_tasks("call_off_interpreter")), len(open_tasks())) == (1, 1)


def test_nobody_is_asked_for_where_the_class_goes_online_or_nobody_needs_it(pat, quinn, session, moved):
    says(pat, "bsl_interpreter")
    book(pat, session)
    moved(session, mode=Mode.REMOTE, venue=None)
    assert open_tasks() == []
    other = SessionFactory(programme=pat.programme, starts_at=timezone.now() + 50 * DAYS)
    book(quinn, other)
    moved(other, start_time=dt.time(6, 10))
    assert open_tasks() == []


def test_another_kind_of_class_calls_nobody_off(pat, session, moved):
    says(pat, "bsl_interpreter")
    book(pat, session)
    (asked,) = open_tasks()
    moved(session, class_type=ClassTypeFactory(programme=pat.programme))
    assert open_tasks() == [asked]
