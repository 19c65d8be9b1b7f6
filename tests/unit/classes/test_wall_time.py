"""UK clock time over the nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from classes.wall_time import (
    UK,
    NoSuchTime,
    TimeHappensTwice,
    Which,
    bank_holidays,
    clock_changes,
    dates_of_series,
    instant,
    local_date,
    span,
)

BACK, FORWARD = date(2026, 10, 25), date(2027, 3, 28)


def test_a_weekly_class_at_six_stays_at_six_across_every_change() -> None:  # pitfalls 27
    dates = dates_of_series(date(2026, 10, 18), date(2027, 11, 7))
    moments = {on: instant(on, time(18)) for on in dates}
    assert {moment.astimezone(UK).time() for moment in moments.values()} == {time(18)}
    assert moments[date(2026, 10, 18)].hour == 17
    assert moments[BACK].hour == 18
    assert moments[date(2027, 3, 21)].hour == 18
    assert moments[FORWARD].hour == 17
    assert [moments[on].hour for on in (date(2027, 10, 24), date(2027, 10, 31), date(2027, 11, 7))] == [17, 18, 18]
    assert all(moment.tzinfo is UTC for moment in moments.values())


@pytest.mark.parametrize("at", [time(1), time(1, 30), time(1, 59)])
def test_a_time_that_the_clocks_skip_is_refused(at: time) -> None:
    with pytest.raises(NoSuchTime) as refusal:
        instant(FORWARD, at)
    assert (refusal.value.on, refusal.value.at) == (FORWARD, at)


@pytest.mark.parametrize(("at", "hour"), [(time(0, 59), 0), (time(2), 1)])
def test_times_beside_the_skipped_hour_exist(at: time, hour: int) -> None:
    assert instant(FORWARD, at).hour == hour


def test_a_time_that_happens_twice_asks_which() -> None:
    with pytest.raises(TimeHappensTwice) as refusal:
        instant(BACK, time(1, 30))
    assert refusal.value.first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert refusal.value.second - refusal.value.first == timedelta(hours=1)


def test_either_of_the_two_can_be_meant() -> None:
    assert instant(BACK, time(1, 30), which=Which.FIRST) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant(BACK, time(1, 30), which=Which.SECOND) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_two_differ_as_instants_though_the_clock_shows_them_alike() -> None:
    first, second = (instant(BACK, time(1, 30), which=which) for which in Which)
    assert first != second
    assert first.astimezone(UK) == second.astimezone(UK)  # the trap: one zone object compares by the clock


def test_which_means_nothing_on_an_ordinary_day() -> None:
    assert instant(date(2026, 10, 24), time(1, 30), which=Which.SECOND).hour == 0


def test_a_class_over_the_change_lasts_as_long_as_it_says() -> None:
    over = span(BACK, time(0, 30), 60)
    assert over.ends_at - over.starts_at == timedelta(minutes=60)
    assert over.ends_at.astimezone(UK).time() == time(1, 30)


def test_the_local_date_is_the_one_on_uk_calendars() -> None:
    assert local_date(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert local_date(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == date(2026, 12, 1)


def test_a_fortnightly_series_leaves_out_what_is_excluded() -> None:
    first = date(2026, 12, 1)
    dates = dates_of_series(first, date(2027, 1, 12), interval_weeks=2, excluded={date(2026, 12, 29)})
    assert dates == (first, date(2026, 12, 15), date(2027, 1, 12))


def test_a_series_may_have_one_date_or_none() -> None:
    assert dates_of_series(FORWARD, FORWARD) == (FORWARD,)
    assert dates_of_series(FORWARD, FORWARD, excluded=[FORWARD]) == ()
    assert dates_of_series(FORWARD, BACK) == ()


def test_the_clock_changes_of_a_winter_are_found() -> None:
    assert clock_changes(date(2026, 10, 1), date(2027, 4, 1)) == (BACK, FORWARD)
    assert clock_changes(BACK, BACK) == (BACK,)
    assert clock_changes(date(2026, 11, 1), date(2027, 3, 27)) == ()


# Published by the government for England.
@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-26", "12-28"]),
        (2027, ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-25", "12-26", "12-27", "12-28"]),
        (2028, ["01-01", "01-03", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"]),
    ],
)
def test_bank_holidays_are_those_of_england(year: int, days: list[str]) -> None:
    found = bank_holidays(date(year, 1, 1), date(year, 12, 31))
    assert [f"{on:%m-%d}" for on in found] == days


def test_a_holiday_at_a_weekend_is_named_on_its_own_day_and_on_the_one_that_stands_in_for_it() -> None:
    assert bank_holidays(date(2027, 12, 25), date(2027, 12, 31)) == {
        date(2027, 12, 25): "Christmas Day",
        date(2027, 12, 26): "Boxing Day",
        date(2027, 12, 27): "Christmas Day (substitute day)",
        date(2027, 12, 28): "Boxing Day (substitute day)",
    }


def test_a_holiday_that_was_given_once_is_known() -> None:
    assert date(2022, 9, 19) in bank_holidays(date(2022, 9, 1), date(2022, 9, 30))


def test_bank_holidays_outside_the_dates_are_left_out() -> None:
    assert bank_holidays(date(2026, 12, 27), date(2027, 1, 1)) == {
        date(2026, 12, 28): "Boxing Day (substitute day)",
        date(2027, 1, 1): "New Year’s Day",
    }
