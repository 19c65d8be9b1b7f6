from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from accounts.models import ContactPoint
from messaging import outbox
from messaging.delivery import deliver
from messaging.models import Message, MessageState, OptOut, Task, TaskState, Topic
from outcomes.answering.recording import save_draft, submit
from outcomes.asking.notices import questionnaire_due
from outcomes.asking.open_forms import with_head
from outcomes.asking.planning import plan_assessments, refresh_windows, stop_asking
from outcomes.asking.said import Said, said_about
from outcomes.models import AnswerMode, Assessment
from participants.consequences import PAUSED, RESUMED, Event, run_consequences
from participants.models import Enrolment, Participant, ParticipantStatus
from tests.factories.outcomes import AssessmentFactory, QuestionnaireFactory, attended, timepoints_of

pytestmark = pytest.mark.django_db

TODAY = dt.date(2027, 6, 1)
KINDS = ("questionnaire_due", "questionnaire_reminder")


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(dt.datetime(2027, 6, 1, 8, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def open_form(pat: Participant) -> Assessment:
    """Pat's start form, which opened today, and whose message was put into the outbox."""
    timepoints_of(pat.programme)
    Enrolment.objects.filter(participant=pat).update(starts_on=TODAY)
    plan_assessments(participant=pat, by=pat.person)
    return pat.assessments.get(timepoint__code="start")


def _nights(clock: Any, *days: int) -> None:
    for day in days:
        clock.move_to(dt.datetime(2027, 6, 1, 8, tzinfo=dt.UTC) + dt.timedelta(days=day))
        refresh_windows(on=TODAY + dt.timedelta(days=day))


def _said() -> list[tuple[str, dict[str, Any]]]:
    return [(m.kind, m.context) for m in Message.objects.filter(kind__in=KINDS).order_by("pk")]


def _calls(state: str = TaskState.OPEN) -> list[Task]:
    return list(Task.objects.filter(kind="questions_call", state=state))


def test_the_first_word_two_reminders_one_call_and_then_nothing(open_form: Assessment, clock: Any) -> None:
    _nights(clock, 1, 6, 7, 8, 14, 15, 21, 22, 40)
    assert _said() == [
        ("questionnaire_due", {}),
        ("questionnaire_reminder", {"last": False}),
        ("questionnaire_reminder", {"last": True}),
    ]
    (call,) = _calls()
    assert (call.about, call.subject_id) == (open_form.participant.person, open_form.pk)
    assert {m.subject_id for m in Message.objects.filter(kind__in=KINDS)} == {open_form.pk}


def test_the_desk_reads_on_which_days_we_asked_and_how_the_call_stands(open_form: Assessment, clock: Any) -> None:
    def said() -> Said:
        return said_about(list(with_head(Assessment.objects.filter(pk=open_form.pk))))[open_form.pk]

    assert said() == Said(), "what waits to be sent was not said"
    Message.objects.update(state=MessageState.SENT)
    _nights(clock, 7)
    assert said() == Said((TODAY,))
    Message.objects.filter(state=MessageState.QUEUED).update(state=MessageState.SENT)
    _nights(clock, 14, 21)
    assert said() == Said((TODAY, TODAY + dt.timedelta(days=7)), TaskState.OPEN)
    stop_asking(open_form.participant, open_form.participant.person)
    assert said().call is None


def test_the_call_is_over_with_the_answers(open_form: Assessment, pat: Participant, clock: Any) -> None:
    _nights(clock, 7, 14, 21)
    assert _calls()
    save_draft(assessment=open_form, answers={"energy": 4}, mode=AnswerMode.SELF, by=pat.person)
    submit(assessment=open_form, mode=AnswerMode.SELF, by=pat.person)
    assert _calls() == []
    assert {m.state for m in Message.objects.filter(kind__in=KINDS)} == {MessageState.NOT_WANTED}


def test_the_call_is_over_with_the_window(open_form: Assessment, pat: Participant, clock: Any) -> None:
    _nights(clock, 7, 14, 21)
    attended(pat, TODAY + dt.timedelta(days=20))
    _nights(clock, 27)
    assert _calls()
    _nights(clock, 28)
    assert (_calls(), len(_calls(TaskState.CANCELLED))) == ([], 1)


def test_the_call_is_due_by_the_last_day_on_which_there_is_something_to_answer(
    open_form: Assessment, pat: Participant, clock: Any
) -> None:
    attended(pat, TODAY + dt.timedelta(days=10))
    _nights(clock, 7, 11, 15)
    (call,) = _calls()
    open_form.refresh_from_db()
    assert call.due_at == dt.datetime(2027, 6, 18, 16, tzinfo=dt.UTC)  # 5pm here
    assert open_form.closes_on == dt.date(2027, 6, 18)


def test_a_break_takes_the_call_back_and_leaving_too(open_form: Assessment, pat: Participant, clock: Any) -> None:
    _nights(clock, 7, 14, 21)
    pat.status = ParticipantStatus.PAUSED
    pat.save()
    run_consequences(PAUSED, pat, pat.person)
    assert _calls() == []
    pat.status = ParticipantStatus.ACTIVE
    pat.save()
    _nights(clock, 22)
    assert len(_calls()) == 1
    stop_asking(pat, pat.person)
    assert _calls() == []


def test_who_does_without_questions_or_contact_is_not_called(
    open_form: Assessment, pat: Participant, clock: Any
) -> None:
    OptOut.objects.create(person=pat.person, topic=Topic.QUESTIONS)
    _nights(clock, 7, 14, 21)
    OptOut.objects.all().delete()
    pat.person.contact_stopped_at = dt.datetime(2027, 6, 20, tzinfo=dt.UTC)
    pat.person.save()
    _nights(clock, 22)
    assert _calls() == []


def test_who_is_spoken_to_anyway_is_called_and_not_reminded(
    open_form: Assessment, pat: Participant, clock: Any
) -> None:
    ContactPoint.objects.filter(person=pat.person).delete()
    _nights(clock, 7)
    assert [kind for kind, _ in _said()] == ["questionnaire_due"]
    assert len(_calls()) == 1


def test_two_forms_of_one_timepoint_are_one_word(open_form: Assessment, pat: Participant, clock: Any) -> None:
    another = QuestionnaireFactory(programme=pat.programme, code="another")
    AssessmentFactory(participant=pat, questionnaire=another, timepoint=open_form.timepoint)
    save_draft(assessment=open_form, answers={"energy": 4}, mode=AnswerMode.SELF, by=pat.person)
    submit(assessment=open_form, mode=AnswerMode.SELF, by=pat.person)
    (first,) = Message.objects.filter(kind__in=KINDS)
    assert first.state == MessageState.QUEUED  # the other form still waits
    assert questionnaire_due(first) is not None
    _nights(clock, 1, 7)
    assert [kind for kind, _ in _said()] == list(KINDS)
    (other,) = pat.assessments.filter(timepoint__code="start").exclude(pk=open_form.pk)
    save_draft(assessment=other, answers={"energy": 4}, mode=AnswerMode.SELF, by=pat.person)
    submit(assessment=other, mode=AnswerMode.SELF, by=pat.person)
    assert {m.state for m in Message.objects.filter(kind__in=KINDS)} == {MessageState.NOT_WANTED}
    assert questionnaire_due(first) is None


def _goes_on(participant: Participant, status: ParticipantStatus, event: Event) -> None:
    participant.status = status
    participant.save()
    run_consequences(event, participant, participant.person)


def test_a_break_before_the_first_word_leaves_the_first_word_to_be_said(
    open_form: Assessment, pat: Participant, clock: Any
) -> None:
    _goes_on(pat, ParticipantStatus.PAUSED, PAUSED)
    (first,) = Message.objects.filter(kind__in=KINDS)
    deliver(first)
    first.refresh_from_db()
    assert first.state == MessageState.NOT_WANTED
    _nights(clock, 9)
    _goes_on(pat, ParticipantStatus.ACTIVE, RESUMED)
    _nights(clock, 10, 16, 17)
    said = Message.objects.filter(kind__in=KINDS).exclude(pk=first.pk).order_by("pk")
    assert [(one.kind, one.due_at.date()) for one in said] == [
        ("questionnaire_due", TODAY + dt.timedelta(days=9)),
        ("questionnaire_reminder", TODAY + dt.timedelta(days=16)),
    ]


def test_who_wants_such_messages_again_is_told_from_the_first_word_on(
    open_form: Assessment, pat: Participant, clock: Any
) -> None:
    OptOut.objects.create(person=pat.person, topic=Topic.QUESTIONS)
    deliver(Message.objects.get(kind__in=KINDS))
    _nights(clock, 1)
    assert [kind for kind, _ in _said()] == ["questionnaire_due"]  # it is not tried again and again
    OptOut.objects.all().delete()
    _nights(clock, 9, 10)
    assert [kind for kind, _ in _said()] == ["questionnaire_due", "questionnaire_due"]


def test_a_reminder_that_was_taken_back_is_none_of_the_two(open_form: Assessment, pat: Participant, clock: Any) -> None:
    _nights(clock, 7)
    outbox.cancel(kinds=["questionnaire_reminder"], subject_id=open_form.pk)
    _nights(clock, 8, 15)
    assert _said()[1:] == [("questionnaire_reminder", {"last": last}) for last in (False, False, True)]
