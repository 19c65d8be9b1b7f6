"""Change who comes, on the page and through the API: for oneself, as a supporter, at the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from classes.models import Booking, Session
from classes.places.booking import change_capacity
from participants.models import Participant
from tests.factories.classes import SessionFactory
from tests.pages.test_booking import text
from tests.pages.test_move_booking import act_for, fill, one

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, capacity=2)


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    return sign_in(pat.person.user)  # type: ignore[no-any-return]


def url(booking: Booking) -> str:
    return f"/me/bookings/{booking.pk}/who-comes/"


def test_the_way_from_the_class_to_a_second_place_and_back(
    as_pat: Client, pat: Participant, session: Session, dee: User
) -> None:
    place = one(pat, session)
    assert f'href="{url(place)}"' in text(as_pat.get(f"/me/bookings/{place.pk}/"))
    page = text(as_pat.get(url(place)))
    assert "Somebody comes with me" in page and "Book me in at once" not in page
    assert "Select who comes" in text(as_pat.post(url(place), {}))
    after = text(as_pat.post(url(place), {"party": "2"}, follow=True))
    assert "The place is for two now" in after and "This is for two: you and one person who comes along." in after
    assert "The place is for one now" in text(as_pat.post(url(place), {"party": "1"}, follow=True))

    fill(session)
    refused = as_pat.post(url(place), {"party": "2"})
    assert refused.status_code == 409
    assert "No second place is free at the moment" in text(refused) and "call us" in text(refused)
    change_capacity(session=session, capacity=3, by=dee.person)
    assert as_pat.post(url(place), {"party": "2"}).status_code == 302


def test_who_waits_says_how_and_for_whom_and_keeps_the_turn(
    sam: User, sign_in: Any, pat: Participant, session: Session
) -> None:
    fill(session), fill(session)
    turn = one(pat, session, or_wait=True)
    as_sam = act_for(sign_in(sam), pat)
    assert "Change who comes, or how Pat waits" in text(as_sam.get(f"/me/bookings/{turn.pk}/"))
    page = text(as_sam.get(url(turn)))
    assert "Pat and somebody else" in page and "Book Pat in at once" in page
    done = as_sam.post(url(turn), {"party": "2", "book_automatically": "yes"}, follow=True)
    assert "The wait is for two now, and the turn is kept" in text(done)
    turn.refresh_from_db()
    assert (turn.state, turn.party, turn.book_automatically) == ("waiting", 2, True)


def test_what_is_over_has_nothing_to_change(as_pat: Client, pat: Participant, session: Session) -> None:
    place = one(pat, session)
    as_pat.post(f"/me/bookings/{place.pk}/cancel/", {})
    assert as_pat.get(url(place)).status_code == 302
    assert "given back before" in text(as_pat.post(url(place), {"party": "2"}))


def test_the_api_changes_the_same_and_refuses_by_code(
    as_pat: Client, quinn: Participant, sign_in: Any, pat: Participant, session: Session
) -> None:
    place = one(pat, session)

    def send(client: Client, **body: Any) -> Any:
        return client.post(f"/api/v1/bookings/{place.pk}/who-comes/", body, content_type="application/json")

    assert send(as_pat, party=2).json()["party"] == 2
    assert (send(as_pat).status_code, send(as_pat, party=3).status_code) == (200, 400)
    assert send(as_pat, party=1).json()["party"] == 1
    fill(session)
    refused = send(as_pat, party=2)
    assert (refused.status_code, refused.json()["code"]) == (409, "session_full")
    assert send(sign_in(quinn.person.user), party=2).status_code == 404


def test_where_companions_take_no_place_the_hall_says_how_many_may_come(
    as_pat: Client, pat: Participant, session: Session, quinn: Participant, dee: User, sign_in: Any
) -> None:
    Session.objects.filter(pk=session.pk).update(companions_beside=True, capacity=3, holds=4)
    place = one(pat, session)
    assert "They take no place." in text(as_pat.get(url(place)))
    assert as_pat.post(url(place), {"party": "2"}).status_code == 302

    as_quinn, page = sign_in(quinn.person.user), f"/me/classes/{session.pk}/book/"
    sent = {"person": str(quinn.pk), "request_key": "k1", "companion": "yes"}
    refused = as_quinn.post(page, sent)
    assert refused.status_code == 409
    assert "There is no room for somebody who comes along" in text(refused)
    assert "Take the tick out to come alone, or wait until there is room for two." in text(refused)
    second = one(quinn, session)
    refused = as_quinn.post(url(second), {"party": "2"})
    assert "The hall is full for people who come along" in text(refused)
    body: Any = {"content_type": "application/json"}
    asked = as_quinn.post(f"/api/v1/bookings/{second.pk}/who-comes/", {"party": 2}, **body)
    assert (asked.status_code, asked.json()["code"]) == (409, "no_room_for_companion")

    as_dee, change = sign_in(dee), f"/desk/timetable/{session.pk}/places/"
    assert "the hall holds at most 3 places in this class" in text(as_dee.post(change, {"capacity": "4"}))
    asked = as_dee.post(f"/api/v1/sessions/{session.pk}/places/", {"capacity": 4}, **body)
    assert (asked.status_code, asked.json()["code"]) == (409, "places_beyond_hall")


def test_a_move_and_a_kept_place_say_that_who_comes_along_finds_no_room(
    as_pat: Client, pat: Participant, session: Session, dee: User, sign_in: Any
) -> None:
    later = SessionFactory(
        programme=pat.programme, starts_at=session.starts_at + dt.timedelta(days=1), companions_beside=True, holds=1,
        capacity=1, reserved=1,
    )  # fmt: skip
    as_dee, page = sign_in(dee), f"/desk/timetable/{later.pk}/kept-back/{pat.pk}/"
    assert "They take no place." in text(as_dee.get(page))
    refused = as_dee.post(page, {"why": "New", "companion": "yes"})
    assert "Take the tick out: they can come alone." in text(refused)
    place = one(pat, session, party=2)
    Session.objects.filter(pk=later.pk).update(reserved=0)
    moves = as_pat.post(f"/me/bookings/{place.pk}/move/", {"to": str(later.pk), "request_key": "k2"})
    assert "change who comes and move it then" in text(moves)
