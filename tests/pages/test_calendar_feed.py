"""A private calendar address: what it shows, to whom, and that it ends."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import vobject
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from accounts.history import System
from classes.models import Booking, BookingState, CalendarFeed
from classes.places.booking import cancel_booking
from classes.telling.calendars import invitation
from classes.timetable import cancel_session
from messaging.outbox import stop_contact
from participants.models import Participant
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db


def place(participant: Participant, *, days: int = 3, **fields: Any) -> Booking:
    session = SessionFactory(
        programme=participant.programme,
        starts_at=timezone.now() + dt.timedelta(days=days),
        places_taken=1,
        mode="remote",
        venue=None,
        join_url="https://meet.example/secret",
    )
    return BookingFactory(session=session, participant=participant, **fields)


def address_on(page: str) -> str:
    found = re.search(r"/feed/[\w-]+\.ics", page)
    return found[0] if found else ""


@pytest.fixture
def address(pat: Participant, sign_in: Any) -> str:
    browser = sign_in(pat.person.user)
    browser.post("/me/bookings/in-my-calendar/open/")
    return address_on(browser.get("/me/bookings/in-my-calendar/").content.decode())


def events_at(address: str) -> list[Any]:
    answer = Client().get(address)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_it_shows_the_places_of_one_person_and_nothing_else_of_anybody(address, pat, quinn):
    mine = place(pat)
    place(quinn, days=4)
    place(pat, days=5, state=BookingState.WAITING)
    place(pat, days=-31)
    (event,) = events_at(address)
    assert event["UID"].startswith(f"booking-{mine.pk}@")
    assert (
        event.decoded("DTSTART") == mine.session.starts_at.replace(microsecond=0)
        and event["SUMMARY"] == "SafeFit class"
    )
    text = Client().get(address).content.decode()
    assert "meet.example" not in text and "ATTENDEE" not in text  # pitfalls 41, 43
    assert pat.person.family_name not in text and pat.reference not in text


def test_a_class_that_is_called_off_says_so_and_a_place_given_up_is_gone(address, pat):
    off, gone = place(pat, days=3), place(pat, days=4)
    first = {event["UID"]: event["SEQUENCE"] for event in events_at(address)}
    cancel_session(session=off.session, reason="Snow", by=System.WORKER)
    cancel_booking(booking=gone, by=pat.person)
    (event,) = events_at(address)
    assert event["STATUS"] == "CANCELLED" and event["SEQUENCE"] > first[event["UID"]]  # pitfalls 38


def test_a_turn_in_a_waiting_list_that_ended_was_never_in_the_calendar(address, pat):
    off, begun = place(pat, days=3, state=BookingState.WAITING), place(pat, days=4, state=BookingState.WAITING)
    cancel_session(session=off.session, reason="Snow", by=System.WORKER)
    Booking.objects.filter(pk=begun.pk).update(state=BookingState.CLOSED, ended_at=timezone.now())
    assert events_at(address) == []


def test_nobody_with_nothing_booked_has_an_empty_calendar(address):
    assert events_at(address) == []


def test_an_address_that_is_stopped_or_made_anew_is_dead(address, pat, sign_in):
    browser = sign_in(pat.person.user)
    browser.post("/me/bookings/in-my-calendar/open/")
    new = address_on(browser.get("/me/bookings/in-my-calendar/").content.decode())
    assert new != address and Client().get(address).status_code == 404
    browser.post("/me/bookings/in-my-calendar/close/")
    assert Client().get(new).status_code == 404
    assert address_on(browser.get("/me/bookings/in-my-calendar/").content.decode()) == ""
    browser.post("/me/bookings/in-my-calendar/close/")


def test_it_ends_with_all_contact_and_with_leaving(address, pat):
    Participant.objects.filter(pk=pat.pk).update(status="withdrawn")
    assert Client().get(address).status_code == 404
    Participant.objects.filter(pk=pat.pk).update(status="active")
    assert Client().get(address).status_code == 200
    stop_contact(person=pat.person, by=System.WORKER)
    assert Client().get(address).status_code == 404


def test_the_token_is_not_to_be_read_in_the_database(address):
    feed = CalendarFeed.objects.get()
    token = address.removeprefix("/feed/").removesuffix(".ics")
    assert feed.token == token != feed.token_hash
    assert not CalendarFeed.objects.extra(where=["token::text LIKE %s"], params=[f"%{token}%"]).exists()


def test_two_readers_that_share_no_code_read_the_same_from_a_feed_and_a_file(address, pat):  # pitfalls 38
    places = [place(pat), place(pat, days=4)]
    feed = Client().get(address).content.decode()
    assert by_icalendar(feed) == by_vobject(feed) == sorted(told(one) for one in places)
    for one in places:
        file = invitation(one, attendee="pat@example.org").text
        assert by_icalendar(file) == by_vobject(file) == [told(one)]


def told(booking: Booking) -> tuple[Any, ...]:
    session = booking.session
    return session.starts_at.replace(microsecond=0), session.ends_at.replace(microsecond=0)


def by_icalendar(text: str) -> list[tuple[Any, ...]]:
    events = Calendar.from_ical(text).walk("VEVENT")
    return sorted((one.decoded("DTSTART"), one.decoded("DTEND")) for one in events)


def by_vobject(text: str) -> list[tuple[Any, ...]]:
    events = vobject.readOne(text).vevent_list
    return sorted((one.dtstart.value, one.dtend.value) for one in events)
