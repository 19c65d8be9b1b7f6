"""The desk gives a place that is kept back: from the waiting list, from the page of the class, and through the API."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from classes.judging.refusals import TryAgain
from classes.models import Booking, Session
from participants.models import ClearanceState, Participant, Phase
from tests.factories.classes import SessionFactory
from tests.factories.participants import ClearanceFactory
from tests.pages.test_booking import text
from tests.pages.test_move_booking import act_for, fill, one

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(pat: Participant) -> Session:
    ahead = timezone.now().replace(hour=12) + dt.timedelta(days=2)
    wednesday = ahead + dt.timedelta(days=(2 - ahead.weekday()) % 7)  # two hours later is the same week
    session = SessionFactory(programme=pat.programme, starts_at=wednesday, capacity=3, reserved=2)
    fill(session)
    return session


@pytest.fixture
def desk(dee: User, sign_in: Any) -> Client:
    return sign_in(dee)  # type: ignore[no-any-return]


def url(session: Session, participant: Participant) -> str:
    return f"/desk/timetable/{session.pk}/kept-back/{participant.pk}/"


def test_from_the_waiting_list_one_who_waits_is_given_it_with_a_reason(
    desk: Client, pat: Participant, session: Session
) -> None:
    turn = one(pat, session, or_wait=True)
    page = text(desk.get(f"/desk/timetable/{session.pk}/waiting/"))
    assert "2 places are kept back" in page and f'href="{url(session, pat)}"' in page
    form = text(desk.get(url(session, pat)))
    assert "2 places are kept back in this class" in form and "Somebody comes with them" not in form
    assert "Enter why they have it" in text(desk.post(url(session, pat), {"why": ""}))
    after = text(desk.post(url(session, pat), {"why": "New here"}, follow=True))
    assert f"{pat.person.full_name} now has a place" in after and "1 place is kept back" in after
    turn.refresh_from_db()
    assert turn.state == "booked"


def test_from_the_page_of_the_class_while_booking_for_somebody(
    desk: Client, pat: Participant, sign_in: Any, session: Session
) -> None:
    link = f'href="{url(session, pat)}"'
    assert link in text(act_for(desk, pat).get(f"/classes/{session.pk}/"))
    assert link not in text(sign_in(pat.person.user).get(f"/classes/{session.pk}/"))
    desk.post(url(session, pat), {"why": "New here", "companion": "yes"})
    assert Booking.objects.get(participant=pat).party == 2
    assert link not in text(desk.get(f"/classes/{session.pk}/"))


def test_what_is_in_the_way_is_said_and_one_more_in_a_week_wants_a_reason(
    desk: Client, pat: Participant, quinn: Participant, session: Session
) -> None:
    ClearanceFactory(participant=quinn, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    refused = desk.post(url(session, quinn), {"why": "New here"})
    assert refused.status_code == 409 and "is waiting for a review of clearance" in text(refused)

    phase = {"name": "All of it", "weeks": 52, "contacts_least": 1, "contacts_most": 1, "most_a_week": 1}
    Phase.objects.create(programme=pat.programme, order=1, **phase)
    one(pat, SessionFactory(programme=pat.programme, starts_at=session.starts_at + dt.timedelta(hours=2)))
    asked = desk.post(url(session, pat), {"why": "New here"})
    assert asked.status_code == 409 and "Why is one more class in this week right?" in text(asked)
    assert "New here" in text(asked)
    done = desk.post(url(session, pat), {"why": "New here", "despite_limit": "A last one"})
    assert done.status_code == 302

    Session.objects.filter(pk=session.pk).update(reserved=0)
    full = desk.post(url(session, quinn), {"why": "New here"})
    assert full.status_code == 409 and "not kept back in this class any more" in text(full)


def test_the_api_gives_it_once_to_the_desk_alone(
    desk: Client, pat: Participant, quinn: Participant, session: Session, sign_in: Any, monkeypatch: Any
) -> None:
    def send(client: Client, key: str = "", **body: Any) -> Any:
        where, headers = f"/api/v1/sessions/{session.pk}/kept-places/", {"Idempotency-Key": key} if key else {}
        return client.post(where, body, content_type="application/json", headers=headers)

    given = send(desk, "k", participant=pat.pk, why="New here")
    assert (given.status_code, given.json()["state"]) == (200, "booked")
    assert send(desk, "k", participant=pat.pk, why="New here").json() == given.json()
    refused = send(desk, participant=quinn.pk, why="New here", party=2)
    assert (refused.status_code, refused.json()["code"]) == (409, "session_full")
    assert send(desk, participant=quinn.pk).status_code == 400
    assert send(sign_in(pat.person.user), participant=pat.pk, why="Me").status_code == 404

    def busy(**rest: Any) -> None:
        raise TryAgain

    monkeypatch.setattr("classes.api.kept_places.once", busy)
    assert send(desk, participant=quinn.pk, why="New here").json()["code"] == "try_again"
