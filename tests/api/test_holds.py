"""A place kept while somebody answers, by the API: once, for oneself, and let go again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place
from participants.models import Participant
from tests.factories.classes import SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, capacity=1)


@pytest.fixture
def as_pat(pat: Participant, sign_in: Any) -> Client:
    ClearanceFactory(participant=pat, valid_until=timezone.localdate() - dt.timedelta(days=1))
    return sign_in(pat.person.user)  # type: ignore[no-any-return]


def keep(client: Client, session: Session, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/api/v1/holds/", {"session": session.pk}, content_type="application/json", headers=headers)


def test_a_place_is_kept_once_for_a_key_and_let_go(as_pat: Client, session: Session) -> None:
    first = keep(as_pat, session, "k")
    assert (first.status_code, first.json()["state"]) == (201, "offered")
    assert first.json()["offer"]["expires_at"] is not None
    assert keep(as_pat, session, "k").json() == first.json()
    assert keep(as_pat, session).status_code == 200
    assert keep(as_pat, SessionFactory(programme=session.programme), "k").status_code == 422
    freed = as_pat.post(f"/api/v1/bookings/{first.json()['id']}/cancel/", {}, content_type="application/json")
    assert freed.json()["offer"] is None
    session.refresh_from_db()
    assert session.places_taken == 0
    again = keep(as_pat, session)
    assert (again.status_code, again.json()["code"]) == (409, "held_before")


def test_no_place_is_kept_where_answering_is_not_what_is_in_the_way(
    quinn: Participant, sign_in: Any, session: Session
) -> None:
    refused = keep(sign_in(quinn.person.user), session)
    assert (refused.status_code, refused.json()["code"]) == (409, "cannot_be_held")


def test_no_place_is_kept_where_none_is_free_and_never_for_another(
    as_pat: Client, sam: Any, sign_in: Any, session: Session
) -> None:
    other = ParticipantFactory(programme=session.programme)
    book_place(participant=other, session=session, by=other.person, source=BookingSource.SELF)
    assert keep(as_pat, session).json()["code"] == "session_full"
    assert keep(sign_in(sam), session).status_code == 403
    assert Booking.objects.count() == 1


def test_the_api_says_when_there_are_too_many_people(
    as_pat: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**rest: Any) -> None:
        raise TryAgain

    monkeypatch.setattr("classes.api.holds.hold_place", busy)
    assert keep(as_pat, session).json()["code"] == "try_again"
