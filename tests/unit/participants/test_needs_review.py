"""Asked again what helps them, once for each day that was noted, by a way that reaches them."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core import mail

from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task, TaskState
from participants import needs, tasks
from participants.models import AccessNeed, ParticipantStatus
from participants.needs_review import ask_about_needs
from participants.rules.application import Need
from participants.support import end_support
from tests.factories.accounts import ContactPointFactory

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime(2027, 2, 3, 3, 58, tzinfo=dt.UTC)
TODAY, DAY = NIGHT.date(), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NIGHT, tick=False) as traveller:
        yield traveller


def noted(person, kind="more_time", days=0):
    return AccessNeed.objects.create(
        person=person, kind=kind, recorded_by=person, review_on=TODAY + days * DAY, recorded_at=NIGHT - 365 * DAY
    )


def asked():
    return Message.objects.filter(kind="needs_due").count(), Task.objects.filter(kind="needs_review").count()


def test_who_is_reached_by_writing_is_asked_once_by_message(pat, clock):
    noted(pat.person)
    noted(pat.person, "lip_reads", days=-3)
    assert [ask_about_needs(on=TODAY) for _ in range(2)] == [1, 0]
    assert asked() == (1, 0)
    clock.move_to(NIGHT + dt.timedelta(hours=7))
    deliver_due()
    (sent,) = mail.outbox
    assert sent.subject == "Is this still right for you?" and "/me/details/" in sent.body
    assert "lip" not in sent.body.lower().replace("slip", "")  # what helps is read after signing in


def test_a_day_that_has_not_come_is_not_asked_about(pat):
    noted(pat.person, days=1)
    assert ask_about_needs(on=TODAY) == 0 and asked() == (0, 0)


@pytest.mark.parametrize("kind", ["braille", "language", "bsl_video"])
def test_whom_no_message_of_ours_reaches_the_desk_asks(pat, kind):
    noted(pat.person, kind)
    assert [ask_about_needs(on=TODAY) for _ in range(2)] == [1, 0]
    assert asked() == (0, 1)
    task = Task.objects.get()
    assert (task.about, task.subject_id, task.programme) == (pat.person, pat.person_id, pat.programme)
    assert task.due_at.date() == TODAY + 7 * DAY


def test_who_prefers_a_call_is_called(pat):
    pat.person.contact_points.all().delete()
    ContactPointFactory(person=pat.person, channel="phone", value="+441632960222")
    noted(pat.person)
    assert ask_about_needs(on=TODAY) == 1 and asked() == (0, 1)


def test_who_has_not_answered_in_four_weeks_is_called(pat):
    noted(pat.person)
    ask_about_needs(on=TODAY)
    assert ask_about_needs(on=TODAY + 27 * DAY) == 0
    assert [ask_about_needs(on=TODAY + day * DAY) for day in (28, 29)] == [1, 0]
    assert asked() == (1, 1)


def test_an_answer_takes_the_message_back_and_sets_the_next_day(pat, clock):
    noted(pat.person)
    ask_about_needs(on=TODAY)
    needs.confirm_needs(person=pat.person, by=pat.person)
    clock.move_to(NIGHT + dt.timedelta(hours=7))
    deliver_due()
    assert not mail.outbox and Message.objects.get().state == MessageState.NOT_WANTED
    assert ask_about_needs(on=TODAY + 200 * DAY) == 0
    assert ask_about_needs(on=TODAY + 366 * DAY) == 1


def test_a_message_that_is_no_longer_true_is_not_sent(pat, clock):
    row = noted(pat.person)
    ask_about_needs(on=TODAY)
    AccessNeed.objects.filter(pk=row.pk).update(ended_at=NIGHT)
    clock.move_to(NIGHT + dt.timedelta(hours=7))
    deliver_due()
    assert not mail.outbox


def test_a_supporter_is_asked_while_they_help(pat, sam):
    noted(sam.person)
    assert ask_about_needs(on=TODAY) == 1
    assert Message.objects.get().programme == pat.programme
    noted(sam.person, "audio", days=-1)
    end_support(supporter=pat.supporters.get(), by=pat.person)
    assert ask_about_needs(on=TODAY) == 0


@pytest.mark.parametrize("status", [ParticipantStatus.WITHDRAWN, ParticipantStatus.COMPLETED])
def test_who_takes_no_part_any_more_is_not_asked(pat, status):
    noted(pat.person)
    pat.status = status
    pat.save()
    assert ask_about_needs(on=TODAY) == 0


def test_nobody_is_asked_after_contact_was_stopped(pat):
    noted(pat.person)
    pat.person.contact_stopped_at = NIGHT
    pat.person.save()
    assert ask_about_needs(on=TODAY) == 0


def test_it_is_done_every_night(pat):
    noted(pat.person)
    tasks.ask_about_access_needs()
    assert asked() == (1, 0)


def test_what_the_desk_notes_closes_its_task(pat, dee):
    noted(pat.person, "braille")
    ask_about_needs(on=TODAY)
    needs.record_needs(person=pat.person, needs=[Need("braille")], shared=(), by=dee.person)
    assert Task.objects.get().state == TaskState.CANCELLED
