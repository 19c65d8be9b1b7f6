"""The database refuses what must never be of a place, whoever asks for it in SQL and in whichever state.

One attack on each rule about classes, of all tables: tests/structure/test_constraints.py.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from classes.models import Booking, Session
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db

COPY = """
INSERT INTO classes_booking (session_id, participant_id, state, during, party, source, made_by_id, joined_at,
  book_automatically, priority, priority_reason, skipped_reason, request_key, facts_version, ended_at, end_reason)
SELECT %s, participant_id, %s, tstzrange(%s, %s), %s, source, made_by_id, now(), false, 0, '', '', '', 1, %s, ''
  FROM classes_booking WHERE id = %s
"""


def refused(sql: str, params: list[Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def booking() -> Booking:
    return BookingFactory(session=SessionFactory(capacity=2))


def copy(of: Booking, session: Session, *, state: str = "booked", party: int = 1, ended_at: Any = None) -> list[Any]:
    return [session.pk, state, session.starts_at, session.ends_at, party, ended_at, of.pk]


@pytest.mark.parametrize("state", ["booked", "offered", "waiting"])
def test_a_second_live_booking_of_one_person_for_one_class(booking: Booking, state: str) -> None:
    later = booking.session.ends_at
    params = [booking.session.pk, state, later, later + dt.timedelta(hours=1), 1, None, booking.pk]
    refused(COPY, params, "one_live_booking_per_person_and_session")


@pytest.mark.parametrize("state", ["booked", "offered"])
def test_two_places_of_one_person_at_one_time(booking: Booking, state: str) -> None:
    other = SessionFactory(starts_at=booking.session.starts_at + dt.timedelta(minutes=30))
    refused(COPY, copy(booking, other, state=state), "a_person_is_in_one_class_at_a_time")


def test_a_booking_for_nobody_or_for_three(booking: Booking) -> None:
    other = SessionFactory(starts_at=booking.session.ends_at)
    for party in (0, 3):
        refused(COPY, copy(booking, other, party=party), "booking_is_for_one_or_two")


def test_an_ended_booking_without_its_end_and_a_live_one_with_one(booking: Booking) -> None:
    other = SessionFactory(starts_at=booking.session.ends_at)
    refused(COPY, copy(booking, other, state="cancelled"), "an_ended_booking_says_when")
    refused(COPY, copy(booking, other, ended_at=other.starts_at), "an_ended_booking_says_when")


@pytest.mark.parametrize(
    "change",
    [
        "places_taken = capacity + 1",
        "reserved = capacity + 1",
        "walk_in = capacity + 1",
        "reserved = capacity - 1, walk_in = 2",
        "capacity = 0, places_taken = 1",
    ],
)
def test_more_places_than_there_are(booking: Booking, change: str) -> None:
    refused(
        f"UPDATE classes_session SET {change} WHERE id = %s", [booking.session_id], "session_places_within_capacity"
    )


def test_a_companion_without_a_place_where_each_takes_one(booking: Booking) -> None:
    change = "UPDATE classes_session SET companions = 1 WHERE id = %s"
    refused(change, [booking.session_id], "companions_beside_places_fit_into_the_hall")


@pytest.mark.parametrize("both", [True, False])
def test_attendance_of_neither_or_both_of_booking_and_guest(booking: Booking, both: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO classes_guest (session_id, name, phone, screened_aloud)"
            " VALUES (%s, 'Gus', '', true) RETURNING id",
            [booking.session_id],
        )
        guest = cursor.fetchone()[0]
    refused(
        "INSERT INTO classes_attendance (id, session_id, booking_id, guest_id, state, note, marked_at, received_at,"
        " by_id) VALUES (gen_random_uuid(), %s, %s, %s, 'attended', '', now(), now(), %s)",
        [booking.session_id, booking.pk if both else None, guest if both else None, booking.made_by_id],
        "attendance_is_of_a_booking_or_a_guest",
    )


@pytest.mark.parametrize("after", ["waiting", "offered", "declined"])
def test_a_state_that_may_not_follow(booking: Booking, after: str) -> None:
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE classes_booking SET state = %s WHERE id = %s", [after, booking.pk])
