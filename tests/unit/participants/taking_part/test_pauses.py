"""A break: its day, the messages about it, and who asks afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task, TaskState
from participants import health, tasks
from participants.content import install
from participants.course import course_of
from participants.models import Enrolment, EnrolmentPause, Participant, PauseReason
from participants.taking_part import life
from participants.taking_part.pauses import ask_after_pauses
from tests.factories.participants import ParticipantFactory
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)
TODAY, DAY = NOON.date(), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def on_a_break(participant: Participant, *, until: dt.date | None = None) -> EnrolmentPause:
    life.pause(participant=participant, reason="treatment", review_on=until, by=participant.person)
    return EnrolmentPause.objects.filter(enrolment__participant=participant).latest("pk")


def states(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind).order_by("id").values_list("state", flat=True))


def open_tasks() -> list[Task]:
    return list(Task.objects.filter(kind="pause_review", state=TaskState.OPEN))


# --- starting and moving it --------------------------------------------------


def test_who_cannot_say_how_long_is_asked_after_four_weeks(pat: Participant) -> None:
    assert on_a_break(pat).review_on == TODAY + dt.timedelta(weeks=4)


@pytest.mark.parametrize("until", [TODAY, TODAY - DAY, TODAY + dt.timedelta(days=366)])
def test_the_day_is_from_tomorrow_on_and_within_a_year(pat: Participant, until: dt.date) -> None:
    with pytest.raises(life.BadReviewDate) as refused:
        on_a_break(pat, until=until)
    assert (refused.value.earliest, refused.value.latest) == (TODAY + DAY, TODAY + dt.timedelta(days=365))
    pat.refresh_from_db()
    assert pat.status == "active" and not EnrolmentPause.objects.exists()
    on_a_break(pat, until=TODAY + DAY)
    with pytest.raises(life.BadReviewDate):
        life.move_review(participant=pat, review_on=until, by=pat.person)


def test_the_person_is_told_until_when_and_told_again_when_the_day_moves(pat: Participant) -> None:
    on_a_break(pat, until=TODAY + 10 * DAY)
    deliver_due()
    assert "on Saturday 13 February 2027 we ask whether you are ready" in mail.outbox[-1].body
    assert "treatment" not in mail.outbox[-1].subject + mail.outbox[-1].body
    life.move_review(participant=pat, review_on=TODAY + 20 * DAY, by=pat.person)
    deliver_due()
    assert "on Tuesday 23 February 2027" in mail.outbox[-1].body
    assert EnrolmentPause.objects.get().review_on == TODAY + 20 * DAY


def test_a_day_that_moved_before_anybody_was_told_is_told_once(pat: Participant) -> None:
    on_a_break(pat)
    life.move_review(participant=pat, review_on=TODAY + 20 * DAY, by=pat.person)
    assert states("paused") == [MessageState.NOT_WANTED, MessageState.QUEUED]


def test_every_reason_has_words_and_an_old_one_stands_as_it_was_kept() -> None:
    assert EnrolmentPause(reason=PauseReason.OPERATION).reason_words == "an operation"
    assert EnrolmentPause(reason="in hospital").reason_words == "in hospital"


# --- asked on the day --------------------------------------------------------


def test_on_the_day_the_person_is_written_to_at_nine_and_the_desk_has_a_task(
    pat: Participant, clock: time_machine.Traveller
) -> None:
    on_a_break(pat, until=TODAY + 10 * DAY)
    clock.move_to(NOON.replace(hour=3) + 9 * DAY)
    assert ask_after_pauses(on=TODAY + 9 * DAY) == 0
    clock.shift(DAY)
    for _ in range(2):
        tasks.ask_after_breaks()
    (task,) = open_tasks()
    assert (task.about, task.subject_id) == (pat.person, pat.pk)
    assert task.due_at == dt.datetime(2027, 2, 13, 17, tzinfo=dt.UTC)
    message = Message.objects.get(kind="pause_review")
    assert message.due_at == dt.datetime(2027, 2, 13, 9, tzinfo=dt.UTC)
    clock.move_to(message.due_at)
    deliver_due()
    assert "Are you ready to come back" in mail.outbox[-1].subject
    assert "Your break was to last until Saturday 13 February 2027" in mail.outbox[-1].body


def test_a_task_that_was_done_is_not_raised_again_for_the_same_day(
    pat: Participant, clock: time_machine.Traveller
) -> None:
    on_a_break(pat, until=TODAY + DAY)
    assert ask_after_pauses(on=TODAY + 2 * DAY) == 1  # the night before was missed
    Task.objects.update(state=TaskState.DONE, closed_at=NOON)
    assert ask_after_pauses(on=TODAY + 3 * DAY) == 0


@pytest.mark.parametrize("then", ["moved", "back", "left"])
def test_what_the_person_says_closes_the_task_and_takes_messages_back(pat: Participant, then: str) -> None:
    on_a_break(pat, until=TODAY + DAY)
    ask_after_pauses(on=TODAY + DAY)
    if then == "moved":
        life.move_review(participant=pat, review_on=TODAY + 9 * DAY, by=pat.person)
    elif then == "back":
        life.resume(participant=pat, by=pat.person)
    else:
        life.withdraw(participant=pat, by=pat.person)
    assert open_tasks() == []
    assert states("pause_review") == [MessageState.NOT_WANTED]
    assert ask_after_pauses(on=TODAY + 2 * DAY) == 0
    if then == "moved":
        assert ask_after_pauses(on=TODAY + 9 * DAY) == 1


def test_whose_contact_was_stopped_is_not_asked(pat: Participant) -> None:
    on_a_break(pat, until=TODAY + DAY)
    pat.person.contact_stopped_at = NOON
    pat.person.save()
    assert ask_after_pauses(on=TODAY + DAY) == 0


def test_the_night_asks_in_the_same_queries_however_many_were_asked_before(programme: Any) -> None:
    def queries(more: int) -> int:
        for _ in range(more):
            on_a_break(ParticipantFactory(programme=programme), until=TODAY + DAY)
        ask_after_pauses(on=TODAY + DAY)
        with CaptureQueriesContext(connection) as captured:
            assert ask_after_pauses(on=TODAY + DAY) == 0
        return len(captured)

    assert queries(1) == queries(6)


# --- coming back -------------------------------------------------------------


def test_coming_back_says_that_the_questions_come_first_and_only_until_they_are_answered(pat: Participant) -> None:
    on_a_break(pat)
    life.resume(participant=pat, by=pat.person)
    deliver_due()
    assert mail.outbox[-1].subject == "Welcome back to SafeFit"
    assert "/me/health/changed/" in mail.outbox[-1].body
    life.pause(participant=pat, reason="away", by=pat.person)
    life.resume(participant=pat, by=pat.person)
    health.update_health(participant=pat, answers=HEALTH, by=pat.person)
    sent = len(mail.outbox)
    deliver_due()
    assert [m.subject for m in mail.outbox[sent:]] == []
    assert states("resumed")[-1] == MessageState.NOT_WANTED


def test_who_left_meanwhile_is_not_welcomed_back(pat: Participant) -> None:
    on_a_break(pat)
    life.resume(participant=pat, by=pat.person)
    life.withdraw(participant=pat, by=pat.person)
    deliver_due()
    assert states("resumed") == [MessageState.NOT_WANTED]


def test_who_takes_another_break_meanwhile_is_not_welcomed_back(pat: Participant) -> None:
    on_a_break(pat)
    life.resume(participant=pat, by=pat.person)
    on_a_break(pat)
    deliver_due()
    assert states("resumed") == [MessageState.NOT_WANTED]


# --- how far they are --------------------------------------------------------


@pytest.fixture
def enrolled(pat: Participant) -> Participant:
    install(pat.programme, pat.person)
    Enrolment.objects.filter(participant=pat).update(starts_on=TODAY - 27 * DAY)
    return pat


def test_the_phase_and_the_end_move_by_the_days_of_a_break(enrolled: Participant, clock: Any) -> None:
    before = course_of(enrolled)
    assert before is not None and before.pause is None
    assert (before.position.day, before.position.week) == (28, 4)
    assert before.position.stretch is not None and before.position.stretch.name.startswith("First month")
    going_on = on_a_break(enrolled)
    during = course_of(enrolled)
    assert during is not None and (during.pause, during.position.ends_on) == (going_on, None)
    clock.shift(10 * DAY)
    life.resume(participant=enrolled, by=enrolled.person)
    after = course_of(enrolled)
    assert after is not None and after.pause is None
    assert after.position.day == before.position.day
    assert after.position.ends_on == before.position.ends_on + 10 * DAY  # type: ignore[operator]
    tomorrow = course_of(enrolled, TODAY + 11 * DAY)
    assert tomorrow is not None and tomorrow.position.stretch is not None
    assert tomorrow.position.stretch.name.startswith("Months 2 and 3")


def test_who_is_not_in_the_programme_is_nowhere_in_it(enrolled: Participant) -> None:
    life.withdraw(participant=enrolled, by=enrolled.person)
    assert course_of(enrolled) is not None, "the last day is a day"
    assert course_of(enrolled, TODAY + DAY) is None
    enrolled.enrolments.all().delete()
    assert course_of(enrolled) is None
