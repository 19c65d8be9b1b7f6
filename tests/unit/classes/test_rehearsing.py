"""A rehearsal before a first class online: offered until they have come to one; a call for help closes itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.history import acting
from classes.models import AttendanceState, Mode, RehearsalOutcome
from classes.register import open_register
from classes.rehearsing import HELP_ONLINE, is_offered_to, keep_rehearsal, last_rehearsal
from classes.telling.cover import OWN_SEX
from messaging.models import Task, TaskState
from messaging.worklist import raise_task
from participants.consequences import Event, run_consequences
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
READY, HELP = RehearsalOutcome.READY, RehearsalOutcome.HELP


def came(pat: Any, mode: str, state: str = AttendanceState.ATTENDED, *, days_ago: int = 7) -> None:
    earlier = SessionFactory(programme=pat.programme, mode=mode, starts_at=timezone.now() - dt.timedelta(days=days_ago))
    AttendanceFactory(booking=BookingFactory(session=earlier, participant=pat), state=state)


def test_one_is_offered_until_somebody_has_come_to_a_class_online(pat):
    assert is_offered_to(pat)
    came(pat, Mode.IN_PERSON)
    came(pat, Mode.REMOTE, AttendanceState.ABSENT_UNTOLD, days_ago=6)
    assert is_offered_to(pat)
    came(pat, Mode.REMOTE, days_ago=5)
    assert not is_offered_to(pat)


def test_who_wants_help_is_rung_once_and_not_any_more_when_it_works(pat):
    for _ in range(2):
        keep_rehearsal(participant=pat, outcome=HELP, by=pat.person)
    (task,) = Task.objects.filter(kind=HELP_ONLINE)
    assert (task.state, task.about, task.subject_id) == (TaskState.OPEN, pat.person, pat.pk)
    keep_rehearsal(participant=pat, outcome=READY, by=pat.person)
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    assert last_rehearsal(pat).outcome == READY


@pytest.mark.parametrize("event", [Event.PAUSED, Event.WITHDRAWN, Event.CONTACT_STOPPED])
def test_who_pauses_leaves_or_wants_no_contact_is_not_rung_about_classes_any_more(pat, quinn, dee, event):
    for one in (pat, quinn):
        keep_rehearsal(participant=one, outcome=HELP, by=one.person)
        raise_task(
            programme=one.programme,
            kind=OWN_SEX,
            due_at=timezone.now(),
            about=one.person,
            dedupe_key=f"{OWN_SEX}:{one.pk}",
            by=one.person,
        )
    with acting(dee.person, "participants.change"):
        run_consequences(event, pat, dee.person)
    open_ones = Task.objects.filter(kind__in=[HELP_ONLINE, OWN_SEX], state=TaskState.OPEN)
    assert {task.about for task in open_ones} == {quinn.person} and open_ones.count() == 2


def test_the_register_of_a_class_online_says_how_the_last_try_of_a_newcomer_went(pat, ines):
    session = SessionFactory(
        programme=pat.programme, leader=ines, mode=Mode.REMOTE, starts_at=timezone.now() - dt.timedelta(minutes=5)
    )
    BookingFactory(session=session, participant=pat)

    def shown() -> str | None:
        return open_register(session=session, by=ines.person).entries[0].rehearsed

    assert shown() == ""
    keep_rehearsal(participant=pat, outcome=HELP, by=pat.person)
    assert shown() == HELP
    keep_rehearsal(participant=pat, outcome=READY, by=pat.person)
    assert shown() == READY
    came(pat, Mode.REMOTE)
    assert shown() is None


def test_the_register_of_a_class_in_person_says_nothing_of_it(pat, ines):
    session = SessionFactory(programme=pat.programme, leader=ines, starts_at=timezone.now())
    BookingFactory(session=session, participant=pat)
    assert open_register(session=session, by=ines.person).entries[0].rehearsed is None
