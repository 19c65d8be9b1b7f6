from __future__ import annotations

from datetime import date, timedelta

import pytest

from outcomes.asking.windows import Due, Window, window_of, window_once_more
from participants.rules.programme_time import Pause

JOINED = date(2027, 1, 4)
FIRST = date(2027, 1, 11)
START, W12, W26 = Due(0, 28, 7), Due(84, 21, 21), Due(182, 28, 28)


def _window(due: Due, *pauses: Pause, first: date | None = FIRST) -> Window:
    return window_of(due, enrolled_on=JOINED, first_class_on=first, pauses=pauses)


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_the_start_form_is_open_from_joining_until_a_week_after_the_first_class() -> None:
    assert _window(START) == Window(JOINED, FIRST, _day(7))


def test_the_start_form_stays_open_for_somebody_who_never_came() -> None:
    assert _window(START, first=None) == Window(opens_on=JOINED)
    assert _window(START, first=None).is_open(JOINED + timedelta(days=400))


def test_somebody_who_never_came_is_not_due_for_a_follow_up() -> None:
    assert _window(W12, first=None) == Window()
    assert not _window(W12, first=None).is_open(_day(84))


@pytest.mark.parametrize(
    ("due", "day", "is_open"),
    [
        (W12, 62, False), (W12, 63, True), (W12, 105, True), (W12, 106, False),
        (W26, 153, False), (W26, 154, True), (W26, 210, True), (W26, 211, False),
        (START, -8, False), (START, -7, True), (START, 7, True), (START, 8, False),
    ],
)  # fmt: skip
def test_windows_at_their_very_edges(due: Due, day: int, is_open: bool) -> None:
    assert _window(due).is_open(_day(day)) is is_open


def test_a_pause_before_the_window_moves_all_of_it() -> None:
    assert _window(W12, Pause(_day(30), _day(44))) == Window(_day(77), _day(98), _day(119))


def test_a_pause_that_begins_on_the_opening_day_moves_it() -> None:
    assert _window(W12, Pause(_day(63), _day(70))).opens_on == _day(70)


def test_a_pause_that_begins_a_day_later_leaves_the_opening_and_moves_the_end() -> None:
    assert _window(W12, Pause(_day(64), _day(71))) == Window(_day(63), _day(91), _day(112))


def test_a_pause_after_the_end_moves_nothing() -> None:
    assert _window(W12, Pause(_day(106), _day(120))) == _window(W12)


def test_a_pause_that_goes_on_hides_what_had_not_opened() -> None:
    assert _window(W12, Pause(_day(30), None)) == Window()
    assert _window(W12, Pause(_day(70), None)) == Window(_day(63))


def test_a_pause_before_the_first_class_moves_nothing() -> None:
    assert _window(W12, Pause(_day(-5), _day(-1))) == _window(W12)


def test_a_pause_around_the_first_class_counts_from_the_class_on() -> None:
    assert _window(W12, Pause(_day(-5), _day(2))).due_on == _day(86)


def test_two_pauses_add_up_in_whatever_order_they_come() -> None:
    early, late = Pause(_day(10), _day(20)), Pause(_day(90), _day(95))
    assert _window(W12, late, early) == _window(W12, early, late) == Window(_day(73), _day(99), _day(120))


def test_joining_again_after_the_first_class_makes_no_window_that_ends_before_it_begins() -> None:
    window = window_of(START, enrolled_on=_day(60), first_class_on=FIRST, pauses=[])
    assert window == Window(_day(7), FIRST, _day(7))


def test_no_form_serves_two_windows() -> None:
    start, twelve, half_year = _window(START), _window(W12), _window(W26)
    assert start.closes_on and twelve.opens_on and start.closes_on < twelve.opens_on
    assert twelve.closes_on and half_year.opens_on and twelve.closes_on < half_year.opens_on


@pytest.mark.parametrize(
    ("due", "given", "first", "next_on", "window"),
    [
        (START, -29, 0, None, Window(_day(-7), FIRST, _day(7))),
        (START, -28, 0, None, Window()),  # it counts
        (START, -29, None, 0, Window(_day(-7), FIRST)),  # a place is held
        (START, -29, None, None, Window()),  # no class is near
        (W12, 62, 0, None, Window(_day(63), _day(84), _day(105))),
        (W12, 63, 0, None, Window()),
        (W12, 62, None, 0, Window()),  # counted from the first class alone
    ],
)
def test_what_was_answered_before_its_window_is_asked_once_more_within_it(
    due: Due, given: int, first: int | None, next_on: int | None, window: Window
) -> None:
    days = {"first_class_on": first, "next_class_on": next_on}
    known = {name: None if number is None else _day(number) for name, number in days.items()}
    assert window_once_more(due, given_on=_day(given), pauses=(), **known) == window


def test_in_a_break_without_an_end_nothing_is_asked_once_more() -> None:
    pauses = [Pause(_day(10), None)]
    found = window_once_more(W12, given_on=_day(5), first_class_on=FIRST, next_class_on=None, pauses=pauses)
    assert found == Window()
