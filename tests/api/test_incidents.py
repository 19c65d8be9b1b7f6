"""Incidents through the API: kept once under their id, however late and however often they are sent."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from classes.models import Incident, Session
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(programme: Any, ines: Any) -> Session:
    return SessionFactory(programme=programme, leader=ines, starts_at=timezone.now() - dt.timedelta(days=2))


@pytest.fixture
def send(session: Session, ines: Any, sign_in: Any) -> Any:
    browser = sign_in(ines.person.user)

    def send(**differs: Any) -> Any:
        return browser.post(f"/api/v1/sessions/{session.pk}/incidents/", written(**differs), "application/json")

    return send


def written(**differs: Any) -> dict[str, Any]:
    plain = {
        "id": str(uuid4()),
        "kind": "adverse_event",
        "harm": "moderate",
        "happened_at": (timezone.now() - dt.timedelta(days=2)).isoformat(),
        "what_happened": "Chest felt tight after the second set.",
        "called_999": True,
    }
    return plain | differs


def test_it_is_kept_and_says_its_reference_and_until_when_somebody_looks(send: Any, dee: Any) -> None:
    answer = send()
    incident = Incident.objects.get()
    assert answer.status_code == 201
    assert answer.json()["reference"] == incident.reference and answer.json()["review_due_at"]
    assert set(answer.json()) == {"id", "reference", "reported_at", "review_due_at"}


def test_the_same_again_is_answered_as_kept_and_other_words_are_a_conflict(send: Any) -> None:
    given = written()
    assert [send(**given).status_code for _ in range(2)] == [201, 200]
    other = send(**given | {"harm": "low"})
    assert (other.status_code, other.json()["code"]) == (409, "id_used")
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("differs", "field"),
    [
        ({"kind": "near_miss"}, "harm"),
        ({"happened_at": (timezone.now() + dt.timedelta(days=1)).isoformat()}, "happened_at"),
        ({"happened_at": (timezone.now() - dt.timedelta(days=9)).isoformat()}, "happened_at"),
        ({"what_happened": ""}, "what_happened"),
        ({"booking": 1, "guest": 1}, "booking"),
    ],
)
def test_what_cannot_be_is_named_by_its_field(send: Any, differs: dict[str, Any], field: str) -> None:
    answer = send(**differs)
    assert answer.status_code == 400 and field in answer.json()["errors"]
    assert not Incident.objects.exists()


def test_somebody_of_another_class_is_a_conflict(send: Any, pat: Any) -> None:
    answer = send(booking=BookingFactory(participant=pat).pk)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_this_person")


def test_it_can_be_about_somebody_with_a_place(send: Any, session: Session, pat: Any) -> None:
    assert send(booking=BookingFactory(session=session, participant=pat).pk).status_code == 201
    assert Incident.objects.get().participant == pat
