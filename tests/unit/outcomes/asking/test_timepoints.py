from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from messaging.models import TaskState
from messaging.worklist import raise_task
from outcomes.answering.goals import set_goal
from outcomes.asking.open_forms import QUESTIONS_CALL
from outcomes.asking.planning import plan_assessments
from outcomes.asking.timepoints import (
    AnsweredAlready,
    AskedAtNoTime,
    ask_after_a_year,
    ask_at,
    asked_at,
    do_not_ask_after_a_year,
)
from outcomes.models import GoalRating
from participants.models import Participant
from tests.factories.outcomes import QuestionnaireFactory, timepoints_of

pytestmark = pytest.mark.django_db


def test_after_a_year_no_call_is_left_over_and_what_was_said_of_a_goal_stays(pat: Participant, clare: User) -> None:
    timepoints_of(pat.programme)
    point = ask_after_a_year(programme=pat.programme, by=clare.person)
    goal = set_goal(participant=pat, words="Walk.", near=2, by=pat.person)
    head = pat.assessments.get(timepoint=point)
    call = raise_task(
        programme=pat.programme, kind=QUESTIONS_CALL, due_at=timezone.now(), about=pat.person, subject_id=head.pk,
        dedupe_key="call", by=clare.person,
    )  # fmt: skip
    do_not_ask_after_a_year(programme=pat.programme, by=clare.person)
    call.refresh_from_db()
    assert call.state == TaskState.CANCELLED
    point = ask_after_a_year(programme=pat.programme, by=clare.person)
    GoalRating.objects.create(goal=goal, value=4, timepoint=point, by=pat.person)
    with pytest.raises(AnsweredAlready):
        do_not_ask_after_a_year(programme=pat.programme, by=clare.person)


def test_a_form_is_asked_at_the_timepoints_that_were_chosen_for_it(pat: Participant, dee: User) -> None:
    timepoints_of(pat.programme)
    form = QuestionnaireFactory(programme=pat.programme, code="long")

    def chosen(*codes: str) -> list[str]:
        return [point.code for point in asked_at(ask_at(questionnaire=form, codes=codes, by=dee.person))]

    for codes in ((), ("start", "w99")):
        with pytest.raises(AskedAtNoTime):
            chosen(*codes)
    assert chosen("w26", "start") == ["start", "w26"]
    plan_assessments(participant=pat, by=dee.person)
    theirs = pat.assessments.filter(questionnaire=form).order_by("timepoint__day")
    assert list(theirs.values_list("timepoint__code", flat=True)) == ["start", "w26"]
    assert chosen("start", "w12", "w26") == ["start", "w12", "w26"]
    form.refresh_from_db()
    assert form.asked_at == []  # as usual: at one that is added later too
    assert chosen("w26") == ["w26"] and theirs.count() == 2  # what is planned stays
