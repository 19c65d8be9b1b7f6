"""What somebody led in a month: classes that are over and took place, for whoever led them to the end."""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classes.hours import by_instructor, classes_at_desk_in, own_classes_in
from classes.models import AttendanceState, LeaderRole, Session, SessionLeader
from classes.timetable import cancel_session
from tests.factories.accounts import ProgrammeFactory
from tests.factories.classes import AttendanceFactory, BookingFactory, GuestFactory, SessionFactory

pytestmark = pytest.mark.django_db
MARCH = dt.date(2027, 3, 1)
NOW = dt.datetime(2027, 3, 20, 12, tzinfo=dt.UTC)
State = AttendanceState


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW) as travelled:
        yield travelled


def a_class(leader: Any, day: int, *, month: int = 3, hour: int = 10, minutes: int = 60, **more: Any) -> Session:
    starts_at = dt.datetime(2027, month, day, hour, tzinfo=dt.UTC)
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    more = {"programme": leader.programme, "leader": leader, "starts_at": starts_at, "ends_at": ends_at} | more
    return SessionFactory(**more)


def marked(session: Session, *states: str) -> None:
    for state in states:
        AttendanceFactory(session=session, booking=BookingFactory(session=session), state=state)


def test_classes_hours_covers_and_who_came_are_counted_from_the_marks_in_force(ines, ivor):
    led = a_class(ines, 2, minutes=45)
    marked(led, State.ATTENDED, State.ATTENDED_IN_PART, State.SENT_HOME, State.ABSENT_TOLD, State.ABSENT_UNTOLD)
    AttendanceFactory(session=led, booking=None, guest=GuestFactory(session=led))
    corrected = BookingFactory(session=led)
    for minute, state in enumerate((State.ABSENT_UNTOLD, State.ATTENDED)):
        at = NOW + dt.timedelta(minutes=minute)
        AttendanceFactory(session=led, booking=corrected, state=state, received_at=at)
    BookingFactory(session=led)  # nobody has marked them
    covered = a_class(ivor, 3)
    covered.leaders.update(active=False)
    during = (covered.starts_at, covered.ends_at)
    SessionLeader.objects.create(session=covered, instructor=ines, role="cover", cover_for=ivor, during=during)
    a_class(ines, 4, leader__role=LeaderRole.SECOND, minutes=30)
    (month,) = by_instructor(own_classes_in(MARCH, ines.person.user))
    assert (month.led, month.covers, month.minutes) == (2, 1, 105)
    assert (month.assisted, month.minutes_assisting) == (1, 30)
    assert (month.came, month.absent, month.unmarked) == (5, 2, 1)
    assert own_classes_in(MARCH, ivor.person.user) == []  # who gave it away has not led it


def test_what_was_called_off_is_to_come_or_lies_in_another_month_does_not_count(ines):
    a_class(ines, 28, month=2)
    a_class(ines, 1, month=4)
    a_class(ines, 21)
    off = a_class(ines, 20, hour=11, minutes=120)
    cancel_session(session=off, reason="Snow", by=ines.person)
    first = a_class(ines, 1, hour=0)
    assert [one.session for one in own_classes_in(MARCH, ines.person.user)] == [first]


def test_a_late_class_counts_in_the_month_of_its_day_in_the_united_kingdom(ines, clock):
    clock.move_to(dt.datetime(2027, 6, 2, tzinfo=dt.UTC))
    late = a_class(ines, 31, month=5, hour=23)  # midnight and so June by the clock in the hall
    assert own_classes_in(dt.date(2027, 5, 1), ines.person.user) == []
    assert [one.session for one in own_classes_in(dt.date(2027, 6, 1), ines.person.user)] == [late]


def test_an_instructor_reads_their_own_and_the_desk_that_of_its_programmes(ines, ivor, dee, pat):
    for leader in (ines, ivor):
        a_class(leader, 2)
    SessionFactory(programme=ProgrammeFactory(), leader=ines, starts_at=NOW - dt.timedelta(days=3))
    assert [one.instructor for one in by_instructor(classes_at_desk_in(MARCH, dee))] == [ines, ivor]
    assert classes_at_desk_in(MARCH, pat.person.user) == classes_at_desk_in(MARCH, ines.person.user) == []
    assert own_classes_in(MARCH, dee) == []


def test_many_classes_take_as_many_queries_as_few(ines, dee):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            by_instructor(classes_at_desk_in(MARCH, dee))
        return len(captured)

    marked(a_class(ines, 2), State.ATTENDED)
    queries()  # what Dee may do is kept with her from then on
    few = queries()
    for day in range(3, 10):
        marked(a_class(ines, day), State.ATTENDED, State.ABSENT_TOLD)
    assert queries() == few


def test_the_page_and_the_file_tell_the_same_and_the_file_runs_nothing(sign_in, ines, ivor, dee):
    marked(a_class(ines, 2, class_type__name="=HYPERLINK(1)", minutes=90), State.ATTENDED)
    a_class(ivor, 3)
    browser = sign_in(ines.person.user)
    page = browser.get("/teach/hours/?month=2027-03").content.decode()
    assert "1 hour 30 minutes" in page and "Ivor" not in page
    file = browser.get("/teach/hours/hours.csv?month=2027-03")
    assert 'filename="hours-2027-03.csv"' in file["Content-Disposition"]
    (line,) = csv.DictReader(file.content.decode().splitlines())
    assert (line["date"], line["start"], line["end"], line["class"]) == (
        "2027-03-02",
        "10:00",
        "11:30",
        "'=HYPERLINK(1)",
    )
    assert (line["role"], line["minutes"], line["came"]) == ("Led", "90", "1")
    assert "No class of February 2027 is over yet." in browser.get("/teach/hours/?month=2027-02").content.decode()
    desk = sign_in(dee)
    assert "Ivor Coach" in desk.get("/desk/instructors/hours/?month=nonsense").content.decode()
    assert len(desk.get("/desk/instructors/hours/hours.csv").content.decode().splitlines()) == 3
