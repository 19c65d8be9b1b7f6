"""Days without classes: England's bank holidays and the programme's own, by name."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.models import Programme, User
from classes.models import DaysOff, Mode
from classes.offering import NameTaken, add_days_off, change_days_off, dates_within
from classes.timetable import Term, days_off, days_off_among, preview_term
from classes.wall_time import last_of_number
from instructors.models import Instructor
from tests.factories.classes import DaysOffFactory, SeriesFactory, SessionFactory, VenueFactory

MAY_DAY = dt.date(2027, 5, 3)
WHIT = dt.date(2027, 5, 31)


def days(programme: Programme, **more: Any) -> DaysOff:
    given = {"programme": programme, "name": "Half-term", "first": WHIT, "last": dt.date(2027, 6, 4)}
    return DaysOffFactory(**{**given, **more})


@pytest.mark.django_db
def test_bank_holidays_and_own_days_are_named_and_a_day_that_is_both_has_both_names(programme: Programme) -> None:
    days(programme)
    days(programme, name="Over", active=False, first=MAY_DAY, last=WHIT)
    DaysOffFactory(name="Of another programme", first=MAY_DAY, last=WHIT)
    assert days_off(programme.pk, dt.date(2027, 5, 1), dt.date(2027, 6, 1)) == {
        MAY_DAY: "May Day",
        WHIT: "Spring Bank Holiday, Half-term",
        dt.date(2027, 6, 1): "Half-term",
    }


@pytest.mark.django_db
def test_only_days_among_the_dates_are_told(programme: Programme, django_assert_num_queries: Any) -> None:
    days(programme)
    with django_assert_num_queries(1):
        told = days_off_among(programme.pk, [dt.date(2027, 6, 2), dt.date(2027, 5, 26)])
    assert told == {dt.date(2027, 6, 2): "Half-term"}
    with django_assert_num_queries(0):
        assert days_off_among(programme.pk, []) == {}


@pytest.mark.django_db
def test_a_new_term_leaves_out_the_days_of_the_programme_by_name(ines: Instructor) -> None:
    days(ines.programme)
    series = SeriesFactory(instructor=ines, first_date=dt.date(2026, 9, 16), last_date=dt.date(2026, 12, 9))
    term = Term(series=(series,), first=dt.date(2027, 5, 24), last=dt.date(2027, 6, 11))
    (one,) = preview_term(term).classes
    assert one.holidays == {dt.date(2027, 6, 2): "Half-term"}
    assert [planned.on.day for planned in one.preview.dates] == [26, 9]


@pytest.mark.django_db
def test_the_same_days_are_kept_once_and_what_is_planned_on_them_is_told(programme: Programme, dee: User) -> None:
    facts: Any = {"name": "Half-term", "first": WHIT, "last": dt.date(2027, 6, 4), "active": True}
    kept = add_days_off(programme=programme, facts=facts, by=dee.person)
    with pytest.raises(NameTaken):
        add_days_off(programme=programme, facts=facts, by=dee.person)
    other = days(programme, name="Whitsun")
    with pytest.raises(NameTaken):
        change_days_off(days=other, facts=facts, changed=["name"], by=dee.person)
    on = SessionFactory(programme=programme, starts_at=dt.datetime(2027, 6, 4, 22, 30, tzinfo=dt.UTC))
    SessionFactory(programme=programme, starts_at=dt.datetime(2027, 6, 4, 23, 30, tzinfo=dt.UTC))  # the 5th, here
    SessionFactory(starts_at=on.starts_at)
    assert list(dates_within(kept)) == [on]
    change_days_off(days=kept, facts={**facts, "active": False, "name": "X"}, changed=["active"], by=dee.person)
    kept.refresh_from_db()
    assert (kept.name, kept.active, list(dates_within(kept))) == ("Half-term", False, [])


@pytest.mark.django_db
def test_days_of_a_hall_are_for_classes_in_that_hall_alone(programme: Programme) -> None:
    hall, other = VenueFactory(programme=programme), VenueFactory(programme=programme)
    shut = days(programme, venue=hall, name="Boiler")
    tuesday, until = dt.date(2027, 6, 1), dt.date(2027, 6, 2)
    assert days_off(programme.pk, tuesday, tuesday, venue_id=hall.pk) == {tuesday: "Boiler"}
    assert days_off(programme.pk, tuesday, tuesday, venue_id=other.pk) == {} == days_off(programme.pk, tuesday, until)
    at = dt.datetime(2027, 6, 2, 12, tzinfo=dt.UTC)
    within = SessionFactory(programme=programme, venue=hall, starts_at=at)
    SessionFactory(programme=programme, venue=other, starts_at=at)
    assert list(dates_within(shut)) == [within]


@pytest.mark.django_db
def test_a_new_term_leaves_out_for_each_class_the_days_of_its_own_hall(
    ines: Instructor,
) -> None:
    hall, other = VenueFactory(programme=ines.programme), VenueFactory(programme=ines.programme)
    days(ines.programme, venue=hall)
    once = {"first_date": dt.date(2026, 9, 16), "last_date": dt.date(2026, 12, 9)}
    series = tuple(SeriesFactory(instructor=ines, mode=Mode.IN_PERSON, venue=one, **once) for one in (hall, other))
    term = Term(series=series, first=dt.date(2027, 5, 24), last=dt.date(2027, 6, 11))
    there, elsewhere = preview_term(term).classes
    assert (list(there.holidays), list(elsewhere.holidays)) == ([dt.date(2027, 6, 2)], [])


@pytest.mark.django_db
def test_the_same_name_and_day_may_be_kept_for_each_hall_once(programme: Programme, dee: User) -> None:
    facts: Any = {"name": "Polling day", "first": WHIT, "last": WHIT, "active": True}
    halls = [VenueFactory(programme=programme), VenueFactory(programme=programme), None]
    for hall in halls:
        assert add_days_off(programme=programme, hall=hall, facts=facts, by=dee.person).venue == hall
    for hall in halls:
        with pytest.raises(NameTaken):
            add_days_off(programme=programme, hall=hall, facts=facts, by=dee.person)


@pytest.mark.parametrize(
    ("number", "excluded", "interval", "last"),
    [
        (1, (), 1, dt.date(2027, 5, 10)),
        (3, (), 1, dt.date(2027, 5, 24)),
        (3, (), 2, dt.date(2027, 6, 7)),
        (4, (WHIT,), 1, dt.date(2027, 6, 7)),  # the one that is left out does not count
        (1, (dt.date(2027, 5, 10),), 1, dt.date(2027, 5, 17)),
        (90, (), 1, dt.date(2027, 7, 5)),  # no later than it may be
        (5, tuple(dt.date(2027, 5, 10) + dt.timedelta(weeks=n) for n in range(9)), 1, dt.date(2027, 5, 10)),
    ],
)
def test_a_series_of_so_many_classes_ends_when_that_many_have_taken_place(
    number: int, excluded: tuple[dt.date, ...], interval: int, last: dt.date
) -> None:
    until = dt.date(2027, 7, 9)
    found = last_of_number(dt.date(2027, 5, 10), number, until=until, interval_weeks=interval, excluded=excluded)
    assert found == last
