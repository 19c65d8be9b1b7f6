"""After two classes missed without a word somebody calls, once, and never as a sanction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from classes.judging.judgement import reasons_to_refuse
from classes.models import AttendanceState, Booking, BookingSource, BookingState, Guest, Session
from classes.places.booking import book_place, cancel_booking
from classes.register import NewMark, take_register
from classes.register.welfare import TOLD_US, WELFARE_CALL
from instructors.models import Instructor
from messaging.models import Message, Task, TaskState
from messaging.worklist import close_task, raise_task
from participants.consequences import CONTACT_STOPPED, run_consequences
from participants.models import Participant, ParticipantStatus
from participants.standing import standing_of
from participants.taking_part import life
from tests.factories.classes import BookingFactory, GuestFactory, SeriesFactory, SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory
from tests.factories.symptoms import SymptomCheckFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)  # a Wednesday
State = AttendanceState


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON) as traveller:  # it ticks: of two marks the later one counts
        yield traveller


def a_class(participant: Participant, *, days_ago: int, **fields: Any) -> Session:
    return SessionFactory(
        programme=participant.programme, starts_at=NOON - dt.timedelta(days=days_ago, hours=2), **fields
    )


def mark(ines: Instructor, row: Booking | Guest, state: str) -> None:
    about = {"booking_id": row.pk} if isinstance(row, Booking) else {"guest_id": row.pk}
    new = NewMark(id=uuid.uuid4(), state=AttendanceState(state), marked_at=timezone.now(), **about)
    take_register(session=row.session, marks=[new], by=ines.person)


def marked(ines: Instructor, participant: Participant, state: str, *, days_ago: int, **fields: Any) -> Booking:
    booking = BookingFactory(session=a_class(participant, days_ago=days_ago, **fields), participant=participant)
    mark(ines, booking, state)
    return booking


def calls(state: str = TaskState.OPEN) -> list[Task]:
    return list(Task.objects.filter(kind=WELFARE_CALL, state=state).order_by("id"))


@pytest.fixture
def missed(pat: Participant, ines: Instructor) -> Booking:
    """Pat has missed two classes in a row; the later one is returned."""
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=9)
    return marked(ines, pat, State.ABSENT_UNTOLD, days_ago=2)


def test_one_absence_asks_for_nothing_and_the_second_for_one_call(pat: Participant, ines: Instructor) -> None:
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=9)
    assert calls() == []
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=2)
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=1)
    (call,) = calls()
    assert (call.about, call.subject_id, call.programme) == (pat.person, pat.pk, pat.programme)
    assert call.due_at == dt.datetime(2027, 2, 4, 17, tzinfo=dt.UTC)


def test_absences_count_across_series_and_in_the_order_of_the_classes(pat: Participant, ines: Instructor) -> None:
    one, other = SeriesFactory(instructor=ines), SeriesFactory(instructor=ines, start_time=dt.time(9))
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=2, series=one)  # marked first, and the later class
    assert calls() == []
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=5, series=other)
    assert len(calls()) == 1
    marked(ines, pat, State.ATTENDED, days_ago=9)  # an earlier class says nothing of later ones
    assert len(calls()) == 1


@pytest.mark.parametrize("between", [State.ABSENT_TOLD, State.ATTENDED, State.ATTENDED_IN_PART])
def test_somebody_heard_of_in_between_is_not_missed(pat: Participant, ines: Instructor, between: str) -> None:
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=9)
    marked(ines, pat, between, days_ago=5)
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=2)
    assert calls() == []


def test_a_class_that_we_cancelled_or_nobody_marked_is_no_class_in_between(pat: Participant, ines: Instructor) -> None:
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=9)
    marked(ines, pat, State.SERVICE_CANCELLED, days_ago=6)
    BookingFactory(session=a_class(pat, days_ago=5), participant=pat)
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=2)
    assert len(calls()) == 1


@pytest.mark.parametrize("came", [State.ATTENDED, State.ATTENDED_IN_PART])
def test_the_call_closes_itself_when_the_person_comes(
    missed: Booking, pat: Participant, ines: Instructor, came: str
) -> None:
    marked(ines, pat, came, days_ago=1)
    assert calls() == [] and len(calls(TaskState.CANCELLED)) == 1


def test_it_closes_itself_when_they_walk_in_without_a_place(
    missed: Booking, pat: Participant, ines: Instructor
) -> None:
    guest = GuestFactory(session=a_class(pat, days_ago=1), participant=pat, name="")
    mark(ines, guest, State.ATTENDED)
    assert calls() == []


def test_an_amended_mark_is_looked_at_again_both_ways(missed: Booking, ines: Instructor) -> None:
    mark(ines, missed, State.ABSENT_TOLD)
    assert calls() == []
    mark(ines, missed, State.ABSENT_UNTOLD)
    assert len(calls()) == 1


def test_after_the_call_the_same_absence_asks_for_no_second_one_and_a_further_one_does(
    missed: Booking, pat: Participant, ines: Instructor, dee: Any
) -> None:
    close_task(task=calls()[0], outcome="heard", by=dee.person)
    mark(ines, missed, State.ABSENT_TOLD)
    mark(ines, missed, State.ABSENT_UNTOLD)
    assert calls() == []
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=1)
    assert len(calls()) == 1


def test_one_absence_after_a_day_on_which_they_were_not_well_asks_for_a_call(
    pat: Participant, quinn: Participant, ines: Instructor
) -> None:
    unwell = marked(ines, pat, State.ATTENDED, days_ago=9)
    SymptomCheckFactory(booking=unwell, result="talk_first")
    well = marked(ines, quinn, State.ATTENDED, days_ago=9)
    SymptomCheckFactory(booking=well, result="ready")
    for who in (pat, quinn):
        marked(ines, who, State.ABSENT_UNTOLD, days_ago=2)
    assert [call.about for call in calls()] == [pat.person]
    marked(ines, pat, State.ATTENDED, days_ago=1)
    assert calls() == []


def test_one_absence_after_they_were_sent_home_unwell_asks_for_a_call(pat: Participant, ines: Instructor) -> None:
    marked(ines, pat, State.SENT_HOME, days_ago=9)
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=2)
    assert len(calls()) == 1


def test_who_gives_up_a_place_themselves_has_told_us_and_the_same_absences_ask_for_no_other_call(
    missed: Booking, pat: Participant, ines: Instructor, dee: Any
) -> None:
    first, second = (
        BookingFactory(session=a_class(pat, days_ago=-days, places_taken=1), participant=pat) for days in (3, 5)
    )
    cancel_booking(booking=first, by=dee.person)  # the desk has not heard from them by that
    assert len(calls()) == 1
    cancel_booking(booking=second, by=pat.person)
    assert calls() == [] and [call.outcome for call in calls(TaskState.DONE)] == [TOLD_US]
    mark(ines, missed, State.ABSENT_UNTOLD)
    assert calls() == []
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=1)
    assert len(calls()) == 1


def test_missing_classes_costs_nobody_a_place_or_a_turn(missed: Booking, pat: Participant) -> None:
    """Pitfall 57: who did not come twice is called, and may book and wait like everybody."""
    ClearanceFactory(participant=pat)
    ahead = a_class(pat, days_ago=-3)
    assert not reasons_to_refuse(standing_of(pat), ahead)
    assert (
        book_place(session=ahead, participant=pat, source=BookingSource.SELF, by=pat.person).state
        == BookingState.BOOKED
    )


def test_nobody_but_the_desk_hears_of_it_and_nothing_is_taken_away(missed: Booking, pat: Participant) -> None:
    assert not Message.objects.filter(person=pat.person).exists()
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.ACTIVE


@pytest.mark.parametrize("status", [s for s in ParticipantStatus if s != ParticipantStatus.ACTIVE])
def test_who_does_not_take_part_any_more_is_not_called(pat: Participant, ines: Instructor, status: str) -> None:
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=9)
    Participant.objects.filter(pk=pat.pk).update(status=status)
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=2)
    assert calls() == []


def test_a_break_or_leaving_explains_it_and_calls_for_another_reason_stay(missed: Booking, pat: Participant) -> None:
    unwell = raise_task(
        programme=pat.programme, kind=WELFARE_CALL, due_at=NOON, about=pat.person, subject_id=pat.pk,
        dedupe_key="unwell", by=pat.person,
    )  # fmt: skip
    life.pause(participant=pat, reason="treatment", by=pat.person)
    assert calls() == [unwell]
    run_consequences(CONTACT_STOPPED, pat, pat.person)
    assert calls() == []


def test_other_people_of_the_register_are_looked_at_for_themselves(
    pat: Participant, quinn: Participant, ines: Instructor
) -> None:
    marked(ines, pat, State.ABSENT_UNTOLD, days_ago=9)
    marked(ines, quinn, State.ABSENT_UNTOLD, days_ago=9)
    session = a_class(pat, days_ago=2)
    rows = [BookingFactory(session=session, participant=p) for p in (pat, quinn)]
    states = (State.ABSENT_UNTOLD, State.ATTENDED)
    new = [NewMark(uuid.uuid4(), s, NOON, booking_id=row.pk) for row, s in zip(rows, states, strict=True)]
    guest = GuestFactory(session=session)  # a bare name
    new.append(NewMark(uuid.uuid4(), State.ATTENDED, NOON, guest_id=guest.pk))
    take_register(session=session, marks=new, by=ines.person)
    assert [call.subject_id for call in calls()] == [pat.pk]
    take_register(session=session, marks=new, by=ines.person)  # sent twice
    assert len(calls()) == 1


def test_a_register_costs_the_same_however_many_people_are_on_it(programme: Any, ines: Instructor) -> None:
    def queries(people: int) -> int:
        session = SessionFactory(programme=programme, starts_at=NOON - dt.timedelta(hours=1))
        rows = [
            BookingFactory(session=session, participant=ParticipantFactory(programme=programme)) for _ in range(people)
        ]
        new = [NewMark(uuid.uuid4(), State.ATTENDED, NOON, booking_id=row.pk) for row in rows]
        with CaptureQueriesContext(connection) as captured:
            take_register(session=session, marks=new, by=ines.person)
        return len(captured)

    assert queries(1) == queries(9)
