"""Marks: added once, never changed, kept for everybody whom they can be kept for."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from classes.models import Attendance, AttendanceState, Booking, BookingState, Guest, Session
from classes.register import (
    Acknowledgement,
    NewMark,
    Outcome,
    Refused,
    RegisterClosed,
    RegisterNotOpen,
    first_attended_on,
    open_register,
    take_register,
)
from instructors.models import Instructor
from messaging.models import Task
from participants.models import Participant
from tests.factories.accounts import PersonFactory
from tests.factories.classes import AttendanceFactory, BookingFactory, GuestFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(ines: Instructor) -> Session:
    """A class that began ten minutes ago."""
    return SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() - dt.timedelta(minutes=10))


@pytest.fixture
def booking(session: Session, pat: Participant) -> Booking:
    return BookingFactory(session=session, participant=pat)


def mark(booking: Booking | None = None, guest: Guest | None = None, **more: Any) -> NewMark:
    given = {"id": uuid.uuid4(), "state": AttendanceState.ATTENDED, "marked_at": timezone.now()}
    return NewMark(
        **{**given, "booking_id": booking.pk if booking else None, "guest_id": guest.pk if guest else None, **more}
    )


def test_all_six_states_can_be_marked(session: Session, ines: Instructor) -> None:
    marks = [mark(BookingFactory(session=session), state=state, note="n") for state in AttendanceState]
    answers = take_register(session=session, marks=marks, by=ines.person)
    assert answers == tuple(Acknowledgement(m.id, Outcome.RECORDED) for m in marks)
    kept = Attendance.objects.in_bulk()
    assert {kept[m.id].state for m in marks} == set(AttendanceState.values)
    assert {(a.by, a.note, a.session) for a in kept.values()} == {(ines.person, "n", session)}


def test_repeating_a_mark_changes_nothing(session: Session, booking: Booking, ines: Instructor) -> None:
    marks = [mark(booking)]
    take_register(session=session, marks=marks, by=ines.person)
    before = list(Attendance.objects.values())
    for by in (ines.person, PersonFactory()):
        assert [a.outcome for a in take_register(session=session, marks=marks, by=by)] == [Outcome.REPEATED]
    assert list(Attendance.objects.values()) == before


def test_a_mark_twice_in_one_post_is_one_mark(session: Session, booking: Booking, ines: Instructor) -> None:
    one = mark(booking)
    answers = take_register(session=session, marks=[one, one], by=ines.person)
    assert [a.outcome for a in answers] == [Outcome.RECORDED, Outcome.REPEATED]
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize("change", [{"state": AttendanceState.SENT_HOME}, {"note": "other"}])
def test_another_mark_with_a_used_id_is_refused(
    session: Session, booking: Booking, ines: Instructor, change: dict[str, Any]
) -> None:
    first = mark(booking)
    take_register(session=session, marks=[first], by=ines.person)
    (answer,) = take_register(session=session, marks=[mark(booking, id=first.id, **change)], by=ines.person)
    assert answer == Acknowledgement(first.id, Outcome.REFUSED, Refused.ID_USED)
    assert Attendance.objects.get().state == "attended"


def test_the_same_id_in_another_class_is_refused(session: Session, booking: Booking, ines: Instructor) -> None:
    used = AttendanceFactory()
    (answer,) = take_register(session=session, marks=[mark(booking, id=used.pk)], by=ines.person)
    assert answer.why is Refused.ID_USED


def test_a_mark_that_is_not_of_this_class_is_refused_by_name_and_costs_no_other(
    session: Session, booking: Booking, ines: Instructor
) -> None:
    elsewhere, guest = BookingFactory(), GuestFactory()
    good, foreign, stranger = mark(booking), mark(elsewhere), mark(guest=guest)
    neither, both = mark(), mark(booking, GuestFactory(session=session))
    long = mark(booking, note="x" * 201)
    answers = take_register(session=session, marks=[foreign, good, stranger, neither, both, long], by=ines.person)
    assert [a.why for a in answers] == [
        Refused.NOT_ON_REGISTER,
        None,
        Refused.NOT_ON_REGISTER,
        Refused.NOT_ON_REGISTER,
        Refused.NOT_ON_REGISTER,
        Refused.NOTE_TOO_LONG,
    ]
    assert Attendance.objects.get().pk == good.id


def test_guests_are_marked_too(session: Session, ines: Instructor) -> None:
    guest = GuestFactory(session=session)
    take_register(session=session, marks=[mark(guest=guest)], by=ines.person)
    assert Attendance.objects.get().guest == guest


def test_of_two_marks_for_one_person_the_one_taken_later_counts(
    session: Session, booking: Booking, ines: Instructor
) -> None:
    now = timezone.now()
    later = mark(booking, state=AttendanceState.SENT_HOME, marked_at=now)
    earlier = mark(booking, state=AttendanceState.ATTENDED, marked_at=now - dt.timedelta(minutes=5))
    take_register(session=session, marks=[later, earlier], by=ines.person)
    shown = open_register(session=session, by=ines.person).entries[0].mark
    assert shown is not None
    assert shown.state == "sent_home"
    assert Attendance.objects.count() == 2


def test_a_changed_mark_keeps_the_first_one(
    session: Session, booking: Booking, ines: Instructor
) -> None:  # pitfalls 51, 56
    take_register(session=session, marks=[mark(booking)], by=ines.person)
    take_register(session=session, marks=[mark(booking, state=AttendanceState.ABSENT_TOLD)], by=ines.person)
    assert list(Attendance.objects.order_by("received_at").values_list("state", flat=True)) == [
        "attended",
        "absent_told",
    ]
    assert [a.state for a in Attendance.objects.in_force()] == ["absent_told"]


def test_a_changed_mark_counts_although_the_clock_was_set_back(
    session: Session, booking: Booking, ines: Instructor
) -> None:
    take_register(session=session, marks=[mark(booking)], by=ines.person)
    with time_machine.travel(timezone.now() - dt.timedelta(minutes=5)):
        take_register(session=session, marks=[mark(booking, state=AttendanceState.ABSENT_TOLD)], by=ines.person)
    assert [a.state for a in Attendance.objects.in_force()] == ["absent_told"]


def test_nothing_is_marked_before_the_start(session: Session, booking: Booking, ines: Instructor) -> None:
    with time_machine.travel(session.starts_at - dt.timedelta(seconds=1), tick=False):
        with pytest.raises(RegisterNotOpen) as refusal:
            take_register(session=session, marks=[mark(booking)], by=ines.person)
    assert refusal.value.opens_at == session.starts_at
    with time_machine.travel(session.starts_at, tick=False):
        assert take_register(session=session, marks=[mark(booking)], by=ines.person)


def test_after_fourteen_days_it_is_the_desks(session: Session, booking: Booking, ines: Instructor, dee: User) -> None:
    closes = session.ends_at + dt.timedelta(days=14)
    with time_machine.travel(closes - dt.timedelta(seconds=1), tick=False):
        assert take_register(session=session, marks=[mark(booking)], by=ines.person)
    with time_machine.travel(closes, tick=False):
        for by in (ines.person, PersonFactory()):
            with pytest.raises(RegisterClosed) as refusal:
                take_register(session=session, marks=[mark(booking)], by=by)
            assert refusal.value.closed_at == closes
        assert take_register(session=session, marks=[mark(booking)], by=dee.person)


def test_a_mark_of_somebody_who_gave_the_place_up_is_kept_and_the_desk_asked(
    session: Session, pat: Participant, ines: Instructor
) -> None:
    gone = BookingFactory(session=session, participant=pat, state=BookingState.CANCELLED, ended_at=timezone.now())
    one = mark(gone)
    for _ in range(2):
        take_register(session=session, marks=[one], by=ines.person)
    assert Attendance.objects.get().booking == gone
    task = Task.objects.get()
    assert (task.kind, task.about, task.subject_id) == ("mark_without_place", pat.person, gone.pk)


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (AttendanceState.SENT_HOME, 0),
        (AttendanceState.ABSENT_TOLD, 0),
        (AttendanceState.ATTENDED, 1),
        (AttendanceState.ATTENDED_IN_PART, 1),
    ],
)
def test_who_was_stopped_on_the_day_is_the_desks_only_when_marked_as_there(
    session: Session, booking: Booking, ines: Instructor, state: AttendanceState, asked: int
) -> None:
    booking.state, booking.ended_at, booking.end_reason = "cancelled", timezone.now(), "not_well_today"
    booking.save()
    take_register(session=session, marks=[mark(booking, state=state)], by=ines.person)
    assert Task.objects.filter(kind="mark_without_place").count() == asked


def test_no_marks_change_nothing(session: Session, ines: Instructor) -> None:
    assert take_register(session=session, marks=[], by=ines.person) == ()


# --- counting ----------------------------------------------------------------


def _came(participant: Participant, days_ago: int, *states: str) -> Session:
    session = SessionFactory(programme=participant.programme, starts_at=timezone.now() - dt.timedelta(days=days_ago))
    booking = BookingFactory(session=session, participant=participant)
    for second, state in enumerate(states):
        AttendanceFactory(booking=booking, state=state, received_at=session.ends_at + dt.timedelta(seconds=second))
    return session


def test_the_first_attended_class_is_the_first_whose_mark_in_force_says_so(
    pat: Participant, quinn: Participant
) -> None:
    _came(pat, 30, "absent_told")
    _came(pat, 20, "attended", "sent_home")
    first = _came(pat, 10, "absent_untold", "attended_in_part")
    _came(pat, 5, "attended")
    _came(quinn, 5, "absent_told")
    assert first_attended_on([pat.pk, quinn.pk]) == {pat.pk: timezone.localdate(first.starts_at)}
    assert first_attended_on([]) == {}


def test_a_walk_in_counts_as_attended(quinn: Participant) -> None:
    session = SessionFactory(programme=quinn.programme, starts_at=timezone.now() - dt.timedelta(days=1))
    AttendanceFactory(booking=None, guest=GuestFactory(session=session, participant=quinn, name=""))
    assert first_attended_on([quinn.pk]) == {quinn.pk: timezone.localdate(session.starts_at)}


def test_the_date_is_the_one_on_uk_calendars(pat: Participant) -> None:
    late = SessionFactory(programme=pat.programme, starts_at=dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC))
    AttendanceFactory(booking=BookingFactory(session=late, participant=pat))
    assert first_attended_on([pat.pk]) == {pat.pk: dt.date(2026, 7, 2)}
