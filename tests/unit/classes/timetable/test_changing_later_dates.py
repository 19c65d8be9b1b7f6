"""Changing this date and later ones, or all to come: the series splits, and only what changed is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from accounts.history import System
from accounts.models import Programme, User
from classes.models import AttendanceState, Booking, BookingState, Mode, Series, Session
from classes.telling.cover import OWN_SEX
from classes.telling.leaders import LEADER_CHANGED, still_leads
from classes.timetable import (
    Aspect,
    DatesRefused,
    Edit,
    EditPreview,
    NothingChanges,
    Scope,
    cancel_session,
    change_dates,
    fields_of_date,
    fields_of_series,
    materialise,
    preview_edit,
    publish_series,
)
from classes.timetable.plans import ObstacleKind
from classes.timetable.splitting import left_out_after, still_to_make_after
from classes.wall_time import UK
from instructors.models import Instructor
from messaging.models import Message, Task
from participants.models import Participant
from participants.needs import record_needs
from participants.rules.application import Need
from tests.factories.classes import (
    AttendanceFactory,
    BookingFactory,
    ClassTypeFactory,
    DaysOffFactory,
    RoomFactory,
    SessionFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 1, 9, tzinfo=UK)  # a Thursday
FIRST, LAST = dt.date(2026, 9, 29), dt.date(2027, 1, 26)
LEFT_OUT = dt.date(2026, 12, 29)


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def series(programme: Programme, ines: Instructor) -> Series:
    """Tuesdays at 6pm from the end of September to the end of January; the first date is past."""
    venue = VenueFactory(programme=programme)
    with time_machine.travel(NOW - dt.timedelta(days=7), tick=False):
        return publish_series(
            instructor=ines,
            class_type=ClassTypeFactory(programme=programme),
            mode=Mode.IN_PERSON,
            venue=venue,
            room=RoomFactory(venue=venue),
            start_time=dt.time(18),
            duration_minutes=60,
            capacity=10,
            first_date=FIRST,
            last_date=LAST,
            excluded_dates=[LEFT_OUT],
            by=ines.person,
        )


def date_of(series: Series, n: int) -> Session:
    """The date `n` weeks after the first."""
    return Session.objects.get(occurs_on=FIRST + dt.timedelta(weeks=n), programme=series.programme)


def edit(session: Session, scope: Scope = Scope.LATER, **changes: Any) -> Edit:
    extra = {name: changes.pop(name) for name in ("own_too", "give_back", "on", "shift") if name in changes}
    assert session.series is not None
    own = fields_of_date(session) if scope is Scope.ONE else fields_of_series(session.series)
    return Edit(session=session, scope=scope, wanted=own | changes, **extra)  # type: ignore[operator]


def change(session: Session, by: User, scope: Scope = Scope.LATER, **changes: Any) -> EditPreview:
    asked = edit(session, scope, **changes)
    return change_dates(edit=asked, seen=preview_edit(asked).fingerprint, by=by.person)


def clock_times(series: Series) -> list[dt.time]:
    return [s.starts_at.astimezone(UK).time() for s in Session.objects.filter(series=series).order_by("occurs_on")]


def place(session: Session, participant: Participant) -> Booking:
    Session.objects.filter(pk=session.pk).update(places_taken=session.places_taken + 1)
    return BookingFactory(session=session, participant=participant)


# --- the series --------------------------------------------------------------


def test_this_and_later_ends_the_series_and_begins_another_one(series: Series, dee: User) -> None:  # pitfalls 30, 33
    pivot, before = date_of(series, 4), Session.objects.count()
    preview = preview_edit(edit(pivot, start_time=dt.time(19)))
    done = change(pivot, dee, start_time=dt.time(19))
    series.refresh_from_db()
    later = Series.objects.exclude(pk=series.pk).get()
    assert (series.last_date, series.start_time) == (pivot.occurs_on - dt.timedelta(days=1), dt.time(18))
    assert (later.first_date, later.last_date, later.start_time) == (pivot.occurs_on, LAST, dt.time(19))
    assert (series.excluded_dates, later.excluded_dates) == ([], [LEFT_OUT])
    assert clock_times(series) == [dt.time(18)] * 4
    assert set(clock_times(later)) == {dt.time(19)}
    assert Session.objects.count() == before
    assert [d.session.pk for d in done.dates] == [d.session.pk for d in preview.dates]
    assert later.sessions.filter(overridden=[]).count() == later.sessions.count()


def test_dates_made_later_follow_and_those_left_out_stay_out(series: Series, dee: User) -> None:
    preview = preview_edit(edit(date_of(series, 4), start_time=dt.time(19)))
    assert preview.later[-1] == LAST and LEFT_OUT not in preview.later
    change(date_of(series, 4), dee, start_time=dt.time(19))
    before = set(Session.objects.values_list("occurs_on", flat=True))
    materialise(until=LAST, by=System.WORKER)
    made = Session.objects.exclude(occurs_on__in=before)
    assert set(made.values_list("occurs_on", flat=True)) == set(preview.later)
    assert {s.starts_at.astimezone(UK).time() for s in made} == {dt.time(19)}
    assert not Session.objects.filter(occurs_on=LEFT_OUT).exists()


TWO_DAYS = dt.timedelta(days=2)  # from Tuesdays to Thursdays


def days_of(series: Series) -> list[dt.date]:
    dates = Session.objects.filter(series=series).order_by("starts_at")
    return [s.starts_at.astimezone(UK).date() for s in dates]


def test_a_series_moves_to_another_weekday_from_a_date_on(series: Series, dee: User, pat: Participant) -> None:
    pivot, off = date_of(series, 4), date_of(series, 6)
    place(pivot, pat)
    cancel_session(session=off, reason="Snow", by=dee.person)
    preview = preview_edit(edit(pivot, shift=TWO_DAYS))
    assert (preview.people, preview.later[-1], LEFT_OUT + TWO_DAYS in preview.later) == (1, LAST + TWO_DAYS, False)
    change(pivot, dee, shift=TWO_DAYS)
    series.refresh_from_db()
    later = Series.objects.exclude(pk=series.pk).get()
    assert (series.last_date, later.first_date, later.last_date) == (
        FIRST + dt.timedelta(days=27),
        FIRST + dt.timedelta(weeks=4) + TWO_DAYS,
        LAST + TWO_DAYS,
    )
    assert later.excluded_dates == [LEFT_OUT + TWO_DAYS]
    assert {on.weekday() for on in days_of(series)} == {1}
    pivot.refresh_from_db()
    assert (pivot.starts_at.astimezone(UK).weekday(), pivot.overridden) == (3, [])
    before = Session.objects.count()
    materialise(until=LAST + TWO_DAYS, by=System.WORKER)
    assert Session.objects.count() == before + len(preview.later)
    assert {s.occurs_on.weekday() for s in later.sessions.all()} == {3}
    off.refresh_from_db()
    assert (off.status, off.occurs_on) == ("cancelled", FIRST + dt.timedelta(weeks=6) + TWO_DAYS)
    assert Message.objects.filter(kind="class_changed").count() == 1


def test_a_bank_holiday_that_was_left_out_does_not_go_along_to_another_weekday(series: Series, dee: User) -> None:
    boxing, own = dt.date(2026, 12, 28), dt.date(2026, 12, 7)
    Series.objects.filter(pk=series.pk).update(
        first_date=FIRST - dt.timedelta(days=1), excluded_dates=[own, boxing, boxing + dt.timedelta(weeks=1)]
    )
    DaysOffFactory(programme=series.programme, first=dt.date(2027, 1, 4), last=dt.date(2027, 1, 8))
    series.refresh_from_db()
    after = left_out_after(series, TWO_DAYS, fields_of_series(series))
    # What somebody chose stays out in its week, and so does the week without classes; the bank holiday was Monday's.
    assert after == [own + TWO_DAYS, dt.date(2027, 1, 6)]
    later = still_to_make_after(series, FIRST, TWO_DAYS, fields_of_series(series))
    assert boxing + TWO_DAYS in later and dt.date(2027, 1, 6) not in later
    assert left_out_after(series, dt.timedelta(0), fields_of_series(series)) == series.excluded_dates
    assert preview_edit(edit(date_of(series, 1), shift=TWO_DAYS)).held_again == (boxing + TWO_DAYS,)
    to_fridays = preview_edit(edit(date_of(series, 1), shift=dt.timedelta(days=4)))
    assert to_fridays.later_holidays == {dt.date(2026, 12, 25): "Christmas Day"}
    assert to_fridays.held_again == ()  # the Friday of that week is New Year's Day: left out as well


def test_a_hall_that_is_shut_on_some_of_the_dates_says_so_before_a_series_moves_into_it(series: Series) -> None:
    shut, later, known = dt.date(2026, 10, 13), dt.date(2027, 1, 12), dt.date(2026, 10, 20)
    hall = VenueFactory(programme=series.programme)
    for on in (shut, later):
        DaysOffFactory(programme=series.programme, venue=hall, first=on, last=on, name="Polling day")
    DaysOffFactory(programme=series.programme, first=known, last=known, name="Our own day")
    elsewhere = preview_edit(edit(date_of(series, 1), venue=hall, room=None))
    assert {change.new.on: change.holiday for change in elsewhere.dates if change.new and change.holiday} == {
        shut: "Polling day"
    }, "what holds wherever the class is, somebody has decided before"
    assert elsewhere.later_holidays == {later: "Polling day"}
    alone = date_of(series, 1)
    there = preview_edit(edit(alone, Scope.ONE, on=shut, venue=hall, room=None))
    here = preview_edit(edit(alone, Scope.ONE, on=known))
    assert [there.dates[0].holiday, here.dates[0].holiday] == ["Polling day", "Our own day"]


def test_a_whole_series_moves_and_a_date_with_its_own_time_stays(series: Series, dee: User) -> None:
    own = date_of(series, 3)
    change(own, dee, Scope.ONE, start_time=dt.time(16))
    with time_machine.travel(NOW - dt.timedelta(days=7), tick=False):
        change(date_of(series, 3), dee, Scope.ALL, shift=TWO_DAYS)
    series.refresh_from_db()
    assert (Series.objects.count(), series.first_date, series.last_date) == (1, FIRST + TWO_DAYS, LAST + TWO_DAYS)
    own.refresh_from_db()
    assert (own.starts_at.astimezone(UK).date(), own.occurs_on) == (own.occurs_on - TWO_DAYS, own.occurs_on)
    assert sorted({on.weekday() for on in days_of(series)}) == [1, 3]


def test_a_weekday_that_is_over_this_week_is_refused(series: Series, dee: User) -> None:
    with time_machine.travel(dt.datetime(2026, 10, 5, 20, tzinfo=UK), tick=False), pytest.raises(DatesRefused) as no:
        change(date_of(series, 1), dee, shift=-dt.timedelta(days=1))
    assert [(o.on, o.kind) for o in no.value.obstacles] == [(dt.date(2026, 10, 5), ObstacleKind.PAST)]


def test_places_that_were_given_away_stay_so_while_the_series_changes(series: Series, dee: User) -> None:
    Series.objects.filter(pk=series.pk).update(reserved=2)
    Session.objects.filter(series=series).update(reserved=2)
    given = date_of(series, 2)
    Session.objects.filter(pk=given.pk).update(reserved=0)
    change(date_of(series, 1), dee, minimum=4)
    kept = {n: date_of(series, n).reserved for n in (1, 2, 3)}
    assert kept == {1: 2, 2: 0, 3: 2}
    change(date_of(series, 1), dee, reserved=3)
    assert {n: date_of(series, n).reserved for n in (1, 2, 3)} == {1: 3, 2: 3, 3: 3}


def test_all_to_come_leaves_the_past_date_as_it_was(series: Series, dee: User) -> None:  # pitfalls 30
    change(date_of(series, 6), dee, Scope.ALL, start_time=dt.time(17, 30))
    assert clock_times(series) == [dt.time(18)]
    assert Series.objects.exclude(pk=series.pk).get().first_date == FIRST + dt.timedelta(weeks=1)


def test_where_nothing_lies_before_the_series_itself_changes(series: Series, dee: User) -> None:
    with time_machine.travel(NOW - dt.timedelta(days=7), tick=False):
        change(date_of(series, 3), dee, Scope.ALL, start_time=dt.time(17, 30))
    series.refresh_from_db()
    assert (Series.objects.count(), series.start_time) == (1, dt.time(17, 30))
    assert set(clock_times(series)) == {dt.time(17, 30)}


def test_six_becomes_seven_by_the_clock_in_summer_time_and_after_it(series: Series, dee: User) -> None:  # pitfalls 27
    change(date_of(series, 1), dee, start_time=dt.time(19))
    later = Series.objects.exclude(pk=series.pk).get()
    assert set(clock_times(later)) == {dt.time(19)}
    assert {s.starts_at.hour for s in later.sessions.all()} == {18, 19}  # in UTC, before and after 25 October


# --- what a date keeps -------------------------------------------------------


def test_a_date_that_was_changed_by_itself_keeps_what_is_its_own(series: Series, dee: User) -> None:
    own = date_of(series, 5)
    change(own, dee, Scope.ONE, start_time=dt.time(16))
    preview = preview_edit(edit(date_of(series, 4), start_time=dt.time(19)))
    assert [session.pk for session in preview.unchanged] == [own.pk]
    change(date_of(series, 4), dee, start_time=dt.time(19), capacity=12)
    own.refresh_from_db()
    assert own.starts_at.astimezone(UK).time() == dt.time(16)
    assert (own.capacity, own.overridden) == (12, ["time"])


def test_its_own_too_follows_when_that_is_asked(series: Series, dee: User) -> None:
    own = date_of(series, 5)
    change(own, dee, Scope.ONE, start_time=dt.time(16), on=own.occurs_on + dt.timedelta(days=1))
    change(date_of(series, 4), dee, start_time=dt.time(19), own_too=True)
    own.refresh_from_db()
    assert own.starts_at == dt.datetime.combine(own.occurs_on, dt.time(19), tzinfo=UK)
    assert own.overridden == []


def test_what_a_series_is_already_is_no_change_of_it(series: Series, dee: User) -> None:
    asked = edit(date_of(series, 5), start_time=dt.time(18))
    assert preview_edit(asked).later == ()
    with pytest.raises(NothingChanges):
        change(date_of(series, 5), dee, start_time=dt.time(18))


def test_a_number_of_places_that_was_changed_on_its_own_page_is_kept(series: Series, dee: User) -> None:
    own = date_of(series, 5)
    Session.objects.filter(pk=own.pk).update(capacity=7)
    change(date_of(series, 4), dee, capacity=12)
    own.refresh_from_db()
    assert own.capacity == 7


# --- what never changes, and never comes back --------------------------------


def test_a_cancelled_date_stays_cancelled_in_the_later_series_and_is_never_made_again(
    series: Series, dee: User
) -> None:  # pitfalls 37
    off = date_of(series, 5)
    cancel_session(session=off, reason="Hall shut", by=dee.person)
    change(date_of(series, 4), dee, start_time=dt.time(19))
    materialise(until=LAST, by=System.WORKER)
    off.refresh_from_db()
    assert off.is_cancelled and off.starts_at.astimezone(UK).time() == dt.time(18)
    assert Session.objects.filter(occurs_on=off.occurs_on).count() == 1


def test_a_date_with_a_mark_stays_as_it_was(series: Series, pat: Participant, dee: User) -> None:  # pitfalls 30
    marked = date_of(series, 5)
    AttendanceFactory(booking=place(marked, pat), state=AttendanceState.ABSENT_TOLD)
    change(date_of(series, 4), dee, start_time=dt.time(19))
    marked.refresh_from_db()
    assert marked.starts_at.astimezone(UK).time() == dt.time(18)
    assert not Message.objects.filter(person=pat.person).exists()


# --- all or nothing ----------------------------------------------------------


def test_one_date_that_cannot_be_held_refuses_them_all(
    series: Series, programme: Programme, ines: Instructor, dee: User
) -> None:
    other = SessionFactory(programme=programme, leader=ines, starts_at=date_of(series, 7).ends_at)
    asked = edit(date_of(series, 4), start_time=dt.time(18, 30))
    with pytest.raises(DatesRefused) as refusal:
        change_dates(edit=asked, seen=preview_edit(asked).fingerprint, by=dee.person)
    ((on, kind, session_id),) = {(o.on, o.kind, o.clash.session_id) for o in refusal.value.obstacles if o.clash}
    assert (on, kind, session_id) == (FIRST + dt.timedelta(weeks=7), ObstacleKind.INSTRUCTOR_BUSY, other.pk)
    assert Series.objects.count() == 1 and set(clock_times(series)) == {dt.time(18)}


def test_a_date_made_later_whose_time_no_clock_shows_refuses_them_all(
    programme: Programme, ines: Instructor, dee: User
) -> None:
    night = publish_series(
        instructor=ines,
        class_type=ClassTypeFactory(programme=programme),
        mode=Mode.REMOTE,
        start_time=dt.time(12),
        duration_minutes=60,
        capacity=10,
        first_date=dt.date(2026, 10, 4),
        last_date=dt.date(2027, 3, 28),
        by=ines.person,
    )
    asked = edit(night.sessions.order_by("occurs_on")[0], Scope.ALL, start_time=dt.time(1, 30))
    kinds = {(o.on, o.kind) for o in preview_edit(asked).refused}
    assert kinds == {
        (dt.date(2026, 10, 25), ObstacleKind.HAPPENS_TWICE),
        (dt.date(2027, 3, 28), ObstacleKind.NO_SUCH_TIME),
    }


def test_dates_that_pass_over_one_another_are_no_clash_but_those_that_meet_are(series: Series, dee: User) -> None:
    one = date_of(series, 5)
    change(one, dee, Scope.ONE, on=one.occurs_on - dt.timedelta(days=7), start_time=dt.time(19))
    met = preview_edit(edit(date_of(series, 4), start_time=dt.time(19)))
    assert {(o.on, o.kind) for o in met.refused} == {
        (FIRST + dt.timedelta(weeks=4), ObstacleKind.INSTRUCTOR_BUSY),
        (FIRST + dt.timedelta(weeks=4), ObstacleKind.ROOM_BUSY),
    }
    change(date_of(series, 4), dee, start_time=dt.time(19), own_too=True)  # the one that was in the way goes on
    assert set(clock_times(Series.objects.exclude(pk=series.pk).get())) == {dt.time(19)}


def test_two_dates_that_would_meet_by_the_change_are_told_of_each_other(
    series: Series, programme: Programme, pat: Participant, dee: User
) -> None:
    one, kind = date_of(series, 5), ClassTypeFactory(programme=programme, name="Yoga")
    change(one, dee, Scope.ONE, on=one.occurs_on - dt.timedelta(days=7), start_time=dt.time(19))
    for week in (4, 5):
        place(date_of(series, week), pat)
    preview = preview_edit(edit(date_of(series, 4), start_time=dt.time(19), class_type=kind))
    first = preview.dates[0]
    assert {(o.kind, o.clash.session_id) for o in first.obstacles if o.clash} == {
        (ObstacleKind.INSTRUCTOR_BUSY, one.pk),
        (ObstacleKind.ROOM_BUSY, one.pk),
    }
    assert [booking.session_id for booking in preview.busy] == [first.session.pk]
    apart = preview_edit(
        edit(date_of(series, 4), start_time=dt.time(19), class_type=kind, mode=Mode.REMOTE, venue=None, room=None)
    )
    assert {o.kind for o in apart.dates[0].obstacles} == {ObstacleKind.INSTRUCTOR_BUSY}


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [("", "small", True), ("small", "", True), ("", "", True), ("small", "small", True), ("small", "large", False)],
)
def test_two_dates_meet_in_one_room_and_where_either_has_the_whole_hall(
    series: Series, programme: Programme, dee: User, first: str, second: str, meet: bool
) -> None:
    assert series.venue is not None
    rooms = {"": None} | {name: RoomFactory(venue=series.venue, name=name) for name in ("small", "large")}
    one, stays = date_of(series, 5), date_of(series, 4)
    change(stays, dee, Scope.ONE, room=rooms[first])
    change(one, dee, Scope.ONE, on=one.occurs_on - dt.timedelta(days=7), start_time=dt.time(19), room=rooms[second])
    kind = ClassTypeFactory(programme=programme, name="Yoga")
    met = preview_edit(edit(date_of(series, 4), start_time=dt.time(19), class_type=kind))
    assert (ObstacleKind.ROOM_BUSY in {o.kind for o in met.dates[0].obstacles}) is meet


# --- people ------------------------------------------------------------------


def test_each_person_on_a_changed_date_gets_one_message_that_lists_theirs(
    series: Series, pat: Participant, quinn: Participant, dee: User
) -> None:  # pitfalls 32, 35
    place(date_of(series, 2), quinn)
    for week in (4, 6, 7):
        place(date_of(series, week), pat)
    BookingFactory(session=date_of(series, 6), participant=quinn, state=BookingState.WAITING)
    done = change(date_of(series, 4), dee, start_time=dt.time(19))
    told = {m.person: len(m.context["changes"]) for m in Message.objects.filter(kind="class_changed")}
    assert told == {pat.person: 3, quinn.person: 1}
    assert done.people == 2


def test_a_person_whose_own_dates_do_not_change_hears_nothing(
    series: Series, quinn: Participant, dee: User
) -> None:  # pitfalls 35
    own = date_of(series, 5)
    change(own, dee, Scope.ONE, start_time=dt.time(16))
    place(own, quinn)
    place(date_of(series, 1), quinn)
    change(date_of(series, 4), dee, start_time=dt.time(19))
    assert not Message.objects.exists()


def test_the_preview_takes_as_many_queries_for_many_dates_as_for_two(
    series: Series, pat: Participant, django_assert_max_num_queries: Any
) -> None:
    for week in range(2, 12):
        place(date_of(series, week), pat)
    asked = edit(date_of(series, 2), start_time=dt.time(19))
    with django_assert_max_num_queries(16):
        preview = preview_edit(asked)
    assert {change.aspects for change in preview.dates} == {frozenset({Aspect.TIME})}


def test_somebody_else_for_later_dates_is_told_once_by_first_name_and_called_about_once(
    series: Series, ivor: Instructor, dee: User, pat: Participant, quinn: Participant
) -> None:
    record_needs(person=pat.person, needs=[Need("own_sex_instructor")], shared=(), by=pat.person)
    before, first, second = (date_of(series, n) for n in (1, 2, 3))
    for one in (before, first, second):
        place(one, pat)
    given_up = place(first, quinn)
    change(first, dee, instructor=ivor)
    message = Message.objects.get(kind=LEADER_CHANGED, person=pat.person)
    said = still_leads(message)
    assert said is not None and said.context["leads"] == ivor.person.first_name
    assert [one["starts_at"] for one in said.context["classes"]] == [first.starts_at, second.starts_at]
    call = Task.objects.get(kind=OWN_SEX)
    assert (call.about, call.context["on"]) == (pat.person, first.occurs_on.isoformat())
    Booking.objects.filter(pk=given_up.pk).update(state=BookingState.CANCELLED, ended_at=NOW)
    assert still_leads(Message.objects.get(kind=LEADER_CHANGED, person=quinn.person)) is None
