"""A place kept while somebody answers, on pages: keep, answer, read what became of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.history import acting
from accounts.models import User
from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place
from participants.consequences import CLEARANCE_CHANGED, run_consequences
from participants.models import Participant, Phase
from participants.standing import facts_changed
from tests.factories.classes import SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory
from tests.pages.test_booking import acting as acting_for
from tests.pages.test_booking import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, capacity=1)


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    ClearanceFactory(participant=pat, valid_until=timezone.localdate() - dt.timedelta(days=1))
    return sign_in(pat.person.user)  # type: ignore[no-any-return]


def keep(browser: Client, session: Session) -> Any:
    return browser.post(f"/me/classes/{session.pk}/hold/")


def answer(pat: Participant, **clearance: Any) -> None:
    with acting(pat.person, "tests.answer"):
        facts_changed(pat)
        ClearanceFactory(participant=pat, **clearance)
        run_consequences(CLEARANCE_CHANGED, pat, pat.person)


def test_the_whole_way_from_the_class_to_the_place(as_pat: Client, pat: Participant, session: Session) -> None:
    assert "Keep a place while I answer" in text(as_pat.get(f"/classes/{session.pk}/"))
    asked = keep(as_pat, session)
    page = text(as_pat.get(asked["Location"]))
    assert "A place is kept for you until" in page and 'href="/me/health/changed/"' in page
    booking = Booking.objects.get()
    assert f"/me/bookings/{booking.pk}/offer/" in text(as_pat.get("/me/bookings/"))
    assert as_pat.get(f"/me/bookings/{booking.pk}/", follow=True).redirect_chain[-1][0] == asked["Location"]
    assert "is kept for you until" in text(as_pat.get("/me/health/answered/"))
    answer(pat)
    assert "Your place is booked" in text(as_pat.get("/me/health/answered/"))
    assert as_pat.get(asked["Location"])["Location"] == f"/me/bookings/{booking.pk}/booked/"


def test_answers_that_somebody_must_read_end_it_and_the_pages_say_so(
    as_pat: Client, pat: Participant, session: Session
) -> None:
    held = keep(as_pat, session)["Location"]
    answer(pat, state="needs_review", valid_until=None)
    assert "is free for others now" in text(as_pat.get("/me/health/answered/"))
    page = text(as_pat.get(held))
    assert "The place is no longer kept" in page and f'href="/classes/{session.pk}/"' in page


def test_when_its_time_is_over_the_page_says_so_at_that_moment(as_pat: Client, session: Session) -> None:
    held = keep(as_pat, session)["Location"]
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=15)):
        assert "The place is no longer kept" in text(as_pat.get(held))


def test_it_can_be_let_go_and_is_not_kept_again(as_pat: Client, session: Session) -> None:
    keep(as_pat, session)
    booking = Booking.objects.get()
    as_pat.post(f"/me/bookings/{booking.pk}/offer/decline/")
    again = keep(as_pat, session)
    assert again.status_code == 409
    assert "A place was kept for you before" in text(again)


def test_why_no_place_can_be_kept_is_said(as_pat: Client, pat: Participant, session: Session) -> None:
    other = ParticipantFactory(programme=pat.programme)
    book_place(participant=other, session=session, by=other.person, source=BookingSource.SELF)
    assert "Keep a place" not in text(as_pat.get(f"/classes/{session.pk}/"))
    full = keep(as_pat, session)
    assert full.status_code == 409 and "The last place has just gone" in text(full)


def test_the_limit_of_a_week_is_named(as_pat: Client, pat: Participant) -> None:
    now = timezone.localtime()
    wednesday = now.replace(hour=10, minute=0, second=0) + dt.timedelta(days=9 - now.weekday())
    wanted = SessionFactory(programme=pat.programme, starts_at=wednesday)
    there = SessionFactory(programme=pat.programme, starts_at=wednesday + dt.timedelta(hours=3))
    ClearanceFactory(participant=pat)
    book_place(participant=pat, session=there, by=pat.person, source=BookingSource.SELF)
    ClearanceFactory(participant=pat, valid_until=timezone.localdate() - dt.timedelta(days=1))
    Phase.objects.create(
        programme=pat.programme, order=1, name="One", weeks=40, contacts_least=1, contacts_most=1, most_a_week=1
    )
    refused = keep(as_pat, wanted)
    assert refused.status_code == 409
    assert "you can have 1 class a week" in text(refused)


def test_who_may_book_is_led_to_the_class(pat: Participant, sign_in: Any, session: Session) -> None:
    browser = sign_in(pat.person.user)
    assert keep(browser, session)["Location"] == f"/classes/{session.pk}/"
    mine = book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)
    assert browser.get(f"/me/bookings/{mine.pk}/held/")["Location"] == f"/me/bookings/{mine.pk}/"


def test_whoever_helps_is_not_asked_for_answers(pat: Participant, sam: User, sign_in: Any, session: Session) -> None:
    ClearanceFactory(participant=pat, valid_until=timezone.localdate() - dt.timedelta(days=1))
    browser = sign_in(sam)
    kept = browser.session
    kept["acting_for"] = pat.pk
    kept.save()
    assert "Keep a place" not in text(browser.get(f"/classes/{session.pk}/"))
    assert keep(browser, session).status_code in (403, 404)


def test_a_hold_stands_on_no_waiting_list_of_the_desk_and_is_counted_there(
    as_pat: Client, dee: User, sign_in: Any, session: Session
) -> None:
    keep(as_pat, session)
    page = sign_in(dee).get(f"/desk/timetable/{session.pk}/waiting/")
    assert page.status_code == 200 and "Pat Example" not in text(page)
    assert "1 place is kept for up to 15 minutes while somebody answers health questions" in text(page)


def test_who_acts_for_somebody_reads_that_only_they_can_answer_and_may_let_the_place_go(
    as_pat: Client, pat: Participant, session: Session, sam: User, sign_in: Any
) -> None:
    where = keep(as_pat, session)["Location"]
    as_sam = acting_for(sign_in(sam), pat)
    booking = Booking.objects.get()
    page = text(as_sam.get(f"/me/bookings/{booking.pk}/offer/", follow=True))
    assert "A place is kept for Pat until" in page and "nobody else can answer here" in page
    assert "/me/health/changed/" not in page
    assert as_sam.get(where).status_code == 200
    assert as_sam.post(f"/me/bookings/{booking.pk}/offer/decline/").status_code == 302
    booking.refresh_from_db()
    assert booking.state == "declined"


@pytest.mark.parametrize(("answer_to", "busy"), [("decline", True), ("accept", False)])
def test_an_answer_that_a_hold_cannot_take_leads_back_to_its_page(
    as_pat: Client, session: Session, monkeypatch: pytest.MonkeyPatch, answer_to: str, busy: bool
) -> None:
    def lost(**asked: object) -> None:
        raise TryAgain

    where = keep(as_pat, session)["Location"]
    if busy:
        monkeypatch.setattr("frontend.views.me.offers.decline_offer", lost)
    page = as_pat.post(f"/me/bookings/{Booking.objects.get().pk}/offer/{answer_to}/", follow=True)
    assert page.redirect_chain[-1][0] == where
    assert ("Press the button again" if busy else "when the questions about health are answered") in text(page)
