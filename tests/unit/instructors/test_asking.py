"""What runs out is told to whoever holds it, once at each step, and asked of the desk, until it is renewed and seen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.history import System, acting
from instructors import tasks
from instructors.asking import RUNS_OUT, TO_CHECK, see_to_tasks
from instructors.checking import record_credential, send_back, verify_credential
from instructors.models import Instructor
from instructors.notices import (
    RUNS_OUT_NOTICE,
    SENT_BACK_NOTICE,
    step_of,
    still_runs_out,
    still_sent_back,
    tell_of_ends,
)
from instructors.roster import onboard, stand_down
from instructors.rules_in_use import credential_rules
from messaging.models import Message, Task, TaskState
from messaging.worklist import close_task
from tests.factories.instructors import CredentialFactory, InstructorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare(programme):
    return InstructorFactory(programme=programme, credentials=[])


def today(days: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def look(instructor) -> None:
    with acting(System.WORKER, "tests.look"):
        tell_of_ends([instructor])
        see_to_tasks(instructor, System.WORKER)


def notices() -> list[Message]:
    return list(Message.objects.filter(kind=RUNS_OUT_NOTICE).order_by("pk"))


def asked(kind: str) -> list[Task]:
    return list(Task.objects.filter(kind=kind, state=TaskState.OPEN))


def renewal(instructor, kind: str = "indemnity"):
    return record_credential(
        instructor=instructor, kind=kind, issued_on=today(), expires_on=today(300), by=instructor.person
    )


@pytest.mark.parametrize(
    ("left", "step"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, 0), (-7, 0), (-8, None)],
)
def test_which_notice_is_due_by_the_days_that_are_left(left, step):  # pitfalls 55
    assert step_of(today(left), today(), credential_rules()) == step


def test_an_end_that_lies_further_back_than_a_week_is_no_news(bare):
    CredentialFactory(instructor=bare, kind="indemnity", expires_on=today(-8))
    look(bare)
    assert notices() == []


@pytest.mark.parametrize(("left", "task"), [(45, False), (20, True), (5, True), (-3, True)])
def test_each_end_is_told_once_and_from_30_days_before_the_desk_is_asked(left, task, bare):  # pitfalls 55
    CredentialFactory(instructor=bare, kind="indemnity", expires_on=today(left))
    look(bare)
    look(bare)
    (told,) = notices()
    assert told.person == bare.person and still_runs_out(told).context["is_over"] is (left < 0)
    assert len(asked(RUNS_OUT)) == task


def test_several_things_that_end_on_one_day_are_one_notice(bare):
    for kind in ("indemnity", "public_liability"):
        CredentialFactory(instructor=bare, kind=kind, expires_on=today(20))
    look(bare)
    assert len(notices()) == 1 and len(asked(RUNS_OUT)) == 2


def test_a_renewal_that_waits_changes_the_words_and_one_that_was_seen_ends_it(bare, dee):
    CredentialFactory(instructor=bare, kind="indemnity", expires_on=today(20))
    look(bare)
    (told,) = notices()
    assert still_runs_out(told).context["waits_to_be_checked"] is False
    new = renewal(bare)
    assert still_runs_out(told).context["waits_to_be_checked"] is True and len(asked(RUNS_OUT)) == 1
    verify_credential(credential=new, by=dee.person)
    assert still_runs_out(told) is None and asked(RUNS_OUT) == []
    look(bare)
    assert len(notices()) == 1


def test_what_the_desk_has_seen_to_is_not_asked_again_for_the_same_end(bare, dee):
    CredentialFactory(instructor=bare, kind="indemnity", expires_on=today(20))
    look(bare)
    close_task(task=asked(RUNS_OUT)[0], outcome="done", by=dee.person)
    look(bare)
    assert asked(RUNS_OUT) == []


def test_a_notice_of_the_day_before_is_not_sent_once_it_is_over(bare):
    held = CredentialFactory(instructor=bare, kind="indemnity", expires_on=today(1))
    look(bare)
    (told,) = notices()
    held.expires_on = today(-1)
    held.save()
    assert still_runs_out(told) is None


def test_what_was_handed_in_is_a_task_until_it_is_seen_or_sent_back(bare, dee):
    one, two = renewal(bare), renewal(bare, "public_liability")
    (task,) = asked(TO_CHECK)
    assert (task.about, task.subject_id) == (bare.person, bare.pk)
    verify_credential(credential=one, by=dee.person)
    assert asked(TO_CHECK) == [task]
    send_back(credential=two, reason="Cannot be read.", by=dee.person)
    assert asked(TO_CHECK) == []


def test_nobody_is_told_or_asked_about_who_teaches_no_more(bare, dee, programme):
    CredentialFactory(instructor=bare, kind="indemnity", expires_on=today(20))
    renewal(bare)
    look(bare)
    (told,) = notices()
    stand_down(instructor=bare, reason="left", by=dee.person)
    assert still_runs_out(told) is None and asked(RUNS_OUT) == asked(TO_CHECK) == []
    onboard(person=bare.person, programme=programme, by=dee.person)
    assert len(asked(TO_CHECK)) == 1


def test_whoever_sent_what_does_not_count_is_told_until_they_send_another(bare, dee):
    one = renewal(bare)
    send_back(credential=one, reason="Cannot be read.", by=dee.person)
    told = Message.objects.get(kind=SENT_BACK_NOTICE)
    said = still_sent_back(told)
    assert told.person == bare.person and "/teach/credentials/" in said.context["link"]
    assert "Cannot be read" not in str(said.context)
    renewal(bare, "membership")
    assert still_sent_back(told) is not None
    renewal(bare)
    assert still_sent_back(told) is None
    stand_down(instructor=bare, reason="left", by=dee.person)
    assert still_sent_back(told) is None


def test_an_instructor_at_fault_keeps_no_other_from_being_told(programme, monkeypatch) -> None:
    for _ in range(2):
        CredentialFactory(
            instructor=InstructorFactory(programme=programme, credentials=[]), kind="indemnity", expires_on=today(20)
        )
    first, second = Instructor.objects.order_by("pk")

    def faulty(instructor, by) -> None:
        if instructor == first:
            raise ValueError
        see_to_tasks(instructor, by)

    monkeypatch.setattr("instructors.tasks.see_to_tasks", faulty)
    with pytest.raises(ExceptionGroup):
        tasks.look_at_what_runs_out()
    assert [(notice.person, len(asked(RUNS_OUT))) for notice in notices()] == [(second.person, 1)]
