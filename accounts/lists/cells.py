"""What one cell of a list says: words, a day, a clock time, a number. PURE: no Django.

Days are written as 2027-03-28 or 28/03/2027, or are days in the spreadsheet; nothing
else is guessed at, because 3/4/50 is a birthday to one reader and another to the next.
"""

from __future__ import annotations

import enum
import re
from datetime import date, datetime, time

from accounts.lists.sheets import LONGEST_CELL, Cell, Formula

_DAY = re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})|(?P<d2>\d{1,2})/(?P<m2>\d{1,2})/(?P<y2>\d{4})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::00)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
MIDNIGHT = time()


class Wrong(enum.StrEnum):
    """What is wrong with one cell."""

    MISSING = "missing"
    FORMULA = "formula"
    TOO_LONG = "too_long"
    NOT_WORDS = "not_words"
    NOT_A_DAY = "not_a_day"
    NOT_A_TIME = "not_a_time"
    NOT_A_NUMBER = "not_a_number"


class BadCell(ValueError):
    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong)
        self.wrong = wrong


def words(cell: Cell) -> str:
    """A name, an address, a telephone number that the spreadsheet took for a number; "" when nothing is there."""
    found = _known(cell)
    if isinstance(found, bool | date | time):  # a datetime is a date
        raise BadCell(Wrong.NOT_WORDS)
    text = f"{found:.0f}" if isinstance(found, float) and found.is_integer() else str("" if found is None else found)
    if len(text) > LONGEST_CELL:
        raise BadCell(Wrong.TOO_LONG)
    return text


def day(cell: Cell) -> date | None:
    found = _known(cell)
    if isinstance(found, datetime):
        if found.time() != MIDNIGHT:
            raise BadCell(Wrong.NOT_A_DAY)
        return found.date()
    if found in (None, ""):
        return None
    match = _DAY.fullmatch(found) if isinstance(found, str) else None
    if match is None:
        raise BadCell(Wrong.NOT_A_DAY)
    year, month, on = (int(match[name] or match[f"{name}2"]) for name in "ymd")
    try:
        return date(year, month, on)
    except ValueError:
        raise BadCell(Wrong.NOT_A_DAY) from None


def clock(cell: Cell) -> time | None:
    """18:00, or a time in the spreadsheet."""
    found = _known(cell)
    if isinstance(found, time):
        return found.replace(second=0, microsecond=0)
    if found in (None, ""):
        return None
    match = _CLOCK.fullmatch(found) if isinstance(found, str) else None
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise BadCell(Wrong.NOT_A_TIME)
    return time(int(match[1]), int(match[2]))


def number(cell: Cell) -> int | None:
    found = _known(cell)
    if found in (None, ""):
        return None
    text = f"{found:.0f}" if isinstance(found, float) and found.is_integer() else str(found)
    if isinstance(found, bool) or not _NUMBER.fullmatch(text):
        raise BadCell(Wrong.NOT_A_NUMBER)
    return int(text)


def _known(cell: Cell) -> str | int | float | bool | datetime | date | time | None:
    if isinstance(cell, Formula):
        raise BadCell(Wrong.FORMULA)
    return cell
