"""Answers in FHIR's shape, and whether one fits its question. PURE: no Django.

An answer is a list of values, each an object with one name: `{"valueDate":
"2026-11-29"}`. Whole numbers and the marks "declined" stand for themselves
elsewhere (outcomes/scoring/). Here: what each kind of question takes, brought
into one form. Not here: which question is asked (gates.py), pages, the API.
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from accounts.letters import hidden_letter

Value = dict[str, Any]
Given = list[Value]


class Kind(enum.StrEnum):
    """The types of FHIR R4 that are asked, by the name they have there."""

    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    DATE_TIME = "dateTime"
    TIME = "time"
    STRING = "string"
    TEXT = "text"
    URL = "url"
    CHOICE = "choice"
    OPEN_CHOICE = "open-choice"
    QUANTITY = "quantity"


ASKED = frozenset(kind.value for kind in Kind)
NAMES: dict[Kind, str] = {
    Kind.BOOLEAN: "valueBoolean",
    Kind.DECIMAL: "valueDecimal",
    Kind.INTEGER: "valueInteger",
    Kind.DATE: "valueDate",
    Kind.DATE_TIME: "valueDateTime",
    Kind.TIME: "valueTime",
    Kind.STRING: "valueString",
    Kind.TEXT: "valueString",
    Kind.URL: "valueUri",
    Kind.QUANTITY: "valueQuantity",
}
CHOSEN = (Kind.CHOICE, Kind.OPEN_CHOICE)
WRITTEN = (Kind.STRING, Kind.TEXT)
TIMED = (Kind.DATE, Kind.DATE_TIME, Kind.TIME)
NUMBERS = (Kind.DECIMAL, Kind.INTEGER, Kind.QUANTITY)
LONGEST = {Kind.STRING: 255, Kind.TEXT: 4000, Kind.URL: 1000, Kind.OPEN_CHOICE: 255}
LARGEST_NUMBER = 999_999_999

Limit = float | str | None  # a number, or a day, moment or time as FHIR writes it


@dataclass(frozen=True)
class Option:
    """One answer to choose: its value as it is kept, its words, and what it weighs in a score."""

    value: tuple[str, str | int, str]  # (name, code or value, system)
    words: str
    weight: float | None = None
    exclusive: bool = False
    prefix: str = ""

    @property
    def kept(self) -> Value:
        name, value, system = self.value
        if name != "valueCoding":
            return {name: value}
        return {name: {"system": system, "code": value} if system else {"code": value}}


@dataclass(frozen=True)
class Shape:
    """What one question takes."""

    kind: Kind
    options: tuple[Option, ...] = ()
    several: bool = False
    longest: int = 255
    least: Limit = None
    most: Limit = None
    unit: tuple[str, str, str] | None = None  # (words, system, code)
    drop_down: bool = False
    initial: tuple[tuple[str, Any], ...] = ()  # what is filled in before anybody has answered

    def option_of(self, value: Mapping[str, Any]) -> Option | None:
        return next((option for option in self.options if option.value == identity(value)), None)


def identity(value: Mapping[str, Any]) -> tuple[str, Any, str]:
    """What makes two values the same: of a coding its system and code, never its words."""
    name, inner = next(iter(value.items()), ("", None))
    if isinstance(inner, Mapping):
        return (name, inner.get("code") or inner.get("value"), str(inner.get("system") or ""))
    return (name, inner, "")


def kept(shape: Shape, answer: object) -> Given | None:
    """`answer` in the form it is kept in; None when the question does not take it."""
    if not isinstance(answer, Sequence) or isinstance(answer, str) or not answer:
        return None
    values = [_kept(shape, value) for value in answer]
    if any(value is None for value in values):
        return None
    found = [value for value in values if value is not None]
    return found if _may_stand_together(shape, found) else None


def _may_stand_together(shape: Shape, values: Given) -> bool:
    if len(values) == 1:
        return True
    options = [shape.option_of(value) for value in values]
    seen = {identity(value) for value in values}
    alone = any(option is not None and option.exclusive for option in options)
    own_words = sum(option is None for option in options)
    return shape.several and len(seen) == len(values) and not alone and own_words <= 1


def _kept(shape: Shape, value: object) -> Value | None:
    if not isinstance(value, Mapping) or len(value) != 1:
        return None
    name, inner = next(iter(value.items()))
    if shape.kind in CHOSEN:
        return _chosen(shape, name, inner)
    return {name: inner} if name == NAMES[shape.kind] and _fits(shape, inner) else None


def _chosen(shape: Shape, name: str, inner: object) -> Value | None:
    if isinstance(inner, Mapping) and not all(isinstance(part, str) for part in inner.values()):
        return None
    option = None if isinstance(inner, list | bool) else shape.option_of({name: inner})
    if option is not None:
        return option.kept
    is_own = shape.kind is Kind.OPEN_CHOICE and name == "valueString" and is_written(inner, shape.longest)
    return {name: inner} if is_own else None


def _fits(shape: Shape, inner: Any) -> bool:
    match shape.kind:
        case Kind.BOOLEAN:
            return isinstance(inner, bool)
        case Kind.INTEGER:
            return is_number(inner) and isinstance(inner, int) and _within(shape, inner)
        case Kind.DECIMAL:
            return is_number(inner) and _within(shape, inner)
        case Kind.QUANTITY:
            return isinstance(inner, Mapping) and _is_quantity(shape, inner)
        case Kind.DATE | Kind.DATE_TIME | Kind.TIME:
            return is_moment(shape.kind, inner) and _within(shape, inner)
        case Kind.URL:
            return is_written(inner, shape.longest) and is_address(inner)
        case _:
            return is_written(inner, shape.longest, lines=shape.kind is Kind.TEXT)


def _is_quantity(shape: Shape, inner: Mapping[str, Any]) -> bool:
    return (
        dict(inner) == quantity(shape, inner.get("value"))
        and is_number(inner["value"])
        and _within(shape, inner["value"])
    )


def quantity(shape: Shape, number: Any) -> Value:
    """A number with the unit of its question."""
    words, system, code = shape.unit or ("", "", "")
    named = {"unit": words, "system": system, "code": code}
    return {"value": number, **{name: said for name, said in named.items() if said}}


def _within(shape: Shape, inner: Any) -> bool:
    least, given, most = (in_order(shape.kind, limit) for limit in (shape.least, inner, shape.most))
    return (least is None or given >= least) and (most is None or given <= most)


def in_order(kind: Kind, inner: Any) -> Any:
    """What sorts as the values of that kind do: a moment by its time, wherever its clock stood."""
    return datetime.fromisoformat(inner) if kind is Kind.DATE_TIME and inner is not None else inner


def is_number(inner: object) -> bool:
    return (
        isinstance(inner, int | float)
        and not isinstance(inner, bool)
        and math.isfinite(inner)
        and abs(inner) <= LARGEST_NUMBER
    )


def is_written(inner: object, longest: int, *, lines: bool = False) -> bool:
    return (
        isinstance(inner, str)
        and bool(inner.strip())
        and len(inner) <= longest
        and not hidden_letter(inner, lines=lines)
    )


def is_address(inner: str) -> bool:
    """Whether this looks like an address of the web. It is kept as words and never opened."""
    try:
        parts = urlsplit(inner)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in inner


_WRITTEN_AS = {
    Kind.DATE: (re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII), date.fromisoformat),
    Kind.DATE_TIME: (
        re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}([+-]\d{2}:\d{2}|Z)", re.ASCII),
        datetime.fromisoformat,
    ),
    Kind.TIME: (re.compile(r"\d{2}:\d{2}:\d{2}", re.ASCII), time.fromisoformat),
}


def is_moment(kind: Kind, inner: object) -> bool:
    """Whether `inner` is a day, a moment or a time of day in full, as FHIR writes it, and a real one."""
    pattern, read = _WRITTEN_AS[kind]
    if not isinstance(inner, str) or not pattern.fullmatch(inner):
        return False
    try:
        read(inner)
    except ValueError:
        return False
    return True
