"""Cancelling several dates at once: all or nothing, one reason, one message to each person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail

from accounts.history import System
from accounts.models import Channel, ContactPoint, Programme, User
from classes.models import Booking, BookingState, Mode, Series, Session
from classes.timetable import (
    TASK_DATE_NOT_PUBLISHED,
    ReasonNeeded,
    Scope,
    TooLateToCancel,
    cancel_session,
    cancel_sessions,
    materialise,
    open_dates,
    people_to_tell,
    publish_series,
    still_to_make,
)
from classes.wall_time import UK
from instructors.models import Instructor
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task, TaskState
from messaging.worklist import raise_task
from participants.models import Participant
from tests.factories.classes import AttendanceFactory, BookingFactory, ClassTypeFactory, SessionFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 1, 9, tzinfo=UK)
FIRST, LAST = dt.date(2026, 10, 6), dt.date(2027, 1, 26)
SEVERAL = "classes_cancelled"


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def series(programme: Programme, ines: Instructor) -> Series:
    return publish_series(
        instructor=ines,
        class_type=ClassTypeFactory(programme=programme),
        mode=Mode.REMOTE,
        start_time=dt.time(18),
        duration_minutes=60,
        capacity=10,
        first_date=FIRST,
        last_date=LAST,
        by=ines.person,
    )


def date_of(series: Series, n: int) -> Session:
    return series.sessions.get(occurs_on=FIRST + dt.timedelta(weeks=n))


def off(series: Series) -> list[int]:
    dates = series.sessions.filter(status="cancelled").values_list("occurs_on", flat=True)
    return sorted((on - FIRST).days // 7 for on in dates)


def test_one_date_of_a_series_is_one_date(series: Series, dee: User) -> None:  # pitfalls 34, 36
    cancel_session(session=date_of(series, 2), reason="Snow", by=dee.person)
    assert off(series) == [2]


def test_chosen_dates_are_cancelled_and_no_other(
    series: Series, pat: Participant, quinn: Participant, dee: User
) -> None:  # pitfalls 31, 34
    for week in (2, 4):
        BookingFactory(session=date_of(series, week), participant=pat)
    BookingFactory(session=date_of(series, 4), participant=quinn, state=BookingState.WAITING)
    kept = BookingFactory(session=date_of(series, 3), participant=quinn)
    chosen = [date_of(series, 4), date_of(series, 2)]
    assert people_to_tell(*chosen) == 2
    cancelled = cancel_sessions(sessions=chosen, reason="Hall shut", by=dee.person)
    assert off(series) == [2, 4] and {session.cancel_reason for session in cancelled} == {"Hall shut"}
    kept.refresh_from_db()
    assert kept.state == BookingState.BOOKED
    deliver_due()
    subjects = {sent.to[0]: sent.subject for sent in mail.outbox}
    assert subjects == {
        "pat@example.org": "Cancelled: 2 of your SafeFit classes",
        "quinn@example.org": "Cancelled: SafeFit class on Tuesday 3 November",
    }
    (to_pat,) = [sent for sent in mail.outbox if sent.to == ["pat@example.org"]]
    assert "Tuesday 20 October 2026" in to_pat.body and "Tuesday 3 November 2026" in to_pat.body
    assert [part.get_param("method") for part in to_pat.attachments] == ["CANCEL", "CANCEL"]
    assert len({part.get_filename() for part in to_pat.attachments}) == 2


def test_this_and_later_ends_the_series_and_nothing_comes_back(series: Series, dee: User) -> None:  # pitfalls 31, 37
    pivot = date_of(series, 3)
    dates = list(open_dates(pivot, Scope.LATER, NOW))
    assert still_to_make(series, pivot.occurs_on)[-1] == LAST
    cancel_sessions(sessions=dates, reason="No instructor", end_series=series, by=dee.person)
    assert off(series) == list(range(3, 12))
    before = Session.objects.count()
    assert materialise(until=LAST, by=System.WORKER).made == 0
    assert Session.objects.count() == before
    series.refresh_from_db()
    assert series.last_date == pivot.occurs_on - dt.timedelta(days=1)


def test_nobody_is_asked_any_more_about_a_date_that_is_not_to_be(series: Series, dee: User) -> None:
    ask = {"programme": series.instructor.programme, "due_at": NOW, "subject_id": series.pk, "dedupe_key": "date"}
    raise_task(kind=TASK_DATE_NOT_PUBLISHED, by=dee.person, **ask)
    dates = list(open_dates(date_of(series, 3), Scope.LATER, NOW))
    cancel_sessions(sessions=dates, reason="No hall", by=dee.person, end_series=series)
    assert Task.objects.get(kind=TASK_DATE_NOT_PUBLISHED).state == TaskState.CANCELLED


def test_all_of_a_series_leaves_its_first_date_standing_as_cancelled(series: Series, dee: User) -> None:
    cancel_sessions(
        sessions=list(open_dates(date_of(series, 5), Scope.ALL, NOW)), reason="Over", end_series=series, by=dee.person
    )
    series.refresh_from_db()
    assert (series.last_date, off(series)) == (FIRST, list(range(12)))
    assert materialise(until=LAST, by=System.WORKER).made == 0


def test_a_date_that_is_too_late_keeps_them_all(
    series: Series, pat: Participant, dee: User, october: time_machine.Traveller
) -> None:
    marked, later = date_of(series, 0), date_of(series, 1)
    booking = BookingFactory(session=marked, participant=pat)
    other = BookingFactory(session=later, participant=pat)
    october.move_to(marked.starts_at + dt.timedelta(minutes=5))
    AttendanceFactory(booking=booking)
    with pytest.raises(TooLateToCancel):
        cancel_sessions(sessions=[later, marked], reason="Ill", end_series=series, by=dee.person)
    other.refresh_from_db()
    series.refresh_from_db()
    assert (off(series), other.state, series.last_date) == ([], BookingState.BOOKED, LAST)
    assert not Message.objects.exists()


def test_one_reason_is_needed_for_all_of_them(series: Series, dee: User) -> None:
    with pytest.raises(ReasonNeeded):
        cancel_sessions(sessions=[date_of(series, 1), date_of(series, 2)], reason=" ", by=dee.person)


def test_a_second_press_changes_nothing_and_tells_nobody_again(series: Series, pat: Participant, dee: User) -> None:
    for week in (1, 2):
        BookingFactory(session=date_of(series, week), participant=pat)
    dates = [date_of(series, 1), date_of(series, 2)]
    for reason in ("Snow", "Again"):
        cancel_sessions(sessions=dates, reason=reason, by=dee.person)
    assert set(series.sessions.filter(status="cancelled").values_list("cancel_reason", flat=True)) == {"Snow"}
    assert Message.objects.filter(kind=SEVERAL).count() == 1


def test_who_cannot_be_written_to_comes_onto_the_call_list_once(series: Series, pat: Participant, dee: User) -> None:
    ContactPoint.objects.filter(person=pat.person).delete()
    ContactPoint.objects.create(person=pat.person, channel=Channel.PHONE, value="01632 960001", preferred=True)
    for week in (1, 2):
        BookingFactory(session=date_of(series, week), participant=pat)
    cancel_sessions(sessions=[date_of(series, 1), date_of(series, 2)], reason="Snow", by=dee.person)
    deliver_due()
    assert [task.kind for task in Task.objects.filter(about=pat.person)] == ["call"]


def test_the_message_leaves_out_what_is_over_when_it_is_sent(
    series: Series, pat: Participant, dee: User, october: time_machine.Traveller
) -> None:
    for week in (0, 1):
        BookingFactory(session=date_of(series, week), participant=pat)
    cancel_sessions(sessions=[date_of(series, 0), date_of(series, 1)], reason="Snow", by=dee.person)
    october.move_to(date_of(series, 1).starts_at + dt.timedelta(days=1))
    deliver_due()
    assert Message.objects.get(kind=SEVERAL).state == MessageState.NOT_WANTED


def test_who_had_a_place_is_served_where_they_wait_at_that_time(
    series: Series, programme: Programme, pat: Participant, dee: User
) -> None:
    BookingFactory(session=date_of(series, 1), participant=pat)
    other = SessionFactory(programme=programme, starts_at=date_of(series, 1).starts_at)
    turn = BookingFactory(
        session=other, participant=pat, state=BookingState.WAITING, skipped_reason="overlaps", book_automatically=True
    )
    cancel_sessions(sessions=[date_of(series, 1), date_of(series, 2)], reason="Snow", by=dee.person)
    turn.refresh_from_db()
    assert turn.state == BookingState.BOOKED
    assert Booking.objects.filter(session=date_of(series, 1)).get().end_reason == "class_cancelled"
