from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from outcomes.answering.recording import own_forms, save_draft, submit
from outcomes.asking.planning import experience_form_of
from outcomes.counting.experience import said_at_desk_of
from outcomes.models import AnswerMode, Assessment, Response, Score
from participants.models import ConsentKind, Participant
from tests.factories.outcomes import AssessmentFactory, TimepointFactory, consents
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


def _form(participant: Participant) -> Assessment:
    point = TimepointFactory(
        programme=participant.programme, code="m1", label="1 month", day=28, opens_before=7, closes_after=14,
        measures_change=False,
    )  # fmt: skip
    asked = experience_form_of(participant.programme, by=participant.person)
    return AssessmentFactory(participant=participant, timepoint=point, questionnaire=asked)


def _answer(participant: Participant, **answers: int) -> None:
    form = _form(participant)
    save_draft(assessment=form, answers=answers, mode=AnswerMode.SELF, by=participant.person)
    submit(assessment=form, mode=AnswerMode.SELF, by=participant.person)


def test_it_is_asked_like_any_other_form_and_is_no_progress(pat: Participant, sign_in: Any) -> None:
    form, browser = _form(pat), sign_in(pat.person.user)
    assert "MIT" not in browser.get(reverse("me:wellbeing", args=[form.pk])).content.decode()
    for item in ("finding", "suiting", "safe", "explained", "welcome"):
        page = browser.post(reverse("me:wellbeing_question", args=[form.pk, item]), {"answer": 8})
    assert "Would you suggest SafeFit" in browser.get(page["Location"]).content.decode()
    page = browser.post(page["Location"], {"answer": 2})
    assert "Your answers have been sent" in browser.post(page["Location"], follow=True).content.decode()
    scores = Response.objects.get().scores.values_list("scale", "value")
    assert dict(scores) == dict.fromkeys(("finding", "suiting", "safe", "explained", "welcome"), 8.0) | {"suggest": 2.0}
    assert own_forms(pat) == []


def test_the_desk_reads_means_from_eight_people_on_and_nobodys_answers(
    pat: Participant, dee: User, sign_in: Any
) -> None:
    browser, page = sign_in(dee), reverse("desk:experience")
    assert "Nobody has answered yet." in browser.get(page).content.decode()
    for number in range(8):
        _answer(ParticipantFactory(programme=pat.programme), safe=number, **({"suggest": 2} if number else {}))
    shown = " ".join(browser.get(page).content.decode().split())
    assert "1 month" in shown and "3.5 of 10" in shown
    assert "Fewer than 8" in shown and "2.0 of 2" not in shown


def test_one_more_answer_moves_no_average_and_a_new_recipe_counts_nobody_twice(pat: Participant, dee: User) -> None:
    for number in range(8):
        _answer(ParticipantFactory(programme=pat.programme), safe=number)
    (before,) = said_at_desk_of(dee)
    _answer(pat, safe=10)
    for score in Score.objects.filter(scale="safe"):
        Score.objects.create(
            response=score.response, scale="safe", recipe=score.recipe, recipe_version="2", value=score.value
        )
    assert (said_at_desk_of(dee), before.people, before.mean) == ([before], 8, 3.5)
    for _ in range(7):
        _answer(ParticipantFactory(programme=pat.programme), safe=10)
    (after,) = said_at_desk_of(dee)
    assert (after.people, after.mean) == (16, 6.75)
    consents(pat, ConsentKind.HEALTH, given=False)
    (without,) = said_at_desk_of(dee)
    assert without.people == 8, "whoever took back that we use their answers is in no mean"
