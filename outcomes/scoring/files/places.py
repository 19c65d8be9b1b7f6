"""JSON whose every value knows where it stands. PURE.

The standard reader tells the place of a slip in the writing only; a wrong
answer must be found as easily. Called by answers.py.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

DEEPEST: Final = 10  # lists within lists: more is no file of answers
_LONGEST = 18  # digits: what is longer is a slip, and slow to read
_LINE_END = re.compile("\n")
_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder(parse_int=lambda digits: int(digits) if len(digits) <= _LONGEST else math.inf)


@dataclass(frozen=True)
class Place:
    """Both counted from 1."""

    line: int
    column: int


class Misread(Exception):
    """The file cannot be read from `place` on."""

    def __init__(self, place: Place, what: str) -> None:
        super().__init__(what)
        self.place, self.what = place, what


@dataclass(frozen=True)
class Value:
    """A value and the character at which it begins. A list holds Values; an object is a tuple of Members."""

    is_: Any
    at: int


@dataclass(frozen=True)
class Member:
    key: str
    at: int
    value: Value


def place_of(text: str, at: int) -> Place:
    starts = _starts_of_lines(text)
    line = bisect_right(starts, at)
    return Place(line, at - starts[line - 1] + 1)


@lru_cache(maxsize=1)  # of the file that is read: its lines are counted once, however many answers it has
def _starts_of_lines(text: str) -> list[int]:
    return [0, *(found.end() for found in _LINE_END.finditer(text))]


def read(text: str) -> Value:
    """The one value in `text`. Raises Misread."""
    try:
        json.loads(text, parse_int=lambda digits: 0)
    except json.JSONDecodeError as slip:
        raise Misread(
            Place(slip.lineno, slip.colno), f"this is not JSON: {slip.msg[0].lower()}{slip.msg[1:]}"
        ) from None
    except RecursionError:
        raise Misread(Place(1, 1), "lists lie within lists too deep for a file of answers") from None
    return _value(text, _skip(text, 0), 0)[0]


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _value(text: str, at: int, depth: int) -> tuple[Value, int]:
    """The value at `at`, and where it ends. What comes here is JSON already."""
    if depth > DEEPEST:
        raise Misread(place_of(text, at), "lists lie within lists too deep for a file of answers")
    if text[at] == "[":
        return _list(text, at, depth)
    if text[at] == "{":
        return _object(text, at, depth)
    value, end = _DECODER.raw_decode(text, at)
    if isinstance(value, float) and not math.isfinite(value):
        raise Misread(
            place_of(text, at), f"{text[at:end][:20]} is not a number that anybody answers; null is no answer"
        )
    return Value(value, at), end


def _list(text: str, start: int, depth: int) -> tuple[Value, int]:
    found, at = [], _skip(text, start + 1)
    while text[at] != "]":
        value, at = _value(text, at, depth + 1)
        found.append(value)
        at = _past_comma(text, at)
    return Value(found, start), at + 1


def _object(text: str, start: int, depth: int) -> tuple[Value, int]:
    found: dict[str, Member] = {}
    at = _skip(text, start + 1)
    while text[at] != "}":
        key, end = _DECODER.raw_decode(text, at)
        if key in found:
            raise Misread(place_of(text, at), f"{json.dumps(key)} stands twice in one row")
        value, behind = _value(text, _skip(text, _skip(text, end) + 1), depth + 1)
        found[key] = Member(key, at, value)
        at = _past_comma(text, behind)
    return Value(tuple(found.values()), start), at + 1


def _past_comma(text: str, at: int) -> int:
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at
