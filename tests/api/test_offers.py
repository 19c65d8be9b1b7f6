"""Offers by the API: read with the booking, taken and refused once, whatever is sent again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.dateparse import parse_datetime

from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place, cancel_booking
from participants.models import ClearanceState, Participant
from tests.api.test_bookings import BOOKINGS, problem, send
from tests.factories.classes import SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    return sign_in(pat.person.user)


@pytest.fixture
def offered(pat: Participant) -> Booking:
    """A place came free, and it is kept for Pat."""
    session = SessionFactory(programme=pat.programme, capacity=1)
    other = ParticipantFactory(programme=pat.programme)
    held = book_place(participant=other, session=session, by=other.person, source=BookingSource.SELF)
    turn = book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF, or_wait=True)
    cancel_booking(booking=held, by=other.person)
    turn.refresh_from_db()
    return turn


def address(booking: Booking, word: str) -> str:
    return f"{BOOKINGS}{booking.pk}/{word}/"


def test_a_booking_has_its_offer_while_it_is_open(as_pat: Client, offered: Booking) -> None:
    until = offered.offers.get().expires_at
    for read in (as_pat.get(f"{BOOKINGS}{offered.pk}/").json(), as_pat.get(BOOKINGS).json()["results"][0]):
        assert (read["state"], read["offer"]["by_phone"]) == ("offered", False)
        assert parse_datetime(read["offer"]["expires_at"]) == until
    send(as_pat, {}, url=address(offered, "accept"))
    assert as_pat.get(f"{BOOKINGS}{offered.pk}/").json()["offer"] is None


@pytest.mark.parametrize(("word", "state"), [("accept", "booked"), ("decline", "declined")])
def test_an_answer_sent_again_is_answered_alike(as_pat: Client, offered: Booking, word: str, state: str) -> None:
    first, again = (send(as_pat, {}, key="k1", url=address(offered, word)) for _ in range(2))
    assert (first.status_code, first.json()["state"]) == (200, state)
    assert (again.status_code, again.json()) == (200, first.json())
    assert send(as_pat, {}, url=address(offered, word)).json()["state"] == state


def test_the_same_key_with_another_answer_is_422(as_pat: Client, offered: Booking) -> None:
    send(as_pat, {}, key="k1", url=address(offered, "accept"))
    assert problem(send(as_pat, {}, key="k1", url=address(offered, "decline")), 422) == "key_reused"


def test_an_offer_that_was_used_is_refused_and_says_so(as_pat: Client, offered: Booking, pat: Participant) -> None:
    send(as_pat, {}, url=address(offered, "accept"))
    send(as_pat, {}, url=address(offered, "cancel"))
    for _ in range(2):
        answer = send(as_pat, {}, key="k2", url=address(offered, "accept"))
        assert (problem(answer, 409), answer.json()["offer"]) == ("offer_over", "accepted")


def test_who_may_not_come_now_is_told_the_reasons(as_pat: Client, offered: Booking, pat: Participant) -> None:
    ClearanceFactory(participant=pat, state=ClearanceState.PAUSED, valid_until=None)
    answer = send(as_pat, {}, url=address(offered, "accept"))
    assert (problem(answer, 409), answer.json()["reasons"]) == ("not_eligible", ["check_paused"])


def test_too_many_at_once_leaves_the_key_free(
    as_pat: Client, offered: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**about: Any) -> Booking:
        raise TryAgain

    with monkeypatch.context() as patch:
        patch.setattr("classes.api.bookings.accept_offer", busy)
        assert problem(send(as_pat, {}, key="k3", url=address(offered, "accept")), 409) == "try_again"
    assert send(as_pat, {}, key="k3", url=address(offered, "accept")).status_code == 200


def test_nothing_is_said_with_an_answer(as_pat: Client, offered: Booking) -> None:
    assert send(as_pat, {"party": 2}, url=address(offered, "accept")).status_code == 400
    assert Session.objects.get(pk=offered.session_id).places_taken == 1


def test_a_supporter_answers_and_nobody_else_does(sam: Any, quinn: Participant, offered: Booking, sign_in: Any) -> None:
    assert send(sign_in(quinn.person.user), {}, url=address(offered, "accept")).status_code == 404
    assert send(sign_in(sam), {}, url=address(offered, "accept")).json()["state"] == "booked"
