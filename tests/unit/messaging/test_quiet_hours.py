import datetime as dt

import pytest

from messaging.quiet_hours import calling_hours_before, evening_before, quiet_until, within_calling_hours


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize("at", [utc(2027, 2, 3, 8, 0), utc(2027, 2, 3, 19, 59, 59), utc(2027, 7, 1, 7, 0)])
def test_the_day_is_not_quiet(at):
    assert quiet_until(at) is None


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (utc(2027, 2, 3, 20, 0), utc(2027, 2, 4, 8, 0)),
        (utc(2027, 2, 4, 7, 59, 59), utc(2027, 2, 4, 8, 0)),
        (utc(2027, 2, 4, 0, 0), utc(2027, 2, 4, 8, 0)),
        (utc(2027, 7, 1, 19, 0), utc(2027, 7, 2, 7, 0)),  # summer: 8pm here
    ],
)
def test_the_night_is_quiet_until_eight(at, until):
    assert quiet_until(at) == until


def test_the_night_in_which_the_clocks_go_forward_ends_at_eight_by_the_wall_clock():
    assert quiet_until(utc(2027, 3, 27, 21, 0)) == utc(2027, 3, 28, 7, 0)


def test_the_night_in_which_the_clocks_go_back_ends_at_eight_by_the_wall_clock():
    assert quiet_until(utc(2026, 10, 24, 20, 0)) == utc(2026, 10, 25, 8, 0)


def test_both_half_past_ones_of_that_night_wait_for_the_same_morning():
    assert quiet_until(utc(2026, 10, 25, 0, 30)) == quiet_until(utc(2026, 10, 25, 1, 30)) == utc(2026, 10, 25, 8, 0)


@pytest.mark.parametrize(
    ("at", "by"),
    [
        (utc(2027, 2, 3, 9, 0), utc(2027, 2, 3, 13, 0)),
        (utc(2027, 2, 3, 16, 0), utc(2027, 2, 3, 20, 0)),
        (utc(2027, 2, 3, 19, 0), utc(2027, 2, 4, 11, 0)),  # one hour of the evening, three of the morning
        (utc(2027, 2, 3, 22, 0), utc(2027, 2, 4, 12, 0)),
        (utc(2027, 2, 4, 3, 0), utc(2027, 2, 4, 12, 0)),
        (utc(2027, 7, 1, 18, 0), utc(2027, 7, 2, 10, 0)),  # summer: 7pm here
        (utc(2027, 3, 27, 19, 0), utc(2027, 3, 28, 10, 0)),  # the clocks go forward in that night
    ],
)
def test_hours_for_calling_pass_only_while_people_may_be_called(at, by):
    assert within_calling_hours(at, dt.timedelta(hours=4)) == by


def test_more_hours_than_a_day_has_go_on_the_day_after():
    assert within_calling_hours(utc(2027, 2, 3, 8, 0), dt.timedelta(hours=30)) == utc(2027, 2, 5, 14, 0)


@pytest.mark.parametrize("minutes", range(0, 4 * 24 * 60, 47))
@pytest.mark.parametrize("start", [utc(2027, 2, 3, 0, 0), utc(2027, 3, 26, 0, 0), utc(2026, 10, 23, 0, 0)])
def test_the_hours_before_a_moment_are_those_that_pass_until_it(start, minutes):
    at, four = start + dt.timedelta(minutes=minutes), dt.timedelta(hours=4)
    last = calling_hours_before(at, four)
    assert within_calling_hours(last, four) <= at < within_calling_hours(last + dt.timedelta(seconds=1), four)


@pytest.mark.parametrize(
    ("at", "last"),
    [
        (utc(2027, 2, 3, 19, 59), utc(2027, 2, 3, 19, 59)),
        (utc(2027, 2, 3, 20, 0), utc(2027, 2, 3, 20, 0)),
        (utc(2027, 2, 3, 23, 0), utc(2027, 2, 3, 20, 0)),
        (utc(2027, 2, 4, 7, 59), utc(2027, 2, 3, 20, 0)),
        (utc(2027, 2, 4, 8, 0), utc(2027, 2, 4, 8, 0)),
        (utc(2027, 3, 28, 6, 30), utc(2027, 3, 27, 20, 0)),  # the clocks went forward in that night
        (utc(2026, 10, 25, 7, 30), utc(2026, 10, 24, 19, 0)),  # and back in this one
    ],
)
def test_the_last_moment_to_reach_somebody_is_the_evening_before(at, last):
    assert evening_before(at) == last
