"""Turns that are never in the way of a place."""

from __future__ import annotations

from typing import Any

import pytest

from classes.booking import book_place
from classes.models import Booking, BookingSource, Session
from participants.models import Participant
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


def book(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


def wait(participant: Participant, session: Session, *, automatically: bool = True, **rest: Any) -> Booking:
    return book(participant, session, or_wait=True, book_automatically=automatically, **rest)


@pytest.fixture
def people(pat: Participant) -> list[Participant]:
    return [ParticipantFactory(programme=pat.programme) for _ in range(3)]


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, capacity=1)


@pytest.fixture
def held(pat: Participant, session: Session) -> Booking:
    """Pat has the only place."""
    return book(pat, session)


# --- a party -----------------------------------------------------------------


def test_a_party_that_does_not_fit_waits_and_leaves_the_single_place_to_others(
    session: Session, people: list[Participant]
) -> None:
    pair = wait(people[0], session, party=2)
    assert (pair.state, pair.skipped_reason) == ("waiting", "party_too_large")
    assert book(people[1], session).state == "booked"


def test_a_party_that_joins_a_full_class_is_not_passed_by_yet(
    held: Booking, session: Session, people: list[Participant]
) -> None:
    assert wait(people[0], session, party=2).skipped_reason == ""
