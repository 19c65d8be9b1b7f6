"""Asked again before a clearance runs out, by message and then by a call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task, TaskState
from participants import health, rescreening, tasks
from participants.models import Clearance, ClearanceState, Participant, ParticipantStatus
from participants.refusals import NotPossibleNow, QuestionsChanged
from participants.rescreening import ask_again
from tests.factories.participants import ClearanceFactory, ParticipantFactory
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime(2027, 2, 3, 3, 50, tzinfo=dt.UTC)
TODAY, DAY = NIGHT.date(), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NIGHT, tick=False) as traveller:
        yield traveller


def good_for(participant: Participant, days: int, **fields: Any) -> Clearance:
    return ClearanceFactory(participant=participant, valid_until=TODAY + days * DAY, **fields)


def reminders() -> list[Message]:
    return list(Message.objects.filter(kind="health_due").order_by("id"))


def calls(state: str = TaskState.OPEN) -> list[Task]:
    return list(Task.objects.filter(kind="health_due_call", state=state))


@pytest.mark.parametrize(
    ("left", "messages", "called"),
    [
        (29, 0, 0), (28, 1, 0), (27, 1, 0), (8, 1, 0), (7, 1, 0), (4, 1, 0), (3, 1, 1), (0, 1, 1), (-1, 0, 1),
        (-14, 0, 1), (-15, 0, 0),
    ],
)  # fmt: skip
def test_four_weeks_and_one_week_before_the_end_a_message_goes_out_and_three_days_before_a_call_is_asked_for(
    pat: Participant, left: int, messages: int, called: int
) -> None:
    good_for(pat, left)
    assert ask_again(on=TODAY) == messages + called
    assert (len(reminders()), len(calls())) == (messages, called)
    assert ask_again(on=TODAY) == 0, "twice is harmless"


def test_each_reminder_goes_out_once_over_the_weeks(pat: Participant, clock: time_machine.Traveller) -> None:
    good_for(pat, 30)
    for _ in range(32):
        tasks.ask_about_health_again()
        clock.shift(DAY)
    assert [timezone.localtime(m.due_at).date() for m in reminders()] == [TODAY + 2 * DAY, TODAY + 23 * DAY]
    assert {timezone.localtime(m.due_at).hour for m in reminders()} == {9}
    (call,) = calls()
    assert call.due_at == dt.datetime(2027, 3, 5, 17, tzinfo=dt.UTC)
    assert (call.about, call.subject_id) == (pat.person, pat.pk)


def test_a_call_that_was_made_is_not_asked_for_again(pat: Participant, dee: Any) -> None:
    good_for(pat, 2)
    ask_again(on=TODAY)
    Task.objects.filter(kind="health_due_call").update(state=TaskState.DONE, closed_at=NIGHT)
    assert ask_again(on=TODAY + DAY) == 0


def test_the_message_names_the_day_and_the_way_and_no_illness(pat: Participant, clock: time_machine.Traveller) -> None:
    good_for(pat, 20)
    ask_again(on=TODAY)
    clock.move_to(NIGHT.replace(hour=9))
    deliver_due()
    (sent,) = mail.outbox
    assert "Tuesday 23 February 2027" in sent.body and "/me/health/changed/" in sent.body and "18001" in sent.body
    assert "health" not in str(sent.subject)


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "needs_review", "valid_until": None},
        {"state": "not_suitable", "valid_until": None},
        {"state": "paused"},
    ],
)
def test_who_waits_for_a_decision_or_has_a_stop_is_not_asked(pat: Participant, changed: dict[str, Any]) -> None:
    ClearanceFactory(participant=pat, **{"valid_until": TODAY + 2 * DAY, **changed})
    assert ask_again(on=TODAY) == 0


@pytest.mark.parametrize("status", [s for s in ParticipantStatus if s != ParticipantStatus.ACTIVE])
def test_who_does_not_take_part_is_not_asked_or_written_to(pat: Participant, status: str) -> None:
    good_for(pat, 5)
    ask_again(on=TODAY)
    Participant.objects.filter(pk=pat.pk).update(status=status)
    with time_machine.travel(NIGHT.replace(hour=9), tick=False):
        deliver_due()
    assert [m.state for m in reminders()] == [MessageState.NOT_WANTED]
    good_for(pat, 3)
    assert ask_again(on=TODAY) == 0


def test_whose_contact_was_stopped_is_not_asked(pat: Participant) -> None:
    good_for(pat, 3)
    pat.person.contact_stopped_at = NIGHT
    pat.person.save()
    assert ask_again(on=TODAY) == 0


@pytest.mark.parametrize("then", ["answers", "decision", "stop"])
def test_what_comes_of_it_closes_the_call_and_takes_the_reminder_back(pat: Participant, clare: Any, then: str) -> None:
    reviewed = good_for(pat, 3)
    ask_again(on=TODAY)
    if then == "answers":
        health.update_health(participant=pat, answers=HEALTH, by=pat.person)
    elif then == "decision":
        health.decide_clearance(participant=pat, reviewed=reviewed, state="cleared", by=clare.person)
    else:
        health.stop_clearance(participant=pat, reason="paused", by=pat.person)
    assert len(calls(TaskState.CANCELLED)) == 1
    with time_machine.travel(NIGHT.replace(hour=9), tick=False):
        deliver_due()
    assert [m.state for m in reminders()] == [MessageState.NOT_WANTED]


def test_the_night_asks_in_the_same_queries_however_many_were_asked_before(programme: Any) -> None:
    def queries(more: int) -> int:
        for _ in range(more):
            good_for(ParticipantFactory(programme=programme), 2)
        ask_again(on=TODAY)
        with CaptureQueriesContext(connection) as captured:
            assert ask_again(on=TODAY) == 0
        return len(captured)

    assert queries(1) == queries(8)


# --- run out, and answered again ---------------------------------------------


def test_a_clearance_runs_out_by_itself_after_its_last_day(pat: Participant) -> None:
    clearance = good_for(pat, 0)
    assert health.state_today(clearance) == ClearanceState.CLEARED
    with time_machine.travel(NIGHT + DAY, tick=False):
        assert health.state_today(health.clearance_of(pat)) == health.RUN_OUT
    assert Clearance.objects.get(pk=clearance.pk).state == ClearanceState.CLEARED
    assert health.state_today(None) is None


def test_only_a_clearance_runs_out(pat: Participant) -> None:
    assert health.state_today(good_for(pat, -5, state="paused")) == ClearanceState.PAUSED


def test_answers_to_another_wording_are_refused_and_nothing_is_kept(pat: Participant) -> None:
    with pytest.raises(QuestionsChanged) as refused:
        health.update_health(participant=pat, answers=HEALTH, version="2025-9", by=pat.person)
    assert refused.value.version == "2026-1"
    assert not pat.health_profiles.exists()
    health.update_health(participant=pat, answers=HEALTH, version="2026-1", by=pat.person)
    assert pat.health_profiles.count() == 1


def test_earlier_answers_are_told_only_where_the_wording_is_the_same(
    pat: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert health.last_answers(pat) is None
    health.update_health(participant=pat, answers=HEALTH | {"falls": ["fallen"]}, by=pat.person)
    last = health.last_answers(pat)
    assert last is not None and last.answers["falls"] == ["fallen"]
    newer = health.health_questions()
    changed = type(newer)("2027-1", newer.questions)
    monkeypatch.setattr(health, "health_questions", lambda: changed)
    assert health.last_answers(pat) is None


@pytest.mark.parametrize("status", [s for s in ParticipantStatus if s != ParticipantStatus.ACTIVE])
def test_who_does_not_take_part_answers_nothing(pat: Participant, status: str) -> None:
    Participant.objects.filter(pk=pat.pk).update(status=status)
    with pytest.raises(NotPossibleNow) as refused:
        health.update_health(participant=pat, answers=HEALTH, by=pat.person)
    assert refused.value.status == status


def test_who_cannot_be_asked_again_keeps_nobody_else_from_it(
    pat: Participant, quinn: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_fault, _ = good_for(pat, 28), good_for(quinn, 28)
    write = rescreening.health_due

    def faulty(*, clearance: Clearance, **rest: Any) -> None:
        if clearance == at_fault:
            raise ValueError
        write(clearance=clearance, **rest)

    monkeypatch.setattr(rescreening, "health_due", faulty)
    with pytest.raises(ExceptionGroup):
        tasks.ask_about_health_again()
    assert [message.person for message in reminders()] == [quinn.person]
