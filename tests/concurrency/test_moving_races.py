"""A class that moves while people book it, and two people who change it at the same moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Person
from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place
from classes.timetable import Edit, EditPreview, PreviewOutdated, Scope, change_dates, fields_of_date, preview_edit
from classes.wall_time import UK
from participants.models import Participant
from tests.concurrency.racers import Racers
from tests.factories.accounts import PersonFactory, ProgrammeFactory
from tests.factories.classes import SessionFactory
from tests.factories.instructors import InstructorFactory
from tests.factories.participants import ParticipantFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS, PEOPLE = 4, 5


def at_nine(days: int) -> dt.datetime:
    return dt.datetime.combine(timezone.localdate() + dt.timedelta(days=days), dt.time(9), tzinfo=UK)


def hour_of(session: Session) -> int:
    return session.starts_at.astimezone(UK).hour


def book(participant: Participant, session_id: int) -> Booking:
    session = Session.objects.get(pk=session_id)
    return book_place(participant=participant, session=session, by=participant.person, source=BookingSource.SELF)


def moved_by(hours: int, session_id: int) -> Edit:
    session = Session.objects.get(pk=session_id)
    fields: Any = fields_of_date(session) | {"start_time": dt.time(9 + hours), "capacity": 20 + hours}
    return Edit(session, Scope.ONE, fields)


def move(edit: Edit, seen: str, by: Person) -> EditPreview | PreviewOutdated:
    """Whoever finds it changed looks again, as on the page."""
    for _ in range(PEOPLE + 2):
        try:
            return change_dates(edit=edit, seen=seen, by=by)
        except PreviewOutdated as outdated:
            seen = outdated.preview.fingerprint
    raise AssertionError("it never settled")


def once(edit: Edit, seen: str, by: Person) -> EditPreview:
    return change_dates(edit=edit, seen=seen, by=by)


def test_whoever_books_while_a_class_moves_has_their_place_at_its_new_time() -> None:
    instructor = InstructorFactory(programme=ProgrammeFactory())
    people = [ParticipantFactory(programme=instructor.programme) for _ in range(PEOPLE)]
    with Racers(PEOPLE + 1) as racers:
        for number in range(ROUNDS):
            session = SessionFactory(
                programme=instructor.programme,
                leader=instructor,
                starts_at=at_nine(10 + number),
            )
            edit = moved_by(2, session.pk)
            mover = partial(move, edit, preview_edit(edit).fingerprint, people[0].person)
            bookers: list[Callable[[], Any]] = [partial(book, person, session.pk) for person in people]
            *booked, moved = racers.run([*bookers, mover])
            assert isinstance(moved, EditPreview), f"round {number}: {moved!r}"
            assert all(isinstance(one, Booking) for one in booked), f"round {number}: {booked!r}"
            session.refresh_from_db()
            assert hour_of(session) == 11 and session.places_taken == PEOPLE
            times = {(one.during.lower, one.during.upper) for one in Booking.objects.filter(session=session)}
            assert times == {(session.starts_at, session.ends_at)}


def test_of_two_people_who_change_a_class_at_once_one_is_asked_to_look_again() -> None:
    instructor = InstructorFactory(programme=ProgrammeFactory())
    editors = [PersonFactory(), PersonFactory()]
    with Racers(2) as racers:
        for number in range(ROUNDS):
            session = SessionFactory(
                programme=instructor.programme,
                leader=instructor,
                starts_at=at_nine(10 + number),
            )
            edits = [moved_by(hours, session.pk) for hours in (1, 2)]
            results = racers.run(
                [
                    partial(once, edit, preview_edit(edit).fingerprint, by)
                    for edit, by in zip(edits, editors, strict=True)
                ]
            )
            kinds = sorted(type(one).__name__ for one in results)
            assert kinds == ["EditPreview", "PreviewOutdated"], f"round {number}: {results!r}"
            session.refresh_from_db()
            assert (session.capacity, hour_of(session)) in {
                (21, 10),
                (22, 11),
            }  # all of one, nothing of the other
