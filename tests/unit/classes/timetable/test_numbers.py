"""Too few for a class, and places that were kept back: what happens by the clock, and what never does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from accounts.models import Programme, User
from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingState, Mode, Session
from classes.places import kept_back
from classes.places.kept_back import release_places
from classes.timetable import Edit, Scope, cancel_session, change_dates, fields_of_date, preview_edit
from classes.timetable.few_booked import FEW_BOOKED, ask_about_few
from classes.timetable.plans import Problem, problems_with, with_release
from instructors.models import Instructor
from messaging.models import Task, TaskState
from messaging.worklist import close_task
from participants.models import Participant
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 23, 18, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def class_in(programme: Programme, hours: float, **facts: object) -> Session:
    return SessionFactory(programme=programme, starts_at=NOW + dt.timedelta(hours=hours), **facts)


def open_tasks() -> list[Task]:
    return list(Task.objects.filter(kind=FEW_BOOKED, state=TaskState.OPEN))


# --- too few -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "minimum", "asked"),
    [(48, 3, 1), (47.9, 3, 1), (48.1, 3, 0), (-1, 3, 0), (20, 1, 0), (20, None, 0), (20, 2, 1)],
)
def test_the_desk_is_asked_from_48_hours_before_when_fewer_are_booked(
    programme: Programme, pat: Participant, quinn: Participant, hours: float, minimum: int | None, asked: int
) -> None:  # pitfalls 17; over the night of 25 October, by elapsed time: pitfalls 28
    session = class_in(programme, hours, minimum=minimum)
    BookingFactory(session=session, participant=pat)
    BookingFactory(session=session, participant=quinn, state=BookingState.WAITING)
    assert (ask_about_few(), len(open_tasks())) == (asked, asked)


def test_it_is_asked_once_and_never_cancels(programme: Programme, dee: User) -> None:  # pitfalls 17
    session = class_in(programme, 20, minimum=3)
    assert (ask_about_few(), ask_about_few()) == (1, 0)
    (task,) = open_tasks()
    assert (task.subject_id, task.context["on"]) == (session.pk, "2026-10-24")
    close_task(task=task, outcome="goes_ahead", by=dee.person)
    assert ask_about_few() == 0
    session.refresh_from_db()
    assert not session.is_cancelled


def test_what_has_filled_or_is_off_is_asked_about_no_more(programme: Programme, pat: Participant, dee: User) -> None:
    filled, off = class_in(programme, 20, minimum=1), class_in(programme, 30, minimum=1)
    assert ask_about_few() == 2
    BookingFactory(session=filled, participant=pat)
    cancel_session(session=off, reason="Too few people", by=dee.person)
    assert [task.subject_id for task in open_tasks()] == [filled.pk]
    assert ask_about_few() == 0
    assert open_tasks() == []


def test_a_class_that_has_moved_is_asked_about_again(programme: Programme, ines: Instructor, dee: User) -> None:
    session = class_in(programme, 20, minimum=1, leader=ines)
    ask_about_few()
    asked = Edit(session, Scope.ONE, fields_of_date(session) | {"duration_minutes": 45})  # type: ignore[operator]
    change_dates(edit=asked, seen=preview_edit(asked).fingerprint, by=dee.person)
    assert open_tasks() == []
    Session.objects.filter(pk=session.pk).update(starts_at=session.starts_at + dt.timedelta(minutes=30))
    assert (ask_about_few(), len(open_tasks())) == (1, 1)


def test_a_least_number_that_the_class_cannot_hold_is_a_problem(programme: Programme, ines: Instructor) -> None:
    fields = fields_of_date(class_in(programme, 20, leader=ines, capacity=4))
    assert problems_with(fields | {"minimum": 4}) == ()  # type: ignore[operator]
    assert problems_with(fields | {"minimum": 5}) == (Problem.MINIMUM,)  # type: ignore[operator]


# --- kept back ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "release", "left"),
    [(24, 24, 0), (24.1, 24, 2), (5, 48, 0), (5, None, 2), (-1, 24, 2), (48, 48, 0)],
)
def test_places_are_kept_back_until_so_long_before_the_start(
    programme: Programme, hours: float, release: int | None, left: int
) -> None:
    session = class_in(programme, hours, reserved=2, walk_in=1, release_hours=release, capacity=3)
    release_places()
    session.refresh_from_db()
    assert (session.reserved, session.walk_in, session.capacity) == (left, 1, 3)  # those for the door stay
    assert release_places() == 0


def test_who_waits_comes_first_and_the_rest_is_for_anybody(
    programme: Programme, pat: Participant
) -> None:  # pitfalls 10, 11
    session = class_in(programme, 40, reserved=2, release_hours=48, capacity=2)
    turn = BookingFactory(session=session, participant=pat, state=BookingState.WAITING, book_automatically=True)
    assert release_places() == 1
    turn.refresh_from_db()
    session.refresh_from_db()
    assert (turn.state, session.places_taken, session.places_left) == (BookingState.BOOKED, 1, 1)
    assert Session.objects.with_places().filter(pk=session.pk).exists()


def test_who_could_not_be_reached_before_is_tried_again_when_places_are_released(
    programme: Programme, pat: Participant
) -> None:
    session = class_in(programme, 40, reserved=2, release_hours=48, capacity=2)
    turn = BookingFactory(session=session, participant=pat, state=BookingState.WAITING, skipped_reason="not_reached")
    assert release_places() == 1
    turn.refresh_from_db()
    assert (turn.state, turn.skipped_reason) == (BookingState.OFFERED, "")


def test_what_somebody_else_has_settled_meanwhile_or_is_too_busy_is_left(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = class_in(programme, 5, reserved=2, release_hours=24)
    lock = kept_back.lock_queue

    def settled_before(pk: int) -> object:
        Session.objects.filter(pk=pk).update(release_hours=None)
        return lock(pk)

    monkeypatch.setattr(kept_back, "lock_queue", settled_before)
    assert release_places() == 0
    Session.objects.filter(pk=session.pk).update(release_hours=24)

    def busy(pk: int) -> object:
        raise TryAgain

    monkeypatch.setattr(kept_back, "lock_queue", busy)
    assert release_places() == 0
    session.refresh_from_db()
    assert session.reserved == 2 and not Booking.objects.exists()


@pytest.mark.parametrize(
    ("said", "mode", "hours"),
    [
        ({}, Mode.IN_PERSON, None),
        ({"reserved": 0}, Mode.IN_PERSON, None),
        ({"reserved": 2}, Mode.IN_PERSON, 24),
        ({"reserved": 2}, Mode.REMOTE, 2),
        ({"reserved": 2, "release_hours": None}, Mode.REMOTE, None),  # they stay kept back: that was said
        ({"reserved": 2, "release_hours": 48}, Mode.REMOTE, 48),
    ],
)
def test_where_nobody_says_when_places_kept_back_are_given_away_in_time(
    said: dict[str, Any], mode: Mode, hours: int | None
) -> None:
    plan: Any = {"mode": mode, **said}
    assert with_release(plan).get("release_hours") == hours
