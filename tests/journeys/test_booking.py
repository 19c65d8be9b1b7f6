"""Booking in a real browser: find, book, lose the race, wait, cancel; for oneself, as a supporter, at the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from classes.models import Booking, BookingSource, BookingState, Session
from classes.places.booking import book_place, cancel_booking
from frontend.acting import SESSION_KEY
from participants.models import ClearanceState, Participant
from tests.factories.classes import ClassTypeFactory, SessionFactory, VenueFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory
from tests.journeys.visitor import Visitor
from tests.journeys.world import Post

Window = Callable[..., Visitor]


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(
        programme=pat.programme,
        class_type=ClassTypeFactory(programme=pat.programme, name="Gentle circuit"),
        venue=VenueFactory(programme=pat.programme, name="St Mary's Hall", step_free="yes"),
        capacity=1,
        starts_at=timezone.now().replace(hour=18, minute=30) + dt.timedelta(days=3),
    )


def signed_in(window: Visitor, client: Any) -> Visitor:
    window.context.add_cookies([{"name": "sessionid", "value": client.session.session_key, "url": window.base_url}])
    return window


def fill(session: Session) -> Booking:
    other = ParticipantFactory(programme=session.programme)
    return book_place(participant=other, session=session, by=other.person, source=BookingSource.SELF)


def test_somebody_who_is_not_signed_in_finds_a_class(open_window: Window, session: Session) -> None:
    for days in range(1, 4):
        SessionFactory(
            programme=session.programme, mode="remote", starts_at=session.starts_at + dt.timedelta(days=days)
        )
    visitor = open_window()
    visitor.goto("/classes/")
    visitor.look("booking-find-a-class")
    visitor.goto("/classes/?effort=vigorous")
    visitor.look("booking-find-nothing")
    visitor.goto("/classes/?effort=colossal")
    visitor.sees("Select an answer from the list")
    visitor.goto("/classes/")
    visitor.follow("Gentle circuit")
    visitor.look("booking-class-signed-out")
    visitor.sees("Sign in to book")


def test_a_participant_books_and_cancels(open_window: Window, pat: Participant, sign_in: Any, session: Session) -> None:
    visitor = signed_in(open_window(), sign_in(pat.person.user))
    visitor.goto("/me/bookings/")
    visitor.look("booking-no-classes")
    visitor.follow("Find a class")
    visitor.look("booking-find-my-class")
    visitor.goto(f"/classes/{session.pk}/")
    visitor.look("booking-class-open")
    visitor.follow("Book this class")
    visitor.look("booking-book")
    visitor.press("Book this place")
    visitor.sees("Booking confirmed")
    visitor.look("booking-confirmed")
    visitor.follow("See my classes")
    visitor.look("booking-my-classes")
    visitor.follow("Gentle circuit")
    visitor.look("booking-one")
    visitor.follow("Cancel my place")
    visitor.choose("I am not well enough")
    visitor.look("booking-cancel")
    visitor.press("Cancel my place")
    visitor.sees("You have cancelled Gentle circuit")
    visitor.look("booking-cancelled")
    assert Booking.objects.get().end_reason == "not_well"


def test_the_last_place_goes_and_the_way_stays_open(
    open_window: Window, pat: Participant, sign_in: Any, session: Session, post: Post
) -> None:
    SessionFactory(
        programme=session.programme, class_type=session.class_type, starts_at=session.starts_at + dt.timedelta(days=7)
    )
    visitor = signed_in(open_window(), sign_in(pat.person.user))
    visitor.goto(f"/me/classes/{session.pk}/book/")
    taken = fill(session)
    visitor.press("Book this place")
    visitor.look("booking-lost-race", error=True)
    visitor.choose("Book me in at once if a place comes free")
    visitor.press("Join the waiting list")
    visitor.sees("You are 1st in the list")
    visitor.look("booking-waiting")
    visitor.goto("/me/bookings/")
    visitor.look("booking-my-waits")
    visitor.goto(f"/classes/{session.pk}/")
    visitor.look("booking-class-waiting")
    waiting = Booking.objects.get(participant=pat)
    assert (waiting.state, waiting.book_automatically) == (BookingState.WAITING, True)

    cancel_booking(booking=taken, by=taken.participant.person)  # the place comes free
    visitor.goto("/me/bookings/")
    visitor.sees("Coming up")
    visitor.does_not_see("Waiting for a place")
    visitor.look("booking-placed-from-waiting")
    waiting.refresh_from_db()
    session.refresh_from_db()
    assert (waiting.state, waiting.source, session.places_taken) == (BookingState.BOOKED, BookingSource.OFFER, 1)
    post.deliver()
    assert post.subjects_to("pat@example.org")[-1].startswith("You have a place in the SafeFit class")


def test_who_is_being_checked_reads_what_happens_next(
    open_window: Window, pat: Participant, sign_in: Any, session: Session
) -> None:
    ClearanceFactory(participant=pat, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    visitor = signed_in(open_window(), sign_in(pat.person.user))
    visitor.goto(f"/classes/{session.pk}/")
    visitor.sees("Somebody from our team will call you")
    visitor.look("booking-being-checked")


def test_a_supporter_books_under_a_banner_without_scripts(
    open_window: Window, sam: Any, pat: Participant, sign_in: Any, session: Session
) -> None:
    client = sign_in(sam)
    stored = client.session
    stored[SESSION_KEY] = pat.pk
    stored.save()
    visitor = signed_in(open_window(javascript=False), client)
    visitor.goto(f"/classes/{session.pk}/")
    visitor.sees("You are booking for Pat")
    visitor.follow("Book this class")
    visitor.press("Book this place")
    visitor.look("booking-for-pat")
    assert Booking.objects.get().source == "supporter"


def test_the_desk_serves_the_waiting_list(
    open_window: Window, dee: Any, pat: Participant, quinn: Participant, sign_in: Any, session: Session
) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=0)
    for person in (pat, quinn):
        book_place(participant=person, session=session, by=person.person, source=BookingSource.SELF, or_wait=True)
    Session.objects.filter(pk=session.pk).update(capacity=1)
    visitor = signed_in(open_window(), sign_in(dee))
    visitor.goto(f"/desk/timetable/{session.pk}/waiting/")
    visitor.look("booking-desk-waiting-list")
    Session.objects.filter(pk=session.pk).update(capacity=0)
    visitor.press("Give the place to Quinn Sample")
    visitor.look("booking-desk-refused", error=True)
    Session.objects.filter(pk=session.pk).update(capacity=1)
    visitor.goto(f"/desk/timetable/{session.pk}/waiting/")
    visitor.press("Could not reach Pat Example")
    visitor.look("booking-desk-passed-by")
    assert Booking.objects.get(participant=quinn).state == "offered"
