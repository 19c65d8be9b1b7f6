"""Changing one date: what is judged, what moves with it, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from accounts.models import Programme, User
from classes.models import (
    AttendanceState,
    Booking,
    BookingSource,
    BookingState,
    Mode,
    Session,
    SessionLeader,
)
from classes.places.booking import book_place, change_capacity
from classes.telling.cover import OWN_SEX
from classes.timetable import (
    Aspect,
    DatesRefused,
    Edit,
    EditPreview,
    NothingChanges,
    NotPossible,
    PeopleBusy,
    PreviewOutdated,
    Scope,
    cancel_session,
    change_dates,
    changing,
    fields_of_date,
    preview_edit,
    publish_series,
)
from classes.timetable.plans import ObstacleKind, Problem
from classes.wall_time import UK, Which
from instructors.models import Instructor
from messaging.models import Message, Task
from participants.models import Participant
from participants.needs import record_needs
from participants.rules.application import Need
from tests.factories.classes import (
    AttendanceFactory,
    BookingFactory,
    ClassTypeFactory,
    RoomFactory,
    SessionFactory,
    VenueFactory,
)
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 1, 9, tzinfo=UK)  # a Thursday
STARTS = dt.datetime(2026, 10, 6, 18, tzinfo=UK)


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def session(programme: Programme, ines: Instructor) -> Session:
    venue = VenueFactory(programme=programme, name="Old hall")
    return SessionFactory(
        programme=programme, leader=ines, starts_at=STARTS, venue=venue, room=RoomFactory(venue=venue)
    )


def edit(session: Session, *, on: dt.date | None = None, **changes: Any) -> Edit:
    extra = {name: changes.pop(name) for name in ("which", "give_back") if name in changes}
    fresh = Session.objects.get(pk=session.pk)
    wanted = fields_of_date(fresh) | changes
    return Edit(session=fresh, scope=Scope.ONE, wanted=wanted, on=on, **extra)


def change(session: Session, by: User, **changes: Any) -> EditPreview:
    asked = edit(session, **changes)
    done = change_dates(edit=asked, seen=preview_edit(asked).fingerprint, by=by.person)
    session.refresh_from_db()
    return done


def place(session: Session, participant: Participant, state: BookingState = BookingState.BOOKED) -> Booking:
    booking = BookingFactory(session=session, participant=participant, state=state)
    if state == BookingState.BOOKED:
        session.places_taken += 1
        session.save(update_fields=["places_taken"])
    return booking


# --- what moves with it ------------------------------------------------------


def test_a_date_that_moves_takes_its_places_waits_and_leader_with_it(
    session: Session, pat: Participant, quinn: Participant, dee: User
) -> None:  # pitfalls 33: one date before, one after
    booked, waiting = place(session, pat), place(session, quinn, BookingState.WAITING)
    session.capacity = 1  # full, so that the wait goes on
    session.save(update_fields=["capacity"])
    before = Session.objects.count()
    change(session, dee, start_time=dt.time(19), on=dt.date(2026, 10, 7))
    moved = dt.datetime(2026, 10, 7, 19, tzinfo=UK)
    assert (session.starts_at, session.ends_at) == (moved, moved + dt.timedelta(hours=1))
    for booking in (booked, waiting):
        booking.refresh_from_db()
        assert (booking.during.lower, booking.during.upper) == (session.starts_at, session.ends_at)
    assert SessionLeader.objects.get(session=session).during.lower == moved
    assert (Session.objects.count(), session.places_taken) == (before, 1)
    assert (session.ics_sequence, booked.state) == (1, BookingState.BOOKED)


def test_everything_about_a_date_can_be_changed_and_history_names_who_did(
    session: Session, programme: Programme, ivor: Instructor, dee: User
) -> None:
    kind = ClassTypeFactory(programme=programme)
    change(
        session,
        dee,
        mode=Mode.REMOTE,
        venue=None,
        room=None,
        join_url="https://video.example/1",
        dial_in="01632 960999",
        class_type=kind,
        instructor=ivor,
        capacity=14,
    )
    assert (session.mode, session.venue, session.room) == (Mode.REMOTE, None, None)
    assert (session.join_url, session.dial_in, session.class_type) == ("https://video.example/1", "01632 960999", kind)
    assert session.capacity == 14
    leading = SessionLeader.objects.filter(session=session)
    assert [(one.instructor, one.active) for one in leading.order_by("pk")] == [
        (leading.order_by("pk")[0].instructor, False),
        (ivor, True),
    ]
    history = Session.pgh_event_model.objects.filter(pgh_obj=session, mode=Mode.REMOTE).first()
    assert history.pgh_context == {"by": f"person:{dee.person.pk}", "action": "classes.change_dates"}


def test_a_date_that_nobody_led_gets_a_leader(programme: Programme, ivor: Instructor, dee: User) -> None:
    nobodys = SessionFactory(programme=programme, starts_at=STARTS)
    booked = BookingFactory(session=nobodys)
    record_needs(person=booked.participant.person, needs=[Need("own_sex_instructor")], shared=(), by=dee.person)
    change(nobodys, dee, instructor=ivor)
    call = Task.objects.get(kind=OWN_SEX)  # whoever needs an instructor of their own sex is called
    assert (call.subject_id, call.about) == (booked.pk, booked.participant.person)
    assert nobodys.leaders.get(active=True).instructor == ivor


def test_a_date_of_a_series_keeps_its_link_and_names_what_is_its_own_until_it_is_as_the_series_again(
    ines: Instructor, programme: Programme, dee: User
) -> None:
    series = publish_series(
        instructor=ines,
        class_type=ClassTypeFactory(programme=programme),
        mode=Mode.REMOTE,
        start_time=dt.time(18),
        duration_minutes=60,
        capacity=10,
        first_date=dt.date(2026, 10, 6),
        last_date=dt.date(2026, 10, 20),
        by=dee.person,
    )
    second = series.sessions.order_by("occurs_on")[1]
    change(second, dee, start_time=dt.time(18, 30), capacity=12)
    assert (second.series, second.occurs_on, second.overridden) == (series, dt.date(2026, 10, 13), ["capacity", "time"])
    change(second, dee, start_time=dt.time(18), on=dt.date(2026, 10, 14))
    assert second.overridden == ["capacity", "time"]
    change(second, dee, on=dt.date(2026, 10, 13), capacity=10)
    assert second.overridden == []


def test_more_places_go_to_who_waits_before_anybody_else_sees_them(
    session: Session, pat: Participant, quinn: Participant, dee: User
) -> None:  # pitfalls 10
    session.capacity = 1
    session.save()
    place(session, pat)
    waiting = place(session, quinn, BookingState.WAITING)
    Booking.objects.filter(pk=waiting.pk).update(book_automatically=True)
    change(session, dee, capacity=2)
    waiting.refresh_from_db()
    assert (waiting.state, session.places_taken) == (BookingState.BOOKED, 2)


@pytest.mark.parametrize(("changes", "kept"), [({"start_time": dt.time(19)}, False), ({"capacity": 12}, True)])
def test_who_said_that_they_come_said_it_of_the_time_it_was(
    session: Session, pat: Participant, dee: User, changes: dict[str, Any], kept: bool
) -> None:
    booked = place(session, pat)
    Booking.objects.filter(pk=booked.pk).update(said_coming_at=NOW)
    change(session, dee, **changes)
    booked.refresh_from_db()
    assert (booked.said_coming_at is not None) is kept


# --- what stands against it --------------------------------------------------


def refused(session: Session, by: User, **changes: Any) -> set[ObstacleKind]:
    asked = edit(session, **changes)
    preview = preview_edit(asked)
    assert not preview.may_be_saved
    with pytest.raises(DatesRefused) as refusal:
        change_dates(edit=asked, seen=preview.fingerprint, by=by.person)
    assert refusal.value.obstacles == preview.refused
    return {obstacle.kind for obstacle in preview.refused}


def test_it_is_judged_as_when_it_is_published_and_what_is_in_the_way_is_named(
    session: Session, programme: Programme, ivor: Instructor, dee: User
) -> None:
    other = SessionFactory(
        programme=programme,
        leader=ivor,
        venue=session.venue,
        room=session.room,
        starts_at=STARTS + dt.timedelta(hours=2),
        class_type=ClassTypeFactory(programme=programme, name="Yoga"),
    )
    asked = edit(session, start_time=dt.time(20, 30), instructor=ivor)
    assert {(o.kind, o.clash.session_id) for o in preview_edit(asked).refused if o.clash} == {
        (ObstacleKind.INSTRUCTOR_BUSY, other.pk),
        (ObstacleKind.ROOM_BUSY, other.pk),
    }
    kinds = refused(session, dee, start_time=dt.time(20, 30), instructor=ivor)
    assert kinds == {ObstacleKind.INSTRUCTOR_BUSY, ObstacleKind.ROOM_BUSY}


def test_where_it_is_now_is_in_nobodys_way(session: Session, dee: User) -> None:
    change(session, dee, start_time=dt.time(18, 30))
    assert session.starts_at == STARTS + dt.timedelta(minutes=30)


def test_it_cannot_move_into_the_past_or_to_a_time_that_no_clock_shows(session: Session, dee: User) -> None:
    assert refused(session, dee, on=dt.date(2026, 9, 30)) == {ObstacleKind.PAST}
    gap = {"on": dt.date(2027, 3, 28), "start_time": dt.time(1, 30)}
    assert refused(session, dee, **gap) == {ObstacleKind.NO_SUCH_TIME}


def test_a_time_that_happens_twice_asks_which_and_keeps_the_answer(session: Session, dee: User) -> None:
    twice = {"on": dt.date(2026, 10, 25), "start_time": dt.time(1, 30)}
    assert refused(session, dee, **twice) == {ObstacleKind.HAPPENS_TWICE}
    change(session, dee, **twice, which=Which.SECOND)
    assert session.starts_at == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    change(session, dee, capacity=11)
    assert session.starts_at == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    change(session, dee, **twice, which=Which.FIRST)
    assert session.starts_at == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


def test_a_plan_that_no_date_can_mend_is_refused(session: Session, dee: User) -> None:
    asked = edit(session, venue=None, room=None)
    with pytest.raises(NotPossible) as refusal:
        change_dates(edit=asked, seen=preview_edit(asked).fingerprint, by=dee.person)
    assert refusal.value.problems == (Problem.VENUE_MISSING,)


def test_fewer_places_than_are_held_are_refused(
    session: Session, pat: Participant, quinn: Participant, dee: User
) -> None:  # pitfalls 12
    place(session, pat)
    place(session, quinn)
    assert refused(session, dee, capacity=1) == {ObstacleKind.PLACES_HELD}


def test_a_hall_that_does_not_hold_who_comes_along_beside_all_places_is_refused(session: Session, dee: User) -> None:
    Session.objects.filter(pk=session.pk).update(companions_beside=True, companions=1, holds=session.capacity + 1)
    small = VenueFactory(programme=session.programme, holds=session.capacity)
    large = VenueFactory(programme=session.programme, holds=session.capacity + 2)
    assert refused(session, dee, venue=small, room=None) == {ObstacleKind.HALL_TOO_SMALL}
    assert refused(session, dee, capacity=session.capacity + 1) == {ObstacleKind.HALL_TOO_SMALL}
    change(session, dee, venue=large, room=None)
    assert session.holds == large.holds


def test_nothing_but_what_there_is_already_is_not_a_change(session: Session, dee: User) -> None:
    asked = edit(session)
    with pytest.raises(NothingChanges):
        change_dates(edit=asked, seen=preview_edit(asked).fingerprint, by=dee.person)


def test_whoever_assists_goes_where_the_date_goes_or_stands_in_its_way(
    session: Session, programme: Programme, ivor: Instructor, dee: User
) -> None:
    SessionLeader.objects.create(
        session=session, instructor=ivor, role="second", during=(session.starts_at, session.ends_at)
    )
    SessionFactory(programme=programme, leader=ivor, starts_at=STARTS + dt.timedelta(hours=2))
    assert refused(session, dee, start_time=dt.time(20)) == {ObstacleKind.INSTRUCTOR_BUSY}
    past = [o.kind for o in preview_edit(edit(session, on=dt.date(2026, 9, 30))).refused]
    assert past == [ObstacleKind.PAST]  # said once, and not again for whoever assists
    change(session, dee, start_time=dt.time(17))
    assert {one.during.lower for one in session.leaders.all()} == {session.starts_at}


# --- what never changes ------------------------------------------------------


@pytest.mark.parametrize("fixed", ["past", "started", "cancelled", "marked"])
def test_a_date_that_is_past_begun_cancelled_or_marked_never_changes(
    session: Session, pat: Participant, ines: Instructor, dee: User, fixed: str
) -> None:  # pitfalls 30
    if fixed == "cancelled":
        cancel_session(session=session, reason="Snow", by=dee.person)
    elif fixed == "marked":
        AttendanceFactory(booking=place(session, pat), state=AttendanceState.ABSENT_TOLD)
    at = {"past": STARTS + dt.timedelta(days=1), "started": STARTS}.get(fixed, NOW)
    with time_machine.travel(at, tick=False):
        asked = edit(session, capacity=30, instructor=ines)
        assert preview_edit(asked).dates == ()
        with pytest.raises(NothingChanges):
            change_dates(edit=asked, seen=preview_edit(asked).fingerprint, by=dee.person)


def test_two_people_who_change_the_same_date_do_not_overwrite_each_other(session: Session, dee: User) -> None:
    first, second = edit(session, start_time=dt.time(19)), edit(session, capacity=20)
    seen = preview_edit(second).fingerprint
    change_dates(edit=first, seen=preview_edit(first).fingerprint, by=dee.person)
    with pytest.raises(PreviewOutdated) as refusal:
        change_dates(edit=second, seen=seen, by=dee.person)
    (date,) = refusal.value.preview.dates
    assert date.aspects == {Aspect.TIME, Aspect.CAPACITY}  # what it would now undo is named
    session.refresh_from_db()
    assert session.capacity == 10


def test_what_is_saved_is_what_was_looked_at_people_included(
    session: Session, pat: Participant, quinn: Participant, dee: User
) -> None:
    asked = edit(session, start_time=dt.time(19))
    seen = preview_edit(asked).fingerprint
    place(session, quinn, BookingState.WAITING)
    with pytest.raises(PreviewOutdated) as refusal:
        change_dates(edit=asked, seen=seen, by=dee.person)
    assert refusal.value.preview.people == 1
    change_dates(edit=asked, seen=refusal.value.preview.fingerprint, by=dee.person)


def test_whoever_joins_between_reading_and_locking_is_locked_too_and_looked_at(
    session: Session, pat: Participant, dee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, locked = edit(session, start_time=dt.time(19)), []
    queues, newcomers = changing.lock_queues, changing.lock_newcomers

    def joined_meanwhile(*given: Any, **named: Any) -> Any:
        place(session, pat)
        return queues(*given, **named)

    monkeypatch.setattr(changing, "lock_queues", joined_meanwhile)
    monkeypatch.setattr(changing, "lock_newcomers", lambda ids: (locked.append(ids), newcomers(ids)))
    with pytest.raises(PreviewOutdated) as refusal:
        change_dates(edit=asked, seen=preview_edit(asked).fingerprint, by=dee.person)
    assert locked == [{pat.pk}]
    assert refusal.value.preview.people == 1


def test_a_clash_that_only_the_database_sees_refuses_everything_with_a_new_preview(
    session: Session, programme: Programme, ivor: Instructor, dee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    SessionFactory(
        programme=programme, venue=session.venue, room=session.room, starts_at=STARTS + dt.timedelta(hours=1)
    )
    monkeypatch.setattr(
        "classes.timetable.clashes._obstacles", lambda changes, now: {c.session.pk: [] for c in changes}
    )
    asked = edit(session, start_time=dt.time(18, 30), capacity=20)
    with pytest.raises(PreviewOutdated):
        change_dates(edit=asked, seen=preview_edit(asked).fingerprint, by=dee.person)
    session.refresh_from_db()
    assert (session.starts_at, session.capacity) == (STARTS, 10)
    assert not Message.objects.exists()


# --- people ------------------------------------------------------------------


def test_who_has_another_class_at_the_new_time_is_named_and_the_move_refused(
    session: Session, programme: Programme, pat: Participant, quinn: Participant, dee: User
) -> None:
    both, free = place(session, pat), place(session, quinn)
    place(SessionFactory(programme=programme, starts_at=STARTS + dt.timedelta(hours=2)), pat)
    asked = edit(session, start_time=dt.time(19, 30))
    preview = preview_edit(asked)
    assert preview.busy == (both,) and not preview.may_be_saved
    with pytest.raises(PeopleBusy) as refusal:
        change_dates(edit=asked, seen=preview.fingerprint, by=dee.person)
    assert refusal.value.bookings == (both,)
    session.refresh_from_db()
    assert session.starts_at == STARTS
    change(session, dee, start_time=dt.time(19, 30), give_back=True)
    both.refresh_from_db()
    free.refresh_from_db()
    assert (both.state, both.end_reason, both.ended_by) == (BookingState.CLOSED, "class_moved", dee.person)
    assert (free.state, session.places_taken) == (BookingState.BOOKED, 1)
    assert {m.person: m.context["changes"][0]["given_up"] for m in Message.objects.filter(kind="class_changed")} == {
        pat.person: True,
        quinn.person: False,
    }


def test_the_place_that_gives_way_goes_to_who_waits(
    session: Session, programme: Programme, pat: Participant, quinn: Participant, dee: User
) -> None:
    session.capacity = 1
    session.save()
    place(session, pat)
    waiting = place(session, quinn, BookingState.WAITING)
    Booking.objects.filter(pk=waiting.pk).update(book_automatically=True)
    place(SessionFactory(programme=programme, starts_at=STARTS + dt.timedelta(hours=2)), pat)
    change(session, dee, start_time=dt.time(19, 30), give_back=True)
    waiting.refresh_from_db()
    assert waiting.state == BookingState.OFFERED, "to be booked unasked was said of another time"
    assert waiting.during.lower == session.starts_at


def test_a_place_that_does_not_stand_at_the_new_time_is_in_doubt_and_said(
    session: Session, pat: Participant, dee: User
) -> None:
    booked = place(session, pat)
    ClearanceFactory(participant=pat, valid_until=dt.date(2026, 10, 10))
    change(session, dee, on=dt.date(2026, 10, 7))
    booked.refresh_from_db()
    assert booked.in_doubt_since is None
    change(session, dee, on=dt.date(2026, 10, 13))
    booked.refresh_from_db()
    assert booked.in_doubt_since is not None
    assert Task.objects.filter(kind="place_in_doubt", subject_id=booked.pk, state="open").exists()


def test_who_was_passed_by_at_the_old_time_is_served_where_the_move_has_made_them_free(
    session: Session, programme: Programme, pat: Participant, dee: User
) -> None:
    place(session, pat)
    other = SessionFactory(programme=programme, starts_at=STARTS, capacity=5)
    turn = place(other, pat, BookingState.WAITING)
    Booking.objects.filter(pk=turn.pk).update(skipped_reason="overlaps", book_automatically=True)
    change(session, dee, start_time=dt.time(20))
    turn.refresh_from_db()
    assert turn.state == BookingState.BOOKED


def test_booking_goes_on_at_the_new_time(session: Session, pat: Participant, dee: User) -> None:
    ClearanceFactory(participant=pat)
    change(session, dee, start_time=dt.time(20))
    booked = book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)
    assert booked.during.lower == session.starts_at


def test_the_number_of_places_alone_tells_nobody_and_leaves_calendars_alone(
    session: Session, pat: Participant, dee: User
) -> None:
    place(session, pat)
    done = change(session, dee, capacity=12)
    assert (done.people, session.ics_sequence) == (0, 0)
    assert not Message.objects.exists()
    assert change_capacity(session=session, capacity=11, by=dee.person).capacity == 11


def test_looking_writes_nothing(session: Session, pat: Participant, django_assert_max_num_queries: Any) -> None:
    place(session, pat)
    asked = edit(session, start_time=dt.time(19))
    with django_assert_max_num_queries(14) as looked:
        preview = preview_edit(asked)
    assert preview.may_be_saved and preview.people == 1
    assert all(query["sql"].lstrip().startswith("SELECT") for query in looked.captured_queries)


@pytest.mark.parametrize("kept", ["reserved", "walk_in"])
def test_places_are_kept_within_what_there_is(session: Session, dee: User, pat: Participant, kept: str) -> None:
    other = {"reserved": "walk_in", "walk_in": "reserved"}[kept]
    book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)
    change(session, dee, **{kept: 8, other: 1})
    session.refresh_from_db()
    assert (session.capacity, getattr(session, kept), getattr(session, other), session.places_left) == (10, 8, 1, 0)
    with pytest.raises(DatesRefused) as refused:
        change(session, dee, **{kept: 9})
    assert [o.kind for o in refused.value.obstacles] == [ObstacleKind.PLACES_HELD]
    with pytest.raises(NotPossible):
        change(session, dee, **{kept: 10})


@pytest.mark.parametrize("kept", ["reserved", "walk_in"])
def test_places_that_are_not_kept_any_more_go_to_who_waits(
    session: Session, dee: User, pat: Participant, quinn: Participant, kept: str
) -> None:
    change(session, dee, capacity=2, **{kept: 1})
    book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)
    by = {"by": quinn.person, "source": BookingSource.SELF}
    turn = book_place(participant=quinn, session=session, or_wait=True, book_automatically=True, **by)
    change(session, dee, **{kept: 0})
    turn.refresh_from_db()
    assert turn.state == BookingState.BOOKED
