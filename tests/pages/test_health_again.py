"""The health questions asked again: on the person's own pages, and at the desk by telephone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.history import System
from accounts.models import AccessLog
from classes.models import Booking
from messaging.models import Task
from participants import consents, health
from participants.content import install
from participants.models import ClearanceState, Participant, ParticipantStatus
from participants.rescreening import ask_again
from participants.rules.questions import CURRENT
from participants.taking_part import life
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db
ASKED, ANSWERED = "/me/health/changed/", "/me/health/answered/"
SENT = HEALTH | {"version": CURRENT, "note": ""}


@pytest.fixture
def agreed(pat: Participant) -> Participant:
    install(pat.programme, System.COMMAND)
    for text in consents.current_texts(pat.programme):
        consents.give_consent(participant=pat, text=text, by=pat.person)
    return pat


@pytest.fixture
def browser(agreed: Participant, sign_in: Any) -> Client:
    client: Client = sign_in(agreed.person.user)
    return client


@pytest.fixture
def desk(agreed: Participant, dee: Any, sign_in: Any) -> Client:
    client: Client = sign_in(dee)
    return client


@pytest.fixture
def place(agreed: Participant) -> Booking:
    session = SessionFactory(programme=agreed.programme, starts_at=timezone.now() + dt.timedelta(days=5))
    return BookingFactory(session=session, participant=agreed)


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def test_home_says_until_when_the_answers_are_good_and_offers_to_change_them(browser: Client, agreed) -> None:
    ClearanceFactory(participant=agreed, valid_until=in_days(29))
    shown = text_of(browser.get("/me/"))
    assert "Your health answers are good until" in shown and "My health has changed" in shown
    assert "run out on" not in shown
    ClearanceFactory(participant=agreed, valid_until=in_days(28))
    assert "Your health answers run out on" in text_of(browser.get("/me/"))


def test_what_has_run_out_is_said_to_have_run_out_on_every_page(browser: Client, desk: Client, agreed) -> None:
    ClearanceFactory(participant=agreed, valid_until=in_days(-1))
    for address in ("/me/", "/me/health/", "/me/details/"):
        shown = text_of(browser.get(address))
        assert "Your health answers have run out" in shown and "Safe for you" not in shown, address
    assert "answer our questions about your health again" in text_of(browser.get("/me/health/"))
    assert "Has run out" in text_of(desk.get(f"/desk/people/{agreed.pk}/"))


def test_nothing_is_filled_in_and_what_was_said_last_stands_beside_the_question(browser: Client, agreed) -> None:
    health.update_health(participant=agreed, answers=HEALTH | {"falls": ["fallen"]}, by=agreed.person)
    shown = text_of(browser.get(ASKED))
    assert "I have fallen" in shown and "Last time, on" in shown
    assert "checked" not in shown
    left_out = {name: value for name, value in SENT.items() if name != "falls"}
    assert browser.post(ASKED, left_out).status_code == 422, "the answer of last time is never taken over"


@pytest.mark.parametrize("version", ["2025-9", "", None])
def test_an_old_page_is_refused_and_asked_again_with_what_still_fits_kept(browser, agreed, version) -> None:
    sent = {
        name: value for name, value in {**SENT, "version": version, "note": "my words"}.items() if value is not None
    }
    answer = browser.post(ASKED, sent)
    shown = text_of(answer)
    assert answer.status_code == 409 and "The questions have changed" in shown
    assert "my words" in shown and shown.count("checked") == len(HEALTH)
    assert f'name="version" value="{CURRENT}"' in shown
    assert not agreed.health_profiles.exists()


def test_after_answering_a_page_says_what_happens_next_and_by_when(browser, agreed, place) -> None:
    answer = browser.post(ASKED, SENT | {"surgery": "yes"})
    assert answer["Location"] == ANSWERED
    shown = text_of(browser.get(ANSWERED))
    assert "One of our team is reading your answers, and will be in touch by" in shown
    assert place.session.class_type.name in shown and "We keep your place until" in shown
    soon = SessionFactory(programme=agreed.programme, starts_at=timezone.now() + dt.timedelta(hours=3))
    BookingFactory(session=soon, participant=agreed)
    assert "less than a day left" in text_of(browser.get(ANSWERED))


def test_after_plain_answers_the_page_says_until_when_one_can_book(browser, agreed, place) -> None:
    browser.post(ASKED, SENT)
    shown = text_of(browser.get(ANSWERED))
    assert "You can book classes until" in shown and "Find a class" in shown
    assert "We keep your place" not in shown


def test_who_was_paused_while_answering_is_told_so(browser, agreed, monkeypatch) -> None:
    asked = health.last_answers

    def paused_meanwhile(participant):
        life.pause(participant=agreed, reason="treatment", by=agreed.person)
        return asked(participant)

    monkeypatch.setattr(health, "last_answers", paused_meanwhile)
    told = browser.post(ASKED, SENT, follow=True)
    assert told.redirect_chain == [("/me/break/now/", 302)]
    assert "Your answers were not kept" in text_of(told)
    assert not agreed.health_profiles.exists()


def test_who_leaves_during_the_call_is_not_asked(desk, agreed, monkeypatch) -> None:
    asked = health.last_answers

    def left_meanwhile(participant):
        life.withdraw(participant=agreed, by=agreed.person)
        return asked(participant)

    monkeypatch.setattr(health, "last_answers", left_meanwhile)
    done = desk.post(f"/desk/people/{agreed.pk}/health/", SENT, follow=True)
    assert "They do not take part at the moment" in text_of(done)


# --- at the desk, by telephone -----------------------------------------------


def test_the_desk_asks_by_phone_and_tells_what_happens_next(desk, dee, agreed) -> None:
    ClearanceFactory(participant=agreed, valid_until=in_days(2))
    ask_again(on=timezone.localdate())
    task = Task.objects.get(kind="health_due_call")
    page = f"/desk/people/{agreed.pk}/health/"
    assert page in text_of(desk.get(f"/desk/tasks/{task.pk}/"))
    assert "Read each question and its answers aloud" in text_of(desk.get(page))
    assert AccessLog.objects.filter(by=dee.person, target=agreed.person, purpose="asking health").exists()
    assert desk.post(page, {"version": CURRENT}).status_code == 422
    done = desk.post(page, SENT, follow=True)
    assert "Tell them that they can book now" in text_of(done)
    profile = agreed.health_profiles.get()
    assert (profile.mode, profile.by) == ("desk", dee.person)
    task.refresh_from_db()
    assert task.state == "cancelled"


def test_the_desk_says_by_when_a_person_will_look(desk, agreed) -> None:
    done = desk.post(f"/desk/people/{agreed.pk}/health/", SENT | {"surgery": "yes"}, follow=True)
    assert "somebody will be in touch by" in text_of(done)
    assert health.clearance_of(agreed).state == ClearanceState.NEEDS_REVIEW


def test_the_desk_asks_nothing_without_consent_or_of_somebody_who_has_left(desk, agreed) -> None:
    page = f"/desk/people/{agreed.pk}/health/"
    Participant.objects.filter(pk=agreed.pk).update(status=ParticipantStatus.PAUSED)
    assert "They do not take part at the moment" in text_of(desk.get(page, follow=True))
    assert "They do not take part at the moment" in text_of(desk.post(page, SENT, follow=True))
    consents.withdraw_consent(participant=agreed, kind="health", by=agreed.person)
    assert "They have not agreed" in text_of(desk.get(page, follow=True))
    assert not agreed.health_profiles.exists()


def test_an_old_page_at_the_desk_is_refused_too(desk, agreed) -> None:
    answer = desk.post(f"/desk/people/{agreed.pk}/health/", SENT | {"version": "2025-9"})
    assert answer.status_code == 409 and not agreed.health_profiles.exists()
