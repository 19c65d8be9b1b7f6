"""What the person, whoever acts for them, and the desk read of a place that does not stand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.history import System
from classes.models import Booking, BookingState, Mode
from classes.places.places_in_doubt import judge_all_places
from messaging.models import Task
from participants.content import install
from participants.models import ClearanceState, Participant
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db
CHECKING = "We are checking that this class is safe for you"
WAITING = "Waiting for a place"


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture(autouse=True)
def _open(programme: Any) -> None:
    install(programme, System.COMMAND)


@pytest.fixture
def place(pat: Participant) -> Booking:
    session = SessionFactory(
        programme=pat.programme, starts_at=timezone.now() + dt.timedelta(days=5), mode=Mode.REMOTE,
        join_url="https://meet.example.org/x",
    )  # fmt: skip
    return BookingFactory(session=session, participant=pat)


@pytest.fixture
def wait(pat: Participant) -> Booking:
    session = SessionFactory(programme=pat.programme, starts_at=timezone.now() + dt.timedelta(days=6))
    return BookingFactory(session=session, participant=pat, state=BookingState.WAITING)


@pytest.fixture
def browser(pat: Participant, sign_in: Any) -> Any:
    return sign_in(pat.person.user)


def stop(participant: Participant, state: str = ClearanceState.PAUSED) -> None:
    ClearanceFactory(participant=participant, state=state, valid_until=None)


def test_checking_and_waiting_are_two_things_in_two_wordings(browser: Any, pat: Participant, place, wait) -> None:
    stop(pat)
    listed = text_of(browser.get("/me/bookings/"))
    assert CHECKING in listed
    assert WAITING in listed
    assert CHECKING in text_of(browser.get("/me/"))
    waits = text_of(browser.get(f"/me/bookings/{wait.pk}/"))
    assert WAITING in waits and CHECKING not in waits
    held = text_of(browser.get(f"/me/bookings/{place.pk}/"))
    assert CHECKING in held and "aiting" not in held


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ClearanceState.PAUSED, "Answer the questions about my health"),
        (ClearanceState.NEEDS_REVIEW, "We will be in touch by"),
        (ClearanceState.NOT_SUITABLE, "Please call us, and we will talk about it with you"),
    ],
)
def test_the_page_of_the_place_says_what_to_do_and_until_when_it_is_kept(
    browser: Any, pat: Participant, place: Booking, state: str, words: str
) -> None:
    before = text_of(browser.get(f"/me/bookings/{place.pk}/"))
    assert CHECKING not in before and "Join the class" in before
    stop(pat, state)
    shown = text_of(browser.get(f"/me/bookings/{place.pk}/"))
    assert words in shown and "We keep the place until" in shown and "never held against anybody" in shown
    assert "Join the class" not in shown and "Cancel my place" in shown


def test_within_the_last_day_no_moment_is_promised(browser: Any, pat: Participant) -> None:
    soon = SessionFactory(programme=pat.programme, starts_at=timezone.now() + dt.timedelta(hours=5))
    place = BookingFactory(session=soon, participant=pat)
    stop(pat)
    shown = text_of(browser.get(f"/me/bookings/{place.pk}/"))
    assert "less than a day left" in shown and "We keep the place until" not in shown


def test_who_acts_for_somebody_is_told_that_and_not_why(pat: Participant, sam: Any, sign_in: Any, place) -> None:
    stop(pat)
    theirs = sign_in(sam)
    theirs.post(f"/me/act-for/{pat.pk}/")
    for address in ("/me/", "/me/bookings/", f"/me/bookings/{place.pk}/"):
        shown = text_of(theirs.get(address))
        assert "We are checking that this class is safe for Pat" in shown
        assert "questions about" not in shown and "answers" not in shown
    assert "We keep the place until" in shown


def test_the_desk_finds_the_class_on_the_call_sheet_and_the_way_to_the_person(
    pat: Participant, dee: Any, sign_in: Any, place: Booking
) -> None:
    stop(pat)
    judge_all_places()
    task = Task.objects.get(kind="place_in_doubt")
    desk = sign_in(dee)
    assert "Place in doubt: Pat Example" in text_of(desk.get("/desk/"))
    sheet = text_of(desk.get(f"/desk/tasks/{task.pk}/"))
    assert place.session.class_type.name in sheet and f"/desk/people/{pat.pk}/" in sheet


def test_the_api_says_of_each_place_whether_it_stands(browser: Any, pat: Participant, place, wait) -> None:
    stop(pat)
    rows = {row["id"]: row["in_doubt"] for row in browser.get("/api/v1/bookings/").json()["results"]}
    assert rows == {place.pk: True, wait.pk: False}
    assert browser.get(f"/api/v1/bookings/{place.pk}/").json()["in_doubt"] is True
    ClearanceFactory(participant=pat)
    assert browser.get(f"/api/v1/bookings/{place.pk}/").json()["in_doubt"] is False
