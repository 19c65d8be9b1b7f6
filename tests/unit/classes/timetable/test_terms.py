"""The next term: every class on its own day again, all of them or none, and nobody is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from accounts.models import Programme, User
from classes.models import Mode, Series, Session
from classes.timetable import (
    DatesRefused,
    NotPossible,
    Term,
    TermOutdated,
    preview_term,
    publish_term,
    series_to_repeat,
)
from classes.timetable.cautions import Caution, CautionKind
from classes.timetable.plans import Clash, ObstacleKind, Problem
from classes.timetable.terms import first_in_term
from classes.wall_time import UK
from instructors.models import Instructor, InstructorStatus
from messaging.models import Message
from tests.factories.classes import ClassTypeFactory, RoomFactory, SeriesFactory, SessionFactory, VenueFactory

NOW = dt.datetime(2026, 11, 28, 9, tzinfo=UK)  # a Saturday
TUESDAY = dt.date(2026, 9, 15)
FIRST, LAST = dt.date(2026, 12, 14), dt.date(2027, 4, 16)  # over Christmas, Easter and the change of the clocks


@pytest.mark.parametrize(
    ("of_series", "interval", "weeks", "first", "then"),
    [
        (dt.date(2026, 9, 15), 1, 13, dt.date(2026, 12, 14), dt.date(2026, 12, 15)),
        (dt.date(2026, 9, 15), 1, 13, dt.date(2026, 12, 15), dt.date(2026, 12, 15)),
        (dt.date(2026, 9, 15), 1, 13, dt.date(2026, 12, 16), dt.date(2026, 12, 22)),
        (dt.date(2026, 9, 15), 2, 13, dt.date(2026, 12, 14), dt.date(2026, 12, 15)),
        (dt.date(2026, 9, 22), 2, 13, dt.date(2026, 12, 14), dt.date(2026, 12, 22)),  # the other week stays the other
        (dt.date(2027, 3, 2), 1, 0, dt.date(2026, 12, 14), dt.date(2026, 12, 15)),
    ],
)
def test_a_class_comes_back_on_its_own_day_and_in_its_own_week(
    of_series: dt.date, interval: int, weeks: int, first: dt.date, then: dt.date
) -> None:
    assert first_in_term(of_series, interval, weeks, first) == then


@pytest.fixture
def november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def series(db: None, november: None, ines: Instructor) -> Series:
    return SeriesFactory(
        instructor=ines, first_date=TUESDAY, last_date=dt.date(2026, 12, 8), capacity=9, minimum=3, walk_in=2
    )


def term(*series: Series, **more: Any) -> Term:
    return Term(**{"series": series, "first": FIRST, "last": LAST, **more})


def publish(asked: Term, by: User) -> list[Series]:
    return publish_term(term=asked, seen=preview_term(asked).fingerprint, by=by.person)


def test_it_is_published_with_every_fact_on_the_new_dates_and_nobody_is_told(series: Series, dee: User) -> None:
    (new,) = publish(term(series), dee)
    assert (new.first_date, new.last_date) == (dt.date(2026, 12, 15), LAST)
    for fact in (
        "class_type",
        "mode",
        "instructor",
        "start_time",
        "duration_minutes",
        "capacity",
        "walk_in",
        "minimum",
    ):
        assert getattr(new, fact) == getattr(series, fact)
    starts = Session.objects.filter(series=new).values_list("starts_at", flat=True)
    assert {start.astimezone(UK).time() for start in starts} == {dt.time(18)}  # pitfalls 27
    assert not Message.objects.exists()


def test_bank_holidays_are_left_out_by_name_unless_classes_are_held_on_them(ines: Instructor, november: None) -> None:
    friday = SeriesFactory(instructor=ines, first_date=dt.date(2026, 9, 18))
    (one,) = preview_term(term(friday)).classes
    assert one.holidays == {
        dt.date(2026, 12, 25): "Christmas Day",
        dt.date(2027, 1, 1): "New Year’s Day",
        dt.date(2027, 3, 26): "Good Friday",
    }
    assert not {planned.on for planned in one.preview.dates} & set(one.holidays)
    assert one.preview.clock_changes == (dt.date(2027, 3, 28),)
    (held,) = preview_term(term(friday, on_holidays=True)).classes
    assert held.holidays == {} and dt.date(2026, 12, 25) in {planned.on for planned in held.preview.dates}


def test_two_classes_of_alternate_weeks_in_one_hall_stay_in_alternate_weeks(
    programme: Programme, ines: Instructor, ivor: Instructor, november: None, dee: User
) -> None:
    hall = VenueFactory(programme=programme)
    here = {"mode": Mode.IN_PERSON, "venue": hall, "room": RoomFactory(venue=hall), "interval_weeks": 2}
    both = [
        SeriesFactory(instructor=who, first_date=TUESDAY + dt.timedelta(weeks=n), **here)
        for n, who in enumerate((ines, ivor))
    ]
    Series.objects.update(last_date=dt.date(2026, 12, 8))
    one, other = publish(
        term(*Series.objects.order_by("pk").select_related("instructor", "class_type", "venue", "room")), dee
    )
    assert (other.first_date - one.first_date) == dt.timedelta(weeks=1)
    assert len(both) == 2


def test_new_classes_that_are_in_each_others_way_refuse_them_all(
    series: Series, programme: Programme, ivor: Instructor, dee: User
) -> None:
    hall = VenueFactory(programme=programme)
    there = {"mode": Mode.IN_PERSON, "venue": hall, "room": None}
    kind = ClassTypeFactory(programme=programme, name="Yoga")
    one = SeriesFactory(instructor=ivor, first_date=TUESDAY, last_date=dt.date(2026, 12, 8), class_type=kind, **there)
    late = dt.time(18, 30)
    two = SeriesFactory(instructor=ivor, first_date=TUESDAY, last_date=dt.date(2026, 12, 8), start_time=late, **there)
    asked = term(series, one, two)
    refused = preview_term(asked).classes[2].preview.refused
    assert {(o.kind, o.clash.class_name) for p in refused for o in p.obstacles if o.clash} == {
        (ObstacleKind.INSTRUCTOR_BUSY, "Yoga"),
        (ObstacleKind.ROOM_BUSY, "Yoga"),
    }
    before = Series.objects.count()
    with pytest.raises(DatesRefused):
        publish(asked, dee)
    assert Series.objects.count() == before


@pytest.mark.parametrize(("minutes", "hurries"), [(30, True), (59, True), (60, False)])
def test_new_classes_between_which_somebody_has_to_hurry_are_said_and_not_refused(
    series: Series, ines: Instructor, dee: User, minutes: int, hurries: bool
) -> None:
    starts = (dt.datetime.combine(TUESDAY, dt.time(19)) + dt.timedelta(minutes=minutes)).time()
    hall = VenueFactory(programme=ines.programme)
    later = SeriesFactory(
        instructor=ines, first_date=TUESDAY, last_date=series.last_date, start_time=starts, mode="in_person", venue=hall
    )
    there = SeriesFactory(
        instructor=ines, first_date=TUESDAY, last_date=series.last_date, start_time=dt.time(12), mode="remote"
    )
    asked = term(there, series, later)
    seen = {one.series: one.preview.cautions for one in preview_term(asked).classes}
    six = dt.datetime(2026, 12, 15, 18, tzinfo=UK)
    clash = Clash(0, series.class_type.name, six, six + dt.timedelta(hours=1))
    expected = (Caution(CautionKind.LITTLE_TIME, dt.date(2026, 12, 15), clash),)
    assert seen == {there: (), series: (), later: expected if hurries else ()}
    assert len(publish(asked, dee)) == 3


def test_a_date_that_cannot_be_held_refuses_them_all_or_is_left_out(
    series: Series, programme: Programme, ines: Instructor, ivor: Instructor, dee: User
) -> None:
    taken = dt.datetime(2027, 1, 12, 18, 30, tzinfo=UK)
    SessionFactory(programme=programme, leader=ines, starts_at=taken)
    with pytest.raises(DatesRefused):
        publish(term(series), dee)
    asked = term(series, leave_out=True)
    (one,) = preview_term(asked).classes
    assert one.left_out == (taken.date(),) and one.stands
    free = SeriesFactory(instructor=ivor, first_date=TUESDAY, last_date=dt.date(2026, 12, 8))
    new, other = publish(term(series, free, leave_out=True), dee)
    assert (new.excluded_dates, other.excluded_dates) == ([taken.date()], [])


def test_what_is_in_the_new_term_already_is_not_published_twice(series: Series, dee: User) -> None:
    publish(term(series), dee)
    asked = term(series)
    (one,) = preview_term(asked).classes
    assert one.already is not None and not preview_term(asked).may_be_published
    with pytest.raises(NotPossible) as refusal:
        publish(asked, dee)
    assert refusal.value.problems == (Problem.ALREADY_THERE,)
    left = preview_term(term(series, leave_out=True))
    assert (left.classes, [one.series for one in left.dropped]) == ((), [series])


def test_what_has_changed_since_it_was_looked_at_is_looked_at_again(series: Series, dee: User) -> None:
    asked = term(series)
    seen = preview_term(asked).fingerprint
    Series.objects.filter(pk=series.pk).update(start_time=dt.time(19))
    fresh = term(Series.objects.get(pk=series.pk))
    with pytest.raises(TermOutdated) as refusal:
        publish_term(term=fresh, seen=seen, by=dee.person)
    assert refusal.value.preview.may_be_published
    assert Series.objects.count() == 1


def test_an_instructor_who_does_not_teach_now_refuses_them_all(series: Series, ines: Instructor, dee: User) -> None:
    ines.status = InstructorStatus.STOOD_DOWN
    ines.save()
    with pytest.raises(NotPossible) as refusal:
        publish(term(Series.objects.get(pk=series.pk)), dee)
    assert refusal.value.problems == (Problem.STOOD_DOWN,)


def test_a_term_without_a_date_or_a_class_is_none(series: Series, dee: User) -> None:
    short = term(series, first=dt.date(2026, 12, 16), last=dt.date(2026, 12, 18))  # from a Wednesday to a Friday
    assert preview_term(short).classes[0].preview.problems == (Problem.NO_DATES,)
    with pytest.raises(NotPossible):
        publish(term(), dee)


def test_classes_that_ended_long_ago_are_not_offered_again(series: Series, ines: Instructor) -> None:
    SeriesFactory(instructor=ines, first_date=dt.date(2025, 9, 16), last_date=dt.date(2026, 3, 3))
    assert list(series_to_repeat(Series.objects.all(), NOW.date())) == [series]
