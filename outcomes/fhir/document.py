"""A file read into plain JSON, within bounds. PURE: no Django.

Here: size, encoding, depth, and what JSON allows but nothing here can keep (a
name twice, a number without end, half a character). Not here: what FHIR means by
it (reading.py). Only the standard library reads the file.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from outcomes.fhir.remarks import Refused, Unreadable

MOST_BYTES = 1024 * 1024
DEEPEST = 60  # brackets inside each other; six levels of items with their options come to about half
LONGEST_NUMBER = 40

Json = dict[str, Any]

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)  # one left open ends with the file: read only once
_BRACKETS = re.compile(r"[\[\]{}]")


def read_document(content: bytes) -> Json:
    """The one object that the file holds. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(Refused.TOO_BIG)
    text = _text(content)
    if _depth(text) > DEEPEST:
        raise Unreadable(Refused.TOO_DEEP, str(DEEPEST))
    found = _parsed(text)
    if not isinstance(found, dict):
        raise Unreadable(Refused.NOT_A_QUESTIONNAIRE)
    return found


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(Refused.NOT_UTF8) from None


def _depth(text: str) -> int:
    """How many brackets stand inside each other, without reading the file yet: the reader must not meet a tower."""
    deepest = depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _parsed(text: str) -> Any:
    try:
        found = json.loads(
            text, object_pairs_hook=_object, parse_int=_whole, parse_float=_decimal, parse_constant=_constant
        )
        json.dumps(found, ensure_ascii=False).encode()
    except json.JSONDecodeError as wrong:
        raise Unreadable(Refused.NOT_JSON, f"line {wrong.lineno}, column {wrong.colno}") from None
    except UnicodeEncodeError:  # half of a pair, which no database keeps
        raise Unreadable(Refused.ODD_CHARACTER) from None
    return found


def _object(pairs: list[tuple[str, Any]]) -> Json:
    found: Json = {}
    for name, value in pairs:
        if name in found:
            raise Unreadable(Refused.NAME_TWICE, name[:50])
        if "\x00" in name or (isinstance(value, str) and "\x00" in value):
            raise Unreadable(Refused.ODD_CHARACTER)
        found[name] = value
    return found


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise Unreadable(Refused.ODD_NUMBER, f"{digits[:LONGEST_NUMBER]}…")
    return int(digits)


def _decimal(digits: str) -> float:
    if len(digits) > LONGEST_NUMBER or not math.isfinite(float(digits)):
        raise Unreadable(Refused.ODD_NUMBER, digits[:LONGEST_NUMBER])
    return float(digits)


def _constant(name: str) -> float:
    raise Unreadable(Refused.ODD_NUMBER, name)
