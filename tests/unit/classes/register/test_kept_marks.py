"""Marks that a telephone kept: each is recorded once, or somebody looks at it. Pitfalls 48 and 49."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from classes.models import Attendance, AttendanceState, Booking, BookingState, Session, SessionLeader
from classes.register import Fate, KeptMark, NewMark, Sent, take_kept_marks, take_register
from instructors.models import Instructor, InstructorStatus
from messaging.models import Task
from participants.models import Participant
from tests.factories.accounts import PersonFactory
from tests.factories.classes import BookingFactory, GuestFactory, SessionFactory

pytestmark = pytest.mark.django_db
ATTENDED, SENT_HOME = AttendanceState.ATTENDED, AttendanceState.SENT_HOME


@pytest.fixture
def session(ines: Instructor) -> Session:
    return SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() - dt.timedelta(minutes=10))


@pytest.fixture
def booking(session: Session, pat: Participant) -> Booking:
    return BookingFactory(session=session, participant=pat)


def kept(booking: Booking, *, session: Session | None = None, **more: Any) -> KeptMark:
    given = {"id": uuid.uuid4(), "state": ATTENDED, "marked_at": timezone.now(), "booking_id": booking.pk, "knew": ""}
    return KeptMark((session or booking.session).pk, NewMark(**{**given, **more}))


def asked() -> set[tuple[str, int | None]]:
    return set(Task.objects.values_list("kind", "subject_id"))


def ended(session: Session, ago: dt.timedelta) -> None:
    """The class ended so long ago; its leader has nothing else at that time."""
    ends_at = timezone.now() - ago
    Session.objects.filter(pk=session.pk).update(starts_at=ends_at - dt.timedelta(hours=1), ends_at=ends_at)


def test_marks_of_several_classes_come_together_and_each_is_answered(ines: Instructor, booking: Booking) -> None:
    five_hours_ago = timezone.now() - dt.timedelta(hours=5)
    other = SessionFactory(programme=ines.programme, leader=ines, starts_at=five_hours_ago)
    guest = GuestFactory(session=other)
    marks = [
        kept(booking, note="Came late"),
        KeptMark(other.pk, NewMark(uuid.uuid4(), ATTENDED, timezone.now(), guest_id=guest.pk)),
    ]
    for _ in range(2):  # the answer was lost, and all is sent again
        assert take_kept_marks(marks=marks, by=ines.person) == (
            Sent(marks[0].mark.id, Fate.KEPT),
            Sent(marks[1].mark.id, Fate.KEPT),
        )
    assert Attendance.objects.count() == 2 and asked() == set()


def test_a_mark_that_comes_again_without_its_note_is_the_same_mark(ines: Instructor, booking: Booking) -> None:
    mark = kept(booking, note="Came late")
    take_kept_marks(marks=[mark], by=ines.person)
    again = kept(booking, id=mark.mark.id)
    assert take_kept_marks(marks=[again], by=ines.person) == (Sent(mark.mark.id, Fate.KEPT),)
    assert Attendance.objects.get().note == "Came late"


@pytest.mark.parametrize(("note", "stands"), [(None, "Came late"), ("", ""), ("Felt dizzy", "Felt dizzy")])
def test_a_mark_leaves_a_note_that_nobody_touched_and_takes_out_one_that_somebody_emptied(
    ines: Instructor, booking: Booking, note: str | None, stands: str
) -> None:
    take_kept_marks(marks=[kept(booking, note="Came late")], by=ines.person)
    changed = kept(booking, state=SENT_HOME, knew="attended", note=note)
    for _ in range(2):
        assert take_kept_marks(marks=[changed], by=ines.person) == (Sent(changed.mark.id, Fate.KEPT),)
    counts = Attendance.objects.in_force().get()
    assert (counts.state, counts.note, Attendance.objects.count()) == (SENT_HOME, stands, 2)


def test_a_note_that_somebody_emptied_goes_alone_and_the_mark_stays(ines: Instructor, booking: Booking) -> None:
    take_kept_marks(marks=[kept(booking, state=SENT_HOME, note="Came late")], by=ines.person)
    emptied = kept(booking, knew="attended", note="")  # on a page that still showed what was marked before
    take_kept_marks(marks=[emptied], by=ines.person)
    counts = Attendance.objects.in_force().get()
    assert (counts.state, counts.note) == (SENT_HOME, "")


def test_a_telephone_whose_clock_is_ahead_loses_nothing(ines: Instructor, booking: Booking) -> None:
    mark = kept(booking, marked_at=timezone.now() + dt.timedelta(days=400))
    assert take_kept_marks(marks=[mark], by=ines.person)[0].fate is Fate.KEPT
    assert Attendance.objects.get().marked_at <= timezone.now()


def test_a_mark_from_before_the_start_waits(ines: Instructor, pat: Participant) -> None:
    later = SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() + dt.timedelta(hours=1))
    mark = kept(BookingFactory(session=later, participant=pat))
    assert take_kept_marks(marks=[mark], by=ines.person) == (Sent(mark.mark.id, Fate.NOT_YET),)
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("there", "knew", "says", "differs"),
    [
        (SENT_HOME, "", ATTENDED, True),
        (SENT_HOME, "absent_told", ATTENDED, True),
        (SENT_HOME, "sent_home", ATTENDED, False),  # seen, and changed on purpose
        (ATTENDED, "", ATTENDED, False),  # both say the same
        (SENT_HOME, None, ATTENDED, False),  # nobody says what was known
        (None, "", ATTENDED, False),
        (None, "attended", SENT_HOME, False),  # what was known is not here yet
    ],
)
def test_two_devices_that_marked_somebody_differently_are_a_task_and_both_marks_are_kept(
    ines: Instructor, booking: Booking, there: str | None, knew: str | None, says: str, differs: bool
) -> None:
    if there:
        first = NewMark(uuid.uuid4(), AttendanceState(there), timezone.now(), booking.pk)
        take_register(session=booking.session, marks=[first], by=ines.person)
    mark = kept(booking, state=AttendanceState(says), knew=knew)
    for _ in range(2):  # the answer was lost, and the telephone learns of it all the same
        (answer,) = take_kept_marks(marks=[mark], by=ines.person)
        assert (answer.fate, answer.differs) == (Fate.KEPT, differs)
    assert asked() == ({("marks_differ", booking.pk)} if differs else set())
    assert Attendance.objects.count() == (2 if there else 1)
    assert Attendance.objects.in_force().get().state == says, "the one that came last counts"


@pytest.mark.parametrize("known", [True, False])
def test_the_desk_is_asked_too_about_somebody_who_came_unlisted(
    ines: Instructor, session: Session, quinn: Participant, known: bool
) -> None:
    guest = GuestFactory(session=session, participant=quinn if known else None, name="" if known else "Wanda")
    first = NewMark(uuid.uuid4(), SENT_HOME, timezone.now(), guest_id=guest.pk)
    take_register(session=session, marks=[first], by=ines.person)
    mark = KeptMark(session.pk, NewMark(uuid.uuid4(), ATTENDED, timezone.now(), guest_id=guest.pk, knew=""))
    for _ in range(2):
        assert take_kept_marks(marks=[mark], by=ines.person) == (Sent(mark.mark.id, Fate.KEPT, differs=True),)
    task = Task.objects.get(kind="marks_differ")
    assert (task.about, task.subject_id) == (quinn.person if known else None, None)
    assert bool(task.context) is not known, "the class, where there is nobody to name"


def test_marks_of_one_device_follow_one_another_without_a_task(ines: Instructor, booking: Booking) -> None:
    now = timezone.now()
    marks = [
        kept(booking, marked_at=now, knew="attended", state=SENT_HOME),
        kept(booking, marked_at=now - dt.timedelta(minutes=1)),
    ]
    take_kept_marks(marks=marks, by=ines.person)
    assert asked() == set()
    assert Attendance.objects.in_force().get().state == SENT_HOME


def test_a_note_that_waited_for_its_pin_turns_no_correction_back(ines: Instructor, booking: Booking) -> None:
    first, note = kept(booking), kept(booking, knew="attended", note="Felt dizzy")
    absent = kept(booking, knew="attended", state=AttendanceState.ABSENT_TOLD)
    for one in (first, absent, note, note):  # the note is sent last, and once more when its answer was lost
        (answer,) = take_kept_marks(marks=[one], by=ines.person)
        assert (answer.fate, answer.differs) == (Fate.KEPT, False)
    counts = Attendance.objects.in_force().get()
    assert (counts.state, counts.note) == (AttendanceState.ABSENT_TOLD, "Felt dizzy")
    assert asked() == set() and Attendance.objects.count() == 3


def test_a_note_of_somebody_without_a_mark_brings_its_own(ines: Instructor, booking: Booking) -> None:
    take_kept_marks(marks=[kept(booking, knew="attended", note="Felt dizzy")], by=ines.person)
    assert Attendance.objects.in_force().get().state == ATTENDED


def test_a_place_that_went_meanwhile_is_a_task_and_the_mark_a_fact(ines: Instructor, booking: Booking) -> None:
    Booking.objects.filter(pk=booking.pk).update(
        state=BookingState.CANCELLED, ended_at=timezone.now(), end_reason="other"
    )
    assert take_kept_marks(marks=[kept(booking)], by=ines.person)[0].fate is Fate.KEPT
    assert asked() == {("mark_without_place", booking.pk)}


@pytest.mark.parametrize(
    ("closed", "leads", "fate", "task"),
    [
        (False, True, Fate.KEPT, None),
        (True, True, Fate.KEPT, "marks_came_late"),
        (False, False, Fate.KEPT, "marks_came_late"),
        (True, False, Fate.WITH_DESK, "mark_not_taken"),
    ],
)
@pytest.mark.parametrize("gone", ["reassigned", "stood down"])
def test_a_register_that_closed_and_a_class_that_is_somebody_elses_now_lose_no_mark(
    ines: Instructor, booking: Booking, closed: bool, leads: bool, fate: Fate, task: str | None, gone: str
) -> None:
    if closed:
        ended(booking.session, dt.timedelta(days=15))
    if not leads and gone == "reassigned":
        SessionLeader.objects.filter(session=booking.session).update(active=False)
    if not leads and gone == "stood down":
        Instructor.objects.filter(pk=ines.pk).update(status=InstructorStatus.STOOD_DOWN)
    for _ in range(2):
        mark = kept(booking)
        assert take_kept_marks(marks=[mark], by=ines.person) == (Sent(mark.mark.id, fate),)
    assert asked() == ({(task, booking.session_id)} if task else set())
    assert Attendance.objects.exists() is (fate is Fate.KEPT)


def test_what_cannot_be_added_is_the_desks_and_costs_the_others_nothing(ines: Instructor, booking: Booking) -> None:
    foreign, good = kept(BookingFactory(), session=booking.session), kept(booking)
    answers = take_kept_marks(marks=[foreign, good], by=ines.person)
    assert [a.fate for a in answers] == [Fate.WITH_DESK, Fate.KEPT]
    task = Task.objects.get()
    assert (task.kind, task.subject_id, task.context) == ("mark_not_taken", booking.session_id, {})


def test_nobody_marks_a_class_that_they_never_led(booking: Booking, ivor: Instructor) -> None:
    for by in (ivor.person, PersonFactory()):
        mark = kept(booking)
        assert take_kept_marks(marks=[mark], by=by) == (Sent(mark.mark.id, Fate.NOT_YOURS),)
    assert not Attendance.objects.exists() and asked() == set()
