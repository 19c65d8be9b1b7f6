"""Whoever may have two records is asked about once, at the desk, by the worker."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.history import System
from accounts.models import Channel
from messaging.models import Task, TaskState
from records.matching import TWO_PEOPLE, alike, ask_about_alike, pair_of, say_two_people, told_apart
from tests.factories.accounts import ContactPointFactory, PersonFactory, ProgrammeFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


def again(first, **facts):
    """Somebody of the same name and day of birth as `first` registers."""
    known = {"given_name": first.person.given_name, "family_name": first.person.family_name}
    person = PersonFactory(**known, date_of_birth=first.person.date_of_birth)
    return ParticipantFactory(person=person, clearance=False, **{"programme": first.programme, **facts})


def test_who_registers_again_is_asked_about_once_at_the_desk(pat):
    newer = again(pat)
    (task,) = ask_about_alike(by=System.WORKER)
    assert (task.kind, task.about, task.programme) == ("same_person", newer.person, pat.programme)
    assert task.context == {"key": f"{pat.pk}-{newer.pk}", "how": "probably"}
    assert timezone.localtime(task.due_at).hour == 17
    assert ask_about_alike(by=System.WORKER) == []
    assert Task.objects.count() == 1


def test_two_people_are_remembered_and_never_asked_about_again(pat, dee):
    newer = again(pat)
    (task,) = ask_about_alike(by=System.WORKER)
    pair = pair_of(newer, pat)
    for _ in range(2):
        say_two_people(pair=pair, by=dee.person)
    task.refresh_from_db()
    assert (task.state, task.outcome) == (TaskState.DONE, TWO_PEOPLE)
    assert told_apart(pair).by == dee.person
    Task.objects.update(dedupe_key="of long ago")
    assert ask_about_alike(by=System.WORKER) == []


def test_nobody_is_compared_across_programmes_or_after_contact_was_stopped(pat):
    again(pat, programme=ProgrammeFactory())
    assert alike() == []
    stopped = again(pat)
    assert len(alike()) == 1
    stopped.person.contact_stopped_at = timezone.now()
    stopped.person.save()
    assert alike() == []


def test_a_shared_telephone_finds_who_gave_another_day_of_birth(pat):
    newer = again(pat)
    newer.person.date_of_birth = pat.person.date_of_birth + dt.timedelta(days=1)
    newer.person.save()
    assert alike() == []
    for person in (pat.person, newer.person):
        ContactPointFactory(person=person, channel=Channel.PHONE, value="+441632960111", preferred=False)
    ((pair, how),) = alike()
    assert ((pair.older, pair.newer), how) == ((pat, newer), "perhaps")


def test_a_couple_at_one_number_is_one_pair_and_nobody_to_ask_about(pat, quinn):
    for person in (pat.person, quinn.person):
        ContactPointFactory(person=person, channel=Channel.TEXT, value="+447700900111", preferred=False)
    assert alike() == []


def test_it_takes_as_many_queries_for_many_as_for_few(pat):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert alike()
        return len(found)

    again(pat)
    few = queries()
    for _ in range(3):
        again(pat)
    assert queries() == few == 2
