"""Session notes: when one is written, which one counts, and who reads which part."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Person
from classes.judging.refusals import IdUsed
from classes.models import Booking, Session, SessionNote
from classes.register import (
    LONGEST_PART,
    BadNote,
    DidNotCome,
    NewNote,
    NoteChanged,
    NotesNotOpen,
    last_note_before,
    note_of,
    notes_about,
    own_notes,
    to_note,
    write_note,
)
from instructors.models import Instructor
from participants.models import ConsentEvent, ConsentKind, ConsentText, Participant
from tests.factories.classes import AttendanceFactory, BookingFactory, GuestFactory, SessionFactory

pytestmark = pytest.mark.django_db
STARTS = dt.datetime(2027, 7, 6, 17, 0, tzinfo=dt.UTC)
AFTER = STARTS + dt.timedelta(hours=2)
WEEK = dt.timedelta(weeks=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AFTER, tick=False) as clock:
        yield clock


@pytest.fixture
def session(clock, ines: Instructor) -> Session:
    return SessionFactory(programme=ines.programme, leader=ines, starts_at=STARTS)


@pytest.fixture
def place(session: Session, pat: Participant) -> Booking:
    return came(session, pat)


def came(session: Session, participant: Participant, state: str = "attended") -> Booking:
    place = BookingFactory(session=session, participant=participant)
    AttendanceFactory(booking=place, state=state)
    return place


def agree(participant: Participant) -> None:
    text = ConsentText.objects.create(
        programme=participant.programme, kind=ConsentKind.INSTRUCTORS, version=1, title="t", body="b"
    )
    ConsentEvent.objects.create(participant=participant, text=text, given=True, by=participant.person)


def write(place: Booking, by: Person, **said) -> SessionNote:
    note = NewNote(**{"id": uuid4(), **said})
    return write_note(session=place.session, participant=place.participant, note=note, by=by)


def test_the_latest_note_counts_and_what_was_written_before_stays(place, session, pat, ines):
    first = write(place, ines.person, plan="Chair stands", effort=0)
    second = write(place, ines.person, plan="Chair stands, twice", effort=4, after=first.pk)
    assert note_of(session, pat) == second
    assert [one.plan for one in SessionNote.objects.order_by("at")] == ["Chair stands", "Chair stands, twice"]
    assert second.by == ines.person


def test_sent_twice_it_is_there_once_and_its_id_with_other_words_is_refused(place, ines):
    sent = uuid4()
    assert (
        write(place, ines.person, id=sent, plan="Walking").pk == write(place, ines.person, id=sent, plan="Walking").pk
    )
    assert SessionNote.objects.count() == 1
    with pytest.raises(IdUsed):
        write(place, ines.person, id=sent, plan="Something else")


def test_two_who_write_at_once_do_not_write_over_each_other(place, ines, ivor, session, pat):
    theirs = write(place, ivor.person, plan="From Ivor")
    with pytest.raises(NoteChanged) as refused:
        write(place, ines.person, plan="From Ines")
    assert refused.value.latest == theirs and note_of(session, pat) == theirs


def test_all_of_it_taken_out_again_takes_it_back(place, ines, pat):
    with pytest.raises(BadNote, match="nothing_said"):
        write(place, ines.person)
    wrong = write(place, ines.person, plan="Of somebody else")
    write(place, ines.person, after=wrong.pk)
    assert notes_about(pat) == [] and own_notes(pat.person.user) == []


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"plan": "x" * (LONGEST_PART + 1)}, "too_many_words"),
        ({"for_colleagues": "x" * (LONGEST_PART + 1)}, "too_many_words"),
        ({"effort": 11}, "no_such_effort"),
        ({"effort": -1}, "no_such_effort"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(place, ines, said, problem):
    with pytest.raises(BadNote) as refused:
        write(place, ines.person, **said)
    assert refused.value.details == {"problem": problem} and not SessionNote.objects.exists()


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (STARTS - dt.timedelta(seconds=1), False),
        (STARTS, True),
        (STARTS + dt.timedelta(hours=49, seconds=-1), True),
        (STARTS + dt.timedelta(hours=49), False),
    ],
)
def test_notes_are_written_from_the_start_until_health_facts_close(clock, place, ines, at, open_):
    clock.move_to(at)
    if open_:
        assert write(place, ines.person, plan="Walking").made_now
    else:
        with pytest.raises(NotesNotOpen):
            write(place, ines.person, plan="Walking")


@pytest.mark.parametrize("state", ["absent_told", "absent_untold", "service_cancelled"])
def test_who_did_not_come_by_the_mark_in_force_has_no_note(place, session, ines, state):
    AttendanceFactory(booking=place, state=state, received_at=timezone.now() + dt.timedelta(seconds=1))
    assert to_note(session) == []
    with pytest.raises(DidNotCome):
        write(place, ines.person, plan="Walking")


def test_everybody_who_came_is_asked_for_in_the_order_of_the_register(session, place, quinn, ines):
    home = came(session, quinn, "sent_home")
    AttendanceFactory(booking=None, guest=GuestFactory(session=session))  # only a name: no record to note it in
    write(place, ines.person, effort=3)
    assert [(one.line, one.has_note) for one in to_note(session)] == [(f"b{place.pk}", True), (f"b{home.pk}", False)]


# --- who reads it ------------------------------------------------------------


def test_the_person_reads_their_part_once_the_class_is_over(clock, place, pat, quinn, ines):
    clock.move_to(STARTS + dt.timedelta(minutes=50))
    note = write(place, ines.person, plan="Walking", for_colleagues="Holds her side")
    assert own_notes(pat.person.user) == []
    clock.move_to(STARTS + dt.timedelta(minutes=60))
    assert own_notes(pat.person.user) == [note]
    assert own_notes(quinn.person.user) == [] and own_notes(ines.person.user) == []
    assert own_notes(pat.person.user, [SessionFactory()]) == []


def test_what_is_for_colleagues_alone_is_no_note_to_the_person(place, pat, ines):
    write(place, ines.person, for_colleagues="Holds her side")
    assert own_notes(pat.person.user) == [] and len(notes_about(pat)) == 1


def test_the_next_instructor_reads_the_latest_of_earlier_classes_where_that_is_shared(clock, place, pat, ines):
    note = write(place, ines.person, plan="Walking")
    following = SessionFactory(programme=pat.programme, starts_at=STARTS + WEEK)
    assert last_note_before(following, pat) is None  # no consent to share health facts with instructors
    agree(pat)
    assert last_note_before(following, pat) == note
    assert last_note_before(place.session, pat) is None  # not of an earlier class
