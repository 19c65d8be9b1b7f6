"""What the list of one's classes says of those that are over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from classes.models import AttendanceState, Booking, BookingState
from frontend.views.me.wording import MARK_WORDS
from participants.models import Participant
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db


def a_past(pat: Participant, days: int, **fields: Any) -> Booking:
    starts_at = timezone.now() - dt.timedelta(days=days)
    session = SessionFactory(programme=pat.programme, starts_at=starts_at, **fields.pop("session", {}))
    return BookingFactory(session=session, participant=pat, **fields)


def listed(browser: Any) -> str:
    return " ".join(browser.get("/me/bookings/").content.decode().split())


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("attended", "You came"),
        ("attended_in_part", "You came for part"),
        ("absent_told", "You told us you could not come"),
        ("absent_untold", "Marked as not there"),
        ("sent_home", "You came, and went home to rest"),
        ("service_cancelled", "Class cancelled"),
    ],
)
def test_the_mark_in_force_is_said_kindly(sign_in, pat, state, words):
    booking = a_past(pat, 2)
    AttendanceFactory(
        booking=booking, state=AttendanceState.ABSENT_UNTOLD, received_at=timezone.now() - dt.timedelta(1)
    )
    AttendanceFactory(booking=booking, state=state)
    page = listed(sign_in(pat.person.user))
    assert f">{words}<" in page and ">Booked<" not in page


def test_every_mark_has_words_and_none_of_them_blames():
    assert set(MARK_WORDS) == set(AttendanceState)
    assert not [
        w for w in MARK_WORDS.values() if any(blame in w.lower() for blame in ("miss", "fail", "absent", "no-show"))
    ]


def test_without_a_mark_the_place_itself_says_what_became_of_it(sign_in, pat):
    gone = {"ended_at": timezone.now()}
    a_past(pat, 1)
    a_past(pat, 2, state=BookingState.WAITING)
    a_past(pat, 3, state=BookingState.CANCELLED, **gone)
    off = {"status": "cancelled", "cancelled_at": timezone.now(), "cancel_reason": "Snow"}
    a_past(pat, 4, state=BookingState.CLOSED, session=off, **gone)
    page = listed(sign_in(pat.person.user))
    for words in ("Not marked", "No place came free", "Cancelled", "Class cancelled"):
        assert f">{words}<" in page


def test_who_came_after_cancelling_came(sign_in, pat):
    AttendanceFactory(booking=a_past(pat, 1, state=BookingState.CANCELLED, ended_at=timezone.now()))
    assert ">You came<" in listed(sign_in(pat.person.user))


def test_more_classes_cost_no_more_queries(sign_in, pat):
    browser = sign_in(pat.person.user)
    AttendanceFactory(booking=a_past(pat, 1))
    with CaptureQueriesContext(connection) as few:
        listed(browser)
    for days in range(2, 8):
        AttendanceFactory(booking=a_past(pat, days))
    with CaptureQueriesContext(connection) as many:
        listed(browser)
    assert len(many) == len(few)
