"""Cover: who may, who is told, who gets it, what the cover opens, and what happens when nobody takes it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.history import System, acting
from accounts.models import User
from accounts.permissions import Permission
from classes import arranging, teaching
from classes.cover import (
    CoverGone,
    CoverReasonNeeded,
    MayNotCover,
    NothingToCover,
    ask_for_cover,
    candidates_for,
    covers_of_the_day,
    give_cover,
    take_cover,
    withdraw_cover,
)
from classes.cover.asking import invite_again, leader_of
from classes.cover.candidates import Hindrance, open_to
from classes.cover.deadline import alert_about_uncovered
from classes.models import CoverRequest, CoverState, LeaderRole, Mode, Session, SessionLeader
from classes.models.timetable import COVER_REACHES
from classes.register import AMEND_FOR
from classes.telling.cover import (
    FOUND,
    NOT_COVERED,
    OWN_SEX,
    WANTED,
    YOURS,
    still_covered,
    still_found,
    still_wanted,
    still_yours,
)
from classes.telling.notices import CLASS_COVERED, CONFIRMED, place_stands
from classes.timetable import aspects, cancel_session
from instructors.away import say_away
from instructors.checking import let_pass
from instructors.models import Credential
from instructors.roster import stand_down
from messaging.models import Message, MessageState, Task, TaskState
from messaging.worklist import close_task
from participants.needs import record_needs
from participants.rules.application import Need
from tests.factories.classes import BookingFactory, ClassTypeFactory, SeriesFactory, SessionFactory, VenueFactory
from tests.factories.instructors import InstructorFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def kind(programme):
    return ClassTypeFactory(programme=programme, name="Chair class", credentials_needed=["first_aid"])


@pytest.fixture
def session(kind, ines):
    start = timezone.now() + dt.timedelta(days=5)
    made: Session = SessionFactory(programme=kind.programme, class_type=kind, leader=ines, starts_at=start)
    return made


def asked(session, by) -> CoverRequest:
    return ask_for_cover(sessions=[session], reason="ill", by=by.person)[0]


def taken(request, instructor) -> SessionLeader:
    return take_cover(request=request, instructor=instructor, by=instructor.person)


def told(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("pk"))


def tasks(kind: str) -> list[Task]:
    return list(Task.objects.filter(kind=kind, state=TaskState.OPEN))


def led_by(instructor) -> set[Session]:
    return set(Session.objects.led_by(User.objects.get(person=instructor.person)))


def another(session, leader, **facts):
    return SessionFactory(programme=session.programme, leader=leader, **facts)


# --- who may ------------------------------------------------------------------


def lacks(session, ivor, dee):
    Credential.objects.filter(instructor=ivor, kind="first_aid").update(
        expires_on=timezone.localdate(session.starts_at) - dt.timedelta(days=1)
    )
    return (Hindrance.MAY_NOT_LEAD,)


def away(session, ivor, dee):
    on = timezone.localdate(session.starts_at)
    say_away(instructor=ivor, first=on, last=on, by=ivor.person)
    return (Hindrance.AWAY,)


def away_before(session, ivor, dee):
    on = timezone.localdate(session.starts_at) - dt.timedelta(days=1)
    say_away(instructor=ivor, first=on, last=on, by=ivor.person)
    return ()


def busy(session, ivor, dee):
    another(session, ivor, starts_at=session.starts_at + HOUR / 2)
    return (Hindrance.BUSY,)


def busy_next(session, ivor, dee):
    another(session, ivor, starts_at=session.ends_at, venue=session.venue)
    return ()


def assists_there(session, ivor, dee):
    SessionLeader.objects.create(
        session=session, instructor=ivor, role=LeaderRole.SECOND, during=(session.starts_at, session.ends_at)
    )
    return ()


def no_insurance_online(session, ivor, dee):
    Session.objects.filter(pk=session.pk).update(mode=Mode.REMOTE, venue=None)
    session.refresh_from_db()
    Credential.objects.filter(instructor=ivor, kind="remote_insurance").delete()
    return (Hindrance.MAY_NOT_LEAD,)


@pytest.mark.parametrize("so", [lacks, away, away_before, busy, busy_next, assists_there, no_insurance_online])
def test_who_may_cover_by_what_they_hold_on_that_day_where_they_are_and_when(so, session, ivor, dee):
    wanted = so(session, ivor, dee)
    (found,) = candidates_for(session, apart_from=leader_of(session).instructor)
    assert (found.hindrances, found.may) == (wanted, not wanted)
    assert open_to(ivor, [session])[session.pk].hindrances == wanted
    request = asked(session, leader_of(session).instructor)
    assert request.invitations.count() == len(told(WANTED)) == (0 if wanted else 1)


@pytest.mark.parametrize(("minutes", "same_hall", "close"), [(30, False, True), (30, True, False), (60, False, False)])
def test_too_little_time_to_get_there_is_said_and_refuses_nobody(minutes, same_hall, close, session, ivor):
    venue = session.venue if same_hall else VenueFactory(programme=session.programme)
    there = another(session, ivor, starts_at=session.ends_at + dt.timedelta(minutes=minutes), venue=venue)
    (found,) = candidates_for(session, apart_from=leader_of(session).instructor)
    assert found.may and found.close_to == (there if close else None)


def test_whoever_may_easily_comes_first_and_who_teaches_no_more_does_not_come(session, ines, ivor, dee, programme):
    far, gone, lacking = (InstructorFactory(programme=programme) for _ in range(3))
    another(session, far, starts_at=session.ends_at + HOUR / 2)
    Credential.objects.filter(instructor=lacking).delete()
    stand_down(instructor=gone, reason="left", by=dee.person)
    assert [one.instructor for one in candidates_for(session, apart_from=ines)] == [ivor, far, lacking]
    assert open_to(ivor, []) == {}


def test_who_may_only_because_the_desk_lets_something_pass_is_told_as_such(session, ines, ivor, dee):
    Credential.objects.filter(instructor=ivor, kind="first_aid").delete()
    let_pass(
        instructor=ivor,
        kind="first_aid",
        ends_on=timezone.localdate(session.starts_at),
        reason="Course.",
        by=dee.person,
    )
    (found,) = candidates_for(session, apart_from=ines)
    assert found.may and found.by_override == ("first_aid",)


# --- asking -------------------------------------------------------------------


def test_asking_again_asks_nobody_twice_and_it_stays_with_whoever_leads_it(session, ines, ivor):
    first = asked(session, ines)
    assert asked(session, ines) == first and len(told(WANTED)) == 1
    assert led_by(ines) == {session} and led_by(ivor) == set()
    (message,) = told(WANTED)
    assert message.person == ivor.person and f"/teach/cover/{first.pk}/" in still_wanted(message).context["link"]


@pytest.mark.parametrize("reason", ["", " ", "x" * 201])
def test_it_is_asked_with_a_reason(reason, session, ines):
    with pytest.raises(CoverReasonNeeded):
        ask_for_cover(sessions=[session], reason=reason, by=ines.person)


def off(session, by):
    cancel_session(session=session, reason="off", by=by)


def begun(session, by=None):
    now = timezone.now()
    Session.objects.filter(pk=session.pk).update(starts_at=now, ends_at=now + HOUR)


def led_by_nobody(session, by):
    session.leaders.update(active=False)


@pytest.mark.parametrize("so", [off, begun, led_by_nobody])
def test_there_is_nothing_to_cover_in_what_is_off_has_begun_or_nobody_leads(so, session, ines):
    so(session, ines.person)
    with pytest.raises(NothingToCover):
        asked(session, ines)


def test_all_classes_of_a_day_are_asked_for_together(session, ines, ivor):
    noon = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=9), dt.time(12), dt.UTC)
    one, two, next_day = (another(session, ines, starts_at=noon + n * HOUR) for n in (0, 3, 24))
    assisting = another(session, ivor, starts_at=noon + 6 * HOUR)
    SessionLeader.objects.create(
        session=assisting, instructor=ines, role=LeaderRole.SECOND, during=(assisting.starts_at, assisting.ends_at)
    )
    day = covers_of_the_day(one, leader_of(one))
    assert day == [one, two] and next_day not in day
    assert len(ask_for_cover(sessions=day, reason="ill", by=ines.person)) == 2


def test_taking_it_back_ends_what_others_were_asked(session, ines, ivor):
    request = asked(session, ines)
    assert [withdraw_cover(session=session, by=ines.person) for _ in range(2)] == [True, False]
    request.refresh_from_db()
    assert request.state == CoverState.WITHDRAWN
    (message,) = told(WANTED)
    assert message.state == MessageState.NOT_WANTED and still_wanted(message) is None
    with pytest.raises(CoverGone) as gone:
        taken(request, ivor)
    assert gone.value.taken is False


# --- getting it ---------------------------------------------------------------


def test_the_first_to_take_it_leads_that_date_alone_and_the_original_stays_recorded(session, ines, ivor):  # 52
    other = another(session, ines)
    request = asked(session, ines)
    leader = taken(request, ivor)
    assert (leader.role, leader.cover_for, leader.instructor) == (LeaderRole.COVER, ines, ivor)
    assert led_by(ivor) == {session} and led_by(ines) == {other}
    assert list(session.leaders.filter(active=False).values_list("instructor", "role")) == [(ines.pk, "lead")]
    request.refresh_from_db()
    assert (request.state, request.taken_by) == (CoverState.TAKEN, ivor)
    with pytest.raises(CoverGone) as gone:
        taken(request, InstructorFactory(programme=session.programme))
    assert gone.value.taken is True


def test_taking_twice_changes_nothing_while_it_is_theirs(session, ines, ivor, programme):
    request = asked(session, ines)
    assert taken(request, ivor) == taken(request, ivor) and len(told(YOURS)) == 1
    taken(asked(session, ivor), InstructorFactory(programme=programme))
    with pytest.raises(CoverGone):
        taken(request, ivor)
    session.leaders.update(active=False)
    with pytest.raises(CoverGone):
        taken(request, ivor)


def test_a_cover_opens_the_class_as_long_as_its_register_may_be_amended(session, ines, ivor):
    assert COVER_REACHES == AMEND_FOR
    taken(asked(session, ines), ivor)
    for days, opens in ((13, True), (15, False)):
        ended = timezone.now() - dt.timedelta(days=days)
        Session.objects.filter(pk=session.pk).update(starts_at=ended - HOUR, ends_at=ended)
        assert led_by(ivor) == ({session} if opens else set())


def test_the_database_knows_that_only_a_cover_leads_for_somebody_else(session, ines, ivor):
    during = (session.starts_at, session.ends_at)
    for role, of_whom in ((LeaderRole.SECOND, ines), (LeaderRole.COVER, ivor)):
        with pytest.raises(IntegrityError, match="only_a_cover_leads_for_somebody_else"), transaction.atomic():
            SessionLeader.objects.create(session=session, instructor=ivor, role=role, during=during, cover_for=of_whom)


@pytest.mark.parametrize("so", [lacks, away, busy])
def test_nobody_takes_what_they_may_not_lead_by_then(so, session, ines, ivor, dee):  # pitfalls 54
    request = asked(session, ines)
    wanted = so(session, ivor, dee)
    with pytest.raises(MayNotCover) as refused:
        give_cover(request=request, instructor=ivor, by=dee.person)
    assert refused.value.candidate.hindrances == wanted and led_by(ines) >= {session}


def test_who_was_stood_down_or_teaches_elsewhere_gets_nothing(session, ines, ivor, dee):
    request = asked(session, ines)
    stand_down(instructor=ivor, reason="left", by=dee.person)
    for one in (ivor, InstructorFactory()):
        with pytest.raises(MayNotCover):
            give_cover(request=request, instructor=one, by=dee.person)


@pytest.mark.parametrize("so", [off, begun, led_by_nobody])
def test_what_is_off_has_begun_or_is_led_by_nobody_is_not_taken(so, session, ines, ivor):
    request = asked(session, ines)
    so(session, ines.person)
    with pytest.raises(CoverGone) as gone:
        taken(request, ivor)
    assert gone.value.taken is False


def test_a_cover_who_falls_ill_asks_again_and_the_original_is_still_named(session, ines, ivor, programme):
    third = InstructorFactory(programme=programme)
    taken(asked(session, ines), ivor)
    again = asked(session, ivor)
    assert list(again.invitations.values_list("instructor", flat=True)) == [third.pk]  # not who could not lead it
    leader = taken(again, third)
    assert (leader.cover_for, led_by(ivor)) == (ines, set())
    back = taken(asked(session, third), ines)
    assert (back.role, back.cover_for) == (LeaderRole.LEAD, None) and led_by(ines) == {session}


def test_who_assisted_and_covers_leads_it_and_assists_no_more(session, ines, ivor, dee):
    assists_there(session, ivor, dee)
    taken(asked(session, ines), ivor)
    assert list(session.leaders.filter(active=True).values_list("role", flat=True)) == ["cover"]


def test_the_cover_is_who_leads_it_for_the_timetable_and_stays_when_the_series_changes(ines, ivor, kind):
    series = SeriesFactory(instructor=ines, class_type=kind)
    one = SessionFactory(programme=kind.programme, class_type=kind, series=series, leader=ines)
    taken(asked(one, ines), ivor)
    one = teaching.to_change(Session.objects.filter(pk=one.pk)).get()
    assert aspects.leader_of(one) == ivor and one.overridden == ["instructor"]
    found = arranging.by_leader(User.objects.get(person=ivor.person), one.pk)
    assert found is not None and found.may_lead == [] and not found.of_series
    taken(asked(one, ivor), ines)
    one.refresh_from_db()
    assert one.overridden == []  # it follows the series again


# --- who is told --------------------------------------------------------------


def test_whoever_takes_it_who_asked_and_everybody_booked_is_told_the_first_name(session, ines, ivor, pat):  # 53
    place = BookingFactory(session=session, participant=pat)
    waiting = BookingFactory(session=session, state="waiting")
    taken(asked(session, ines), ivor)
    (yours,), (found,), (covered,) = told(YOURS), told(FOUND), told(CLASS_COVERED)
    assert (yours.person, found.person, covered.person) == (ivor.person, ines.person, pat.person)
    assert still_found(found).context["covers"] == "Ivor Coach" and waiting.participant.person != covered.person
    assert f"/teach/classes/{session.pk}/" in still_yours(yours).context["link"]
    said = still_covered(covered).context
    assert said["leads"] == "Ivor" and f"/me/bookings/{place.pk}/" in said["link"]


def ended(place, session, ivor):
    place.state, place.ended_at, place.end_reason = "cancelled", timezone.now(), "self"
    place.save()


def led_by_another(place, session, ivor):
    third = InstructorFactory(programme=session.programme)
    taken(asked(session, ivor), third)


@pytest.mark.parametrize("so", [ended, led_by_another])
def test_nobody_is_told_what_is_not_so_any_more(so, session, ines, ivor, pat):
    place = BookingFactory(session=session, participant=pat)
    taken(asked(session, ines), ivor)
    covered = told(CLASS_COVERED)[0]
    so(place, session, ivor)
    assert still_covered(covered) is None
    if so is led_by_another:
        assert still_yours(told(YOURS)[0]) is None and still_found(told(FOUND)[0]) is None


def test_nothing_is_said_of_what_is_off_or_has_begun(session, ines, ivor, pat):
    BookingFactory(session=session, participant=pat)
    request = asked(session, ines)
    taken(request, ivor)
    begun(session)
    assert still_covered(told(CLASS_COVERED)[0]) is still_yours(told(YOURS)[0]) is still_wanted(told(WANTED)[0]) is None


@pytest.mark.parametrize("so", [away, busy])
def test_who_is_not_free_by_then_is_not_asked(so, session, ines, ivor, dee):
    asked(session, ines)
    so(session, ivor, dee)
    assert still_wanted(told(WANTED)[0]) is None


def test_who_needs_an_instructor_of_their_own_sex_is_called_by_the_desk(session, ines, ivor, pat, quinn):
    record_needs(person=pat.person, needs=[Need("own_sex_instructor")], shared=(), by=pat.person)
    place = BookingFactory(session=session, participant=pat)
    BookingFactory(session=session, participant=quinn)
    taken(asked(session, ines), ivor)
    (task,) = tasks(OWN_SEX)
    assert (task.about, task.subject_id) == (pat.person, place.pk) and len(told(CLASS_COVERED)) == 2


def test_who_books_after_it_was_taken_reads_in_the_confirmation_who_leads(session, ines, ivor, pat):
    place = BookingFactory(session=session, participant=pat)
    message = Message(kind=CONFIRMED, subject_id=place.pk, context={"by_oneself": True})
    assert place_stands(message).context["covered_by"] == ""
    taken(asked(session, ines), ivor)
    assert place_stands(message).context["covered_by"] == ivor.person.first_name


def test_a_date_that_moves_is_asked_about_anew_and_of_whoever_has_become_free(session, ines, ivor, kind, programme):
    on = timezone.localdate(session.starts_at)
    ida = InstructorFactory(programme=programme)
    say_away(instructor=ida, first=on, last=on, by=ida.person)
    request = asked(session, ines)
    assert [m.person for m in told(WANTED)] == [ivor.person]
    invite()
    assert len(told(WANTED)) == 1  # nothing has changed
    move(session, dt.timedelta(days=2))
    invite()
    assert {m.person for m in told(WANTED)[1:]} == {ivor.person, ida.person}
    assert request.invitations.count() == 2
    withdraw_cover(session=session, by=ines.person)
    move(session, dt.timedelta(days=1))
    invite()
    assert len(told(WANTED)) == 3


def test_nobody_is_asked_again_for_a_date_that_nobody_leads(session, ines, ivor):
    asked(session, ines)
    SessionLeader.objects.filter(session=session).update(active=False)
    move(session, dt.timedelta(days=2))
    invite()
    assert len(told(WANTED)) == 1


def invite() -> None:
    with acting(System.WORKER, "tests.invite"):
        invite_again(System.WORKER)


def move(session, by: dt.timedelta) -> None:
    session.starts_at, session.ends_at, session.ics_sequence = (
        session.starts_at + by,
        session.ends_at + by,
        session.ics_sequence + 1,
    )
    session.save(update_fields=["starts_at", "ends_at", "ics_sequence"])


# --- when nobody takes it -----------------------------------------------------


def look() -> int:
    with acting(System.WORKER, "tests.look"):
        return alert_about_uncovered(System.WORKER)


@pytest.mark.parametrize(
    ("mode", "hours", "late"),
    [(Mode.IN_PERSON, 25, False), (Mode.IN_PERSON, 23, True), (Mode.REMOTE, 5, False), (Mode.REMOTE, 3, True)],
)
def test_when_it_is_late_whoever_is_on_call_is_told_once(mode, hours, late, session, ines, ivor, dee):
    asked(session, ines)
    start = timezone.now() + hours * HOUR
    venue = None if mode == Mode.REMOTE else session.venue
    Session.objects.filter(pk=session.pk).update(mode=mode, venue=venue, starts_at=start, ends_at=start + HOUR)
    assert look() == look() == late
    found = tasks(NOT_COVERED)
    assert len(found) == late
    if late:
        assert (found[0].urgent_for, found[0].subject_id) == (Permission.PUBLISH_FOR_ANYONE, session.pk)
        assert found[0].alerts.get().person == dee.person


def test_it_is_told_at_once_where_it_is_late_already(session, ines, dee):
    soon = another(session, ines, starts_at=timezone.now() + HOUR)
    asked(soon, ines)
    (task,) = tasks(NOT_COVERED)
    assert (task.subject_id, task.urgent_for) == (soon.pk, Permission.PUBLISH_FOR_ANYONE)


@pytest.mark.parametrize("seen_to", [True, False])
def test_where_nobody_may_and_there_is_time_nobody_is_woken_and_when_it_is_late_somebody_is(
    seen_to, session, ines, ivor, dee
):
    Credential.objects.filter(instructor=ivor).delete()
    asked(session, ines)
    (task,) = tasks(NOT_COVERED)
    assert task.urgent_for == "" and not task.alerts.exists() and task.due_at > timezone.now()
    if seen_to:
        close_task(task=task, outcome="done", by=dee.person)
    with time_machine.travel(session.starts_at - HOUR, tick=False):
        assert look() == 1
    (task,) = tasks(NOT_COVERED)
    assert task.urgent_for and task.alerts.exists()


def gives(session, ines, ivor, dee):
    give_cover(request=session.cover_requests.get(), instructor=ivor, by=dee.person)


def takes_back(session, ines, ivor, dee):
    withdraw_cover(session=session, by=ines.person)


def calls_off(session, ines, ivor, dee):
    cancel_session(session=session, reason="off", by=dee.person)


@pytest.mark.parametrize("so", [gives, takes_back, calls_off])
def test_the_alert_closes_itself_when_it_is_seen_to(so, session, ines, ivor, dee):
    soon = timezone.now() + 3 * HOUR
    Session.objects.filter(pk=session.pk).update(starts_at=soon, ends_at=soon + HOUR)
    session.refresh_from_db()
    asked(session, ines)
    assert len(tasks(NOT_COVERED)) == 1
    so(session, ines, ivor, dee)
    assert tasks(NOT_COVERED) == [] and not CoverRequest.objects.wanted().exists()


def test_while_a_class_should_run_somebody_is_still_called_and_once_it_is_over_nobody_is(session, ines, ivor):
    asked(session, ines)
    begun(session)
    assert look() == 1 and len(tasks(NOT_COVERED)) == 1
    ended_at = timezone.now()
    Session.objects.filter(pk=session.pk).update(starts_at=ended_at - HOUR, ends_at=ended_at)
    assert look() == 0 and tasks(NOT_COVERED) == [] and not CoverRequest.objects.wanted().exists()
