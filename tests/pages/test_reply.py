"""Answering a reminder without signing in, and choosing when to be reminded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.history import System
from accounts.models import ContactPoint
from classes.models import Booking, BookingState
from classes.telling.replies import token_for
from classes.timetable import cancel_session
from messaging.choices import topics_wanted_by, ways_chosen_by
from messaging.models import Matter, Topic
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(pat: Any) -> Booking:
    session = SessionFactory(programme=pat.programme, starts_at=timezone.now() + dt.timedelta(days=2), places_taken=1)
    return BookingFactory(session=session, participant=pat)


@pytest.fixture
def link(place: Booking) -> str:
    return f"/reply/{token_for(place)}/"


def text_of(link: str) -> str:
    return Client().get(link).content.decode()


def answer(link: str, words: str) -> str:
    return Client().post(link, {"answer": words}, follow=True).content.decode()


def test_opening_the_link_changes_nothing_and_names_nobody(place, link):  # pitfalls 42
    before = Booking.objects.values().get(pk=place.pk)
    page = [text_of(link) for _ in range(2)][1]
    assert "Yes, I am coming" in page and "No, I cannot come" in page
    assert place.participant.person.given_name not in page and place.participant.person.family_name not in page
    assert Booking.objects.values().get(pk=place.pk) == before


def test_one_press_says_that_somebody_comes(place, link):  # pitfalls 44
    assert "We know that you are coming" in answer(link, "coming")
    place.refresh_from_db()
    assert place.said_coming_at is not None and place.state == BookingState.BOOKED


def test_one_press_gives_the_place_to_somebody_else_and_again_changes_nothing(place, link):  # pitfalls 44
    for _ in range(2):
        assert "You have no place in this class now" in answer(link, "cannot")
    place.refresh_from_db()
    assert place.state == BookingState.CANCELLED and place.ended_by == place.participant.person
    assert "You have no place in this class now" in answer(link, "coming")


def test_an_answer_that_is_none_changes_nothing(place, link):
    assert "Yes, I am coming" in answer(link, "perhaps")
    place.refresh_from_db()
    assert place.said_coming_at is None and place.state == BookingState.BOOKED


def test_a_class_that_is_off_or_has_begun_says_so(place, link):
    from classes.models import Session

    Session.objects.filter(pk=place.session_id).update(
        starts_at=timezone.now() - dt.timedelta(minutes=1), ends_at=timezone.now() + dt.timedelta(hours=1)
    )
    assert "The class has begun" in text_of(link) and "Yes, I am coming" not in text_of(link)
    assert "If you are not there" in answer(link, "coming")
    Session.objects.filter(pk=place.session_id).update(
        starts_at=timezone.now() + dt.timedelta(minutes=1), ends_at=timezone.now() + dt.timedelta(hours=1)
    )
    cancel_session(session=place.session, reason="Snow", by=System.WORKER)
    assert "has been called off" in text_of(link)


@pytest.mark.parametrize("token", ["nothing", "MTI:xxx", "a" * 300])
def test_a_link_that_opens_nothing_leads_on(token):
    gone = Client().get(f"/reply/{token}/")
    assert gone.status_code == 404 and "does not work any more" in gone.content.decode()


def test_people_choose_when_they_are_reminded(pat, sign_in):
    browser = sign_in(pat.person.user)
    assert "Two days before a class; on the day" in browser.get("/me/details/").content.decode()
    browser.post("/me/details/reminders/", {"topics": ["questions"]})
    assert topics_wanted_by(pat.person) == [Topic.QUESTIONS]
    browser.post("/me/details/reminders/", {})
    assert "No reminders" in browser.get("/me/details/").content.decode()
    assert browser.post("/me/details/reminders/", {"topics": ["cancellations"]}).status_code == 422


BEST = {f"by_way_{matter}": "liked_best" for matter in Matter}


def with_a_mobile(person):
    ContactPoint.objects.create(person=person, channel="text", value="+447700900111")


def test_people_choose_by_which_way_they_hear_of_what(pat, sign_in):
    browser = sign_in(pat.person.user)
    assert "How should we tell you about" not in browser.get("/me/details/reminders/").content.decode()  # one way only
    with_a_mobile(pat.person)
    page = browser.get("/me/details/reminders/").content.decode()
    assert page.count("The way you like best (email)") == 4 and "How should we tell you about a place that" in page
    browser.post("/me/details/reminders/", {"topics": ["questions"], **BEST, "by_way_offers": "text"})
    assert ways_chosen_by(pat.person) == {Matter.OFFERS: "text"}
    assert "A place that came free: text message (SMS)" in browser.get("/me/details/").content.decode()
    assert 'value="text" selected' in browser.get("/me/details/reminders/").content.decode()
    assert browser.post("/me/details/reminders/", BEST | {"by_way_offers": "post"}).status_code == 422
    browser.post("/me/details/reminders/", BEST)
    assert ways_chosen_by(pat.person) == {}


def test_the_desk_notes_by_which_way_somebody_wants_to_hear_of_what(pat, dee, sign_in):
    with_a_mobile(pat.person)
    browser = sign_in(dee)
    browser.post(f"/desk/people/{pat.pk}/reminders/", {"topics": ["days_before"], **BEST, "by_way_changes": "text"})
    assert ways_chosen_by(pat.person) == {Matter.CHANGES: "text"}
    assert "A class that is changed or called off: text" in browser.get(f"/desk/people/{pat.pk}/").content.decode()


def test_the_desk_changes_it_by_telephone(pat, dee, sign_in):
    browser = sign_in(dee)
    page = browser.get(f"/desk/people/{pat.pk}/reminders/").content.decode()
    assert "When to remind Pat Example" in page and page.count("checked") == 3
    browser.post(f"/desk/people/{pat.pk}/reminders/", {"topics": ["days_before"]})
    assert topics_wanted_by(pat.person) == [Topic.DAYS_BEFORE]
