from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from messaging.models import Message, MessageState, TaskState
from messaging.worklist import raise_task
from outcomes.answering.goals import set_goal
from outcomes.asking.open_forms import DUE_MESSAGE, QUESTIONS_CALL
from outcomes.asking.planning import plan_assessments
from outcomes.asking.timepoints import (
    AnsweredAlready,
    AskedAtNoTime,
    ask_after_a_year,
    ask_at,
    ask_from_now_on,
    ask_nobody_any_more,
    asked_at,
    do_not_ask_after_a_year,
)
from outcomes.models import AssessmentState, GoalRating, Questionnaire
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


def test_what_is_asked_of_nobody_any_more_is_taken_back_and_stays_so(pat: Participant, dee: User) -> None:
    timepoints_of(pat.programme)
    form = QuestionnaireFactory(programme=pat.programme, code="long")
    plan_assessments(participant=pat, by=dee.person)
    theirs = pat.assessments.filter(questionnaire=form).order_by("timepoint__day").values_list("state", flat=True)
    theirs.filter(timepoint__code="w26").update(state=AssessmentState.MISSED)
    asked = Message.objects.filter(kind=DUE_MESSAGE, state=MessageState.QUEUED)
    assert asked.count() == 1
    assert ask_nobody_any_more(questionnaire=form, by=dee.person) == 2
    assert list(theirs) == ["not_wanted", "not_wanted", "missed"]  # what was not answered in time still tells so
    assert asked.count() == 1, "our own check is open at that time too"
    for other in pat.programme.questionnaires.exclude(pk=form.pk):
        ask_nobody_any_more(questionnaire=other, by=dee.person)
    assert not asked.exists()
    plan_assessments(participant=pat, by=dee.person)  # as when somebody joins once more
    assert list(theirs.all())[:2] == ["not_wanted", "not_wanted"]


def test_a_form_that_is_asked_after_a_year_alone_is_asked_no_more_without_it(pat: Participant, clare: User) -> None:
    timepoints_of(pat.programme)
    ask_after_a_year(programme=pat.programme, by=clare.person)
    both, alone = (QuestionnaireFactory(programme=pat.programme, code=code, active=False) for code in ("both", "alone"))
    ask_from_now_on(questionnaire=both, codes=["w26", "w52"], by=clare.person)
    ask_from_now_on(questionnaire=alone, codes=["w52"], by=clare.person)
    do_not_ask_after_a_year(programme=pat.programme, by=clare.person)
    left = Questionnaire.objects.filter(pk__in=[both.pk, alone.pk]).order_by("pk")
    assert list(left.values_list("active", "asked_at")) == [(True, ["w26"]), (False, [])]
