"""What stands on a register, for whom, and when."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AccessLog
from classes.models import AttendanceState, BookingState, Session
from classes.register import (
    EmergencyContact,
    Entry,
    Need,
    Register,
    agreed_to_photos,
    newcomers_to,
    open_register,
    open_registers,
)
from classes.symptom_check import answer_check
from instructors.models import Instructor
from participants.health import update_health
from participants.models import (
    AccessNeed,
    ClearanceState,
    ConsentEvent,
    ConsentKind,
    ConsentText,
    Participant,
)
from tests.factories.classes import AttendanceFactory, BookingFactory, GuestFactory, SessionFactory
from tests.factories.participants import ClearanceFactory, ParticipantFactory
from tests.factories.registering import HEALTH
from tests.factories.symptoms import VERSION, SymptomCheckFactory, SymptomTalkFactory, answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(ines: Instructor) -> Session:
    return SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() + dt.timedelta(hours=1))


def consent(participant: Participant, given: bool = True, kind: str = ConsentKind.INSTRUCTORS) -> None:
    text, _ = ConsentText.objects.get_or_create(
        programme=participant.programme, kind=kind, version=1, defaults={"title": "t", "body": "b"}
    )
    ConsentEvent.objects.create(participant=participant, text=text, given=given, by=participant.person)


def need(participant: Participant, kind: str, **more: Any) -> None:
    AccessNeed.objects.create(
        person=participant.person,
        kind=kind,
        recorded_by=participant.person,
        review_on=timezone.localdate(),
        **{"share_with_instructors": True, **more},
    )


def only(register: Register) -> Entry:
    (entry,) = register.entries
    return entry


def adapted(participant: Participant) -> None:
    ClearanceFactory(
        participant=participant,
        state=ClearanceState.CLEARED_WITH_ADAPTATIONS,
        adaptations=["seated_only", "line_left"],
        note="Had surgery on the hip",
        flags=["bone"],
    )


def test_a_person_stands_with_what_makes_the_class_safe(session: Session, pat: Participant, ines: Instructor) -> None:
    adapted(pat)
    consent(pat)
    need(pat, "hearing_loop")
    need(pat, "language", detail="Polish")
    need(pat, "large_print", share_with_instructors=False)
    BookingFactory(session=session, participant=pat, party=2)

    entry = only(open_register(session=session, by=ines.person))

    assert (entry.name, entry.first_name, entry.reference) == ("Pat Example", "Pat", pat.reference)
    assert entry.with_companion
    assert entry.first_class
    assert entry.facts is not None
    assert entry.facts.adaptations == ("line_left", "seated_only")
    assert entry.facts.note == "Had surgery on the hip"
    assert set(entry.facts.needs) == {Need("hearing_loop", ""), Need("language", "Polish")}
    assert entry.facts.emergency == EmergencyContact("Emer Madeup", "sister", pat.emergency_phone.as_national)
    assert entry.facts.cleared
    assert not entry.facts.ask_first
    assert entry.mark is None


@pytest.mark.parametrize("answers", [[], [False], [True, False]])
def test_without_consent_the_note_stays_hidden_and_adaptations_do_not(
    session: Session, pat: Participant, ines: Instructor, answers: list[bool]
) -> None:
    adapted(pat)
    consent(pat, kind=ConsentKind.SERVICE)
    for given in answers:
        consent(pat, given)
    BookingFactory(session=session, participant=pat)
    facts = only(open_register(session=session, by=ines.person)).facts
    assert facts is not None
    assert facts.adaptations == ("line_left", "seated_only")
    assert facts.note == ""
    assert facts.ask_first


def test_nothing_on_a_register_names_an_illness_or_an_answer(
    session: Session, pat: Participant, ines: Instructor
) -> None:
    adapted(pat)
    consent(pat)
    BookingFactory(session=session, participant=pat)
    assert "bone" not in repr(only(open_register(session=session, by=ines.person)))


@pytest.mark.parametrize(
    ("clearance", "cleared"),
    [
        ({}, True),
        ({"valid_until": timezone.localdate() - dt.timedelta(days=1)}, False),
        ({"state": ClearanceState.NEEDS_REVIEW}, False),
        (None, False),
    ],
)
def test_clearance_is_judged_again_when_the_register_opens(
    session: Session, ines: Instructor, clearance: dict[str, Any] | None, cleared: bool
) -> None:
    quinn = ParticipantFactory(programme=ines.programme, clearance=False)
    if clearance is not None:
        ClearanceFactory(participant=quinn, **clearance)
    BookingFactory(session=session, participant=quinn)
    facts = only(open_register(session=session, by=ines.person)).facts
    assert facts is not None
    assert facts.cleared is cleared


def test_a_person_without_an_emergency_contact_is_still_on_it(session: Session, ines: Instructor) -> None:
    BookingFactory(session=session, participant=ParticipantFactory(programme=ines.programme, emergency_phone=""))
    facts = only(open_register(session=session, by=ines.person)).facts
    assert facts is not None
    assert facts.emergency is None


@pytest.mark.parametrize(
    ("offset", "shown"),
    [
        (dt.timedelta(hours=-24, seconds=-1), False),
        (dt.timedelta(hours=-24), True),
        (dt.timedelta(hours=1 + 48, seconds=-1), True),
        (dt.timedelta(hours=1 + 48), False),
    ],
)
def test_outside_the_window_there_are_names_and_marks_only(
    ines: Instructor, pat: Participant, offset: dt.timedelta, shown: bool
) -> None:
    start = timezone.now().replace(microsecond=0) + dt.timedelta(days=3)
    session = SessionFactory(programme=ines.programme, starts_at=start)
    adapted(pat)
    need(pat, "hearing_loop")
    BookingFactory(session=session, participant=pat)
    with time_machine.travel(start + offset, tick=False):
        register = open_register(session=session, by=ines.person)
    assert register.shows_facts is shown
    assert (only(register).facts is not None) is shown
    assert only(register).name == "Pat Example"
    assert AccessLog.objects.get().what == ("register with health facts" if shown else "register with names only")


def test_every_opening_is_logged_for_everybody_on_it(
    session: Session, pat: Participant, quinn: Participant, ines: Instructor
) -> None:
    BookingFactory(session=session, participant=pat)
    GuestFactory(session=session, participant=quinn, name="")
    GuestFactory(session=session)
    for _ in range(2):
        open_register(session=session, by=ines.person)
    reads = AccessLog.objects.values_list("by", "target", "purpose")
    assert sorted(reads) == sorted(
        [(ines.person.pk, pat.person.pk, "register"), (ines.person.pk, quinn.person.pk, "register")] * 2
    )


def test_who_waits_or_has_given_up_is_not_on_it_unless_marked(
    session: Session, pat: Participant, quinn: Participant, ines: Instructor
) -> None:
    BookingFactory(session=session, participant=quinn, state=BookingState.WAITING)
    gone = BookingFactory(session=session, participant=pat, state=BookingState.CANCELLED, ended_at=timezone.now())
    assert open_register(session=session, by=ines.person).entries == ()
    AttendanceFactory(booking=gone)
    assert [e.booking_id for e in open_register(session=session, by=ines.person).entries] == [gone.pk]


def test_a_guest_stands_by_name_or_as_the_participant_they_are(
    session: Session, quinn: Participant, ines: Instructor
) -> None:
    named = GuestFactory(session=session, name="Walter Walkin")
    known = GuestFactory(session=session, name="", participant=quinn)
    AttendanceFactory(booking=None, guest=named, state=AttendanceState.SENT_HOME)
    entries = {e.guest_id: e for e in open_register(session=session, by=ines.person).entries}
    assert (entries[named.pk].name, entries[named.pk].facts, entries[named.pk].reference) == ("Walter Walkin", None, "")
    assert not entries[named.pk].first_class
    assert entries[named.pk].mark is not None
    assert entries[named.pk].mark.state == "sent_home"
    assert entries[known.pk].facts is not None
    assert entries[known.pk].first_class


def test_the_latest_mark_is_shown(session: Session, pat: Participant, ines: Instructor) -> None:
    booking = BookingFactory(session=session, participant=pat)
    now = timezone.now()
    AttendanceFactory(booking=booking, state=AttendanceState.ABSENT_TOLD, received_at=now)
    AttendanceFactory(
        booking=booking, state=AttendanceState.ATTENDED, received_at=now + dt.timedelta(seconds=1), note="late"
    )
    mark = only(open_register(session=session, by=ines.person)).mark
    assert mark is not None
    assert (mark.state, mark.note) == ("attended", "late")
    for hours, note in ((47, "late"), (48, "")):  # what was noted is closed with all that speaks of health
        with time_machine.travel(session.ends_at + dt.timedelta(hours=hours), tick=False):
            mark = only(open_register(session=session, by=ines.person)).mark
        assert mark is not None and (mark.state, mark.note) == ("attended", note)


def test_of_whom_photos_may_be_made_is_what_they_agreed_to_now_and_of_nobody_else(
    session: Session, pat: Participant, quinn: Participant, ines: Instructor
) -> None:
    for participant in (pat, quinn):
        BookingFactory(session=session, participant=participant)
    GuestFactory(session=session, name="Wanda Unknown")
    consent(quinn)  # to something else

    def agreed() -> tuple[list[str], tuple[int, int]]:
        register = open_register(session=session, by=ines.person)
        return [entry.name for entry in register.may_be_recorded], agreed_to_photos(session)

    assert agreed() == ([], (0, 2))
    consent(pat, kind=ConsentKind.RECORDING)
    assert agreed() == (["Pat Example"], (1, 2))
    consent(pat, kind=ConsentKind.RECORDING, given=False)
    assert agreed() == ([], (0, 2))


def test_somebody_who_attended_before_is_not_new(session: Session, pat: Participant, ines: Instructor) -> None:
    BookingFactory(session=session, participant=pat)
    earlier = SessionFactory(programme=ines.programme, starts_at=timezone.now() - dt.timedelta(days=7))
    before = BookingFactory(session=earlier, participant=pat)
    AttendanceFactory(booking=before, state=AttendanceState.ABSENT_UNTOLD)
    assert only(open_register(session=session, by=ines.person)).first_class
    AttendanceFactory(booking=before, state=AttendanceState.ATTENDED_IN_PART)
    assert not only(open_register(session=session, by=ines.person)).first_class
    AttendanceFactory(booking=before, state=AttendanceState.ABSENT_TOLD)  # the mark was wrong
    assert only(open_register(session=session, by=ines.person)).first_class


def test_who_has_come_but_never_to_this_kind_of_class_is_new_to_it(
    session: Session, pat: Participant, quinn: Participant, ines: Instructor
) -> None:
    BookingFactory(session=session, participant=pat)
    BookingFactory(session=session, participant=quinn)
    assert newcomers_to([session]) == {session.pk: 2}
    earlier = SessionFactory(programme=ines.programme, starts_at=timezone.now() - dt.timedelta(days=7))
    same = SessionFactory(class_type=session.class_type, starts_at=timezone.now() - dt.timedelta(days=6))
    AttendanceFactory(booking=BookingFactory(session=earlier, participant=pat))
    entry, other = open_register(session=session, by=ines.person).entries
    assert (entry.first_class, entry.first_of_kind) == (False, True)
    assert (other.first_class, other.first_of_kind) == (True, False)  # said once
    assert newcomers_to([session]) == {session.pk: 1}
    AttendanceFactory(booking=None, guest=GuestFactory(session=same, participant=pat, name=""))
    assert not open_register(session=session, by=ines.person).entries[0].first_of_kind


def test_somebody_who_walked_in_before_is_not_new(session: Session, pat: Participant, ines: Instructor) -> None:
    BookingFactory(session=session, participant=pat)
    earlier = SessionFactory(programme=ines.programme, starts_at=timezone.now() - dt.timedelta(days=7))
    AttendanceFactory(booking=None, guest=GuestFactory(session=earlier, participant=pat, name=""))
    assert not only(open_register(session=session, by=ines.person)).first_class


def test_lines_can_be_found_and_are_in_alphabetical_order(
    session: Session, pat: Participant, quinn: Participant, ines: Instructor
) -> None:
    second = BookingFactory(session=session, participant=quinn)
    first = BookingFactory(session=session, participant=pat)
    register = open_register(session=session, by=ines.person)
    assert [e.booking_id for e in register.entries] == [first.pk, second.pk]
    found = register.entry(f"b{second.pk}")
    assert found is not None
    assert found.name == "Quinn Sample"
    assert register.entry("b0") is None
    assert register.unmarked == register.entries


# --- the same-day check ------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "readiness"),
    [(None, "not_asked"), ("ready", "ready"), ("talk_first", "talk_first"), ("cancer_line", "stopped")],
)
def test_todays_check_stands_with_each_person(
    session: Session, pat: Participant, ines: Instructor, result: str | None, readiness: str
) -> None:
    booking = BookingFactory(session=session, participant=pat)
    check = SymptomCheckFactory(booking=booking, result=result) if result else None
    facts = only(open_register(session=session, by=ines.person)).facts
    assert facts is not None
    assert (facts.check.readiness, facts.check.at) == (readiness, check and check.answered_at)
    assert only(open_register(session=session, by=ines.person)).is_stopped == (readiness == "stopped")


@pytest.mark.parametrize(("outcome", "readiness"), [("may_exercise", "lifted"), ("not_today", "stopped")])
def test_a_talk_stands_with_its_time(
    session: Session, pat: Participant, ines: Instructor, outcome: str, readiness: str
) -> None:
    check = SymptomCheckFactory(booking=BookingFactory(session=session, participant=pat), result="talk_first")
    talk = SymptomTalkFactory(check_of=check, by=ines.person, outcome=outcome)
    facts = only(open_register(session=session, by=ines.person)).facts
    assert facts is not None
    assert (facts.check.readiness, facts.check.at) == (readiness, talk.at)


@pytest.mark.parametrize(("shares", "shown"), [(True, ("a fall",)), (False, ())])
def test_what_to_talk_about_is_shown_with_consent_alone(
    session: Session, pat: Participant, ines: Instructor, shares: bool, shown: tuple[str, ...]
) -> None:
    consent(pat, shares)
    booking = BookingFactory(session=session, participant=pat)
    SymptomCheckFactory(booking=booking, result="talk_first", answers=answers("h"))
    facts = only(open_register(session=session, by=ines.person)).facts
    assert facts is not None
    assert facts.talk_about == shown


def test_no_answer_that_stopped_somebody_stands_on_a_register(
    session: Session, pat: Participant, ines: Instructor
) -> None:
    consent(pat)
    booking = BookingFactory(session=session, participant=pat)
    SymptomCheckFactory(booking=booking, result="cancer_line", answers=answers("e", "f"))
    facts = only(open_register(session=session, by=ines.person)).facts
    assert facts is not None
    assert facts.talk_about == ()


@pytest.mark.parametrize(("minutes", "listed"), [(60, 1), (-60 * 72, 0)])
def test_who_was_stopped_stays_on_the_register_within_the_window(
    pat: Participant, ines: Instructor, minutes: int, listed: int
) -> None:
    start = timezone.now() + dt.timedelta(minutes=minutes)
    session = SessionFactory(programme=ines.programme, leader=ines, starts_at=start)
    gone = {"state": BookingState.CANCELLED, "ended_at": start}
    stopped = BookingFactory(session=session, participant=pat, end_reason="not_well_today", **gone)
    SymptomCheckFactory(booking=stopped, result="emergency", answered_at=start)
    BookingFactory(session=session, end_reason="not_well", **gone)
    talked = BookingFactory(session=session, end_reason="not_well", **gone)
    check = SymptomCheckFactory(booking=talked, result="talk_first", answered_at=start)
    SymptomTalkFactory(check_of=check, by=ines.person, outcome="not_today")
    register = open_register(session=session, by=ines.person)
    assert {entry.booking_id for entry in register.entries} == ({stopped.pk, talked.pk} if listed else set())
    assert register.unmarked == (), "there is nothing to mark"


@pytest.mark.parametrize("result", ["cancer_line", "emergency"])
@pytest.mark.parametrize("lapsed_days", [0, 1, 400])
def test_somebody_stopped_today_whose_clearance_lapsed_never_stands_as_cleared(
    session: Session, pat: Participant, ines: Instructor, result: str, lapsed_days: int
) -> None:
    on = timezone.localdate(session.starts_at)
    until = on - dt.timedelta(days=lapsed_days + 1)
    ClearanceFactory(participant=pat, valid_from=until - dt.timedelta(days=180), valid_until=until)
    there = BookingFactory(session=session, participant=pat)
    Session.objects.filter(pk=session.pk).update(places_taken=1)
    answer_check(
        place=there, answers=answers("b" if result == "emergency" else "a"), version=VERSION, mode="self",
        client_id=uuid.uuid4(), by=pat.person,
    )  # fmt: skip
    for _ in range(2):
        entry = only(open_register(session=session, by=ines.person))
        assert entry.is_stopped and entry.facts is not None and not entry.facts.cleared
        # Somebody who enters health answers at once changes nothing today: they go to a person.
        assert update_health(participant=pat, answers=HEALTH, by=pat.person).state == ClearanceState.NEEDS_REVIEW


def test_a_guest_has_a_check_of_their_own(session: Session, quinn: Participant, ines: Instructor) -> None:
    guest = GuestFactory(session=session, participant=quinn, name="")
    SymptomCheckFactory(booking=None, guest=guest, result="talk_first")
    facts = only(open_register(session=session, by=ines.person)).facts
    assert facts is not None
    assert facts.check.readiness == "talk_first"


@pytest.mark.parametrize("people", [1, 12])
def test_five_queries_however_many_people(
    session: Session, ines: Instructor, people: int, django_assert_num_queries: Any
) -> None:
    for _ in range(people):
        booking = BookingFactory(session=session)
        adapted(booking.participant)
        need(booking.participant, "hearing_loop")
        SymptomCheckFactory(booking=booking, result="talk_first")
    with django_assert_num_queries(5):
        register = open_register(session=session, by=ines.person)
        assert repr(register)
    assert len(register.entries) == people


def test_several_registers_are_opened_in_as_many_queries_as_one_each_with_its_own_people(
    session: Session, ines: Instructor, pat: Participant, quinn: Participant, django_assert_max_num_queries: Any
) -> None:
    later = SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() + dt.timedelta(hours=40))
    for place in (BookingFactory(session=session, participant=pat), BookingFactory(session=session)):
        SymptomCheckFactory(booking=place, result="talk_first")
    for participant in (pat, quinn):
        BookingFactory(session=later, participant=participant)
    with django_assert_max_num_queries(10):
        now, then = open_registers(sessions=[session, later], by=ines.person, to_keep=True)
    assert [now.session, then.session] == [session, later]
    assert [entry.facts is not None for entry in now.entries] == [True, True]
    assert [(entry.participant_id, entry.facts) for entry in then.entries] == [
        (participant.pk, None) for participant in sorted((pat, quinn), key=lambda p: p.person.first_name)
    ]
    logged = AccessLog.objects.filter(by=ines.person)
    assert logged.filter(what="register with health facts, saved for offline").count() == 2
    assert logged.filter(what="register with names only, saved for offline").count() == 2
