"""A timetable from a list: each row judged as if it were typed, with the rows above it already there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail

from accounts.history import System
from accounts.models import BroughtList
from classes.models import Mode, Series, Session
from classes.timetable.from_list import bring_timetable
from messaging.models import Message
from tests.factories.classes import ClassTypeFactory, DaysOffFactory, RoomFactory, VenueFactory
from tests.factories.instructors import InstructorFactory
from tests.factories.lists import day_in_a_sheet, text_list, workbook

pytestmark = pytest.mark.django_db
HEAD = (
    "Class type,Instructor,Weekday,Start,Minutes,First date,Last date,Places,Venue,Room,Every weeks,Kept back,"
    "Walk in,Least number,Link,Dial in"
)
HALL = "Gentle circuit,Ines Teacher,Tuesday,18:00,60,2027-02-02,2027-03-30,12,St Mary’s,Main hall,,2,3,4,,"
ONLINE = (
    "gentle circuit,ines teacher,wednesday,10:30,45,03/02/2027,31/03/2027,8,,,2,,,,https://meet.example/x,01632 960001"
)


@pytest.fixture(autouse=True)
def january():
    with time_machine.travel(dt.datetime(2027, 1, 20, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def hall(programme, ines):
    ClassTypeFactory(programme=programme, name="Gentle circuit")
    return RoomFactory(name="Main hall", venue=VenueFactory(programme=programme, name="St Mary’s"))


def bring(programme: Any, *lines: str, for_real: bool = True) -> Any:
    content = text_list(HEAD, *lines)
    return bring_timetable(programme=programme, content=content, for_real=for_real, by=System.COMMAND)


def faults(report: Any) -> list[tuple[int, str, str, str]]:
    return [(one.row, one.column, one.code, one.about) for one in report.faults]


def changed(row: str, **cells: str) -> str:
    """`row` with other words in some cells, by the place of their column."""
    said = row.split(",")
    for name, value in cells.items():
        said[HEAD.split(",").index(name.replace("_", " ").capitalize())] = value
    return ",".join(said)


def test_each_row_is_a_class_that_comes_back_with_its_dates(programme, ines, hall):
    report = bring(programme, HALL, ONLINE)
    assert [(line.row, line.name, line.on) for line in report.new] == [
        (2, "Gentle circuit", dt.date(2027, 2, 2)),
        (3, "Gentle circuit", dt.date(2027, 2, 3)),
    ]
    there, online = Series.objects.order_by("pk")
    assert (there.mode, there.venue, there.room, there.instructor) == (Mode.IN_PERSON, hall.venue, hall, ines)
    assert (there.capacity, there.reserved, there.walk_in, there.minimum, there.interval_weeks) == (12, 2, 3, 4, 1)
    assert (online.mode, online.start_time, online.interval_weeks) == (Mode.REMOTE, dt.time(10, 30), 2)
    assert (online.join_url, online.dial_in) == ("https://meet.example/x", "01632 960001")
    six = Session.objects.filter(series=there).order_by("starts_at")
    assert len(six) == 9 and six.last().starts_at == dt.datetime(2027, 3, 30, 17, tzinfo=dt.UTC)  # by summer time


def test_nobody_is_told_of_a_timetable(programme, hall):
    bring(programme, HALL, ONLINE)
    assert not Message.objects.exists() and not mail.outbox


def test_to_look_changes_nothing(programme, hall):
    looked = bring(programme, HALL, for_real=False)
    assert looked.may_be_brought_in and len(looked.new) == 1
    assert not Series.objects.exists() and not Session.objects.exists() and not BroughtList.objects.exists()


def test_a_class_that_is_there_is_listed_and_not_made_twice(programme, hall):
    bring(programme, HALL)
    again = bring(programme, HALL, ONLINE)
    assert [line.row for line in again.known] == [2] and [line.row for line in again.new] == [3]
    assert Series.objects.count() == 2
    assert bring(programme, HALL, ONLINE).earlier == again.kept


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"class_type": "Ballet"}, ("class_type", "not_found", "Ballet")),
        ({"instructor": "Nobody Known"}, ("instructor", "not_found", "Nobody Known")),
        ({"venue": "Elsewhere", "room": ""}, ("venue", "not_found", "Elsewhere")),
        ({"room": "Attic"}, ("room", "not_found", "Attic")),
        ({"weekday": "Tues"}, ("weekday", "no_such_weekday", "tues")),
        ({"weekday": "Monday"}, ("weekday", "another_weekday", "tuesday")),
        ({"start": "6pm"}, ("start", "not_a_time", "")),
        ({"minutes": ""}, ("minutes", "missing", "")),
        ({"minutes": "5"}, ("", "duration", "")),
        ({"first_date": "2/2/27"}, ("first_date", "not_a_day", "")),
        ({"last_date": "2027-01-26"}, ("last_date", "ends_before_it_begins", "")),
        ({"places": "501"}, ("", "capacity", "")),
        ({"kept_back": "13", "walk_in": ""}, ("", "reserved", "")),
        ({"walk_in": "11"}, ("", "walk_in", "")),
        ({"every_weeks": "0"}, ("every_weeks", "weekly_or_fortnightly", "")),
        ({"every_weeks": "3"}, ("every_weeks", "weekly_or_fortnightly", "")),
        ({"dial_in": "x" * 101}, ("dial_in", "too_long", "")),
        ({"venue": "", "room": ""}, ("link", "missing", "")),
    ],
)
def test_what_is_wrong_in_a_row_is_named_and_keeps_the_whole_list_out(programme, hall, cells, fault):
    report = bring(programme, ONLINE, changed(HALL, **cells))
    assert faults(report) == [(3, *fault)]
    assert report.kept is None and not Series.objects.exists()


def test_dates_that_cannot_be_held_are_named_each(programme, hall):
    report = bring(programme, changed(HALL, first_date="2027-01-19", last_date="2027-01-26"))
    assert faults(report) == [(2, "", "past", "2027-01-19")]


def test_an_instructor_who_may_not_lead_is_named_with_what_is_missing(programme, hall):
    hall.venue.programme.class_types.update(credentials_needed=["lifesaving"])
    report = bring(programme, changed(HALL, last_date="2027-02-02"))
    assert faults(report) == [(2, "", "may_not_lead", "2027-02-02 lifesaving")]


def test_two_rows_that_stand_in_each_others_way_are_found_by_looking(programme, hall):
    report = bring(programme, HALL, changed(HALL, start="18:30", last_date="2027-02-02"), for_real=False)
    assert [fault[:3] for fault in faults(report)] == [(3, "", "instructor_busy"), (3, "", "room_busy")]
    assert faults(report)[0][3] == "2027-02-02 Gentle circuit"


def test_a_name_that_two_share_is_asked_about(programme, ines, hall):
    InstructorFactory(programme=programme, person__given_name="Ines", person__family_name="Teacher")
    assert faults(bring(programme, HALL)) == [(2, "instructor", "several", "Ines Teacher")]


def test_a_workbook_is_brought_in_like_text(programme, hall):
    day = day_in_a_sheet(2027, 2, 2)
    line = ["Gentle circuit", "Ines Teacher", "Tuesday", dt.time(18), 60, day, day, 12, "St Mary’s"]
    content = workbook(HEAD.split(",")[:9], line)
    bring_timetable(programme=programme, content=content, for_real=True, by=System.COMMAND)
    assert Series.objects.get().start_time == dt.time(18)


def test_days_without_classes_are_left_out_by_name_unless_they_are_held(programme, hall):
    monday = changed(HALL, weekday="Monday", first_date="2027-04-26", last_date="2027-05-31")
    shut = DaysOffFactory(programme=programme, venue=hall.venue, name="Boiler", first=dt.date(2027, 5, 10))
    named = ((dt.date(2027, 5, 3), "May Day"), (shut.first, "Boiler"), (dt.date(2027, 5, 31), "Spring Bank Holiday"))
    looked = bring(programme, monday, for_real=False)
    assert looked.new[0].without == named and not Series.objects.exists()
    content = text_list(HEAD, monday)
    held = {"programme": programme, "content": content, "leave_out_days_off": False, "by": System.COMMAND}
    assert bring_timetable(**held, for_real=False).new[0].without == ()
    bring(programme, monday)
    assert Series.objects.get().excluded_dates == [on for on, _ in named]
