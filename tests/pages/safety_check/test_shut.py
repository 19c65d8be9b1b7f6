"""When the same-day check is shut, and what becomes of answers of somebody who was signed out meanwhile."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.fields import decrypt
from classes.models import Booking, SymptomCheck
from participants.models import ConsentEvent, ConsentKind, ConsentText, Participant
from tests.factories.classes import BookingFactory
from tests.factories.symptoms import LETTERS, class_today
from tests.pages.safety_check.browsing import NOON, checked, filled, heading, mine, sent, stands, text

pytestmark = pytest.mark.django_db


def test_before_it_opens_and_after_it_closes_the_page_says_so(place: Booking, sign_in: Any, clock: Any) -> None:
    browser = sign_in(place.participant.person.user)
    starts = place.session.starts_at
    clock.move_to(starts - dt.timedelta(hours=12, seconds=1))
    assert "opens Tuesday 6 July 2027 at 2am" in text(browser.get(mine(place)))
    clock.move_to(starts - dt.timedelta(minutes=5))
    assert "The instructor asks the questions at the class" in text(browser.get(mine(place)))
    late = browser.post(mine(place), filled("b"))
    assert late.status_code == 409 and "Call 999 now" in text(late)
    clock.move_to(place.session.ends_at)
    assert "This class is over" in text(browser.get(mine(place)))
    assert not SymptomCheck.objects.exists()


def test_without_a_place_there_is_nothing_to_answer(place: Booking, sign_in: Any) -> None:
    Booking.objects.filter(pk=place.pk).update(state="cancelled", ended_at=NOON, end_reason="travel")
    browser = sign_in(place.participant.person.user)
    assert "no place in this class" in text(browser.get(mine(place)))
    refused = browser.post(mine(place), filled("a"))
    assert refused.status_code == 409 and "Call the 24-hour line" in text(refused)


def test_who_took_consent_back_is_told_why_nothing_is_kept(place: Booking, sign_in: Any) -> None:
    words = ConsentText.objects.create(
        programme=place.participant.programme, kind=ConsentKind.HEALTH, version=1, title="t", body="b"
    )
    ConsentEvent.objects.create(participant=place.participant, text=words, given=False, by=place.participant.person)
    assert "keep no health facts" in text(sign_in(place.participant.person.user).get(mine(place)))


def test_a_result_is_not_shown_as_todays_on_another_day(place: Booking, sign_in: Any, clock: Any) -> None:
    browser = sign_in(place.participant.person.user)
    sent(browser, mine(place), filled("b"))
    clock.move_to(place.session.ends_at + dt.timedelta(hours=12))
    assert browser.get(f"{mine(place)}result/")["Location"] == "/me/"


def test_a_result_that_is_not_there_leads_to_the_questions(place: Booking, sign_in: Any) -> None:
    browser = sign_in(place.participant.person.user)
    assert browser.get(f"{mine(place)}result/")["Location"] == mine(place)


def test_who_was_signed_out_loses_no_answer(place: Booking, pat: Participant) -> None:
    browser = Client()
    answer = browser.post(mine(place), filled("f", "h"))
    assert answer.status_code == 401 and "We have kept your answers" in text(answer)
    assert f"next=%2Fme%2Fbookings%2F{place.pk}%2Fcheck%2F" in answer.content.decode()
    token = browser.session["kept_answers"]
    assert "treatment" not in token and "treatment" in decrypt(token)
    browser.force_login(pat.person.user)  # as signing in does: the browser's session goes on under another name
    page = browser.get(mine(place))
    assert "They are still here" in text(page)
    assert {checked(page)[LETTERS[letter]] for letter in "fh"} == {"yes"} and checked(page)["chest"] == "no"
    assert not SymptomCheck.objects.exists()
    sent(browser, mine(place), {**checked(page)})
    assert stands(place) == "talk_first" and "kept_answers" not in browser.session


@pytest.mark.parametrize(
    ("letter", "says"), [("b", "Call 999 now"), ("a", "Call the 24-hour line on your alert card now")]
)
def test_who_was_signed_out_is_told_at_once_what_cannot_wait(place: Booking, letter: str, says: str) -> None:
    answer = Client().post(mine(place), filled(letter))
    assert answer.status_code == 401 and heading(answer) == says and "tel:" in answer.content.decode()


def test_kept_answers_are_for_half_an_hour_and_one_page(
    place: Booking, pat: Participant, clock: Any, settings: Any
) -> None:
    other = BookingFactory(session=class_today(programme=pat.programme, hours=5), participant=pat)
    browser = Client()
    browser.post(mine(place), filled("f"))
    browser.force_login(pat.person.user)
    assert "fall" not in checked(browser.get(mine(other)))
    keys = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = ["MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZTE="]
    assert "fall" not in checked(browser.get(mine(place)))
    settings.ENCRYPTION_KEYS = keys
    clock.move_to(NOON + dt.timedelta(minutes=30))
    assert "fall" not in checked(browser.get(mine(place))) and "kept_answers" not in browser.session


def test_nothing_is_kept_of_a_page_without_answers(place: Booking) -> None:
    browser = Client()
    assert "Sign in, and answer the questions" in text(browser.post(mine(place), {}))
    assert "kept_answers" not in browser.session


def test_answers_outlive_signing_in_by_an_emailed_code(place: Booking) -> None:
    browser = Client()
    browser.post(mine(place), filled("f"))
    browser.post("/account/sign-in/", {"email": "pat@example.org", "next": mine(place)})
    code = re.search(r"code to sign in is: (\d{6})\b", mail.outbox[-1].body)
    assert code
    answer = browser.post("/account/sign-in/code/", {"code": code[1], "next": mine(place)})
    assert (answer.status_code, answer["Location"]) == (302, mine(place))
    page = browser.get(mine(place))
    assert "They are still here" in text(page) and checked(page)["treatment"] == "yes"
