from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.history import acting
from classes import locks
from classes.judging.eligibility import Reason
from classes.judging.refusals import NotEligible, NotWaiting, Overlaps, SessionFull, SessionNotOpen, TooLate
from classes.models import Booking, BookingSource, BookingState, Session, SessionStatus
from classes.places.booking import book_place, cancel_booking, offer_freed_places
from classes.telling import notices
from classes.waiting_list import serving
from classes.waiting_list.answering import give_place, pass_by
from classes.waiting_list.serving import CALL, PLACE_IN_DOUBT
from messaging.models import Task, TaskState
from participants.consequences import Event, run_consequences
from participants.models import ClearanceState, Participant
from participants.standing import facts_changed
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db


def book(participant: Participant, session: Session, **rest: Any) -> Booking:
    return book_place(
        participant=participant, session=session, by=participant.person, source=BookingSource.SELF, **rest
    )


def wait(participant: Participant, session: Session, *, automatically: bool = True, **rest: Any) -> Booking:
    return book(participant, session, or_wait=True, book_automatically=automatically, **rest)


def uncleared(participant: Participant) -> None:
    ClearanceFactory(participant=participant, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    facts_changed(participant)


def cleared(participant: Participant) -> None:
    ClearanceFactory(participant=participant)
    facts_changed(participant)


def fresh(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


def calls() -> list[int | None]:
    return list(
        Task.objects.filter(kind=CALL, state=TaskState.OPEN).order_by("id").values_list("subject_id", flat=True)
    )


@pytest.fixture
def people(pat: Participant) -> list[Participant]:
    return [ParticipantFactory(programme=pat.programme) for _ in range(4)]


@pytest.fixture
def session(pat: Participant) -> Session:
    return SessionFactory(programme=pat.programme, capacity=1)


@pytest.fixture
def held(pat: Participant, session: Session) -> Booking:
    """Pat has the only place."""
    return book(pat, session)


def give_back(held: Booking) -> None:
    cancel_booking(booking=held, by=held.participant.person)


def taken(session: Session) -> int:
    session.refresh_from_db()
    return session.places_taken


def test_a_waiting_participant_gets_the_cancelled_place(
    held: Booking, session: Session, people: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(notices, "placed_from_waiting", lambda b, by: told.append(b.pk))
    first, second = wait(people[0], session), wait(people[1], session)
    give_back(held)
    placed = fresh(first)
    assert (placed.state, placed.source) == ("booked", "offer")
    assert fresh(second).state == "waiting"
    assert taken(session) == 1
    assert told == [first.pk]


def test_who_cancelled_does_not_get_the_place_back(held: Booking, session: Session, people: list[Participant]) -> None:
    first = wait(people[0], session)
    give_back(held)
    give_back(fresh(first))
    assert taken(session) == 0
    assert fresh(held).state == "cancelled"


def test_a_priority_comes_first_then_the_time_of_joining_then_the_row(
    held: Booking, session: Session, people: list[Participant]
) -> None:
    now = timezone.now()
    rows = [
        BookingFactory(session=session, participant=p, state=BookingState.WAITING, priority=priority, joined_at=at)
        for p, priority, at in zip(people, (0, 0, 1, 0), (now, now, now, now - dt.timedelta(hours=1)), strict=True)
    ]
    assert list(session.bookings.waiting()) == [rows[2], rows[3], rows[0], rows[1]]


def test_who_did_not_ask_for_it_is_called_in_order_and_the_place_stays_theirs(
    held: Booking, session: Session, people: list[Participant]
) -> None:
    first, second = wait(people[0], session, automatically=False), wait(people[1], session)
    give_back(held)
    assert calls() == [first.pk]
    assert [fresh(first).state, fresh(second).state] == ["offered", "waiting"]
    with pytest.raises(SessionFull):
        book(people[2], session)


def test_two_free_places_serve_the_call_and_the_next_one(session: Session, people: list[Participant], dee: Any) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=0)
    first, second = wait(people[0], session, automatically=False), wait(people[1], session)
    Session.objects.filter(pk=session.pk).update(capacity=2)
    assert offer_freed_places(session=session, by=dee.person) == [first, second]
    assert [fresh(first).state, fresh(second).state] == ["offered", "booked"]
    assert calls() == [first.pk]


def test_within_a_day_of_the_start_everybody_is_called(
    held: Booking, session: Session, people: list[Participant]
) -> None:
    first = wait(people[0], session)
    with time_machine.travel(session.starts_at - dt.timedelta(hours=24), tick=False):
        give_back(held)
    assert fresh(first).state == "waiting"
    assert calls() == [first.pk]
    assert Task.objects.get(kind=CALL).due_at <= session.starts_at


@pytest.mark.parametrize(
    ("freed", "starts", "due"),
    [
        ("02-01 10:00", "02-05 10:00", "02-01 14:00"),
        ("02-01 22:00", "02-05 10:00", "02-02 12:00"),  # nobody is called at night
        ("02-04 22:00", "02-05 10:00", "02-05 08:00"),  # with time to get there
        ("02-04 22:00", "02-05 08:30", "02-05 08:00"),  # as soon as people may be called
        ("02-05 07:00", "02-05 07:45", "02-05 07:45"),
        ("02-05 08:30", "02-05 10:00", "02-05 08:30"),  # at once
    ],
)
def test_a_call_falls_due_by_day_and_in_time_for_the_class(
    pat: Participant, people: list[Participant], freed: str, starts: str, due: str
) -> None:
    def at(words: str) -> dt.datetime:
        return dt.datetime.fromisoformat(f"2027-{words}+00:00")

    with time_machine.travel(at(freed), tick=False):
        session = SessionFactory(programme=pat.programme, capacity=1, starts_at=at(starts))
        held = book(pat, session)
        wait(people[0], session, automatically=False)
        give_back(held)
    assert Task.objects.get(kind=CALL).due_at == at(due)


def test_more_than_a_day_before_the_start_it_goes_by_itself(
    held: Booking, session: Session, people: list[Participant]
) -> None:
    first = wait(people[0], session)
    with time_machine.travel(session.starts_at - dt.timedelta(hours=24, seconds=1), tick=False):
        give_back(held)
    assert fresh(first).state == "booked"


def test_who_may_not_come_is_passed_by_and_keeps_the_turn(
    held: Booking, session: Session, people: list[Participant]
) -> None:
    first, second = wait(people[0], session), wait(people[1], session)
    uncleared(people[0])
    give_back(held)
    assert (fresh(first).state, fresh(first).skipped_reason) == ("waiting", "being_checked")
    assert fresh(second).state == "booked"
    cleared(people[0])
    give_back(fresh(second))
    assert (fresh(first).state, fresh(first).skipped_reason) == ("booked", "")


def test_a_place_that_nobody_waiting_may_take_is_public(
    held: Booking, session: Session, people: list[Participant]
) -> None:
    wait(people[0], session)
    uncleared(people[0])
    give_back(held)
    assert book(people[1], session).state == "booked"


def test_who_holds_another_class_at_that_time_is_passed_by(
    held: Booking, session: Session, people: list[Participant]
) -> None:
    first = wait(people[0], session)
    book(people[0], SessionFactory(programme=session.programme, starts_at=session.starts_at))
    give_back(held)
    assert (fresh(first).state, fresh(first).skipped_reason) == ("waiting", "overlaps")


def test_a_party_is_passed_by_and_not_split(held: Booking, session: Session, people: list[Participant]) -> None:
    pair, single = wait(people[0], session, party=2), wait(people[1], session)
    give_back(held)
    assert (fresh(pair).state, fresh(pair).skipped_reason) == ("waiting", "party_too_large")
    assert fresh(single).state == "booked"


def test_a_party_gets_both_its_places(session: Session, people: list[Participant], dee: Any) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=0)
    pair = wait(people[0], session, party=2)
    Session.objects.filter(pk=session.pk).update(capacity=2)
    offer_freed_places(session=session, by=dee.person)
    assert fresh(pair).state == "booked"
    assert taken(session) == 2


def test_who_gets_a_place_no_longer_waits_for_another_class_at_that_time(
    held: Booking, session: Session, people: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(notices, "booking_cancelled", lambda b, by: told.append(b.pk))
    first = wait(people[0], session)
    full = SessionFactory(programme=session.programme, capacity=0, starts_at=session.starts_at)
    later = SessionFactory(programme=session.programme, capacity=0, starts_at=session.ends_at)
    overlapping, touching = wait(people[0], full), wait(people[0], later)
    give_back(held)
    assert fresh(first).state == "booked"
    assert (fresh(overlapping).state, fresh(overlapping).end_reason) == ("cancelled", "placed_elsewhere")
    assert fresh(touching).state == "waiting"
    assert told == [held.pk, overlapping.pk]


@pytest.mark.parametrize("change", [{"status": SessionStatus.CANCELLED, "cancel_reason": "hall shut"}, {}])
def test_nobody_is_placed_in_a_class_that_is_cancelled_or_has_started(
    session: Session, people: list[Participant], dee: Any, change: dict[str, Any]
) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=0)
    first = wait(people[0], session)
    if change:
        change["cancelled_at"] = timezone.now()
    Session.objects.filter(pk=session.pk).update(capacity=1, **change)
    with time_machine.travel(timezone.now() if change else session.starts_at, tick=False):
        assert offer_freed_places(session=session, by=dee.person) == []
    assert fresh(first).state == "waiting"
    assert calls() == []


def test_who_joins_while_the_class_is_being_locked_is_served_too(
    session: Session, people: list[Participant], dee: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, comers = locks.lock_session, [people[0]]

    def somebody_joins_first(session_id: int) -> Session:
        Session.objects.filter(pk=session_id).update(capacity=0)
        while comers:
            wait(comers.pop(), session)
        Session.objects.filter(pk=session_id).update(capacity=1)
        return real(session_id)

    monkeypatch.setattr(locks, "lock_session", somebody_joins_first)
    assert [b.participant for b in offer_freed_places(session=session, by=dee.person)] == [people[0]]


# --- the desk ----------------------------------------------------------------


def test_the_desk_gives_the_place_after_a_call(
    held: Booking, session: Session, people: list[Participant], dee: Any
) -> None:
    first = wait(people[0], session, automatically=False)
    give_back(held)
    assert give_place(booking=first, by=dee.person).state == "booked"
    assert calls() == []
    assert taken(session) == 1
    assert first.events.order_by("pgh_id").last().pgh_context["by"] == f"person:{dee.person.pk}"  # type: ignore[attr-defined]


def test_who_cannot_be_reached_is_passed_by_and_the_next_is_called(
    held: Booking, session: Session, people: list[Participant], dee: Any
) -> None:
    first, second = wait(people[0], session, automatically=False), wait(people[1], session, automatically=False)
    give_back(held)
    pass_by(booking=first, by=dee.person)
    assert fresh(first).skipped_reason == "not_reached"
    assert calls() == [second.pk]
    cancel_booking(booking=fresh(second), by=people[1].person)
    assert calls() == []
    assert book(people[2], session).state == "booked"


def test_the_desk_cannot_give_a_place_that_is_not_there(
    held: Booking, session: Session, people: list[Participant], dee: Any
) -> None:
    first = wait(people[0], session)
    with pytest.raises(SessionFull):
        give_place(booking=first, by=dee.person)


def test_the_desk_cannot_give_a_place_to_who_may_not_come(
    held: Booking, session: Session, people: list[Participant], dee: Any
) -> None:
    first = wait(people[0], session, automatically=False)
    give_back(held)
    uncleared(people[0])
    with pytest.raises(NotEligible):
        give_place(booking=first, by=dee.person)


def test_the_desk_cannot_put_somebody_into_two_classes_at_once(
    held: Booking, session: Session, people: list[Participant], dee: Any
) -> None:
    first = wait(people[0], session, automatically=False)
    other = book(people[0], SessionFactory(programme=session.programme, starts_at=session.starts_at))
    give_back(held)
    with pytest.raises(Overlaps) as refusal:
        give_place(booking=first, by=dee.person)
    assert refusal.value.booking_id == other.pk


def test_the_desk_cannot_give_a_place_once_the_class_has_started(
    session: Session, people: list[Participant], dee: Any
) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=0)
    first = wait(people[0], session)
    Session.objects.filter(pk=session.pk).update(capacity=1)
    with time_machine.travel(session.starts_at, tick=False), pytest.raises(TooLate):
        give_place(booking=first, by=dee.person)


def test_the_desk_cannot_give_a_place_in_a_class_that_is_cancelled(
    session: Session, people: list[Participant], dee: Any
) -> None:
    Session.objects.filter(pk=session.pk).update(capacity=0)
    first = wait(people[0], session)
    Session.objects.filter(pk=session.pk).update(
        capacity=1, status=SessionStatus.CANCELLED, cancel_reason="hall shut", cancelled_at=timezone.now()
    )
    with pytest.raises(SessionNotOpen):
        give_place(booking=first, by=dee.person)


@pytest.mark.parametrize("act", [give_place, pass_by])
def test_who_has_left_the_list_cannot_be_served(
    held: Booking, session: Session, people: list[Participant], dee: Any, act: Any
) -> None:
    first = cancel_booking(booking=wait(people[0], session), by=people[0].person)
    with pytest.raises(NotWaiting):
        act(booking=first, by=dee.person)


# --- what happens to a person ------------------------------------------------


def happens(event: Event, participant: Participant, by: Any) -> None:
    with acting(by, "tests.event"):
        run_consequences(event, participant, by)


@pytest.mark.parametrize(
    ("event", "reason"), [(Event.PAUSED, "paused"), (Event.WITHDRAWN, "withdrawn"), (Event.DIED, "died")]
)
def test_future_places_are_given_back_and_past_ones_stay(
    held: Booking, session: Session, people: list[Participant], dee: Any, event: Event, reason: str
) -> None:
    first = wait(people[0], session)
    past = BookingFactory(
        session=SessionFactory(programme=session.programme, starts_at=timezone.now() - dt.timedelta(days=1)),
        participant=held.participant,
    )
    happens(event, held.participant, dee.person)
    assert (fresh(held).state, fresh(held).end_reason) == ("cancelled", reason)
    assert fresh(past).state == "booked"
    assert fresh(first).state == "booked"


def in_doubt() -> list[int | None]:
    return list(Task.objects.filter(kind=PLACE_IN_DOUBT, state=TaskState.OPEN).values_list("subject_id", flat=True))


def test_a_place_that_no_longer_stands_is_a_task_until_clearance_is_back(
    held: Booking, session: Session, dee: Any
) -> None:
    uncleared(held.participant)
    happens(Event.CLEARANCE_CHANGED, held.participant, dee.person)
    happens(Event.CLEARANCE_CHANGED, held.participant, dee.person)
    assert in_doubt() == [held.pk]
    assert fresh(held).state == "booked"
    cleared(held.participant)
    happens(Event.CLEARANCE_CHANGED, held.participant, dee.person)
    assert in_doubt() == []


def test_who_was_passed_by_is_served_when_clearance_is_back(
    held: Booking, session: Session, people: list[Participant], dee: Any
) -> None:
    first = wait(people[0], session)
    uncleared(people[0])
    give_back(held)
    happens(Event.CLEARANCE_CHANGED, people[0], dee.person)
    assert fresh(first).state == "waiting"
    cleared(people[0])
    happens(Event.CLEARANCE_CHANGED, people[0], dee.person)
    assert fresh(first).state == "booked"


def test_a_wait_that_was_not_passed_by_is_left_alone(
    held: Booking, session: Session, people: list[Participant], dee: Any
) -> None:
    first = wait(people[0], session)
    happens(Event.RESUMED, people[0], dee.person)
    assert fresh(first).state == "waiting"


def test_the_reasons_in_use_are_short_enough_to_keep() -> None:
    longest = Booking._meta.get_field("skipped_reason").max_length
    names = [serving.OVERLAP, serving.PARTY_TOO_LARGE, serving.NOT_REACHED, *Reason]
    assert longest is not None
    assert max(len(str(name)) for name in names) <= longest


def test_the_place_that_is_kept_for_the_first_is_nobody_elses_to_give(
    held: Booking, session: Session, people: list[Participant], dee: Any
) -> None:
    first, second = wait(people[0], session, automatically=False), wait(people[1], session, automatically=False)
    give_back(held)
    with pytest.raises(SessionFull):
        give_place(booking=second, by=dee.person)
    pass_by(booking=first, by=dee.person)
    assert give_place(booking=second, by=dee.person).state == "booked"
    assert (fresh(first).state, fresh(first).skipped_reason) == ("waiting", "not_reached")
