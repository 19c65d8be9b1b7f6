"""Whoever has come clearly less often than planned is named to the desk, once in each phase, and to nobody else."""

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

from classes.models import AttendanceState, Booking, BookingState, SessionStatus
from classes.register import NewMark, fewer_contacts, take_register
from classes.register.fewer_contacts import FEWER_CONTACTS, ask_about_fewer_contacts, cleared_spans
from instructors.models import Instructor
from messaging.models import Message, Task, TaskState
from messaging.worklist import close_task
from participants.consequences import CONTACT_STOPPED, run_consequences
from participants.models import Clearance, ClearanceState, Enrolment, Participant, ParticipantStatus, Phase
from participants.taking_part import life
from tests.factories.classes import AttendanceFactory, BookingFactory, GuestFactory, SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime(2027, 3, 1, 3, 10, tzinfo=dt.UTC)  # a Monday
WEEKS = (1, 2, 3, 4)  # ago: those that are looked at


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NIGHT) as traveller:
        yield traveller


@pytest.fixture
def phase(programme: Any) -> Phase:
    return Phase.objects.create(programme=programme, order=1, name="First", weeks=26, contacts_least=1, contacts_most=1)


@pytest.fixture
def pat(programme: Any, phase: Phase) -> Participant:
    return taking_part(programme)


def taking_part(programme: Any) -> Participant:
    """In the programme, and cleared, for seven weeks."""
    began = NIGHT - dt.timedelta(weeks=7)
    participant = ParticipantFactory(programme=programme, clearance=False, enrolled_from=began.date())
    ClearanceFactory(participant=participant, decided_at=began, valid_from=began.date())
    return participant


def place(participant: Participant, *, weeks_ago: int, **fields: Any) -> Booking:
    starts_at = NIGHT - dt.timedelta(weeks=weeks_ago) + dt.timedelta(days=1, hours=9)
    session = SessionFactory(programme=participant.programme, starts_at=starts_at)
    return BookingFactory(session=session, participant=participant, **fields)


def marked(participant: Participant, state: AttendanceState, *, weeks_ago: int) -> None:
    AttendanceFactory(booking=place(participant, weeks_ago=weeks_ago), state=state)


def ask() -> list[Task]:
    ask_about_fewer_contacts(on=timezone.localdate())
    return list(Task.objects.filter(kind=FEWER_CONTACTS, state=TaskState.OPEN))


def test_who_did_not_come_is_one_task_that_says_what_was_counted(pat: Participant) -> None:
    marked(pat, AttendanceState.ABSENT_TOLD, weeks_ago=2)
    marked(pat, AttendanceState.ATTENDED, weeks_ago=4)
    door = GuestFactory(session=pat.bookings.latest("pk").session)  # whoever this was, it is nobody of these
    AttendanceFactory(booking=None, guest=door)
    assert ask() == ask()
    (task,) = ask()
    assert (task.about, task.subject_id, task.context) == (pat.person, pat.pk, {"came": 1, "planned": 4, "weeks": 4})
    assert task.due_at == dt.datetime(2027, 3, 4, 17, tzinfo=dt.UTC)
    assert not Message.objects.filter(person=pat.person).exists()


@pytest.mark.parametrize(
    "state", [AttendanceState.ATTENDED, AttendanceState.ATTENDED_IN_PART, AttendanceState.SENT_HOME]
)
def test_who_came_to_half_of_them_is_not_asked(pat: Participant, state: AttendanceState) -> None:
    marked(pat, state, weeks_ago=1)
    guest = GuestFactory(session=place(pat, weeks_ago=3, state=BookingState.CANCELLED, ended_at=NIGHT).session,
                         participant=pat, name="")  # fmt: skip
    assert len(ask()) == 1
    Task.objects.all().delete()
    AttendanceFactory(booking=None, guest=guest, state=state)
    assert ask() == []


def test_classes_that_we_cancelled_and_registers_that_nobody_took_are_not_held_against_them(pat: Participant) -> None:
    for weeks in WEEKS:
        off = place(pat, weeks_ago=weeks, state=BookingState.CLOSED, ended_at=NIGHT).session
        off.status, off.cancelled_at, off.cancel_reason = SessionStatus.CANCELLED, NIGHT, "weather"
        off.save()
    place(pat, weeks_ago=5)
    marked(pat, AttendanceState.SERVICE_CANCELLED, weeks_ago=6)
    assert ask() == []


def test_who_was_not_cleared_is_not_asked(pat: Participant) -> None:
    for weeks in (6, 1):
        ClearanceFactory(
            participant=pat,
            state=ClearanceState.NEEDS_REVIEW if weeks == 6 else ClearanceState.CLEARED,
            decided_at=NIGHT - dt.timedelta(weeks=weeks),
            valid_from=(NIGHT - dt.timedelta(weeks=weeks)).date(),
        )
    assert ask() == []


def test_a_clearance_counts_from_its_decision_until_the_next_or_its_end(pat: Participant) -> None:
    first, after, ended = dt.date(2027, 1, 11), dt.date(2027, 2, 1), dt.date(2027, 2, 10)
    for decided, state, until in (
        (after, ClearanceState.CLEARED_WITH_ADAPTATIONS, ended),
        (dt.date(2027, 2, 20), ClearanceState.PAUSED, None),
        (dt.date(2027, 2, 24), ClearanceState.CLEARED, dt.date(2027, 8, 1)),
    ):
        at = dt.datetime.combine(decided, dt.time(12), dt.UTC)
        ClearanceFactory(participant=pat, state=state, decided_at=at, valid_from=decided, valid_until=until)
    assert cleared_spans(Clearance.objects.filter(participant=pat).order_by("id")) == [
        (first, after),
        (after, ended + dt.timedelta(days=1)),
        (dt.date(2027, 2, 24), dt.date(2027, 8, 2)),
    ]


@pytest.mark.parametrize("status", [s for s in ParticipantStatus if s != ParticipantStatus.ACTIVE])
def test_who_does_not_take_part_now_is_not_asked(pat: Participant, status: str) -> None:
    Participant.objects.filter(pk=pat.pk).update(status=status)
    assert ask() == []


def test_whose_break_begins_meanwhile_is_not_asked(pat: Participant, monkeypatch: pytest.MonkeyPatch) -> None:
    def paused(ids: Any) -> None:
        Participant.objects.filter(pk__in=ids).update(status=ParticipantStatus.PAUSED)

    monkeypatch.setattr(fewer_contacts, "lock_people", paused)
    assert ask() == []


def test_who_is_not_in_the_programme_or_after_its_last_phase_is_not_asked(pat: Participant, phase: Phase) -> None:
    Phase.objects.filter(pk=phase.pk).update(weeks=3)
    assert ask() == []
    Enrolment.objects.filter(participant=pat).delete()
    assert ask() == []


def test_who_is_not_to_be_contacted_is_not_asked(pat: Participant) -> None:
    pat.person.contact_stopped_at = NIGHT
    pat.person.save()
    assert ask() == []


def came(pat: Participant, ines: Instructor, state: AttendanceState, *, hours_ago: int) -> None:
    session = SessionFactory(programme=pat.programme, starts_at=NIGHT - dt.timedelta(hours=hours_ago))
    booking = BookingFactory(participant=pat, session=session)
    mark = NewMark(id=uuid.uuid4(), state=state, marked_at=timezone.now(), booking_id=booking.pk)
    take_register(session=booking.session, marks=[mark], by=ines.person)


def test_it_closes_itself_when_they_come_and_is_not_made_again_in_this_phase(
    pat: Participant, ines: Instructor, phase: Phase
) -> None:
    (task,) = ask()
    came(pat, ines, AttendanceState.ABSENT_TOLD, hours_ago=2)
    assert ask() == [task]
    came(pat, ines, AttendanceState.SENT_HOME, hours_ago=1)
    assert ask() == []
    Phase.objects.filter(pk=phase.pk).delete()
    Phase.objects.create(programme=pat.programme, order=1, name="x", weeks=26, contacts_least=1, contacts_most=1)
    assert len(ask()) == 1  # another phase


def test_it_closes_itself_with_a_break_with_leaving_and_with_the_end_of_contact(pat: Participant, dee: Any) -> None:
    for end in (
        lambda: life.pause(participant=pat, reason="away", by=dee.person),
        lambda: life.withdraw(participant=pat, by=dee.person),
        lambda: run_consequences(CONTACT_STOPPED, pat, dee.person),
    ):
        Participant.objects.filter(pk=pat.pk).update(status=ParticipantStatus.ACTIVE)
        Enrolment.objects.filter(participant=pat).update(ends_on=None, end_reason="")
        pat.refresh_from_db()
        pat.enrolments.get().pauses.all().delete()
        Task.objects.all().delete()
        ClearanceFactory(participant=pat, decided_at=NIGHT - dt.timedelta(weeks=7), valid_from=dt.date(2027, 1, 1))
        assert len(ask()) == 1
        end()
        assert not Task.objects.filter(kind=FEWER_CONTACTS, state=TaskState.OPEN).exists()


def test_after_the_call_nobody_is_asked_to_call_again(pat: Participant, dee: Any) -> None:
    close_task(task=ask()[0], outcome="heard", by=dee.person)
    assert ask() == []


def test_a_night_costs_the_same_however_many_people_come(programme: Any, phase: Phase) -> None:
    def queries(people: int) -> int:
        for _ in range(people):
            someone = taking_part(programme)
            for weeks in WEEKS:
                marked(someone, AttendanceState.ATTENDED, weeks_ago=weeks)
        with CaptureQueriesContext(connection) as captured:
            assert ask() == []
        return len(captured)

    assert queries(1) == queries(4)
