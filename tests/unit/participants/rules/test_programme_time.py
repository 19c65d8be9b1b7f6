from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.rules.programme_time import (
    Pause,
    Stretch,
    day_after,
    days_passed,
    in_a_paused_week,
    position_on,
    stays_until,
)

FIRST = date(2027, 1, 4)  # a Monday
MONTH, REST = Stretch("first month", 28), Stretch("the rest", 63)


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def _position(number: int, *pauses: Pause):
    return position_on(_day(number), first=FIRST, stretches=[MONTH, REST], pauses=pauses)


@st.composite
def _pauses(draw: st.DrawFn) -> list[Pause]:
    """Up to four pauses that do not overlap, in any order; some before the start."""
    edges = sorted(draw(st.lists(st.integers(-30, 250), min_size=0, max_size=8, unique=True)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    return draw(st.permutations([Pause(_day(start), _day(end)) for start, end in pairs]))


@given(_pauses(), st.integers(0, 200))
def test_exactly_as_many_unpaused_days_have_passed(pauses: list[Pause], days: int) -> None:
    day = day_after(FIRST, days, pauses)
    assert day is not None
    unpaused = [
        n
        for n in range((day - FIRST).days)
        if not any(p.ends_on and p.starts_on <= _day(n) < p.ends_on for p in pauses)
    ]
    assert len(unpaused) == days
    assert not any(p.ends_on and p.starts_on <= day < p.ends_on for p in pauses), "nothing falls due on a paused day"


@settings(max_examples=30)
@given(_pauses(), st.integers(-20, 100), st.integers(0, 200))
def test_a_stay_moves_break_by_break_as_by_all_at_once(pauses: list[Pause], given_on: int, days: int) -> None:
    until = _day(given_on + days)
    kept = until
    for pause in sorted(pauses, key=lambda pause: pause.starts_on):
        kept = stays_until(kept, given_on=_day(given_on), pauses=[pause]) or kept
    assert kept == stays_until(until, given_on=_day(given_on), pauses=pauses)


@given(_pauses(), st.integers(0, 200))
def test_the_day_of_the_programme_and_the_date_of_a_day_agree(pauses: list[Pause], days: int) -> None:
    day = day_after(FIRST, days, pauses)
    assert day is not None and days_passed(FIRST, day, pauses) == days


@given(_pauses(), st.integers(0, 300))
def test_the_day_of_the_programme_never_goes_back_and_stands_still_in_a_pause(pauses: list[Pause], n: int) -> None:
    today, tomorrow = (days_passed(FIRST, _day(number), pauses) for number in (n, n + 1))
    paused = any(p.ends_on and p.starts_on <= _day(n) < p.ends_on for p in pauses)
    assert tomorrow - today == (0 if paused else 1)


def test_a_pause_that_goes_on_hides_what_comes_after_it_and_stops_the_count() -> None:
    going_on = Pause(_day(10), None)
    assert day_after(FIRST, 9, [going_on]) == _day(9)
    assert day_after(FIRST, 10, [going_on]) is None
    assert days_passed(FIRST, _day(9), [going_on]) == 9
    assert days_passed(FIRST, _day(40), [going_on]) == days_passed(FIRST, _day(10), [going_on]) == 10


@pytest.mark.parametrize(
    ("number", "day", "stretch"),
    [(-1, 1, None), (0, 1, MONTH), (27, 28, MONTH), (28, 29, REST), (90, 91, REST), (91, 92, None)],
)
def test_the_phase_is_told_at_its_very_edges(number: int, day: int, stretch: Stretch | None) -> None:
    position = _position(number)
    assert (position.day, position.stretch, position.ends_on) == (day, stretch, _day(90))


@pytest.mark.parametrize(("number", "week"), [(0, 1), (6, 1), (7, 2), (90, 13)])
def test_weeks_count_from_one(number: int, week: int) -> None:
    assert _position(number).week == week


def test_a_pause_moves_phase_and_end_by_exactly_its_days() -> None:
    pause = Pause(_day(20), _day(30))
    assert _position(37, pause).stretch == MONTH and _position(38, pause).stretch == REST
    assert _position(40, pause).ends_on == _day(100)
    assert _position(25, pause).day == _position(30, pause).day == 21


def test_while_a_pause_goes_on_nobody_knows_the_end() -> None:
    position = _position(50, Pause(_day(20), None))
    assert (position.day, position.stretch, position.ends_on) == (21, MONTH, None)


def test_a_programme_without_phases_has_no_end() -> None:
    position = position_on(_day(3), first=FIRST, stretches=[], pauses=[])
    assert (position.day, position.stretch, position.ends_on) == (4, None, None)


@pytest.mark.parametrize(
    ("pause", "on", "paused"),
    [
        (Pause(_day(2), _day(3)), _day(0), True),
        (Pause(_day(2), _day(3)), _day(6), True),
        (Pause(_day(2), _day(3)), _day(7), False),
        (Pause(_day(2), _day(3)), _day(-1), False),
        (Pause(_day(2), _day(2)), _day(2), False),  # back on the same day: no day was paused
        (Pause(_day(-3), _day(0)), _day(0), False),  # the first day back is not paused
        (Pause(_day(6), None), _day(0), True),
        (Pause(_day(6), None), _day(30), True),
    ],
)
def test_a_week_with_one_paused_day_is_a_paused_week(pause: Pause, on: date, paused: bool) -> None:
    assert in_a_paused_week(on, [pause]) is paused
