from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import User
from outcomes.answering.goals import (
    BadGoal,
    EnoughGoals,
    PutAway,
    current,
    goals_of,
    open_timepoint,
    put_away,
    rate_goal,
    set_goal,
    to_rate,
)
from outcomes.models import AssessmentState, Goal, GoalRating
from participants.models import Participant
from tests.factories.outcomes import AssessmentFactory, TimepointFactory

pytestmark = pytest.mark.django_db


def _day(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def _set(pat: Participant, words: str = "Walk to the shop.", near: int = 2) -> Goal:
    return set_goal(participant=pat, words=words, near=near, by=pat.person)


def test_a_goal_keeps_its_words_as_they_were_said_and_where_nobody_reads_them(pat: Participant) -> None:
    goal = _set(pat, "  Walk to\n the shop. ")
    assert (goal.words, [rating.value for rating in goal.ratings.all()]) == ("Walk to the shop.", [2])
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM outcomes_goal")
        assert "shop" not in cursor.fetchone()[0]
    with pytest.raises(ProgrammingError), transaction.atomic():
        Goal.objects.filter(pk=goal.pk).update(words="Run.")
    event = Goal.pgh_event_model.objects.latest("pgh_id")
    assert event.pgh_context["action"] == "outcomes.set_goal"
    assert not hasattr(event, "words")


def test_sent_twice_it_is_one_goal(pat: Participant) -> None:
    assert _set(pat) == _set(pat)
    assert GoalRating.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "near", "problem"),
    [
        (" ", 2, "no_words"),
        ("x" * 201, 2, "too_many_words"),
        ("Walk.", -1, "no_such_rating"),
        ("Walk.", 11, "no_such_rating"),
    ],
)
def test_what_is_no_goal_is_refused_by_name(pat: Participant, words: str, near: int, problem: str) -> None:
    with pytest.raises(BadGoal) as refusal:
        _set(pat, words, near)
    assert (refusal.value.problem, Goal.objects.count()) == (problem, 0)


def test_three_at_a_time_and_one_put_away_makes_room(pat: Participant) -> None:
    first, *_ = [_set(pat, f"Goal {number}.") for number in range(3)]
    with pytest.raises(EnoughGoals):
        _set(pat, "One more.")
    put_away(goal=first, by=pat.person)
    gone = Goal.objects.get(pk=first.pk).put_away_at
    put_away(goal=first, by=pat.person)
    assert Goal.objects.get(pk=first.pk).put_away_at == gone
    _set(pat, "One more.")
    assert [goal.words for goal in current(goals_of(pat))] == ["Goal 1.", "Goal 2.", "One more."]
    with pytest.raises(PutAway):
        rate_goal(id=uuid4(), goal=first, near=4, by=pat.person)


def test_it_is_rated_once_for_each_time_that_is_open_and_may_be_said_anew(pat: Participant, dee: User) -> None:
    goal = _set(pat)
    assert (open_timepoint(pat), to_rate(goals_of(pat), None)) == (None, [])
    over = TimepointFactory(programme=pat.programme, code="start", day=0)
    AssessmentFactory(participant=pat, timepoint=over, opens_on=_day(-9), closes_on=_day(-1))
    w12 = TimepointFactory(programme=pat.programme, code="w12", day=84)
    sent = AssessmentFactory(participant=pat, timepoint=w12, state=AssessmentState.SUBMITTED, closes_on=_day(0))
    assert open_timepoint(pat) == w12  # answered or not
    assert to_rate(goals_of(pat), w12) == [goal]
    key = uuid4()
    rated = rate_goal(id=key, goal=goal, near=6, by=dee.person)
    assert rate_goal(id=key, goal=goal, near=6, by=dee.person) == rated
    assert (rated.timepoint, to_rate(goals_of(pat), w12)) == (w12, [])
    rate_goal(id=uuid4(), goal=goal, near=7, by=pat.person)
    assert [one.value for one in goals_of(pat)[0].ratings.all()] == [2, 6, 7]
    with pytest.raises(BadGoal):
        rate_goal(id=uuid4(), goal=goal, near=11, by=pat.person)
    sent.state = AssessmentState.NOT_WANTED
    type(sent).objects.filter(pk=sent.pk).delete()
    assert open_timepoint(pat) is None


def test_a_page_gone_back_to_that_says_something_else_is_not_lost(pat: Participant) -> None:
    goal, key = _set(pat), uuid4()
    for near in (6, 8, 8, 6):
        rate_goal(id=key, goal=goal, near=near, by=pat.person)
    assert [one.value for one in goals_of(pat)[0].ratings.all()] == [2, 6, 8, 6]


def test_the_database_keeps_ratings_from_0_to_10(pat: Participant) -> None:
    with pytest.raises(IntegrityError, match="a_goal_is_rated_from_0_to_10"):
        GoalRating.objects.create(goal=_set(pat), value=11, by=pat.person)


def test_the_same_words_with_another_number_are_one_goal_and_the_number_is_kept(pat) -> None:
    goal = set_goal(participant=pat, words="Walk to the sea", near=2, by=pat.person)
    for near in (2, 5, 5):
        assert set_goal(participant=pat, words=" Walk  to the sea", near=near, by=pat.person) == goal
    assert list(goal.ratings.values_list("value", flat=True)) == [2, 5]
