"""Times for one person at a time: which there are, the time kept free after each, and what stands in their way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, cast

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.models import Programme
from classes.cover.candidates import Hindrance, candidate
from classes.models import BookingSource, Mode, Session, SessionKind, SessionLeader
from classes.one_to_ones import free_times, led_by, offered_by, times_like, times_with
from classes.places.booking import book_place
from classes.timetable import DatesRefused, NotPossible, SomebodyBooked, cancel_sessions, publish_session
from classes.timetable.aspects import fields_of_date
from classes.timetable.changing import change_dates
from classes.timetable.edits import preview_edit
from classes.timetable.looked_at import Edit
from classes.timetable.one_to_ones import Times, preview_times, publish_times, starts_within
from classes.timetable.plans import ClassFields, ObstacleKind, Problem
from classes.timetable.scopes import Scope
from classes.wall_time import UK
from instructors.models import Instructor
from participants.models import Participant
from tests.factories.classes import ClassTypeFactory, SessionFactory

pytestmark = pytest.mark.django_db

TUESDAY = dt.date(2026, 10, 6)
AFTERNOON = Times(TUESDAY, 2, dt.time(14), dt.time(17))


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 10, 1, 9, tzinfo=UK), tick=False):
        yield


@pytest.fixture
def talk(ines: Instructor, programme: Programme) -> dict[str, Any]:
    """45 minutes by telephone, 15 minutes between."""
    return {
        "instructor": ines,
        "class_type": ClassTypeFactory(programme=programme, name="A talk", one_to_one=True),
        "mode": Mode.PHONE,
        "start_time": dt.time(14),
        "duration_minutes": 45,
        "capacity": 1,
        "buffer_minutes": 15,
    }


def at(hour: int, minute: int = 0, *, on: dt.date = TUESDAY) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(hour, minute), tzinfo=UK)


@pytest.mark.parametrize(
    ("ends", "minutes", "between", "starts"),
    [
        (dt.time(17), 45, 15, [(14, 0), (15, 0), (16, 0)]),
        (dt.time(16, 45), 45, 15, [(14, 0), (15, 0), (16, 0)]),  # what is kept free after the last may lie beyond
        (dt.time(16, 44), 45, 15, [(14, 0), (15, 0)]),
        (dt.time(15), 30, 0, [(14, 0), (14, 30)]),
        (dt.time(14, 20), 45, 15, []),
        (dt.time(13), 45, 15, []),
    ],
)
def test_times_start_one_after_the_other_with_the_time_between(
    ends: dt.time, minutes: int, between: int, starts: list[tuple[int, int]]
) -> None:
    found = starts_within(dt.time(14), ends, minutes=minutes, between=between)
    assert [(one.hour, one.minute) for one in found] == starts


def test_an_afternoon_of_two_weeks_becomes_six_times_with_one_place_each(talk: dict[str, Any]) -> None:
    made = publish_times(times=AFTERNOON, by=talk["instructor"].person, **talk)
    assert [one.starts_at for one in made[:4]] == [at(14), at(15), at(16), at(14, on=TUESDAY + dt.timedelta(weeks=1))]
    assert {(s.kind, s.capacity, s.mode, s.series_id, s.status) for s in made} == {
        ("one_to_one", 1, "phone", None, "published")
    }
    leader = SessionLeader.objects.get(session=made[0])
    assert (leader.during.lower, leader.during.upper) == (at(14), at(15))


def test_the_time_kept_free_is_in_the_way_of_another_class(talk: dict[str, Any]) -> None:
    publish_times(times=Times(TUESDAY, 1, dt.time(14), dt.time(15)), by=talk["instructor"].person, **talk)
    class_type = ClassTypeFactory(programme=talk["instructor"].programme)
    group = {**talk, "class_type": class_type, "mode": Mode.REMOTE, "capacity": 8, "buffer_minutes": 0}
    with pytest.raises(DatesRefused) as refused:
        publish_session(on=TUESDAY, by=talk["instructor"].person, **{**group, "start_time": dt.time(14, 50)})
    assert [o.kind for o in refused.value.obstacles] == [ObstacleKind.INSTRUCTOR_BUSY]
    publish_session(on=TUESDAY, by=talk["instructor"].person, **{**group, "start_time": dt.time(15)})


def test_the_database_holds_it_too(talk: dict[str, Any]) -> None:
    publish_times(times=Times(TUESDAY, 1, dt.time(14), dt.time(15)), by=talk["instructor"].person, **talk)
    with pytest.raises(IntegrityError, match="an_instructor_is_in_one_place_at_a_time"), transaction.atomic():
        SessionFactory(programme=talk["instructor"].programme, starts_at=at(14, 50), leader=talk["instructor"])


def test_a_class_after_it_is_in_the_way_of_the_time_kept_free(talk: dict[str, Any]) -> None:
    SessionFactory(programme=talk["instructor"].programme, starts_at=at(15, 50), leader=talk["instructor"])
    preview = preview_times(times=Times(TUESDAY, 1, dt.time(14), dt.time(17)), **talk)
    assert [one.span.starts_at for one in preview.refused] == [at(15), at(16)]
    assert [one.starts_at for one in preview.free] == [at(14)]
    with pytest.raises(DatesRefused):
        publish_times(times=Times(TUESDAY, 1, dt.time(14), dt.time(17)), by=talk["instructor"].person, **talk)
    without = {one.span.starts_at for one in preview.refused}
    made = publish_times(
        times=Times(TUESDAY, 1, dt.time(14), dt.time(17)), without=without, by=talk["instructor"].person, **talk
    )
    assert [one.starts_at for one in made] == [at(14)]


def test_a_time_that_is_moved_takes_the_time_after_it_along(talk: dict[str, Any]) -> None:
    (made,) = publish_times(times=Times(TUESDAY, 1, dt.time(14), dt.time(15)), by=talk["instructor"].person, **talk)
    wanted = {**fields_of_date(made), "start_time": dt.time(16)}
    edit = Edit(session=made, scope=Scope.ONE, wanted=cast(ClassFields, wanted), on=TUESDAY)
    change_dates(edit=edit, seen=preview_edit(edit).fingerprint, by=talk["instructor"].person)
    during = SessionLeader.objects.get(session=made, active=True).during
    assert (during.lower, during.upper) == (at(16), at(17))


def test_nobody_covers_a_class_in_the_time_kept_free(talk: dict[str, Any], ivor: Instructor) -> None:
    (made,) = publish_times(times=Times(TUESDAY, 1, dt.time(14), dt.time(15)), by=ivor.person, **talk)
    other = SessionFactory(programme=ivor.programme, starts_at=at(14, 50), leader=ivor)
    assert Hindrance.BUSY in candidate(other, talk["instructor"]).hindrances
    assert made.led_until == at(15)


@pytest.mark.parametrize(
    ("times", "changed", "problem"),
    [
        (Times(TUESDAY, 1, dt.time(14), dt.time(14, 30)), {}, Problem.NO_DATES),
        (Times(TUESDAY, 20, dt.time(14), dt.time(17)), {}, Problem.TOO_MANY_DATES),
        (AFTERNOON, {"buffer_minutes": 61}, Problem.BUFFER),
        (AFTERNOON, {"capacity": 2}, Problem.ONE_TO_ONE_HOLDS_ONE),
    ],
)
def test_what_cannot_be_given(talk: dict[str, Any], times: Times, changed: dict[str, Any], problem: Problem) -> None:
    assert problem in preview_times(times=times, **{**talk, **changed}).problems
    with pytest.raises(NotPossible) as refused:
        publish_times(times=times, by=talk["instructor"].person, **{**talk, **changed})
    assert problem in refused.value.problems
    assert not Session.objects.exists()


def test_a_group_is_not_by_telephone_and_keeps_no_time_free(talk: dict[str, Any]) -> None:
    with pytest.raises(NotPossible) as refused:
        publish_session(on=TUESDAY, kind=SessionKind.GROUP, by=talk["instructor"].person, **talk)
    assert set(refused.value.problems) == {Problem.PHONE_IS_FOR_ONE, Problem.KIND_IS_FOR_ONE, Problem.BUFFER}


def test_free_times_are_those_of_ones_programme_that_nobody_has(
    talk: dict[str, Any], pat: Participant, quinn: Participant
) -> None:
    first, second, third = publish_times(
        times=Times(TUESDAY, 1, dt.time(14), dt.time(17)), by=talk["instructor"].person, **talk
    )
    SessionFactory(kind=SessionKind.ONE_TO_ONE, capacity=1, starts_at=at(14))  # of another programme
    now = dt.datetime(2026, 10, 1, 9, tzinfo=UK)
    book_place(participant=quinn, session=second, source=BookingSource.SELF, by=quinn.person)
    times = free_times(pat, now)
    assert list(times) == [first, third]
    (offered,) = offered_by(times)
    assert (offered.first_name, offered.times, offered.next_at) == ("Ines", 2, at(14))
    assert list(times_with(times, talk["instructor"].pk)) == [first, third]
    assert list(times_like(second, quinn, now)) == [first, third]
    assert list(free_times(pat, at(14))) == [third]
    assert led_by(first) == "Ines"


def test_a_kind_for_a_group_is_no_one_to_one_but_what_it_was_may_stay(talk: dict[str, Any]) -> None:
    group = ClassTypeFactory(programme=talk["instructor"].programme)
    session = publish_times(times=Times(TUESDAY, 1, dt.time(14), dt.time(15)), by=talk["instructor"].person, **talk)[0]
    wanted = cast(ClassFields, {**fields_of_date(session), "class_type": group})
    edit = Edit(session=session, scope=Scope.ONE, wanted=wanted, on=TUESDAY)
    assert preview_edit(edit).problems == (Problem.KIND_IS_FOR_A_GROUP,)
    Session.objects.filter(pk=session.pk).update(class_type=group)
    edit = Edit(session=Session.objects.get(pk=session.pk), scope=Scope.ONE, wanted=wanted, on=TUESDAY)
    assert preview_edit(edit).problems == ()


def test_what_was_free_is_not_taken_away_from_who_booked_it_meanwhile(talk: dict[str, Any], pat: Participant) -> None:
    times = publish_times(times=AFTERNOON, by=talk["instructor"].person, **talk)
    booking = book_place(participant=pat, session=times[0], source=BookingSource.SELF, by=pat.person)
    with pytest.raises(SomebodyBooked):
        cancel_sessions(sessions=times, reason="Free", free_only=True, by=talk["instructor"].person)
    booking.refresh_from_db()
    assert (booking.state, Session.objects.filter(status="cancelled").count()) == ("booked", 0)
    assert len(cancel_sessions(sessions=times[1:], reason="Free", free_only=True, by=talk["instructor"].person)) == 5
