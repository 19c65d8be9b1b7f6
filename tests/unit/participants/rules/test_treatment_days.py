"""Which days are meant by what was noted, what cannot be noted, and which days lie close to a treatment."""

from __future__ import annotations

import datetime as dt

import pytest

from participants.rules.treatment_days import AHEAD, BACK, Days, NearTreatment, fault_in, is_close

TODAY = dt.date(2026, 12, 1)
ONCE = Days(TODAY)
THREE_WEEKLY = Days(TODAY, every_weeks=3, times=6)


def in_days(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def test_six_times_every_three_weeks_are_six_days_three_weeks_apart():
    assert THREE_WEEKLY.each == tuple(in_days(days) for days in (0, 21, 42, 63, 84, 105))
    assert THREE_WEEKLY.last == in_days(105)
    assert (ONCE.each, ONCE.last) == ((TODAY,), TODAY)


@pytest.mark.parametrize(
    ("noted", "days_after", "close"),
    [
        ((), 2, set()),
        ((ONCE,), 2, {0, 1, 2}),
        ((ONCE,), 0, {0}),
        ((ONCE,), 7, set(range(8))),
        ((THREE_WEEKLY,), 2, {0, 1, 2, 21, 22, 23, 42, 43, 44, 63, 64, 65, 84, 85, 86, 105, 106, 107}),
        ((Days(TODAY, 1, 2), Days(in_days(3))), 1, {0, 1, 3, 4, 7, 8}),
        ((Days(in_days(-22), 3, 3),), 2, {-22, -21, -20, -1, 0, 1, 20, 21, 22}),
    ],
)
def test_close_is_the_day_itself_and_the_days_after_it_never_the_day_before(noted, days_after, close):
    every_day = range(-30, 130)
    assert {day for day in every_day if is_close(in_days(day), noted, days_after)} == close
    assert {day for day in every_day if in_days(day) in NearTreatment(noted, days_after)} == close


@pytest.mark.parametrize(("today", "coming"), [(-5, 0), (0, 0), (1, 21), (21, 21), (104, 105), (105, 105), (106, None)])
def test_the_next_of_them_is_today_or_later(today, coming):
    assert THREE_WEEKLY.next_from(in_days(today)) == (None if coming is None else in_days(coming))


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        (ONCE, ""),
        (Days(in_days(-2)), ""),  # its last day after is today
        (Days(in_days(-3)), "past"),
        (Days(in_days(-21), 3, 2), ""),
        (Days(in_days(-45), 3, 3), "past"),
        (Days(TODAY - BACK, 12, 12), ""),
        (Days(TODAY - BACK - dt.timedelta(days=1), 12, 12), "too_long_ago"),
        (Days(TODAY + AHEAD), ""),
        (Days(TODAY + AHEAD + dt.timedelta(days=1)), "too_far"),
        (Days(TODAY, 12, 9), ""),
        (Days(TODAY, 12, 10), "too_far"),
        (Days(TODAY, 1, 30), ""),
        (Days(TODAY, 1, 31), "times"),
        (Days(TODAY, 1, 1), "times"),
        (Days(TODAY, 0, 2), "every_weeks"),
        (Days(TODAY, 13, 2), "every_weeks"),
        (Days(TODAY, -1, 2), "every_weeks"),
        (Days(dt.date.max, 12, 30), "too_far"),
    ],
)
def test_what_cannot_be_noted_is_named(days, fault):
    assert fault_in(days, today=TODAY, days_after=2) == fault
