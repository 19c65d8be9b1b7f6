"""Work that comes back by the clock, where one row is at fault: the others are served, and the job fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Programme
from classes import tasks
from classes.judging.refusals import TryAgain
from classes.leader_there import LEADER_MISSING
from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place, cancel_booking
from classes.timetable.few_booked import FEW_BOOKED
from messaging.models import Message, Task
from participants.models import ClearanceState, Participant
from tests.factories.accounts import ContactPointFactory
from tests.factories.classes import BookingFactory, SeriesFactory, SessionFactory
from tests.factories.instructors import InstructorFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
Fails = Callable[..., None]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Fails:
    """`fails("module.function", of=...)`: it raises where `of` says so of what it is given."""

    def fails(name: str, of: Callable[..., bool], error: type[Exception] = ValueError) -> None:
        module, function = name.rsplit(".", 1)
        works = getattr(import_module(module), function)

        def faulty(*args: Any, **named: Any) -> Any:
            if of(*args, **named):
                raise error
            return works(*args, **named)

        monkeypatch.setattr(name, faulty)

    return fails


@pytest.fixture
def two(programme: Programme) -> list[Participant]:
    people = [ParticipantFactory(programme=programme) for _ in range(2)]
    for participant in people:
        ContactPointFactory(person=participant.person)
    return people


def a_class(programme: Programme, starts_in: dt.timedelta, **more: Any) -> Session:
    return SessionFactory(programme=programme, starts_at=timezone.now() + starts_in, **more)


def book(participant: Participant, session: Session, **more: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **more
    )


def states(*bookings: Booking) -> list[str]:
    return [Booking.objects.get(pk=booking.pk).state for booking in bookings]


def run(job: Callable[[], object], faults: int = 1) -> None:
    """It fails, so that it is seen, with one fault for each row that was at fault."""
    with pytest.raises(ExceptionGroup) as raised:
        job()
    assert len(list(_leaves(raised.value))) == faults


def _leaves(fault: Exception) -> Iterator[Exception]:
    if isinstance(fault, ExceptionGroup):
        for inner in fault.exceptions:
            yield from _leaves(inner)
    else:
        yield fault


def test_an_offer_at_fault_stops_no_other_nor_what_comes_after_it(
    programme: Programme,
    two: list[Participant],
    fails: Fails,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("classes.telling.notices.message_about", lambda offer: None)  # messages have left
    offered = []
    for days, participant in enumerate(two, start=4):
        session = a_class(programme, days * DAY, capacity=1)
        held = book(ParticipantFactory(programme=programme), session)
        offered.append(book(participant, session, or_wait=True))
        cancel_booking(booking=held, by=participant.person)
    begins, free = (a_class(programme, days * DAY, capacity=0) for days in (1, 6))
    late, early = book(two[0], begins, or_wait=True), book(two[0], free, or_wait=True)
    Session.objects.filter(pk=free.pk).update(capacity=1)
    fails("classes.waiting_list.running_out.locked_booking", lambda booking: booking == offered[0])
    clock.shift(DAY)
    run(tasks.move_waiting_lists_on)
    assert states(*offered, late, early) == ["offered", "expired", "closed", "offered"]


def test_a_series_at_fault_stops_no_other(programme: Programme, fails: Fails) -> None:
    first, second = (SeriesFactory(instructor=InstructorFactory(programme=programme)) for _ in range(2))
    fails("classes.timetable.materialising.fields_of_series", lambda series: series == first)
    run(tasks.make_coming_dates)
    assert not first.sessions.exists() and second.sessions.exists()


@pytest.mark.parametrize("error", [ValueError, TryAgain])
def test_who_cannot_be_judged_at_night_keeps_nobody_else_from_it(
    programme: Programme, two: list[Participant], fails: Fails, error: type[Exception]
) -> None:
    places = _in_doubt(programme, two, 3 * DAY)
    fails("classes.places.places_in_doubt.judge_places_again", lambda who, by: who == two[0], error)
    if error is TryAgain:
        tasks.judge_held_places()
    else:
        run(tasks.judge_held_places)
    assert _said(places) == [False, True]


def test_facts_that_cannot_be_judged_keep_nobody_of_the_same_batch_from_it(
    programme: Programme, two: list[Participant], fails: Fails
) -> None:
    places = _in_doubt(programme, two, 3 * DAY)
    fails("classes.places.places_in_doubt.doubts_about", lambda places: True)
    fails("classes.places.places_in_doubt.standing_of", lambda who: who == two[0])
    run(tasks.judge_held_places)
    assert _said(places) == [False, True]


@pytest.mark.parametrize("together", [True, False])
def test_a_place_that_cannot_be_freed_keeps_no_other(
    programme: Programme, two: list[Participant], fails: Fails, together: bool
) -> None:
    places = _in_doubt(programme, two, 20 * HOUR)
    fails("classes.places.places_in_doubt.free_place", lambda booking, by: booking == places[0])
    fails("classes.places.places_in_doubt.doubts_about", lambda places: not together)
    run(tasks.free_places_that_do_not_stand)
    assert states(*places) == ["booked", "cancelled"]


def _in_doubt(programme: Programme, people: list[Participant], starts_in: dt.timedelta) -> list[Booking]:
    session = a_class(programme, starts_in, capacity=9)
    places = [book(participant, session) for participant in people]
    for participant in people:
        ClearanceFactory(participant=participant, state=ClearanceState.PAUSED, valid_until=None)
    return places


def _said(places: list[Booking]) -> list[bool]:
    return [Booking.objects.get(pk=booking.pk).in_doubt_since is not None for booking in places]


def test_a_class_at_fault_keeps_no_other_from_giving_away_what_is_kept_back(programme: Programme, fails: Fails) -> None:
    first, _ = (a_class(programme, n * HOUR, capacity=5, reserved=1, release_hours=24) for n in (3, 4))
    fails("classes.places.kept_back.lock_queue", lambda pk: pk == first.pk)
    run(tasks.release_places_kept_back)
    assert list(Session.objects.order_by("starts_at").values_list("reserved", flat=True)) == [1, 0]


def test_who_cannot_be_reminded_keeps_nobody_else_from_it(
    programme: Programme, two: list[Participant], fails: Fails
) -> None:
    session = a_class(programme, 47 * HOUR)
    for participant in two:
        BookingFactory(session=session, participant=participant)
    fails("classes.telling.what_is_due.enqueue", lambda person, **named: person == two[0].person)
    run(tasks.remind_of_classes)
    assert list(Message.objects.values_list("person", flat=True)) == [two[1].person_id]


def test_a_class_without_leader_that_cannot_be_asked_about_leaves_no_half_of_it_and_stops_no_other(
    programme: Programme, fails: Fails
) -> None:
    first, second = (a_class(programme, -10 * MINUTE) for _ in range(2))
    for session in (first, second):
        BookingFactory(session=session, participant=ParticipantFactory(programme=programme))
    fails("messaging.alerts.tell_on_call", lambda task, by: task.subject_id == first.pk)
    run(tasks.ask_about_classes_without_leader)
    assert _asked(LEADER_MISSING) == [second.pk]


def test_a_class_with_few_that_cannot_be_asked_about_keeps_no_other(programme: Programme, fails: Fails) -> None:
    first, second = (a_class(programme, n * HOUR, minimum=2) for n in (20, 21))
    fails("messaging.worklist.raise_task", lambda subject_id, **named: subject_id == first.pk)
    run(tasks.ask_about_classes_with_few)
    assert _asked(FEW_BOOKED) == [second.pk]


def _asked(kind: str) -> list[int | None]:
    return list(Task.objects.filter(kind=kind).values_list("subject_id", flat=True))
