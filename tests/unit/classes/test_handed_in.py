"""Somebody at the door, a check asked aloud and a report that a telephone kept arrive once. Pitfalls 48 and 49."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from accounts.models import Channel, ContactPoint, User
from classes import handed_in
from classes.handed_in import Kept, KeptCheck, KeptIncident, KeptNote, KeptWalkIn, take_kept
from classes.incident_rules import Harm, IncidentKind
from classes.judging.refusals import IdUsed, TryAgain
from classes.models import Booking, BookingState, Guest, Incident, Session, SessionLeader, SessionNote, SymptomCheck
from classes.readiness import Readiness, todays_check
from classes.register import (
    LONGEST_PART,
    Fate,
    KnownAlready,
    NewNote,
    NewWalkIn,
    TooEarly,
    add_walk_in,
    match_walk_in,
    note_of,
    open_register,
    who_it_might_be,
    write_note,
)
from classes.symptom_check import answer_check
from frontend.session_notes import SessionNoteForm
from instructors.models import Instructor
from messaging.models import Task, TaskAlert
from participants.models import Clearance, Participant
from tests.factories.accounts import PersonFactory
from tests.factories.classes import AttendanceFactory, BookingFactory, SessionFactory
from tests.factories.incidents import written
from tests.factories.participants import ParticipantFactory
from tests.factories.symptoms import VERSION, answers

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)  # a Wednesday; the class began half an hour ago
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def session(clock: Any, ines: Instructor) -> Session:
    return SessionFactory(programme=ines.programme, leader=ines, starts_at=NOON - 30 * MINUTE)


@pytest.fixture
def place(session: Session, pat: Participant) -> Booking:
    Session.objects.filter(pk=session.pk).update(places_taken=1)
    return BookingFactory(session=session, participant=pat)


def fates(by: Instructor, *kept: Kept) -> list[Fate]:
    return [one.fate for one in take_kept(kept=kept, by=by.person)]


def tasks() -> set[tuple[str, int | None]]:
    return set(Task.objects.values_list("kind", "subject_id"))


# --- somebody at the door ----------------------------------------------------


def at_door(
    session: Session, name: str = "Wanda Unknown", phone: str = "01632 960 222", at: dt.datetime = NOON
) -> KeptWalkIn:
    return KeptWalkIn(session.pk, NewWalkIn(uuid.uuid4(), name, phone, at))


def with_number(session: Session, name: str = "Wanda", **more: Any) -> Participant:
    person = PersonFactory(given_name=name, family_name="Walker")
    ContactPoint.objects.create(person=person, channel=Channel.PHONE, value="+441632960222")
    return ParticipantFactory(programme=session.programme, person=person, **more)


def test_somebody_whom_nobody_knows_is_on_the_register_once_and_the_desk_is_asked_who_it_is(
    session: Session, ines: Instructor
) -> None:
    came = at_door(session)
    assert fates(ines, came) == fates(ines, came) == [Fate.KEPT]
    guest = Guest.objects.get()
    assert (guest.name, guest.phone, guest.participant) == ("Wanda Unknown", "01632 960 222", None)
    assert tasks() == {("walk_in", guest.pk)} and not Booking.objects.exists()
    register = open_register(session=session, by=ines.person)
    (entry,) = register.entries
    assert entry.is_unknown and entry.facts is None and register.unmarked == (), "not marked with all the others"


def test_somebody_known_under_name_and_number_who_may_come_is_on_it_as_themselves(
    session: Session, ines: Instructor
) -> None:
    wanda = with_number(session)
    assert fates(ines, at_door(session, "wanda  WALKER", "+44 1632 960222")) == [Fate.KEPT]
    guest = Guest.objects.get()
    assert (guest.participant, guest.name, guest.phone) == (wanda, "", "") and tasks() == set()
    session.refresh_from_db()
    assert session.places_taken == 0, "a fact, and no place"


@pytest.mark.parametrize(
    ("name", "phone", "more"),
    [
        ("Wanda Walker", "01632 960222", {"clearance__state": "needs_review"}),
        ("Wanda Walker", "01632 960222", {"clearance": False}),
        ("Wanda Walker", "960222", {}),  # part of a number may be anybody's
        ("Wanda Walker", "", {}),
        ("Wanda Walker", "31.2.1950", {}),
        ("Walter Walker", "01632 960222", {}),
        ("Wan", "01632 960222", {}),  # part of a name may be anybody's in the house
        ("Wanda", "01632 960222", {}),
        ("Walker", "01632 960222", {}),
        ("W W", "01632 960222", {}),
        ("anda walk", "01632 960222", {}),
    ],
)
def test_whoever_is_not_cleared_or_not_surely_known_is_booked_nowhere_and_asked_about(
    session: Session, ines: Instructor, name: str, phone: str, more: dict[str, Any]
) -> None:
    with_number(session, **more)
    assert fates(ines, at_door(session, name, phone)) == [Fate.KEPT]
    guest = Guest.objects.get()
    assert guest.participant is None and tasks() == {("walk_in", guest.pk)}


@pytest.mark.parametrize(
    ("begins_in", "typed_ago", "known"),
    [
        (HOUR, 0 * HOUR, True),
        (HOUR + MINUTE, 0 * HOUR, False),
        (HOUR + MINUTE, -9 * HOUR, False),  # by a telephone whose clock is wrong, or was set
        (-3 * HOUR, 0 * HOUR, False),
        (-3 * HOUR, 3 * HOUR, True),
    ],
)
def test_health_facts_open_for_somebody_at_the_door_around_the_class_alone(
    session: Session, ines: Instructor, begins_in: dt.timedelta, typed_ago: dt.timedelta, known: bool
) -> None:
    with_number(session)
    other = SessionFactory(programme=ines.programme, leader=ines, starts_at=NOON + begins_in)
    assert fates(ines, at_door(other, "Wanda Walker", at=NOON - typed_ago)) == [Fate.KEPT]
    assert (Guest.objects.get().participant is not None) is known, "and else nobody is lost: the desk is asked"
    now = NewWalkIn(uuid.uuid4(), "Wilma Walker", "01632 960222")
    if begins_in > HOUR:
        with pytest.raises(TooEarly):
            add_walk_in(session=other, walk_in=now, by=ines.person)
    else:
        assert add_walk_in(session=other, walk_in=now, by=ines.person).name == "Wilma Walker"


def test_whoever_leads_the_class_no_more_says_who_came_and_reads_nothing_of_them(
    session: Session, ines: Instructor
) -> None:
    with_number(session)
    SessionLeader.objects.filter(session=session).update(active=False)
    assert fates(ines, at_door(session, "Wanda Walker")) == [Fate.KEPT]
    assert Guest.objects.get().participant is None


@pytest.mark.parametrize("first", ["Wanda Walker", "Walter Unknown"])
def test_a_form_that_is_sent_again_with_another_person_in_it_puts_nobody_in_their_place(
    session: Session, ines: Instructor, first: str
) -> None:
    with_number(session)
    one = NewWalkIn(uuid.uuid4(), first, "01632 960222")
    guest = add_walk_in(session=session, walk_in=one, by=ines.person)
    assert add_walk_in(session=session, walk_in=one, by=ines.person) == guest
    with pytest.raises(IdUsed):
        add_walk_in(session=session, walk_in=NewWalkIn(one.id, "Olga Other", one.phone), by=ines.person)


def test_two_people_of_one_name_and_number_are_told_apart_by_the_desk(session: Session, ines: Instructor) -> None:
    with_number(session)
    wanda = with_number(session)
    fates(ines, at_door(session, "Wanda Walker"))
    guest = Guest.objects.get()
    assert guest.participant is None and who_it_might_be(guest).count() == 2
    match_walk_in(guest=guest, participant=wanda, by=ines.person)
    guest.refresh_from_db()
    assert (guest.participant, guest.name, guest.phone) == (wanda, "", "")
    assert Task.objects.get().outcome == "matched"
    with pytest.raises(KnownAlready):
        match_walk_in(guest=guest, participant=wanda, by=ines.person)


def test_somebody_who_is_on_the_register_already_is_not_put_there_twice(session: Session, ines: Instructor) -> None:
    wanda = with_number(session)
    BookingFactory(session=session, participant=wanda)
    fates(ines, at_door(session, "Wanda Walker"))
    guest = Guest.objects.get()
    assert guest.participant is None and tasks() == {("walk_in", guest.pk)}
    with pytest.raises(KnownAlready):
        match_walk_in(guest=guest, participant=wanda, by=ines.person)


def test_an_id_that_stands_for_somebody_else_is_the_desks_and_nobody_is_named(
    session: Session, ines: Instructor
) -> None:
    first, other = at_door(session), at_door(session, "Walter Other")
    same_id = KeptWalkIn(session.pk, replace(other.walk_in, id=first.walk_in.id))
    assert fates(ines, first, same_id) == [Fate.KEPT, Fate.WITH_DESK]
    task = Task.objects.get(kind="kept_not_taken")
    assert (task.about, task.context, task.urgent_for) == (None, {"kept": "walk_in"}, "")
    assert Guest.objects.get().name == "Wanda Unknown"


def test_what_met_another_change_just_now_stays_on_the_telephone(
    session: Session, ines: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meet(**_: object) -> Guest:
        raise TryAgain

    monkeypatch.setattr(handed_in, "add_walk_in", meet)
    assert fates(ines, at_door(session)) == [Fate.NOT_YET]
    assert tasks() == set()


# --- the check asked aloud ---------------------------------------------------


def asked(place: Booking, *yes: str, ago: dt.timedelta = 10 * MINUTE, **more: Any) -> KeptCheck:
    given = {"id": uuid.uuid4(), "asked_at": NOON - ago, "version": VERSION, "answers": answers(*yes)}
    return KeptCheck(place.session_id, **{**given, "booking_id": place.pk, **more})


def readiness(place: Booking) -> Readiness:
    return todays_check(place.session, place.participant).readiness


@pytest.mark.parametrize(
    ("yes", "stands", "task"), [((), "ready", False), (("f",), "talk_first", False), (("b", "f"), "stopped", True)]
)
def test_answers_are_judged_again_and_kept_once_as_of_when_they_were_given(
    place: Booking, ines: Instructor, yes: tuple[str, ...], stands: str, task: bool
) -> None:
    check = asked(place, *yes)
    assert fates(ines, check) == fates(ines, check) == [Fate.KEPT]
    row = SymptomCheck.objects.get()
    assert (row.answered_at, row.mode, row.by) == (NOON - 10 * MINUTE, "aloud", ines.person)
    assert readiness(place) == stands
    assert {kind for kind, _ in tasks()} == ({"not_well_call"} if task else set())


def test_a_stop_that_comes_days_later_stops_clearance_and_is_called_about_also_without_the_place(
    place: Booking, ines: Instructor, clock: Any
) -> None:
    Booking.objects.filter(pk=place.pk).update(state=BookingState.CANCELLED, ended_at=NOON - HOUR, end_reason="other")
    clock.move_to(NOON + dt.timedelta(days=3))
    assert fates(ines, asked(place, "a")) == [Fate.KEPT]
    assert not Clearance.objects.in_force().get(participant=place.participant).state.startswith("cleared")
    assert {kind for kind, _ in tasks()} == {"not_well_call"}


@pytest.mark.parametrize(
    ("later", "kept", "stands", "fate"),
    [
        ((), ("f",), "talk_first", Fate.KEPT),  # graver: it counts
        ((), ("b",), "stopped", Fate.KEPT),
        (("f",), (), "talk_first", Fate.WITH_DESK),  # answers given since then stand
        ((), (), "ready", Fate.WITH_DESK),
        (("b",), (), "stopped", Fate.WITH_DESK),
    ],
)
def test_older_answers_turn_no_newer_ones_to_the_better(
    place: Booking, ines: Instructor, later: tuple[str, ...], kept: tuple[str, ...], stands: str, fate: Fate
) -> None:
    newer = {"answers": answers(*later), "version": VERSION, "mode": "aloud", "client_id": uuid.uuid4()}
    answer_check(place=place, by=ines.person, **newer)
    assert fates(ines, asked(place, *kept)) == [fate]
    assert readiness(place) == stands
    assert ("kept_not_taken", place.session_id) in tasks() or fate is Fate.KEPT


@pytest.mark.parametrize(
    ("more", "urgent"),
    [
        ({"version": "1999-1"}, True),  # nobody knows what was asked
        ({"answers": {**answers("b"), "chest": None}}, False),
        ({"answers": {**answers("b"), "fall": None}}, True),  # the rest is missing, and that much is known
        ({"answers": {"x": True}}, False),
        ({"booking_id": 10**9}, False),
        ({"asked_at": NOON - dt.timedelta(days=2)}, False),
    ],
)
def test_answers_that_cannot_be_kept_are_the_desks_and_at_once_where_they_say_stop(
    place: Booking, ines: Instructor, dee: User, more: dict[str, Any], urgent: bool
) -> None:
    assert fates(ines, asked(place, **more)) == [Fate.WITH_DESK]
    task = Task.objects.get()
    assert (task.kind, task.subject_id, task.context) == ("kept_not_taken", place.session_id, {"kept": "check"})
    assert task.about == (None if "booking_id" in more else place.participant.person), "somebody can be rung"
    assert bool(task.urgent_for) is urgent and TaskAlert.objects.exists() is urgent
    assert not SymptomCheck.objects.exists()


# --- a report ----------------------------------------------------------------


def report(session: Session, **differs: Any) -> KeptIncident:
    return KeptIncident(session.pk, written(**{"happened_at": NOON - HOUR, **differs}))


def test_a_report_is_kept_once_and_whoever_is_on_call_is_told_when_it_comes(
    place: Booking, ines: Instructor, dee: User, clock: Any
) -> None:
    clock.move_to(NOON + 3 * HOUR)
    one = report(place.session, harm=Harm.SEVERE, kind=IncidentKind.INCIDENT, booking_id=place.pk)
    assert fates(ines, one) == fates(ines, one) == [Fate.KEPT]
    row = Incident.objects.get()
    assert (row.pk, row.participant, row.happened_at) == (one.id, place.participant, NOON - HOUR)
    task = Task.objects.get()
    assert (row.reported_at, task.due_at) == (NOON + 3 * HOUR, NOON + 4 * HOUR), "time runs from when it came"
    assert TaskAlert.objects.get().at == NOON + 3 * HOUR


@pytest.mark.parametrize(
    ("differs", "expected"),
    [
        ({"happened_at": NOON + 9 * HOUR}, {"happened_at": NOON}),
        ({"happened_at": NOON - dt.timedelta(days=9)}, {"happened_at": NOON - 12.5 * HOUR}),
        ({"kind": IncidentKind.NEAR_MISS, "harm": Harm.LOW}, {"kind": "incident", "harm": "low"}),
        ({"booking_id": 10**9}, {"participant": None}),
    ],
)
def test_a_report_is_put_right_rather_than_refused(
    session: Session, ines: Instructor, clock: Any, differs: dict[str, Any], expected: dict[str, Any]
) -> None:
    one = report(session, **differs)
    assert fates(ines, one) == [Fate.KEPT]
    clock.move_to(NOON + HOUR)  # the answer was lost
    assert fates(ines, one) == [Fate.KEPT]
    row = Incident.objects.get()
    assert {name: getattr(row, name) for name in expected} == expected
    if "participant" in expected:
        assert row.what_happened.startswith("About somebody who is not on the register any more.\n")


def test_a_report_that_cannot_be_kept_is_the_desks_at_once(
    place: Booking, ines: Instructor, ivor: Instructor, dee: User
) -> None:
    other = SessionFactory(programme=ivor.programme, leader=ivor, starts_at=NOON - 2 * HOUR)
    there = report(other)
    assert fates(ivor, there) == [Fate.KEPT]
    same_id = KeptIncident(place.session_id, replace(there.report, booking_id=place.pk))
    assert fates(ines, same_id) == [Fate.WITH_DESK]
    task = Task.objects.get(kind="kept_not_taken")
    assert (task.about, task.context) == (place.participant.person, {"kept": "report"})
    assert task.urgent_for, "somebody may need help: whoever is on call is told"


def test_nothing_is_taken_from_whoever_never_led_the_class(place: Booking, ivor: Instructor) -> None:
    assert fates(ivor, at_door(place.session), asked(place, "b"), report(place.session)) == [Fate.NOT_YOURS] * 3
    assert tasks() == set() and not Guest.objects.exists() and not Incident.objects.exists()


# --- how it went --------------------------------------------------------------


def went(place: Booking | Guest, **said: Any) -> KeptNote:
    line = {"guest_id" if isinstance(place, Guest) else "booking_id": place.pk}
    return KeptNote(place.session_id, NewNote(uuid.uuid4(), **{"plan": "Chair stands", **said}), **line)


def test_how_it_went_stands_under_what_was_written_meanwhile_and_is_there_once(
    place: Booking, pat: Participant, ines: Instructor, ivor: Instructor
) -> None:
    kept = went(place, effort=4, next_time="Ten")
    assert fates(ines, kept) == fates(ines, kept) == [Fate.KEPT]
    assert fates(ivor, kept) == [Fate.NOT_YOURS]
    more = went(place, plan="Walking", next_time="Ten")
    assert fates(ines, more) == fates(ines, more) == [Fate.KEPT]
    latest = note_of(place.session, pat)
    assert latest is not None
    assert (latest.plan, latest.effort, latest.next_time) == ("Chair stands\nWalking", 4, "Ten")
    assert SessionNote.objects.count() == 2 and tasks() == set(), "and no mark is needed: it was written"


def test_what_was_put_under_a_long_note_is_kept_whole_and_can_be_saved_again(
    place: Booking, pat: Participant, ines: Instructor
) -> None:
    fates(ines, went(place, plan="a" * LONGEST_PART), went(place, plan="b" * LONGEST_PART))
    latest = note_of(place.session, pat)
    assert latest is not None and len(latest.plan) == 2 * LONGEST_PART + 1
    form = SessionNoteForm(
        {"id": str(uuid.uuid4()), "after": str(latest.pk), "plan": latest.plan, "effort": "5"},
        name="Pat",
        latest=latest,
    )
    assert form.is_valid()
    AttendanceFactory(session=place.session, booking=place)
    assert write_note(session=place.session, participant=pat, note=form.note(), by=ines.person).plan == latest.plan


@pytest.mark.parametrize(
    ("later", "fate"),
    [
        (dt.timedelta(days=3), Fate.KEPT),  # the window of health facts has closed: what was written in it is kept
        (dt.timedelta(days=13), Fate.KEPT),
        (dt.timedelta(days=15), Fate.WITH_DESK),
    ],
)
def test_how_it_went_comes_when_there_is_a_signal_until_the_register_closes(
    clock: Any, place: Booking, ines: Instructor, later: dt.timedelta, fate: Fate
) -> None:
    clock.shift(later)
    assert fates(ines, went(place)) == [fate]
    assert tasks() == ({("kept_not_taken", place.session_id)} if fate is Fate.WITH_DESK else set())
    assert not TaskAlert.objects.exists(), "nobody is woken for it"


def test_how_it_went_that_is_of_nobody_or_of_another_note_goes_to_the_desk(
    clock: Any, session: Session, place: Booking, ines: Instructor, ivor: Instructor
) -> None:
    bare = Guest.objects.create(session=session, name="Wanda")
    own = BookingFactory(session=session, participant=ParticipantFactory(programme=ines.programme, person=ines.person))
    ahead = SessionFactory(programme=ines.programme, leader=ines, starts_at=NOON + HOUR)
    early = BookingFactory(session=ahead)
    used = went(place)
    SessionNote.objects.create(
        id=used.id, session=session, participant=place.participant, plan="Theirs", by=ivor.person
    )
    empty = went(place, plan=" ")
    assert fates(ines, went(bare), went(own), went(early), used, empty) == [Fate.WITH_DESK] * 5
    assert SessionNote.objects.count() == 1
