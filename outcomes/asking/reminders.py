"""What comes next for somebody whose questionnaire is open and unanswered: the first word, a reminder, a call. PURE.

At most two reminders, then a call is offered, then nothing. Called by open_forms.py
with what has been written so far. Counted from what was sent and not from the
window, so that a missed night, a break or a new window never brings two at once.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from outcomes.asking.windows import Window

MOST_REMINDERS: Final = 2
APART = timedelta(days=7)
AT_LEAST_APART = timedelta(days=2)


class Word(enum.StrEnum):
    """What is sent or raised."""

    FIRST = "first"
    REMINDER = "reminder"
    CALL = "call"


@dataclass(frozen=True)
class SoFar:
    """What was said about the forms of one timepoint. `told` is whether this opening was, `last_on` the latest word."""

    told: bool = False
    reminders: int = 0
    last_on: date | None = None
    called: bool = False


def next_word(window: Window, so_far: SoFar, *, on: date, reaches: bool) -> Word | None:
    """What is due on a day within the window. `reaches`: whether what we write gets to this person by itself;
    who is spoken to anyway is called after the first word, and not reminded."""
    if not so_far.told:
        return Word.FIRST
    if so_far.called or (so_far.last_on is not None and on < so_far.last_on + apart(window)):
        return None
    if reaches and so_far.reminders < MOST_REMINDERS:
        return Word.REMINDER
    return Word.CALL


def told_of(window: Window, firsts: Collection[date]) -> bool:
    """Whether this opening was told of by one of the first words. A window that moved by a few days is not told of
    anew; after a long break it is."""
    return window.opens_on is not None and any(on >= window.opens_on - APART for on in firsts)


def apart(window: Window) -> timedelta:
    """The time between two words: a week, less in a window too short for three of them."""
    if window.opens_on is None or window.closes_on is None:
        return APART
    share = timedelta(days=(window.closes_on - window.opens_on).days // (MOST_REMINDERS + 2))
    return max(AT_LEAST_APART, min(APART, share))


def last_reminder(number: int) -> bool:
    """Whether reminder `number`, counted from 1, is the last one."""
    return number >= MOST_REMINDERS
