"""The pages in the hands of somebody who acts for another: in that person's name, under a banner on every page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from classes.judging.eligibility import Reason
from classes.models import BookingSource, Session
from classes.places.booking import book_place
from frontend.acting import SESSION_KEY
from frontend.class_words import HELPER_REASONS, REASONS
from participants.models import ClearanceState, Participant
from tests.factories.classes import SessionFactory
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db
BANNER = "You are booking for <strong>Pat</strong>"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme)


@pytest.fixture
def as_sam(sam: User, pat: Participant, sign_in: Any) -> Client:
    """Sam, who has chosen to book for Pat."""
    client: Client = sign_in(sam)
    stored = client.session
    stored[SESSION_KEY] = pat.pk
    stored.save()
    return client


@pytest.fixture
def booked(pat: Participant, session: Session) -> str:
    booking = book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)
    return f"/me/bookings/{booking.pk}/"


def test_the_banner_stands_on_every_page_until_it_is_ended(as_sam: Client, session: Session) -> None:
    for address in ("/", "/classes/", f"/classes/{session.pk}/", "/me/", "/me/progress/", "/me/supporters/"):
        assert BANNER in text(as_sam.get(address)), address
    assert BANNER in text(as_sam.get("/nothing-here/"))


def test_the_banner_goes_with_the_support(as_sam: Client, pat: Participant) -> None:
    pat.supporters.update(status="ended")
    assert "You are booking for" not in text(as_sam.get("/me/progress/"))


def test_pages_speak_of_the_person_who_is_helped(as_sam: Client, session: Session, booked: str) -> None:
    assert "Pat’s classes" in text(as_sam.get("/me/bookings/"))
    assert "Pat has a place in this class" in text(as_sam.get(f"/classes/{session.pk}/"))
    assert "See Pat’s classes" in text(as_sam.get(f"{booked}booked/"))
    assert "Cancel Pat’s place" in text(as_sam.get(booked))
    page = text(as_sam.get(f"{booked}cancel/"))
    assert "Why can Pat not come?" in page and "Not well enough" in page
    assert "Cancel Pat’s place" in page and "I am not well" not in page and "my place" not in page


def test_the_same_pages_speak_to_oneself(pat: Participant, booked: str, sign_in: Any) -> None:
    as_pat = sign_in(pat.person.user)
    assert "See my classes" in text(as_pat.get(f"{booked}booked/"))
    assert "Why can you not come?" in text(as_pat.get(f"{booked}cancel/"))
    assert "Pat’s" not in text(as_pat.get("/me/bookings/"))


def test_a_wait_is_told_in_the_persons_name(as_sam: Client, pat: Participant, session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=0)
    assert "Book Pat in at once" in text(as_sam.get(f"/me/classes/{session.pk}/book/"))
    waits = book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF, or_wait=True)
    for address in (f"/classes/{session.pk}/", "/me/bookings/", f"/me/bookings/{waits.pk}/booked/"):
        page = text(as_sam.get(address))
        assert "Pat is" in page and "1st in the" in page and "You are 1st" not in page


def test_a_supporter_reads_why_not_about_the_person_and_not_about_themselves(
    as_sam: Client, pat: Participant, session: Session
) -> None:
    ClearanceFactory(participant=pat, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    page = text(as_sam.get(f"/classes/{session.pk}/"))
    assert "Pat cannot book this class at the moment" in page
    assert "We are checking that exercise is safe for Pat" in page and "safe for you" not in page


def test_there_are_words_for_every_reason() -> None:
    assert set(HELPER_REASONS) == set(REASONS) == set(Reason)


def test_who_has_not_chosen_is_led_to_the_choice(sam: User, dee: User, session: Session, sign_in: Any) -> None:
    for user, where in ((sam, "/me/supporters/"), (dee, "/desk/people/")):
        page = text(sign_in(user).get(f"/classes/{session.pk}/"))
        assert f'href="{where}" draggable="false">Choose who to book for<' in page
    assert "Choose who to book for" not in text(Client().get(f"/classes/{session.pk}/"))


def test_the_menu_of_a_supporter_promises_nothing_of_their_own(sam: User, pat: Participant, sign_in: Any) -> None:
    page = text(sign_in(sam).get("/me/supporters/"))
    assert 'aria-current="page">People I help</a>' in page
    assert "My classes" not in page and "How I am doing" not in page
    assert "Questions for people you help" in text(sign_in(sam).get("/me/progress/"))


def test_ending_is_a_page_with_one_button(sam: User, pat: Participant, sign_in: Any) -> None:
    row = pat.supporters.get()
    for user, words in ((pat.person.user, "Stop Sam Helper helping me"), (sam, "Stop helping Pat")):
        page = text(sign_in(user).get(f"/me/supporters/{row.pk}/end/"))
        assert page.split("<main")[1].count("<button") == 1 and words in page
        assert f'href="/me/supporters/{row.pk}/end/"' in text(sign_in(user).get("/me/supporters/"))
    row.refresh_from_db()
    assert row.status == "active"


def test_who_is_to_hear_of_offers_is_chosen_by_the_person_and_only_with_booking(
    sam: User, pat: Participant, sign_in: Any
) -> None:
    row = pat.supporters.get()
    page, as_pat = f"/me/supporters/{row.pk}/", sign_in(pat.person.user)
    assert re.search(r'value="hear_offers"(?![^>]*checked)', text(as_pat.get(page)))
    refused = as_pat.post(page, {"scopes": ["hear_offers"]})
    assert refused.status_code == 422 and "Only somebody who may book can answer about a place" in text(refused)
    as_pat.post(page, {"scopes": ["book", "hear_offers"]})
    row.refresh_from_db()
    assert row.scopes == ["book", "hear_offers"]
    assert row.events.latest("pgh_id").pgh_context["by"] == f"person:{pat.person_id}"  # type: ignore[attr-defined]
    assert "told when a place is offered" in text(sign_in(sam).get("/me/supporters/"))


def test_somebody_who_was_invited_and_has_not_answered_can_be_let_go(pat: Participant, sign_in: Any) -> None:
    as_pat = sign_in(pat.person.user)
    invited = {"given_name": "Sid", "family_name": "Son", "email": "sid@example.org", "relationship": "son"}
    as_pat.post("/me/supporters/invite/", {**invited, "scopes": ["book"]})
    row = pat.supporters.get(status="invited")
    assert "Stop Sid Son helping you?" in text(as_pat.get(f"/me/supporters/{row.pk}/end/"))
    assert "Sid Son can do nothing more for you here" in text(as_pat.post(f"/me/supporters/{row.pk}/end/", follow=True))
