"""How a free place is offered, by the clock: by day, at night, at each edge, and when the clocks change."""

from __future__ import annotations

import datetime as dt
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from classes.waiting_list.offer_times import (
    AUTOMATIC_UNTIL,
    NO_OFFER_WITHIN_IN_PERSON,
    NO_OFFER_WITHIN_REMOTE,
    TO_ANSWER,
    answer_by,
    starts_the_clock,
    terms_of_offer,
)

UK = ZoneInfo("Europe/London")
HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)


def utc(words: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{words}+00:00")


@pytest.mark.parametrize(
    ("heard", "until"),
    [
        ("2027-02-03 08:00", "2027-02-03 12:00"),
        ("2027-02-03 15:59:59", "2027-02-03 19:59:59"),
        ("2027-02-03 16:00", "2027-02-03 20:00"),  # all of the four hours in one day
        ("2027-02-03 16:00:01", "2027-02-04 08:00:01"),
        ("2027-02-03 19:59", "2027-02-04 11:59"),
        ("2027-02-03 20:00", "2027-02-04 12:00"),
        ("2027-02-03 23:30", "2027-02-04 12:00"),
        ("2027-02-04 07:59:59", "2027-02-04 12:00"),
        ("2027-07-01 07:30", "2027-07-01 11:30"),  # summer: 8.30 here
        ("2027-07-01 18:00", "2027-07-02 10:00"),  # summer: 7pm here
        # 28 March 2027, the clocks go forward at one in the morning
        ("2027-03-27 19:00", "2027-03-28 10:00"),  # one hour of the evening, three from 8 o'clock
        ("2027-03-27 23:30", "2027-03-28 11:00"),
        ("2027-03-28 00:59:59", "2027-03-28 11:00"),
        ("2027-03-28 01:00", "2027-03-28 11:00"),
        ("2027-03-28 07:00", "2027-03-28 11:00"),
        # 25 October 2026, they go back: the night has an hour more, and an hour that happens twice
        ("2026-10-24 18:00", "2026-10-25 11:00"),
        ("2026-10-25 00:30", "2026-10-25 12:00"),
        ("2026-10-25 01:30", "2026-10-25 12:00"),
        ("2026-10-25 08:00", "2026-10-25 12:00"),
    ],
)
def test_the_clock_of_an_offer_stands_still_at_night(heard: str, until: str) -> None:  # pitfalls 16
    assert answer_by(utc(heard)) == utc(until)


@pytest.mark.parametrize("remote", [True, False], ids=["online", "in person"])
@pytest.mark.parametrize(
    "now", ["2027-02-03 09:00", "2027-02-03 22:00", "2027-03-27 23:30", "2026-10-25 00:30"], ids=str
)
def test_an_offer_is_made_while_its_four_hours_end_before_the_last_moment(now: str, remote: bool) -> None:
    before = NO_OFFER_WITHIN_REMOTE if remote else NO_OFFER_WITHIN_IN_PERSON
    until = answer_by(utc(now))
    just_enough = terms_of_offer(utc(now), starts_at=until + before, remote=remote)
    assert (just_enough.until, just_enough.last_moment, just_enough.is_public) == (until, until, False)
    too_late = terms_of_offer(utc(now), starts_at=until + before - SECOND, remote=remote)
    assert (too_late.until, too_late.is_public) == (None, True)


@pytest.mark.parametrize(
    ("now", "starts_at", "remote", "until"),
    [
        ("2027-02-03 09:00", "2027-02-03 15:00", True, "2027-02-03 13:00"),
        ("2027-02-03 09:00", "2027-02-03 14:59", True, None),
        ("2027-02-03 19:00", "2027-02-04 10:00", True, None),  # the night does not count: three hours are left
        ("2027-02-03 19:00", "2027-02-04 13:00", True, "2027-02-04 11:00"),
        ("2027-02-03 09:00", "2027-02-04 12:59", False, None),
        ("2027-02-03 09:00", "2027-02-04 13:00", False, "2027-02-03 13:00"),
        ("2027-02-03 16:30", "2027-02-04 20:15", False, None),
        ("2027-02-03 15:00", "2027-02-03 15:00", True, None),
        ("2027-02-03 15:00", "2027-02-03 14:00", True, None),
    ],
)
def test_no_offer_is_made_so_late_that_nobody_could_come(  # pitfalls 8
    now: str, starts_at: str, remote: bool, until: str | None
) -> None:
    terms = terms_of_offer(utc(now), starts_at=utc(starts_at), remote=remote)
    assert terms.until == (utc(until) if until else None)


@pytest.mark.parametrize("remote", [True, False], ids=["online", "in person"])
def test_a_place_goes_by_itself_only_more_than_a_day_ahead(remote: bool) -> None:  # pitfalls 15
    starts_at = utc("2027-02-05 10:00")
    for now, by_itself in [(starts_at - AUTOMATIC_UNTIL - SECOND, True), (starts_at - AUTOMATIC_UNTIL, False)]:
        assert terms_of_offer(now, starts_at=starts_at, remote=remote).by_itself is by_itself


@pytest.mark.parametrize(
    ("tried", "counts"),
    [
        ("2027-02-03 07:59:59", False),
        ("2027-02-03 08:00", True),
        ("2027-02-03 19:59:59", True),
        ("2027-02-03 20:00", False),
        ("2027-07-01 07:00", True),  # summer: 8 o'clock here
        ("2027-07-01 19:00", False),
    ],
)
def test_a_call_counts_as_an_attempt_only_while_people_may_be_called(tried: str, counts: bool) -> None:
    assert starts_the_clock(utc(tried)) is counts


@pytest.mark.parametrize("day", ["2027-02-03", "2027-03-27", "2026-10-24"])
def test_every_offer_leaves_four_waking_hours_and_ends_before_the_last_moment(day: str) -> None:
    for quarter, hours, remote in product(range(4 * 36), range(0, 60, 3), (True, False)):
        now = utc(f"{day} 06:07") + quarter * HOUR / 4
        terms = terms_of_offer(now, starts_at=now + hours * HOUR, remote=remote)
        if terms.until is not None:
            assert now < terms.until <= terms.last_moment < now + hours * HOUR
            assert awake_between(now, terms.until) == TO_ANSWER


def awake_between(begin: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Counted another way than the rule does: day by day, what lies between eight and eight on the wall clock."""
    total, day = dt.timedelta(0), begin.astimezone(UK).date()
    while day <= end.astimezone(UK).date():
        opens, closes = (dt.datetime.combine(day, dt.time(hour), tzinfo=UK).astimezone(dt.UTC) for hour in (8, 20))
        total += max(dt.timedelta(0), min(end, closes) - max(begin, opens))
        day += dt.timedelta(days=1)
    return total
