"""Whom to call in an emergency: who said last that it is right, and who is asked again."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from messaging.models import Task, TaskState
from participants import emergency
from participants.emergency import ask_about_contacts
from participants.models import Participant
from participants.refusals import NotPossibleNow
from participants.taking_part import life
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 8, 31, 3, 2, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def long_ago(pat):
    """Pat registered on the last day of February: six months before today, and today is a 31st."""
    pat.registered_at = dt.datetime(2027, 2, 28, 22, tzinfo=dt.UTC)
    pat.save()
    return pat


def open_tasks():
    return list(Task.objects.filter(kind="emergency_review", state=TaskState.OPEN))


def test_another_contact_counts_as_confirmed_and_names_who(pat, dee):
    emergency.change_emergency_contact(
        participant=pat, name="Nan", relationship="nan", phone="+441632960888", by=dee.person
    )
    pat.refresh_from_db()
    assert (pat.emergency_name, pat.emergency_phone.as_e164) == ("Nan", "+441632960888")
    assert (pat.emergency_confirmed_at, pat.emergency_confirmed_by) == (NOW, dee.person)


def test_the_contact_of_somebody_nobody_asked_is_asked_about_once_for_six_months(long_ago):
    assert ask_about_contacts(on=TODAY - dt.timedelta(days=4)) == 0
    assert [ask_about_contacts(on=TODAY) for _ in range(2)] == [1, 0]
    (task,) = open_tasks()
    assert (task.about, task.subject_id, task.programme) == (long_ago.person, long_ago.pk, long_ago.programme)
    assert task.due_at == dt.datetime(2027, 9, 14, 16, tzinfo=dt.UTC)


@pytest.mark.parametrize("change", [True, False])
def test_confirming_or_changing_closes_the_task_and_begins_the_six_months_anew(long_ago, ines, clock, change):
    ask_about_contacts(on=TODAY)
    if change:
        emergency.change_emergency_contact(
            participant=long_ago, name="Nan", relationship="", phone="+441632960888", by=ines.person
        )
    else:
        emergency.confirm_emergency_contact(participant=long_ago, by=ines.person)
    assert open_tasks() == [] and not emergency.due_for_review(long_ago)
    assert ask_about_contacts(on=dt.date(2028, 2, 29)) == 0  # six months before it was 29 August
    assert ask_about_contacts(on=dt.date(2028, 3, 1)) == 1


def test_a_task_that_was_closed_without_an_answer_is_not_raised_again_next_night(long_ago):
    ask_about_contacts(on=TODAY)
    Task.objects.update(state=TaskState.DONE, closed_at=NOW)
    assert ask_about_contacts(on=TODAY + dt.timedelta(days=1)) == 0
    assert ask_about_contacts(on=TODAY + dt.timedelta(days=150)) == 0
    assert ask_about_contacts(on=TODAY + dt.timedelta(days=190)) == 1  # half a year after it came to nothing


@pytest.mark.parametrize("how", ["left", "no contact"])
def test_the_desk_is_not_asked_about_somebody_who_is_gone(long_ago, ines, how):
    if how == "left":
        life.withdraw(participant=long_ago, by=long_ago.person)
    else:
        long_ago.person.contact_stopped_at = NOW
        long_ago.person.save()
    with pytest.raises(NotPossibleNow):
        emergency.report_other_contact(participant=long_ago, by=ines.person)
    assert open_tasks() == []


def test_who_has_nobody_to_call_is_asked_the_next_night_and_there_is_nothing_to_confirm(pat):
    Participant.objects.filter(pk=pat.pk).update(emergency_phone="")
    pat.refresh_from_db()
    assert emergency.due_for_review(pat)
    with pytest.raises(emergency.NobodyToCall):
        emergency.confirm_emergency_contact(participant=pat, by=pat.person)
    assert ask_about_contacts(on=TODAY) == 1


@pytest.mark.parametrize("status", ["paused", "completed", "withdrawn", "died"])
def test_nobody_is_called_about_it_who_does_not_take_part(long_ago, status):
    Participant.objects.filter(pk=long_ago.pk).update(status=status)
    assert ask_about_contacts(on=TODAY) == 0


def test_nobody_is_called_who_wants_no_contact(long_ago):
    long_ago.person.contact_stopped_at = NOW
    long_ago.person.save()
    assert ask_about_contacts(on=TODAY) == 0


def test_what_an_instructor_hears_is_asked_within_a_day_and_the_night_adds_nothing(long_ago, ines):
    task = emergency.report_other_contact(participant=long_ago, by=ines.person)
    assert emergency.report_other_contact(participant=long_ago, by=ines.person) == task
    assert task.due_at == NOW + dt.timedelta(days=1)
    assert ask_about_contacts(on=TODAY) == 0 and open_tasks() == [task]
    emergency.confirm_emergency_contact(participant=long_ago, by=ines.person)
    assert open_tasks() == []


def test_leaving_ends_the_question(long_ago):
    ask_about_contacts(on=TODAY)
    life.withdraw(participant=long_ago, by=long_ago.person)
    assert open_tasks() == []


def test_registering_is_not_confirming(clock):
    new = ParticipantFactory()
    assert not emergency.confirmed_since(new, NOW - dt.timedelta(days=1))
    emergency.confirm_emergency_contact(participant=new, by=new.person)
    assert emergency.confirmed_since(new, NOW) and not emergency.confirmed_since(new, NOW + dt.timedelta(seconds=1))
    assert emergency.last_known_right(new) == timezone.now()


def test_the_database_keeps_no_confirmation_without_a_name(pat):
    with pytest.raises(IntegrityError, match="who_confirmed_a_contact_is_known"), transaction.atomic():
        Participant.objects.filter(pk=pat.pk).update(emergency_confirmed_at=NOW)
