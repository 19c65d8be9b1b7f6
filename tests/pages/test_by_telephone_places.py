"""Somebody calls about a place with their name, the class and their date of birth: no message is needed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from classes.models import Booking, BookingSource
from classes.places.booking import book_place
from frontend.wording import short_day
from messaging.models import Message
from participants.models import Participant
from tests.factories.classes import weekly_dates
from tests.pages.test_booking import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(pat: Participant) -> Booking:
    """Pat's place; whatever was written about it is gone."""
    pat.person.date_of_birth = dt.date(1958, 3, 14)
    pat.person.save()
    first = weekly_dates(pat.programme)[0]
    booking = book_place(participant=pat, session=first, by=pat.person, source=BookingSource.SELF)
    Message.objects.all().delete()
    return booking


def find_the_place(desk: Client, held: Booking) -> str:
    """From what the caller says to the page of the place: name and date of birth, then the class by its day."""
    found = desk.post("/desk/people/", {"said": "Pat Example 14 March 1958"})
    people = re.findall(r'href="/desk/people/(\d+)/"', found.content.decode())
    assert people == [str(held.participant_id)]
    classes = desk.post(f"/desk/people/{people[0]}/book/", {"to": "places"}, follow=True)
    assert short_day(held.session.starts_at) in text(classes) and held.session.class_type.name in text(classes)
    (place,) = re.findall(r'href="(/me/bookings/\d+/)"', classes.content.decode())
    return str(place)


def test_a_place_is_given_back_on_the_telephone(dee: User, sign_in: Any, held: Booking) -> None:  # pitfalls 45, 46
    desk = sign_in(dee)
    place = find_the_place(desk, held)
    assert f'href="{place}cancel/"' in text(desk.get(place))
    assert "Cancel Pat’s place" in text(desk.get(f"{place}cancel/"))
    done = desk.post(f"{place}cancel/", {"reason": "not_well"}, follow=True)
    assert "You have cancelled" in text(done)
    held.refresh_from_db()
    assert (held.state, held.end_reason, held.ended_by) == ("cancelled", "not_well", dee.person)


def test_a_place_is_moved_on_the_telephone(dee: User, sign_in: Any, held: Booking) -> None:  # pitfalls 45, 46
    desk = sign_in(dee)
    place = find_the_place(desk, held)
    page = desk.get(f"{place}move/").content.decode()
    to, key = re.findall(r'name="to"[^>]* value="(\d+)"', page), re.findall(r'name="request_key" value="([^"]+)"', page)
    desk.post(f"{place}move/", {"to": to[0], "request_key": key[0]})
    new = Booking.objects.get(participant=held.participant, state="booked")
    held.refresh_from_db()
    assert (held.state, str(new.session_id), new.source) == ("cancelled", to[0], "desk")
