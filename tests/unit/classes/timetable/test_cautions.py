"""What to think of before a class is published or changed: it warns, and refuses nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import Programme
from classes.models import Booking, Mode, Session
from classes.timetable import Edit, Scope, fields_of_date, preview_edit, preview_session
from classes.timetable.cautions import CautionKind, cautions_about, little_time_between, too_close, too_many_for
from classes.wall_time import UK, Span
from instructors.models import Instructor
from participants.models import Participant
from tests.factories.classes import BookingFactory, ClassTypeFactory, SessionFactory, VenueFactory

DAY = dt.date(2030, 6, 4)
SIX = dt.datetime(2030, 6, 4, 18, tzinfo=UK)


def span(start: float, hours: float = 1) -> Span:
    starts_at = SIX + dt.timedelta(hours=start)
    return Span(DAY, starts_at, starts_at + dt.timedelta(hours=hours))


@pytest.mark.parametrize(
    ("start", "close"),
    [(-3, False), (-2, False), (-1.9, True), (-1, True), (-0.5, False), (0, False), (1, True), (1.9, True), (2, False)],
)
def test_less_than_an_hour_before_or_after_is_little_time_and_an_overlap_is_something_else(
    start: float, close: bool
) -> None:
    assert too_close(span(0), span(start)) is close


@pytest.mark.parametrize(
    ("capacity", "ratio", "instructors", "many"),
    [(12, None, 1, False), (12, 12, 1, False), (13, 12, 1, True), (24, 12, 2, False), (25, 12, 2, True)],
)
def test_more_people_than_so_many_instructors_should_have(
    capacity: int, ratio: int | None, instructors: int, many: bool
) -> None:
    assert too_many_for(capacity, ratio, instructors) is many


@pytest.fixture
def session(programme: Programme, ines: Instructor) -> Session:
    return SessionFactory(programme=programme, leader=ines, starts_at=SIX, capacity=8)


def planned(session: Session, **changes: Any) -> dict[str, Any]:
    return {**fields_of_date(session), **changes}


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["here", "elsewhere", "home"])
def test_only_another_place_costs_time_and_home_is_one(session: Session, programme: Programme, place: str) -> None:
    places: dict[str, dict[str, Any]] = {
        "here": {},
        "elsewhere": {"venue": VenueFactory(programme=programme), "room": None},
        "home": {"mode": Mode.REMOTE, "venue": None, "room": None},
    }
    found = preview_session(on=DAY, **planned(session, start_time=dt.time(19, 30), **places[place])).cautions
    assert [c.kind for c in found] == ([] if place == "here" else [CautionKind.LITTLE_TIME])
    if found:
        assert (found[0].on, found[0].next_to and found[0].next_to.session_id) == (DAY, session.pk)


@pytest.mark.django_db
def test_a_change_warns_of_both_and_refuses_neither(session: Session, programme: Programme, ines: Instructor) -> None:
    SessionFactory(programme=programme, leader=ines, starts_at=SIX + dt.timedelta(hours=2, minutes=10))
    small = ClassTypeFactory(programme=programme, people_per_instructor=6)
    edit = Edit(session, Scope.ONE, planned(session, class_type=small, start_time=dt.time(18, 15)))  # type: ignore[arg-type]
    preview = preview_edit(edit)
    assert {c.kind for c in preview.cautions} == {CautionKind.LITTLE_TIME, CautionKind.MANY_PEOPLE}
    assert preview.may_be_saved


@pytest.mark.django_db
def test_a_plan_without_a_date_has_nothing_next_to_it(session: Session) -> None:
    assert cautions_about(fields_of_date(session), []) == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "other", "warned"),
    [
        (60, {}, True),  # one ends as the other begins
        (-60, {}, True),
        (119, {}, True),
        (120, {}, False),
        (60, {"mode": Mode.REMOTE}, False),
        (60, {"venue": "the same"}, False),
    ],
)
def test_somebody_is_warned_who_has_less_than_an_hour_between_two_halls(  # pitfalls 25
    pat: Participant, minutes: int, other: dict[str, Any], warned: bool
) -> None:
    session = SessionFactory(programme=pat.programme)
    if "venue" in other:
        other = {"venue": session.venue}
    start = session.starts_at + dt.timedelta(minutes=minutes)
    there = SessionFactory(programme=pat.programme, starts_at=start, **other)
    place = BookingFactory(session=there, participant=pat)
    assert little_time_between(pat, session) == (place if warned else None)
    Booking.objects.filter(pk=place.pk).update(state="cancelled", ended_at=start)
    assert little_time_between(pat, session) is None


@pytest.mark.django_db
def test_nobody_goes_anywhere_for_a_class_online(pat: Participant) -> None:
    place = BookingFactory(session=SessionFactory(programme=pat.programme), participant=pat)
    online = SessionFactory(programme=pat.programme, mode=Mode.REMOTE, starts_at=place.session.ends_at)
    assert little_time_between(pat, online) is None
