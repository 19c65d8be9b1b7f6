"""Goals in people's own words: setting one, saying how near it is, putting it away.

Here: the actions, their refusals, and what is to be rated now. Not here: rows
(models/goals.py). Called by pages, for oneself or typed at the desk. No summary,
release or message holds a goal, and nobody else reads one; how near it is, without its words, may be in an extract for
research (extracts/).
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from outcomes.models import Assessment, AssessmentState, Goal, GoalRating
from outcomes.models.goals import LONGEST_GOAL, NOT_YET, REACHED
from participants.models import Participant, Timepoint

MOST_GOALS = 3


class BadGoal(Exception):
    """`problem` is "no_words", "too_many_words" or "no_such_rating"."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class EnoughGoals(Exception):
    """There are MOST_GOALS: one is put away first."""


class PutAway(Exception):
    """The goal was put away, and is rated no more."""


def goals_of(participant: Participant) -> list[Goal]:
    """Every goal of somebody whom the caller may already see, with its ratings, the oldest first."""
    rows = Goal.objects.filter(participant=participant)
    return list(rows.prefetch_related(Prefetch("ratings", GoalRating.objects.select_related("timepoint"))))


def current(goals: Sequence[Goal]) -> list[Goal]:
    """Those that were not put away."""
    return [goal for goal in goals if goal.put_away_at is None]


def to_rate(goals: Sequence[Goal], point: Timepoint | None) -> list[Goal]:
    """Those not rated yet at the timepoint that is open."""
    if point is None:
        return []
    return [goal for goal in current(goals) if all(one.timepoint_id != point.pk for one in goal.ratings.all())]


def open_timepoint(participant: Participant) -> Timepoint | None:
    """The latest one of which anything is asked today, whether it was answered or not."""
    today = timezone.localdate()
    rows = _asked(participant).filter(opens_on__lte=today).exclude(closes_on__lt=today)
    found = rows.select_related("timepoint").order_by("-timepoint__day").first()
    return found.timepoint if found else None


def set_goal(*, participant: Participant, words: str, near: int, by: Person) -> Goal:
    """One more, with how near it is today. The same words again while they stand are the same goal, rated anew where
    it has come nearer, or less near.

    Raises BadGoal, EnoughGoals.
    """
    words = " ".join(words.split())
    if not words:
        raise BadGoal("no_words")
    if len(words) > LONGEST_GOAL:
        raise BadGoal("too_many_words")
    _check(near)
    with acting(by, "outcomes.set_goal", on_behalf_of=participant.person):
        Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)  # one after the other
        there = current(goals_of(participant))
        for goal in there:
            if goal.words == words:
                latest = goal.ratings.last()
                if latest is None or latest.value != near:
                    _rate(goal, near, by)
                return goal
        if len(there) >= MOST_GOALS:
            raise EnoughGoals
        goal = Goal.objects.create(participant=participant, words=words, set_by=by)
        _rate(goal, near, by)
        return goal


def rate_goal(*, id: UUID, goal: Goal, near: int, by: Person) -> GoalRating:
    """How near it is now; of one timepoint the latest counts. The same one sent twice adds nothing; a page that was
    gone back to and says something else is one more.

    Raises BadGoal, PutAway.
    """
    _check(near)
    with acting(by, "outcomes.rate_goal", on_behalf_of=goal.participant.person):
        now = Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
        latest = now.ratings.last()
        was_sent = GoalRating.objects.filter(pk=id).exists()
        if was_sent and latest is not None and latest.value == near:
            return latest
        if now.put_away_at is not None:
            raise PutAway
        return _rate(goal, near, by, id=uuid4() if was_sent else id)


def put_away(*, goal: Goal, by: Person) -> None:
    """It is no longer wanted, or reached. Its words and ratings stay. Twice is harmless."""
    with acting(by, "outcomes.put_away_goal", on_behalf_of=goal.participant.person):
        Goal.objects.filter(pk=goal.pk, put_away_at=None).update(put_away_at=timezone.now())


def _check(near: int) -> None:
    if not NOT_YET <= near <= REACHED:
        raise BadGoal("no_such_rating")


def _rate(goal: Goal, near: int, by: Person, **key: UUID) -> GoalRating:
    point = open_timepoint(goal.participant)
    return GoalRating.objects.create(goal=goal, value=near, timepoint=point, by=by, **key)


def _asked(participant: Participant) -> QuerySet[Assessment]:
    return participant.assessments.exclude(state=AssessmentState.NOT_WANTED)
