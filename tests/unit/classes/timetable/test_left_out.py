"""Dates that a class leaves out: told by name, put back when nothing stands against it, never by the nightly job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from accounts.models import User
from classes.models import Mode, Series, Session
from classes.tasks import make_coming_dates
from classes.timetable import (
    DatesRefused,
    LeftOutOutdated,
    NotLeftOut,
    NotPossible,
    NotToMake,
    can_be_left_out,
    cancel_session,
    leave_out,
    leave_out_days,
    left_out_of,
    preview_put_back,
    publish_series,
    publish_session,
    put_back,
    to_make_within,
)
from classes.timetable.materialising import TASK_DATE_NOT_PUBLISHED
from classes.wall_time import UK
from instructors.models import Instructor, InstructorStatus
from messaging.models import Message, Task, TaskState
from tests.factories.classes import ClassTypeFactory, DaysOffFactory, VenueFactory

pytestmark = pytest.mark.django_db
FIRST = dt.date(2026, 10, 6)  # a Tuesday
SOON, LATE = dt.date(2026, 10, 20), dt.date(2027, 3, 2)


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 10, 1, 9, tzinfo=UK), tick=False):
        yield


@pytest.fixture
def series(ines: Instructor) -> Series:
    return publish_series(
        instructor=ines,
        class_type=ClassTypeFactory(programme=ines.programme, name="Gentle strength"),
        mode=Mode.IN_PERSON,
        venue=VenueFactory(programme=ines.programme),
        start_time=dt.time(18),
        duration_minutes=60,
        capacity=12,
        first_date=FIRST,
        last_date=dt.date(2027, 3, 9),
        excluded_dates=[FIRST - dt.timedelta(days=1), SOON, dt.date(2026, 12, 29), LATE],
        by=ines.person,
    )


def held_on(series: Series) -> set[dt.date]:
    return set(series.sessions.values_list("occurs_on", flat=True))


def back(series: Series, on: dt.date, by: User) -> None:
    put_back(series=series, on=on, seen=preview_put_back(series=series, on=on).fingerprint, by=by.person)


def test_what_is_left_out_from_now_on_is_told_with_the_name_of_the_day(series: Series) -> None:
    assert left_out_of(series) == {SOON: "", dt.date(2026, 12, 29): "", LATE: ""}
    with time_machine.travel(dt.datetime(2026, 10, 20, 9, tzinfo=UK), tick=False):
        assert SOON not in left_out_of(series)
    series.excluded_dates, series.first_date = [dt.date(2026, 12, 28)], dt.date(2026, 10, 5)
    assert left_out_of(series) == {dt.date(2026, 12, 28): "Boxing Day (substitute day)"}


def test_a_date_that_is_put_back_can_be_booked_at_once_and_nobody_is_told(series: Series, dee: User) -> None:
    preview = preview_put_back(series=series, on=SOON)
    assert preview.may_be_put_back and not preview.preview.dates[0].later
    back(series, SOON, dee)
    series.refresh_from_db()
    made = Session.objects.get(occurs_on=SOON)
    assert (made.starts_at.astimezone(UK).hour, made.leaders.get().instructor) == (18, series.instructor)
    assert SOON not in series.excluded_dates and LATE in series.excluded_dates
    assert not Message.objects.exists()
    with pytest.raises(NotLeftOut):
        preview_put_back(series=series, on=SOON)


def test_a_date_that_is_far_off_opens_by_itself_once_it_is_put_back(series: Series, dee: User) -> None:
    back(series, LATE, dee)
    assert LATE not in held_on(series)
    with time_machine.travel(dt.datetime(2027, 1, 5, 9, tzinfo=UK), tick=False):
        make_coming_dates()
    assert LATE in held_on(series)


def test_the_nightly_job_never_brings_back_a_date_that_was_left_out(series: Series, dee: User) -> None:
    leave_out(series=series, on=dt.date(2027, 3, 9), by=dee.person)
    with time_machine.travel(dt.datetime(2027, 1, 5, 9, tzinfo=UK), tick=False):
        make_coming_dates()
        make_coming_dates()
    assert not held_on(series) & {LATE, dt.date(2026, 12, 29), dt.date(2027, 3, 9)}
    assert dt.date(2027, 2, 23) in held_on(series)


def test_a_date_that_clashes_is_not_put_back_and_says_why(series: Series, ines: Instructor, dee: User) -> None:
    publish_session(
        instructor=ines,
        class_type=series.class_type,
        mode=Mode.IN_PERSON,
        venue=VenueFactory(programme=ines.programme),
        start_time=dt.time(17, 30),
        duration_minutes=60,
        capacity=5,
        on=SOON,
        by=ines.person,
    )
    assert not preview_put_back(series=series, on=SOON).may_be_put_back
    with pytest.raises(DatesRefused) as refused:
        back(series, SOON, dee)
    assert {one.on for one in refused.value.obstacles} == {SOON}
    series.refresh_from_db()
    assert SOON in series.excluded_dates and Session.objects.filter(series=series, occurs_on=SOON).count() == 0


def test_a_class_that_is_not_possible_any_more_gets_no_date_back(series: Series, dee: User) -> None:
    Instructor.objects.filter(pk=series.instructor_id).update(status=InstructorStatus.STOOD_DOWN)
    series.refresh_from_db()
    with pytest.raises(NotPossible):
        back(series, SOON, dee)


def test_what_was_looked_at_is_what_is_put_back(series: Series, dee: User) -> None:
    seen = preview_put_back(series=series, on=SOON).fingerprint
    Series.objects.filter(pk=series.pk).update(start_time=dt.time(19))
    with pytest.raises(LeftOutOutdated) as outdated:
        put_back(series=series, on=SOON, seen=seen, by=dee.person)
    span = outdated.value.preview.preview.dates[0].span
    assert span is not None and span.starts_at.astimezone(UK).hour == 19
    assert SOON not in held_on(series)


def test_a_date_that_is_not_made_is_left_out_and_its_task_goes(series: Series, dee: User) -> None:
    task = Task.objects.create(
        programme=series.programme,
        kind=TASK_DATE_NOT_PUBLISHED,
        subject_id=series.pk,
        due_at=dt.datetime(2026, 10, 2, tzinfo=dt.UTC),
        dedupe_key="one",
    )
    on = can_be_left_out(series)[0]
    leave_out(series=series, on=on, by=dee.person)
    series.refresh_from_db()
    task.refresh_from_db()
    assert on in left_out_of(series) and task.state == TaskState.CANCELLED
    with pytest.raises(NotToMake):
        leave_out(series=series, on=on, by=dee.person)


def test_a_date_that_can_be_booked_or_was_cancelled_is_not_left_out(series: Series, dee: User) -> None:
    session = series.sessions.earliest("starts_at")
    with pytest.raises(NotToMake):
        leave_out(series=series, on=session.occurs_on, by=dee.person)
    cancel_session(session=session, reason="Snow", by=dee.person)
    with pytest.raises(NotToMake):
        leave_out(series=series, on=session.occurs_on, by=dee.person)
    with pytest.raises(NotLeftOut):
        preview_put_back(series=series, on=session.occurs_on)


# --- days that are entered after the class was published -------------------------


def test_dates_not_made_yet_on_days_entered_later_are_told_and_left_out_at_once(series: Series, dee: User) -> None:
    here = DaysOffFactory(programme=series.programme, venue=series.venue, first=dt.date(2027, 1, 4), last=LATE)
    not_made = (dt.date(2027, 1, 5), dt.date(2027, 1, 12))  # twelve weeks from the first of October are made
    found = to_make_within(here)
    assert found[series][:2] == not_made and LATE not in found[series]
    assert leave_out_days(days=here, by=dee.person) == len(found[series]) == 8
    series.refresh_from_db()
    assert set(found[series]) <= set(left_out_of(series)) and to_make_within(here) == {}
    with time_machine.travel(dt.datetime(2027, 1, 4, 9, tzinfo=UK), tick=False):
        make_coming_dates()
    assert not held_on(series) & set(found[series])
    assert dt.date(2027, 3, 9) in held_on(series)


def test_days_of_another_hall_or_programme_or_that_do_not_count_ask_about_nothing(
    series: Series, django_assert_num_queries: Any
) -> None:
    span = {"first": dt.date(2026, 12, 1), "last": LATE}
    for other in (
        DaysOffFactory(programme=series.programme, venue=VenueFactory(programme=series.programme), **span),
        DaysOffFactory(programme=series.programme, active=False, **span),
        DaysOffFactory(**span),
        DaysOffFactory(programme=series.programme, first=FIRST, last=dt.date(2026, 12, 24)),  # all of them are made
    ):
        assert to_make_within(other) == {}
    whole = DaysOffFactory(programme=series.programme, **span)
    with django_assert_num_queries(2):
        assert list(to_make_within(whole)) == [series]
