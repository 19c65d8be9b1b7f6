"""Joining an online class: the page, the button, and who never gets there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Channel, ContactPoint
from classes.models import Booking, Mode, Whereabouts
from participants.models import ClearanceState, Participant, SupporterScope
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory, SupporterFactory
from tests.factories.symptoms import SymptomCheckFactory

pytestmark = pytest.mark.django_db
LINK = "https://meet.example.org/canary-link"
STARTS = dt.datetime(2027, 7, 6, 17, 0, tzinfo=dt.UTC)  # 6pm in the UK
CALL = "01632 960 000"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(STARTS - dt.timedelta(minutes=30), tick=False) as clock:
        yield clock


@pytest.fixture
def booking(clock: Any, pat: Participant) -> Booking:
    session = SessionFactory(programme=pat.programme, mode=Mode.REMOTE, join_url=LINK, starts_at=STARTS)
    return BookingFactory(session=session, participant=pat)


@pytest.fixture
def as_pat(clock: Any, pat: Participant, sign_in: Any) -> Client:
    return sign_in(pat.person.user)


def page_of(booking: Booking) -> str:
    return f"/me/bookings/{booking.pk}/join/"


WHERE = {"address": "2 Sea Road, Poole, BH15 1AA", "phone": "01632 960777", "alone": "yes"}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_before_its_time_the_page_says_when_and_how_by_phone(as_pat: Client, booking: Booking) -> None:
    answer = as_pat.get(page_of(booking))
    assert answer.status_code == 200
    assert "Tuesday 6 July 2027 at 5:45pm</strong>, UK time" in text(answer)
    assert CALL in text(answer) and LINK not in text(answer)
    assert f'action="{page_of(booking)}"' not in text(answer)
    pressed = as_pat.post(page_of(booking))
    assert pressed.status_code == 409 and "at 5:45pm" in text(pressed)


def test_in_time_one_button_leads_to_the_class_and_the_link_stands_in_no_page(
    as_pat: Client, booking: Booking, clock: Any
) -> None:
    SymptomCheckFactory(booking=booking)
    clock.move_to(STARTS)
    page = as_pat.get(page_of(booking))
    assert text(page).count(f'action="{page_of(booking)}"') == 1
    answer = as_pat.post(page_of(booking), WHERE)
    assert (answer.status_code, answer["Location"], answer["Referrer-Policy"]) == (302, LINK, "no-referrer")
    assert "no-store" in answer["Cache-Control"] and "no-store" in page["Cache-Control"]
    shown = [page_of(booking), f"/me/bookings/{booking.pk}/", f"/me/bookings/{booking.pk}/booked/", "/me/bookings/"]
    assert all("canary-link" not in text(as_pat.get(url)) for url in shown)


def test_the_browser_may_follow_the_button_out_of_the_site_on_this_page_alone(as_pat: Client, booking: Booking) -> None:
    directives = [part.strip() for part in as_pat.get(page_of(booking))["Content-Security-Policy"].split(";")]
    assert "form-action 'self' https:" in directives
    assert "form-action 'self'" in as_pat.get("/me/")["Content-Security-Policy"]
    assert "https:" not in as_pat.get("/me/")["Content-Security-Policy"]


def test_no_way_in_is_said_in_words(as_pat: Client, booking: Booking, clock: Any) -> None:
    ClearanceFactory(participant=booking.participant, state=ClearanceState.PAUSED)
    clock.move_to(STARTS)
    assert "You cannot join this class at the moment" in text(as_pat.get(page_of(booking)))
    pressed = as_pat.post(page_of(booking))
    assert pressed.status_code == 409 and "Location" not in pressed
    clock.move_to(STARTS + dt.timedelta(hours=2))
    assert "This class has finished" in text(as_pat.get(page_of(booking)))


def test_neither_supporter_nor_desk_opens_it_while_acting_for_the_participant(
    sign_in: Any, booking: Booking, pat: Participant, sam: Any, dee: Any, quinn: Participant, clock: Any
) -> None:
    clock.move_to(STARTS)
    SupporterFactory(participant=pat, person=quinn.person, scopes=[SupporterScope.BOOK])  # takes part, and helps Pat
    for user in (sam, dee, quinn.person.user):
        browser = sign_in(user)
        session = browser.session
        session["acting_for"] = pat.pk
        session.save()
        assert browser.get(page_of(booking)).status_code == 404
        assert browser.post(page_of(booking)).status_code == 404
        place = browser.get(f"/me/bookings/{booking.pk}/")
        assert place.status_code == 200 and page_of(booking) not in text(place)


def test_the_way_to_the_page_stands_where_the_place_is(as_pat: Client, booking: Booking, clock: Any) -> None:
    for url in (f"/me/bookings/{booking.pk}/", f"/me/bookings/{booking.pk}/booked/"):
        assert f'href="{page_of(booking)}"' in text(as_pat.get(url))
    clock.move_to(STARTS + dt.timedelta(hours=2))
    assert page_of(booking) not in text(as_pat.get(f"/me/bookings/{booking.pk}/"))


def test_a_class_in_person_has_no_such_way(as_pat: Client, pat: Participant) -> None:
    booking = BookingFactory(session=SessionFactory(programme=pat.programme, starts_at=STARTS), participant=pat)
    assert page_of(booking) not in text(as_pat.get(f"/me/bookings/{booking.pk}/"))
    assert "no link to join" in text(as_pat.get(page_of(booking)))


def test_where_somebody_is_today_is_asked_on_the_way_in_and_put_forward_next_time(
    as_pat: Client, booking: Booking, clock: Any, pat: Participant
) -> None:
    SymptomCheckFactory(booking=booking)
    clock.move_to(STARTS)
    unsaid = as_pat.post(page_of(booking), {"alone": "no"})
    assert unsaid.status_code == 422 and "Enter the address where you are" in text(unsaid)
    assert not Whereabouts.objects.exists()
    as_pat.post(page_of(booking), {**WHERE, "alone": "no", "with_whom": "Kim, next door"})
    kept = Whereabouts.objects.get(booking=booking)
    assert (kept.address, kept.phone, kept.alone, kept.with_whom, kept.at_home) == (
        "2 Sea Road, Poole, BH15 1AA", "+441632960777", False, "Kim, next door", False,
    )  # fmt: skip
    assert "2 Sea Road" in text(as_pat.get(page_of(booking)))
    ContactPoint.objects.create(person=pat.person, channel=Channel.POST, value="1 Made Up Street, Poole")
    again = {"where": "home", "address": "2 Sea Road", "phone": "01632 960777", "alone": "yes"}
    assert as_pat.post(page_of(booking), again)["Location"] == LINK
    kept.refresh_from_db()
    assert (kept.at_home, kept.address, kept.with_whom) == (True, "1 Made Up Street, Poole", "")
