"""A participant answers the wellbeing check, one question a page, and reads how they are doing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from outcomes.models import Assessment, AssessmentState, Response
from outcomes.scoring import DECLINED
from participants.models import Participant
from tests.factories.outcomes import AssessmentFactory, QuestionnaireFactory, answers_of, sent_form
from tests.journeys.registering import page_of
from tests.journeys.visitor import Visitor
from tests.journeys.world import World

Window = Callable[..., Visitor]


@pytest.fixture
def pat(world: World) -> Participant:
    return world.someone("Pat Example")


def start_form(pat: Participant) -> Assessment:
    found: Assessment = Assessment.objects.get(participant=pat, timepoint__code="start")
    return found


def test_a_participant_answers_stops_comes_back_and_sends(open_window: Window, pat: Participant) -> None:
    visitor = open_window()
    visitor.sign_in("pat")
    visitor.sees("Ready for you to answer")
    visitor.look("me-home-check-due")
    visitor.follow("SafeFit wellbeing check")
    visitor.look("wellbeing")
    visitor.follow("Start")
    visitor.sees("Question 1 of")
    visitor.look("wellbeing-question")
    visitor.press("Save and continue")
    visitor.look("wellbeing-question-error", error=True)
    for answer in ("6", "I would rather not answer", "5"):
        visitor.choose(answer)
        visitor.press("Save and continue")
    visitor.follow("Stop for now and come back later")
    visitor.look("progress-check-begun")
    assert Response.objects.get().answers == {"energy": 6, "sleep": DECLINED, "strength": 5}
    assert start_form(pat).state != AssessmentState.SUBMITTED

    visitor.follow("SafeFit wellbeing check")
    visitor.sees("Carry on")
    visitor.follow("Carry on")
    assert page_of(visitor) == "tasks", "what was answered is not asked again"
    while page_of(visitor) not in ("act_days", "answers"):
        visitor.choose("5")
        visitor.press("Save and continue")
    visitor.choose("3")
    visitor.press("Save and continue")
    visitor.fill("how many minutes", "lots")
    visitor.press("Save and continue")
    visitor.look("wellbeing-minutes-error", error=True)
    visitor.press("I would rather not answer")
    visitor.sees("Check your answers")
    visitor.sees("6 out of 10")
    visitor.look("wellbeing-answers")
    visitor.page.get_by_role("link", name="how much energy").click()
    visitor.choose("7")
    visitor.press("Save and continue")
    visitor.sees("7 out of 10")
    visitor.press("Send my answers")
    visitor.sees("Your answers have been sent")
    visitor.look("wellbeing-thanks")
    response = Response.objects.get()
    assert (response.answers["energy"], response.answers["act_min"]) == (7, DECLINED)
    assert response.submitted_at and response.entered_by == pat.person
    assert start_form(pat).state == AssessmentState.SUBMITTED
    assert response.scores.get(scale="total").value is not None
    assert response.scores.get(scale="active_minutes").value is None

    visitor.follow("See how you are doing")
    visitor.sees("Thank you for answering")
    visitor.look("progress-first")


def test_own_progress_is_told_in_words_and_can_be_hidden(open_window: Window, pat: Participant) -> None:
    today = timezone.localdate()
    sent_form(start_form(pat), answers_of(4), on=today - dt.timedelta(days=84))
    later = Assessment.objects.filter(participant=pat, timepoint__code="w12").first()
    assert later, "the form after 12 weeks is planned when somebody joins"
    sent_form(later, {**answers_of(7), "sleep": 2, "change": 1}, on=today)
    asked = {"code": "hads", "recipe": "hads", "title": "How you feel in yourself", "version": "1"}
    other = QuestionnaireFactory(programme=pat.programme, **asked)
    for own, days, answer in ((start_form(pat), 84, 1), (later, 0, 2)):
        form = AssessmentFactory(participant=pat, questionnaire=other, timepoint=own.timepoint)
        sent_form(form, {f"q{item}": answer for item in range(1, 15)}, on=today - dt.timedelta(days=days))
    visitor = open_window()
    visitor.sign_in("pat")
    visitor.follow("How I am doing")
    visitor.sees("Your energy is higher than when you started.")
    visitor.sees("Your sleep is")
    visitor.sees("From 0 to 21; less is better")
    visitor.does_not_see("worse")
    visitor.look("progress")
    for reveal in visitor.page.locator("main details summary").all():
        reveal.click()
    visitor.look("progress-all-open")
    visitor.press("Hide my answers")
    visitor.does_not_see("Your energy is higher")
    visitor.look("progress-hidden")
