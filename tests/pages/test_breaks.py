"""A break on the person's own pages and at the desk, from start to coming back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.history import System
from classes.judging.refusals import TryAgain
from classes.models import BookingState
from messaging.models import Task
from participants import consents
from participants.content import install
from participants.models import EnrolmentPause, Participant, ParticipantStatus
from participants.taking_part import life
from participants.taking_part.pauses import ask_after_pauses
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
START, NOW, END = "/me/break/", "/me/break/now/", "/me/break/end/"


@pytest.fixture
def browser(pat: Participant, sign_in: Any) -> Client:
    install(pat.programme, System.COMMAND)
    for text in consents.current_texts(pat.programme):
        consents.give_consent(participant=pat, text=text, by=pat.person)
    client: Client = sign_in(pat.person.user)
    return client


@pytest.fixture
def desk(browser: Client, dee: Any, sign_in: Any) -> Client:
    client: Client = sign_in(dee)
    return client


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def boxes(on: dt.date) -> dict[str, str]:
    return {"review_on-day": str(on.day), "review_on-month": str(on.month), "review_on-year": str(on.year)}


def going_on() -> EnrolmentPause:
    return EnrolmentPause.objects.get(ends_on=None)


def test_a_person_pauses_changes_the_day_and_comes_back(browser: Client, pat: Participant) -> None:
    place = BookingFactory(session=SessionFactory(programme=pat.programme, places_taken=1), participant=pat)
    home = text_of(browser.get("/me/"))
    assert "I need a break" in home and "week 5 of your programme" in home
    assert "For these weeks we suggest <strong>one session a week</strong>" in home
    assert "1 class that you have booked" in text_of(browser.get(START))
    assert browser.post(START, {}).status_code == 422
    assert browser.post(START, {"reason": "treatment", **boxes(in_days(0))}).status_code == 422
    assert browser.post(START, {"reason": "treatment", **boxes(in_days(20))})["Location"] == NOW
    place.refresh_from_db()
    assert (place.state, place.end_reason) == (BookingState.CANCELLED, "paused")
    assert going_on().review_on == in_days(20)
    shown = text_of(browser.get(NOW))
    assert "Treatment" in shown and "I am ready to come back" in shown
    home = text_of(browser.get("/me/"))
    assert "You are having a break" in home and "My health has changed" not in home
    assert browser.get("/me/health/changed/")["Location"] == NOW
    assert "You are having a break" in text_of(browser.get("/me/health/"))

    assert browser.post(NOW, {}).status_code == 422
    assert browser.post(NOW, boxes(in_days(30)))["Location"] == NOW
    assert going_on().review_on == in_days(30)
    assert browser.post(END)["Location"] == "/me/health/changed/"
    assert "Welcome back" in text_of(browser.get("/me/health/changed/"))
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.ACTIVE


def test_pressing_twice_starts_one_break_and_ends_it_once(browser: Client) -> None:
    for _ in range(2):
        assert browser.post(START, {"reason": "away"})["Location"] == NOW
    assert EnrolmentPause.objects.count() == 1
    browser.post(END)
    again = browser.post(END, follow=True)
    assert "you are not having a break" in text_of(again)
    assert browser.get(NOW)["Location"] == START
    assert browser.get(END).status_code == 405


def refusing(refusal):
    def act(**kwargs):
        raise refusal

    return act


@pytest.mark.parametrize(
    ("refusal", "words"),
    [(life.NotPossibleNow("paused"), "Nothing was changed"), (TryAgain(), "Press the button again")],
)
def test_a_break_that_cannot_begin_at_this_moment_says_why(browser, desk, pat, monkeypatch, refusal, words) -> None:
    monkeypatch.setattr(life, "pause", refusing(refusal))
    answer = browser.post(START, {"reason": "away"})
    assert answer.status_code == 409 and words in text_of(answer)
    at_desk = desk.post(f"/desk/people/{pat.pk}/pause/", {"reason": "away"})
    assert at_desk.status_code == 409


def test_a_break_that_ended_meanwhile_is_not_moved(browser, pat, monkeypatch) -> None:
    life.pause(participant=pat, reason="away", by=pat.person)
    monkeypatch.setattr(life, "move_review", refusing(life.NotPossibleNow("active")))
    assert browser.post(NOW, boxes(in_days(9)))["Location"] == START


def test_who_has_left_is_told_to_call(browser: Client, pat: Participant) -> None:
    life.withdraw(participant=pat, by=pat.person)
    assert "Call us to come back" in text_of(browser.get(START, follow=True))


def test_the_desk_pauses_moves_the_day_and_sees_how_far_somebody_is(desk: Client, pat: Participant) -> None:
    person, page = f"/desk/people/{pat.pk}/", f"/desk/people/{pat.pk}/pause/"
    assert "Week 5: Months 2 and 3" in text_of(desk.get(person))
    desk.post(page, {"reason": "operation", **boxes(in_days(1))})
    ask_after_pauses(on=in_days(1))
    task = Task.objects.get(kind="pause_review")
    assert f"{page}now/" in text_of(desk.get(f"/desk/tasks/{task.pk}/"))
    shown = text_of(desk.get(person))
    assert "an operation" in shown and "Not known while the break goes on" in shown
    assert "An operation" in text_of(desk.get(f"{page}now/"))
    assert desk.post(f"{page}now/", {}).status_code == 422
    assert desk.post(f"{page}now/", boxes(in_days(8)))["Location"] == person
    task.refresh_from_db()
    assert (task.state, going_on().review_on) == ("cancelled", in_days(8))
    life.resume(participant=pat, by=pat.person)
    assert desk.get(f"{page}now/")["Location"] == page


@pytest.mark.parametrize(("action", "sent"), [("pause", {"reason": "away"}), ("move_review", boxes(in_days(9)))])
def test_what_cannot_be_done_any_more_is_said_at_the_desk(desk, pat, monkeypatch, action, sent) -> None:
    page = f"/desk/people/{pat.pk}/pause/"
    if action == "move_review":
        life.pause(participant=pat, reason="away", by=pat.person)
        page += "now/"

    def too_late(**kwargs):
        raise life.NotPossibleNow("withdrawn")

    monkeypatch.setattr(life, action, too_late)
    answer = desk.post(page, sent)
    assert answer.status_code == 409 and "left the programme" in text_of(answer)
