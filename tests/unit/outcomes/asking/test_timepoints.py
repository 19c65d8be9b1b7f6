from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from messaging.models import TaskState
from messaging.worklist import raise_task
from outcomes.answering.goals import set_goal
from outcomes.asking.open_forms import QUESTIONS_CALL
from outcomes.asking.timepoints import AnsweredAlready, ask_after_a_year, do_not_ask_after_a_year
from outcomes.models import GoalRating
from participants.models import Participant
from tests.factories.outcomes import timepoints_of

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
