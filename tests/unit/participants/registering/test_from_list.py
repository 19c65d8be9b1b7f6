"""People from a list: what a row means, who is there already, and what a list never does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.history import System
from accounts.lists.sheets import Unreadable
from accounts.models import BroughtList, User
from messaging.delivery import deliver_due
from messaging.models import Message, Task, TaskState
from messaging.worklist import close_task
from participants.models import Clearance, Enrolment, Participant, Registration
from participants.registering.forgetting import warn_before_forgetting
from participants.registering.from_list import Asked, bring_people, people_of
from participants.registering.intake import application_of, purge_drafts, start_registration
from tests.factories.accounts import ProgrammeFactory
from tests.factories.lists import day_in_a_sheet, text_list, workbook
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db
HEAD = "Given name,Family name,Known as,Date of birth,Email,Mobile,Phone,Address,Preferred,Postcode"
MARY = "Mary,Invented,Molly,1950-02-03,mary@example.org,07700 900982,,,text,bh151aa"
LEN = "Len,O’Brien,,03/04/1948,,,01632 960001,1 Made Up Street,,"


def bring(programme: Any, *lines: str, for_real: bool = True, by: Any = System.COMMAND) -> Any:
    return bring_people(programme=programme, content=text_list(HEAD, *lines), for_real=for_real, by=by)


def faults(report: Any) -> list[tuple[int, str, str, str]]:
    return [(one.row, one.column, one.code, one.about) for one in report.faults]


def test_each_row_becomes_a_registration_that_was_begun_and_nothing_else(programme, dee):
    report = bring(programme, MARY, LEN, by=dee.person)
    assert [(line.row, line.name, line.on) for line in report.new] == [
        (2, "Mary Invented", dt.date(1950, 2, 3)),
        (3, "Len O’Brien", dt.date(1948, 4, 3)),
    ]
    mary, len_ = Registration.objects.order_by("pk")
    assert [mary.reference, len_.reference] == [line.reference for line in report.new]
    assert (mary.entered_by, mary.brought_by, mary.status) == (dee.person, report.kept, "draft")
    said = application_of(mary)
    assert (said.given_name, said.known_as, said.born, said.postcode) == (
        "Mary",
        "Molly",
        dt.date(1950, 2, 3),
        "BH15 1AA",
    )
    assert said.contacts == {"email": "mary@example.org", "text": "+447700900982"}
    assert said.preferred_channel == "text"
    assert application_of(len_).contacts == {"phone": "+441632960001", "post": "1 Made Up Street"}
    assert not mary.answers.get("done"), "every page is read aloud, and what the list says is put right there"


def test_nobody_is_cleared_signed_in_enrolled_or_told(programme):
    users = User.objects.count()
    bring(programme, MARY, LEN)
    deliver_due()
    assert not (Message.objects.exists() or Task.objects.exists() or mail.outbox)
    assert not (Participant.objects.exists() or Clearance.objects.exists() or Enrolment.objects.exists())
    assert User.objects.count() == users


def test_who_is_never_asked_is_forgotten_like_any_unfinished_registration(programme):
    bring(programme, MARY)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=programme.draft_days, minutes=1)):
        assert purge_drafts() == 1
    assert BroughtList.objects.get().new == 1


def forgotten(programme: Any) -> Any:
    return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=programme.draft_days, minutes=1), tick=False)


def test_whoever_was_forgotten_is_brought_in_again_with_the_same_file(programme, dee):
    first = bring(programme, MARY, LEN, by=dee.person).kept
    with forgotten(programme):
        Registration.objects.latest("pk").save()  # somebody has spoken with Len since
        assert purge_drafts() == 1
        looked = bring(programme, MARY, LEN, for_real=False)
        assert looked.may_be_brought_in and (looked.before, looked.earlier) == (first, None)
        again = bring(programme, MARY, LEN).kept
        assert (again.time, again.new, again.known) == (2, 1, 1)
        assert [one.name for one in people_of(again)] == ["Mary Invented"]
        assert bring(programme, MARY, LEN).earlier == again


@pytest.fixture
def a_week_before(programme: Any) -> Any:
    in_time = dt.datetime.now(dt.UTC) + dt.timedelta(days=programme.draft_days - 7, minutes=1)
    return time_machine.travel(in_time, tick=False)


def test_a_week_before_they_are_forgotten_the_desk_hears_of_it_once(programme, a_week_before):
    kept = bring(programme, MARY, LEN).kept
    start_registration(programme=programme, source="self", by=None)
    assert warn_before_forgetting() == 0
    with a_week_before:
        assert [warn_before_forgetting(), warn_before_forgetting()] == [1, 0]
        task = Task.objects.get()
        assert (task.kind, task.subject_id) == ("forgotten_soon", kept.pk)
        assert timezone.now() < task.due_at < timezone.now() + dt.timedelta(days=7)
        close_task(task=task, outcome="done", by=ParticipantFactory().person)
        assert warn_before_forgetting() == 0
    assert Task.objects.count() == 1


def test_nobody_is_warned_any_more_once_nobody_is_left(programme, a_week_before):
    bring(programme, MARY)
    with a_week_before:
        warn_before_forgetting()
        Registration.objects.update(status="submitted", submitted_at=timezone.now())
        assert warn_before_forgetting() == 0
    assert Task.objects.get().state == TaskState.CANCELLED


def test_to_look_changes_nothing_and_says_what_would_be(programme):
    looked = bring(programme, MARY, for_real=False)
    assert looked.may_be_brought_in and looked.kept is None and [line.row for line in looked.new] == [2]
    assert not Registration.objects.exists() and not BroughtList.objects.exists()


def test_the_same_file_a_second_time_says_when_it_was_brought_in_and_by_whom(programme, dee):
    first = bring(programme, MARY, by=dee.person).kept
    again = bring(programme, MARY, by=dee.person)
    assert (again.earlier, again.earlier.by, again.kept) == (first, dee.person, None)
    assert not again.may_be_brought_in and Registration.objects.count() == 1
    elsewhere = ProgrammeFactory()
    assert bring(elsewhere, MARY).kept.programme == elsewhere


def test_who_is_there_already_is_listed_with_their_reference_and_stays_as_they_are(programme):
    here = ParticipantFactory(programme=programme)
    here.person.given_name, here.person.family_name = "Margaret", "Inventéd"
    here.person.known_as, here.person.date_of_birth = "Mary", dt.date(1950, 2, 3)
    here.person.save()
    ParticipantFactory(
        person__given_name="Len", person__family_name="O'Brien", person__date_of_birth=dt.date(1948, 4, 3)
    )
    begun = start_registration(programme=programme)
    begun.answers = {"given_name": "Una", "family_name": "Begun", "born": "1960-01-01"}
    begun.save()
    report = bring(
        programme, MARY, LEN, "una,begun,,1960-01-01,u@example.org,,,,,", "Una,Begun,,1961-01-01,u@example.org,,,,,"
    )
    assert [(line.row, line.reference) for line in report.known] == [(2, here.reference), (4, begun.reference)]
    assert [line.row for line in report.new] == [3, 5], "of another programme, or of another day"
    assert (report.kept.rows, report.kept.new, report.kept.known) == (4, 2, 2)


def test_two_rows_of_one_person_are_one(programme):
    report = bring(programme, MARY, "Molly,Invented,,03/02/1950,m@example.org,,,,,")
    assert [(line.row, line.reference) for line in report.known] == [(3, report.new[0].reference)]


def test_a_list_of_people_who_are_all_there_brings_nothing_in(programme):
    bring(programme, MARY)
    again = bring(programme, MARY + " ")
    assert again.earlier is None and not again.may_be_brought_in and again.kept is None
    assert BroughtList.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",,,,,,,,,", None),
        ("Mary,,,1950-02-03,m@example.org,,,,,", [("family_name", "missing", "")]),
        ("Mary,Invented,,3/2/50,m@example.org,,,,,", [("date_of_birth", "not_a_day", "")]),
        ("Mary,Invented,,,m@example.org,,,,,", [("date_of_birth", "missing", "")]),
        ("Mary,Invented,,1850-02-03,m@example.org,,,,,", [("date_of_birth", "not_born_then", "")]),
        ("Mary,Invented,,2950-02-03,m@example.org,,,,,", [("date_of_birth", "not_born_then", "")]),
        ("Mary,Invented,,2020-02-03,m@example.org,,,,,", [("date_of_birth", "too_young", "18")]),
        ("Mary,Invented,,1950-02-03,,,,,,", [("", "no_way_to_reach", "")]),
        ("Mary,Invented,,1950-02-03,nowhere,,,,,", [("email", "not_an_email", "nowhere")]),
        ("Mary,Invented,,1950-02-03,,12,,,,", [("mobile", "not_a_phone", "12")]),
        ("Mary,Invented,,1950-02-03,,,none,,,", [("phone", "not_a_phone", "none")]),
        ("Mary,Invented,,1950-02-03,m@example.org,,,,,Poole", [("postcode", "not_a_postcode", "Poole")]),
        ("Mary,Invented,,1950-02-03,m@example.org,,,,phone,", [("preferred", "not_one_of_the_ways", "phone")]),
        ("=1+1,Invented,,1950-02-03,m@example.org,,,,,", [("given_name", "formula", "")]),
        (f"{'x' * 101},Invented,,1950-02-03,m@example.org,,,,,", [("given_name", "too_long", "")]),
        ("=1,,,x,y,,,,,", [
            ("given_name", "formula", ""), ("family_name", "missing", ""), ("date_of_birth", "not_a_day", ""),
            ("email", "not_an_email", "y"),
        ]),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_in_a_row_is_said_at_once_and_keeps_the_whole_list_out(programme, row, expected):
    if expected is None:
        with pytest.raises(Unreadable):
            bring(programme, row)
        return
    report = bring(programme, LEN, row)
    assert faults(report) == [(3, *fault) for fault in expected]
    assert report.kept is None and not report.may_be_brought_in
    assert not Registration.objects.exists() and not BroughtList.objects.exists()


def test_a_workbook_is_brought_in_like_text(programme):
    line = ["Mary", "Invented", None, day_in_a_sheet(1950, 2, 3), None, 7700900982, None, None, None, None]
    content = workbook(HEAD.split(","), line)
    report = bring_people(programme=programme, content=content, for_real=True, by=System.COMMAND)
    assert application_of(Registration.objects.get()).contacts == {"text": "+447700900982"}
    assert report.kept.by is None


def test_a_list_says_who_is_still_to_be_called_and_who_is_registered_since(programme):
    report = bring(programme, MARY, LEN)
    done = Registration.objects.get(reference=report.new[1].reference)
    done.participant, done.answers = ParticipantFactory(programme=programme), {}
    done.status, done.submitted_at = "submitted", timezone.now()
    done.participant.person.given_name, done.participant.person.family_name = "Leonard", "O’Brien"
    done.participant.person.save()
    done.save()
    assert people_of(report.kept) == [
        Asked("Leonard O’Brien", done.reference, done.participant),
        Asked("Mary Invented", report.new[0].reference, None),
    ]
