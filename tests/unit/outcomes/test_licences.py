from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import User
from messaging.models import Task, TaskState
from messaging.worklist import close_task
from outcomes.bringing import Licence, make_inactive, record_licence
from outcomes.licences import ENDS, look_at_licences
from outcomes.models import AssessmentState
from participants.models import Participant
from tests.factories.outcomes import AssessmentFactory, QuestionnaireFileFactory

pytestmark = pytest.mark.django_db

ENDS_ON = dt.date(2027, 6, 30)


def _tasks(*states: str) -> list[tuple[int | None, str]]:
    rows = Task.objects.filter(kind=ENDS, state__in=states or [TaskState.OPEN]).order_by("pk")
    return [(task.subject_id, task.context["on"]) for task in rows]


def test_the_desk_is_asked_eight_weeks_before_a_licence_ends_and_once_for_each_last_day(
    pat: Participant, dee: User
) -> None:
    file = QuestionnaireFileFactory(
        questionnaire__programme=pat.programme, questionnaire__active=True, licence_until=ENDS_ON
    )
    asked = file.questionnaire
    assert look_at_licences(on=ENDS_ON - dt.timedelta(days=57)) == 0
    assert look_at_licences(on=ENDS_ON - dt.timedelta(days=56)) == look_at_licences(on=ENDS_ON) == 1
    assert _tasks() == [(asked.pk, "2027-06-30")]
    close_task(task=Task.objects.get(kind=ENDS), outcome="not_needed", by=dee.person)
    look_at_licences(on=ENDS_ON + dt.timedelta(days=30))
    assert _tasks() == []
    for year in (2027, 2028):
        longer = Licence("Wessex programme", "A-18", dt.date(2026, 1, 1), dt.date(year, 7, 31))
        record_licence(questionnaire=asked, licence=longer, by=dee.person)
        look_at_licences(on=ENDS_ON + dt.timedelta(days=1))
    assert _tasks() == [] and _tasks(TaskState.CANCELLED) == [(asked.pk, "2027-07-31")]


def test_while_anybody_is_still_asked_a_form_its_licence_matters(pat: Participant, dee: User) -> None:
    file = QuestionnaireFileFactory(
        questionnaire__programme=pat.programme, questionnaire__active=True, licence_until=ENDS_ON
    )
    planned = AssessmentFactory(participant=pat, questionnaire=file.questionnaire)
    make_inactive(questionnaire=file.questionnaire, by=dee.person)
    assert look_at_licences(on=ENDS_ON) == 1
    planned.state = AssessmentState.NOT_WANTED
    planned.save()
    assert look_at_licences(on=ENDS_ON) == 0
    assert _tasks() == []
