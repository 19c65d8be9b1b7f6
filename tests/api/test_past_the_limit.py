"""One class more than a phase allows in a week, by the API: the desk may, with a reason, and nobody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place
from participants.models import Participant, Phase
from tests.factories.classes import SessionFactory

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2027, 2, 1, 10, tzinfo=dt.UTC)
WHY = "Missed two weeks with a cold"


@pytest.fixture(autouse=True)
def _a_week_before() -> Any:
    with time_machine.travel(MONDAY - dt.timedelta(days=7), tick=False):
        yield


@pytest.fixture
def held(pat: Participant) -> Booking:
    """Pat has the one place of the week that the phase allows."""
    phase = {"name": "Build-up", "weeks": 40, "contacts_least": 1, "contacts_most": 1, "most_a_week": 1}
    Phase.objects.create(programme=pat.programme, order=1, **phase)
    return book_place(participant=pat, session=on(pat, 0), by=pat.person, source=BookingSource.SELF)


def on(pat: Participant, day: int) -> Session:
    return SessionFactory(programme=pat.programme, starts_at=MONDAY + dt.timedelta(days=day))


def post(client: Client, where: str, body: dict[str, Any], key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/v1/{where}/", body, content_type="application/json", headers=headers)


def reasons_kept() -> set[str]:
    last = Booking.objects.latest("id").events.last()  # type: ignore[attr-defined]
    return {last.pgh_context["reason"]}


def test_the_desk_passes_the_limit_with_a_reason_which_stands_in_the_history(
    held: Booking, pat: Participant, dee: Any, sign_in: Any
) -> None:
    desk, asked = sign_in(dee), {"participant": pat.pk, "session": on(pat, 2).pk}
    refused = post(desk, "bookings", asked, "a")
    assert (refused.status_code, refused.json()["reasons"], refused.json()["most_a_week"]) == (409, ["weekly_limit"], 1)
    given = post(desk, "bookings", asked | {"despite_limit": WHY}, "b")
    assert (given.status_code, given.json()["state"]) == (201, "booked")
    again = post(desk, "bookings", asked | {"despite_limit": WHY}, "b")
    assert (again.status_code, again.json()["id"]) == (200, given.json()["id"])
    assert post(desk, "bookings", asked | {"despite_limit": "Another"}, "b").status_code == 422
    assert WHY in reasons_kept()


def test_so_does_a_block_and_a_move(held: Booking, pat: Participant, dee: Any, sign_in: Any) -> None:
    desk, asked = sign_in(dee), {"participant": pat.pk, "sessions": [on(pat, day).pk for day in (1, 2)]}
    (first, _) = post(desk, "booking-blocks", asked).json()["dates"]
    assert (first["state"], first["refusal"]["reasons"]) == ("refused", ["weekly_limit"])
    done = post(desk, "booking-blocks", asked | {"despite_limit": WHY}).json()["dates"]
    assert [one["state"] for one in done] == ["booked", "booked"]
    move = f"bookings/{done[0]['booking']}/move"
    assert post(desk, move, {"session": on(pat, 3).pk}).json()["reasons"] == ["weekly_limit"]
    assert post(desk, move, {"session": on(pat, 3).pk, "despite_limit": WHY}).json()["state"] == "booked"


@pytest.mark.parametrize("where", ["bookings", "booking-blocks", "move"])
def test_nobody_passes_it_for_themselves(held: Booking, pat: Participant, sign_in: Any, where: str) -> None:
    to = on(pat, 2).pk
    body = {"sessions": [to]} if where == "booking-blocks" else {"session": to}
    address = f"bookings/{held.pk}/move" if where == "move" else where
    refused = post(sign_in(pat.person.user), address, body | {"despite_limit": WHY})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["despite_limit"])
    assert Booking.objects.get() == held
