"""The desk reads out the number of an online class, to whoever may join it, and each look is logged."""

from __future__ import annotations

import pytest

from accounts.models import AccessLog
from classes.models import Mode
from participants.models import ClearanceState
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db
NUMBER = "01632 960555, then 4 4 2"


@pytest.fixture
def page(sign_in, dee, pat):
    desk = sign_in(dee)
    return lambda: desk.get(f"/desk/people/{pat.pk}/joining-by-phone/").content.decode()


def place(pat, **session):
    fields = {"programme": pat.programme, "mode": Mode.REMOTE, "venue": None, "dial_in": NUMBER} | session
    return BookingFactory(participant=pat, session=SessionFactory(**fields))


def test_the_number_is_read_out_and_the_look_is_logged(page, pat, dee):
    place(pat)
    assert NUMBER in page()
    log = AccessLog.objects.get(what="numbers to join")
    assert (log.by, log.target) == (dee.person, pat.person)


def test_who_is_not_cleared_is_read_none_and_it_says_so(page, pat):
    place(pat)
    ClearanceFactory(participant=pat, state=ClearanceState.NOT_SUITABLE)
    assert NUMBER not in (shown := page()) and "they are not cleared for this class" in shown


def test_a_class_without_a_number_says_whom_to_ask(page, pat):
    place(pat, dial_in="")
    assert "Ask whoever leads it" in page()


def test_without_an_online_class_it_says_so(page, pat):
    BookingFactory(participant=pat, session=SessionFactory(programme=pat.programme))
    assert "no place in an online class" in page()


def test_nobody_elses_number_is_shown_and_others_are_not_found(page, pat, quinn, sign_in):
    place(quinn)
    assert NUMBER not in page()
    assert sign_in(pat.person.user).get(f"/desk/people/{quinn.pk}/joining-by-phone/").status_code in (403, 404)
