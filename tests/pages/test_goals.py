from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import AccessLog, User
from outcomes.answering.goals import put_away
from outcomes.models import Goal
from participants.models import Participant
from tests.factories.outcomes import AssessmentFactory

pytestmark = pytest.mark.django_db


def _text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_goal_in_ones_own_words_from_the_first_to_being_put_away(
    pat: Participant, quinn: Participant, sam: User, sign_in: Any
) -> None:
    browser, page, progress = sign_in(pat.person.user), reverse("me:goals"), reverse("me:progress")
    assert "Set a goal" in _text(browser.get(progress))
    assert "Enter what you would like to be able to do" in _text(browser.post(page, {"words": "", "near": "2"}))
    assert "from 0 to 10" in _text(browser.post(page, {"words": "Walk.", "near": "11"}))
    assert "2 of 10 on" in _text(browser.post(page, {"words": "Walk to the shop", "near": "2"}, follow=True))
    goal = Goal.objects.get()
    address = reverse("me:goal", args=[goal.pk])
    AssessmentFactory(participant=pat)
    asked = _text(browser.get(progress))
    assert f'href="{address}">How near is your goal: Walk to the shop' in asked
    browser.post(address, {"near": "6"})
    assert "to 6 of 10 on" in _text(browser.get(progress)) and "How near is your goal" not in _text(
        browser.get(progress)
    )
    assert "6 of 10" in _text(browser.get(address)) and ", start" in _text(browser.get(address))
    for other in (quinn.person.user, sam):
        assert sign_in(other).get(address).status_code in (403, 404)
    browser = sign_in(pat.person.user)
    browser.post(reverse("me:put_away_goal", args=[goal.pk]))
    assert "Goals that were put away" in _text(browser.get(page))
    assert browser.get(address).status_code == 404


def test_three_goals_are_enough_and_the_page_says_what_to_do(pat: Participant, sign_in: Any) -> None:
    browser, page = sign_in(pat.person.user), reverse("me:goals")
    for number in range(3):
        browser.post(page, {"words": f"Goal {number}", "near": "0"})
    assert "Put one away to add another." in _text(browser.get(page))
    refused = browser.post(page, {"words": "One more", "near": "0"})
    assert refused.status_code == 409 and "Put one away first" in _text(refused) and "One more" in _text(refused)


def test_the_desk_types_what_is_said_and_each_look_is_logged(pat: Participant, dee: User, sign_in: Any) -> None:
    browser, page = sign_in(dee), reverse("desk:goals", args=[pat.pk])
    assert "own words" in _text(browser.post(page, {"words": "Dance again", "near": "1"}, follow=True))
    goal = Goal.objects.get()
    one = reverse("desk:goal", args=[pat.pk, goal.pk])
    assert "“Dance again”" in _text(browser.get(one))
    assert goal.set_by == dee.person
    assert AccessLog.objects.filter(target=pat.person, what="goals", by=dee.person).count() == 3
    browser.post(reverse("desk:put_away_goal", args=[pat.pk, goal.pk]))
    assert Goal.objects.get().put_away_at is not None


def test_a_goal_put_away_meanwhile_is_said_so(pat: Participant, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in(pat.person.user)
    browser.post(reverse("me:goals"), {"words": "Walk", "near": "0"})
    goal = Goal.objects.get()
    put_away(goal=goal, by=pat.person)
    monkeypatch.setattr("frontend.goals.goal_or_404", lambda participant, pk: goal)  # read before it was put away
    late = browser.post(reverse("me:goal", args=[goal.pk]), {"near": "3"})
    assert late.status_code == 409 and "put away meanwhile" in _text(late)
