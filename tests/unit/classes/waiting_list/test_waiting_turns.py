"""Turns that change while people wait: judged anew, served when time comes free, never in the way of a place."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.history import acting
from classes.judging.refusals import SessionFull, TryAgain
from classes.models import Booking, BookingSource, Session
from classes.places.booking import book_place, cancel_booking
from classes.timetable import cancel_session
from classes.waiting_list import serving
from classes.waiting_list.serving import CALL, PLACE_IN_DOUBT
from messaging.models import Task
from participants.consequences import Event, run_consequences
from participants.models import ClearanceState, Participant
from participants.standing import facts_changed
from tests.factories.classes import SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db


def book(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


def wait(participant: Participant, session: Session, *, automatically: bool = True, **rest: Any) -> Booking:
    return book(participant, session, or_wait=True, book_automatically=automatically, **rest)


def fresh(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


def open_tasks(kind: str) -> list[int | None]:
    return list(Task.objects.to_do().filter(kind=kind).values_list("subject_id", flat=True))


def loses_clearance(participant: Participant) -> None:
    ClearanceFactory(participant=participant, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    with acting(participant.person, "tests.event"):
        facts_changed(participant)
        run_consequences(Event.CLEARANCE_CHANGED, participant, participant.person)


@pytest.fixture
def people(pat: Participant) -> list[Participant]:
    return [ParticipantFactory(programme=pat.programme) for _ in range(3)]


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, capacity=1)


@pytest.fixture
def at_that_time(session: Session) -> Session:
    """Another class at the same time, with many places."""
    return SessionFactory(programme=session.programme, starts_at=session.starts_at)


@pytest.fixture
def held(pat: Participant, session: Session) -> Booking:
    """Pat has the only place."""
    return book(pat, session)


# --- clearance ---------------------------------------------------------------


def test_who_is_being_called_and_may_no_longer_come_is_passed_by_and_the_next_is_called(
    held: Booking, session: Session, people: list[Participant]
) -> None:
    first, second = wait(people[0], session, automatically=False), wait(people[1], session, automatically=False)
    cancel_booking(booking=held, by=held.participant.person)
    assert open_tasks(CALL) == [first.pk]
    loses_clearance(people[0])
    assert fresh(first).skipped_reason == "being_checked"
    assert open_tasks(CALL) == [second.pk]


def test_a_place_kept_for_somebody_who_may_no_longer_come_is_public_when_nobody_else_waits(
    held: Booking, session: Session, people: list[Participant]
) -> None:
    wait(people[0], session, automatically=False)
    cancel_booking(booking=held, by=held.participant.person)
    with pytest.raises(SessionFull):
        book(people[1], session)
    loses_clearance(people[0])
    assert book(people[1], session).state == "booked"


# --- the same time -----------------------------------------------------------


def test_who_gives_up_a_class_is_served_where_they_wait_at_that_time(
    held: Booking, session: Session, at_that_time: Session, people: list[Participant]
) -> None:
    turn, in_the_way = wait(people[0], session), book(people[0], at_that_time)
    cancel_booking(booking=held, by=held.participant.person)
    assert fresh(turn).skipped_reason == "overlaps"
    cancel_booking(booking=in_the_way, by=people[0].person)
    assert (fresh(turn).state, fresh(turn).skipped_reason) == ("booked", "")


def test_whose_class_is_cancelled_is_served_where_they_wait_at_that_time(
    held: Booking, session: Session, at_that_time: Session, people: list[Participant], dee: Any
) -> None:
    turn = wait(people[0], session, automatically=False)
    book(people[0], at_that_time)
    cancel_booking(booking=held, by=held.participant.person)
    assert open_tasks(CALL) == []
    cancel_session(session=at_that_time, reason="The hall is shut", by=dee.person)
    assert open_tasks(CALL) == [turn.pk]
    with pytest.raises(SessionFull):
        book(people[1], session)


def test_a_class_that_is_too_busy_to_serve_undoes_no_cancellation(
    held: Booking,
    session: Session,
    at_that_time: Session,
    people: list[Participant],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turn, in_the_way = wait(people[0], session), book(people[0], at_that_time)
    cancel_booking(booking=held, by=held.participant.person)

    def busy(**about: Any) -> None:
        raise TryAgain

    monkeypatch.setattr(serving, "offer_freed_places", busy)
    assert cancel_booking(booking=in_the_way, by=people[0].person).state == "cancelled"
    assert fresh(turn).skipped_reason == "overlaps"


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


# --- work about a booking ----------------------------------------------------


@pytest.mark.parametrize("ends", ["the person", "the class"])
def test_nobody_looks_into_a_place_that_is_given_up(held: Booking, session: Session, dee: Any, ends: str) -> None:
    loses_clearance(held.participant)
    assert open_tasks(PLACE_IN_DOUBT) == [held.pk]
    if ends == "the person":
        cancel_booking(booking=held, by=held.participant.person)
    else:
        cancel_session(session=session, reason="The hall is shut", by=dee.person)
    assert open_tasks(PLACE_IN_DOUBT) == []
