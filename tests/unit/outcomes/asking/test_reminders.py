from __future__ import annotations

import datetime as dt

import pytest

from outcomes.asking.reminders import SoFar, Word, apart, last_reminder, next_word
from outcomes.asking.windows import Window

OPENS = dt.date(2027, 6, 1)
LONG = Window(OPENS, OPENS + dt.timedelta(days=21), OPENS + dt.timedelta(days=42))


def _day(number: int) -> dt.date:
    return OPENS + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("so_far", "day", "reaches", "word"),
    [
        (SoFar(), 0, True, Word.FIRST),
        (SoFar(), 30, True, Word.FIRST),  # nights were missed
        (SoFar(told=True, last_on=_day(0)), 6, True, None),
        (SoFar(told=True, last_on=_day(0)), 7, True, Word.REMINDER),
        (SoFar(told=True, last_on=_day(20)), 26, True, None),  # from the last word, not from the opening
        (SoFar(told=True, reminders=1, last_on=_day(7)), 13, True, None),
        (SoFar(told=True, reminders=1, last_on=_day(7)), 14, True, Word.REMINDER),
        (SoFar(told=True, reminders=2, last_on=_day(14)), 20, True, None),
        (SoFar(told=True, reminders=2, last_on=_day(14)), 21, True, Word.CALL),
        (SoFar(told=True, reminders=2, last_on=_day(14), called=True), 42, True, None),
        (SoFar(told=True, last_on=_day(0)), 7, False, Word.CALL),  # spoken to anyway: not reminded
        (SoFar(told=False, reminders=2, last_on=_day(-30)), 0, True, Word.FIRST),  # a break has moved the window
        (SoFar(told=True, reminders=2, last_on=_day(0)), 7, True, Word.CALL),  # and the cap holds
    ],
)
def test_two_reminders_at_most_then_a_call_then_nothing(
    so_far: SoFar, day: int, reaches: bool, word: Word | None
) -> None:
    assert next_word(LONG, so_far, on=_day(day), reaches=reaches) is word


@pytest.mark.parametrize(("days", "between"), [(None, 7), (42, 7), (28, 7), (16, 4), (9, 2), (0, 2)])
def test_in_a_short_window_the_words_come_closer_together(days: int | None, between: int) -> None:
    assert apart(Window(OPENS, None, None if days is None else _day(days))) == dt.timedelta(days=between)


def test_the_last_reminder_says_so() -> None:
    assert [last_reminder(number) for number in (1, 2)] == [False, True]
