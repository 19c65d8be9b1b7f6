"""The rule alone: which weeks count, and when somebody has come clearly less often than planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from classes.register.contacts import Contacts, Record, contacts_of
from participants.rules.programme_time import Pause, Stretch

FIRST = date(2027, 1, 4)  # a Monday
WEEKLY = Stretch("weekly", 91, contacts_least=1, contacts_most=1, key=1)
MONTHLY = Stretch("monthly", 140, contacts_least=1, contacts_most=1, per_weeks=4, key=2)
FREE = Stretch("as one likes", 91, contacts_most=3, key=3)
ALWAYS = ((date(2026, 1, 1), date(2028, 1, 1)),)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def week(number: int, weekday: int = 2) -> date:
    """A day of the week with this number; 0 is the one in which they joined."""
    return day(7 * number + weekday)


def on(number: int, *, stretches: Sequence[Stretch] = (WEEKLY,), **facts: Any) -> Contacts:
    """What is found on the Monday of the week with this number."""
    return contacts_of(Record(FIRST, **{"cleared": ALWAYS, **facts}), stretches, week(number, 0))


@pytest.mark.parametrize(
    ("came", "planned", "fewer"),
    [(0, 1, False), (0, 2, True), (1, 2, False), (1, 3, True), (1, 4, True), (2, 4, False), (9, 1, False)],
)  # fmt: skip
def test_fewer_than_half_of_at_least_two_is_clearly_fewer(came: int, planned: int, fewer: bool) -> None:
    assert Contacts(came, planned, 4).clearly_fewer is fewer


@pytest.mark.parametrize(
    ("number", "weeks"),
    [(1, 0), (2, 1), (3, 2), (5, 4), (9, 4)],
    ids=["joined", "one_week", "two_weeks", "four_weeks", "the_latest_four"],
)
def test_the_weeks_after_the_first_are_looked_at_and_of_many_the_latest_four(number: int, weeks: int) -> None:
    assert on(number) == Contacts(0, weeks, weeks)


def test_what_they_came_to_counts_in_the_weeks_that_are_looked_at() -> None:
    came = [week(0), week(3), week(3, 6), week(4, 0), week(8), week(9)]
    assert on(9, came=came) == Contacts(1, 4, 4)  # weeks 5 to 8
    assert on(5, came=came) == Contacts(3, 4, 4)


LEFT_OUT = {
    "one_paused_day": {"pauses": [Pause(week(3, 6), week(4, 0))]},
    "not_cleared_for_a_day": {"cleared": [(FIRST, week(3, 6)), (week(4, 0), day(400))]},
    "cleared_until_then": {"cleared": [(week(3, 1), day(400))], "weeks": 1},
    "we_cancelled": {"called_off": {week(3)}},
    "without_a_mark": {"unmarked": {week(3, 0)}},
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_week_that_says_nothing_is_left_out_with_what_they_came_to_in_it(name: str) -> None:
    facts: dict[str, Any] = dict(LEFT_OUT[name])
    weeks = facts.pop("weeks", 3)
    assert on(5, came=[week(3)], **facts) == Contacts(0, weeks, weeks)


def test_a_clearance_renewed_without_a_gap_is_one_clearance() -> None:
    assert on(5, cleared=[(FIRST, week(3)), (week(3), day(400))]).weeks == 4


def test_a_plan_of_a_month_is_judged_over_two_months() -> None:
    assert on(8, stretches=[MONTHLY]) == Contacts(0, 1, 7)
    assert on(9, stretches=[MONTHLY]) == Contacts(0, 2, 8)
    assert on(14, stretches=[MONTHLY], came=[week(2)]) == Contacts(0, 2, 8)
    assert on(14, stretches=[MONTHLY], came=[week(12)]) == Contacts(1, 2, 8)


def test_weeks_of_another_phase_are_not_of_this_one() -> None:
    month = Stretch("first", 24, contacts_least=1, contacts_most=3, key=9)  # it ends on a Wednesday
    assert on(4, stretches=[month, WEEKLY]) == Contacts(0, 0, 0)
    assert on(6, stretches=[month, WEEKLY]) == Contacts(0, 2, 2)
    assert on(3, stretches=[month, WEEKLY]) == Contacts(0, 2, 2)  # in the phase before


@pytest.mark.parametrize(
    ("number", "stretches"), [(5, [FREE]), (5, []), (50, [WEEKLY]), (-2, [WEEKLY])],
    ids=["nothing_planned", "no_phases", "after_the_last", "before_the_start"],
)  # fmt: skip
def test_where_nothing_is_planned_nothing_is_counted(number: int, stretches: list[Stretch]) -> None:
    assert on(number, stretches=stretches) == Contacts(0, 0, 0)


def test_nobody_looks_back_further_than_a_year() -> None:
    for_ever = Stretch("for ever", 7000, contacts_least=1, contacts_most=1, per_weeks=40)
    assert on(90, stretches=[for_ever], cleared=[(date(2026, 1, 1), date(2030, 1, 1))]) == Contacts(0, 1, 52)
