"""Answers read from a JSON or CSV file; everything that is wrong is found at once, with its place. PURE.

Called by `manage.py score_file` and the tests of the recipes. Not here: what
the answers come to (lines.py).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from outcomes.instruments.recipe import Item, Recipe
from outcomes.scoring import DECLINED, UNABLE
from outcomes.scoring.files.places import Member, Misread, Place, Value, place_of, read

_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?", re.ASCII)
_NAME_COLUMNS = ("name", "id")
MOST_FAULTS: Final = 20  # that are kept: more are counted


@dataclass(frozen=True)
class Row:
    """One form: whose it is called, the answers there are, which items the file has room for, and where it stands."""

    name: str | int | float | None
    answers: dict[str, float | str]
    asked: frozenset[str]
    at: Place = field(default=Place(1, 1), compare=False)


@dataclass(frozen=True)
class Fault:
    place: Place
    what: str

    def __str__(self) -> str:
        return f"line {self.place.line}, column {self.place.column}: {self.what}"


class BadFile(Exception):
    """Nothing of the file was used; each fault says where. `more`: how many others there are."""

    def __init__(self, faults: Sequence[Fault], more: int = 0) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults, self.more = tuple(faults), more


@dataclass
class _Reading:
    """A file while it is read."""

    recipe: Recipe
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    more: int = 0  # faults that are counted alone: a file of another instrument may have millions

    def wrong(self, place: Place, what: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(place, what))
        else:
            self.more += 1

    def keep(self, row: Row) -> None:
        """Of a file that is refused already nothing is needed."""
        if self.faults:
            self.rows.clear()
        else:
            self.rows.append(row)

    def done(self) -> list[Row]:
        if not self.rows and not self.faults:
            self.wrong(Place(1, 1), "there are no answers in this file")
        self.refuse_if_wrong()
        return self.rows

    def refuse_if_wrong(self) -> None:
        if self.faults:
            raise BadFile(self.faults, self.more)

    def item_called(self, name: str) -> str | None:
        """The item of that name; a number alone is the question of that number."""
        wanted = {name.casefold(), f"q{name}"}
        return next((item.id for item in self.recipe.items if item.id.casefold() in wanted), None)

    def unknown(self, name: str) -> str:
        items = ", ".join(item.id for item in self.recipe.items)
        return f"{json.dumps(name, ensure_ascii=False)} is not an item of {self.recipe.code}; its items are {items}"


def read_answers(content: bytes, kind: str, recipe: Recipe) -> list[Row]:
    """The rows of a file of `kind` "json" or "csv". Raises BadFile."""
    reading = _Reading(recipe)
    try:
        _KINDS[kind](_text(content), reading)
    except Misread as misread:
        reading.wrong(misread.place, misread.what)
    return reading.done()


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as slip:
        before = content[: slip.start].decode("utf-8-sig")
        raise Misread(place_of(before, len(before)), "this is not UTF-8; save the file as UTF-8") from None


def named_twice(rows: Iterable[Row]) -> dict[str, list[Place]]:
    """By name, where each row stands that shares its name with another. Rows without a name share none."""
    places: dict[str, list[Place]] = {}
    for row in rows:
        if row.name not in (None, ""):
            places.setdefault(str(row.name), []).append(row.at)
    return {name: at for name, at in places.items() if len(at) > 1}


# --- one answer --------------------------------------------------------------


def _answer(item: Item, value: object) -> float | str:
    """Raises ValueError with what the item takes."""
    if value == DECLINED or (value == UNABLE and item.unable):
        return str(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and item.takes(value):
        return value
    numbers = "whole numbers" if item.whole else "numbers"
    words = f'"{DECLINED}" or "{UNABLE}"' if item.unable else f'"{DECLINED}"'
    several = isinstance(value, list | tuple)
    said = "a list or an object" if several else json.dumps(value, ensure_ascii=False)[:40]
    raise ValueError(f"{item.id} takes {numbers} from {item.lo} to {item.hi} or {words}, not {said}")


def _of_cell(text: str) -> object:
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


# --- JSON --------------------------------------------------------------------


def _read_json(text: str, reading: _Reading) -> None:
    for value in _cases(text, reading):
        members = {member.key: member for member in value.is_} if isinstance(value.is_, tuple) else {}
        if not {"name", "input"} <= set(members):
            reading.wrong(place_of(text, value.at), 'a row is {"name": …, "input": …}')
            continue
        name, given = members["name"].value, members["input"].value
        if isinstance(name.is_, list | tuple | bool):
            reading.wrong(place_of(text, name.at), "a name is a text or a number")
        answers = dict[str, float | str]()
        asked = []
        for item, value_ in _placed(text, given, reading):
            asked.append(item)
            if value_.is_ is not None:
                _take(reading, item, value_.is_, place_of(text, value_.at), answers)
        reading.keep(Row(name.is_, answers, frozenset(asked), place_of(text, name.at)))


def _cases(text: str, reading: _Reading) -> list[Value]:
    """The rows: a list, or an object with a list of "cases" as files of test vectors have it."""
    whole = read(text)
    if isinstance(whole.is_, tuple):
        members = {member.key: member.value for member in whole.is_}
        meant = members.get("instrument", Value(reading.recipe.instrument, 0))
        if meant.is_ != reading.recipe.instrument:
            raise Misread(place_of(text, meant.at), f"these are answers of {meant.is_}, not of {reading.recipe.code}")
        whole = members.get("cases", whole)
    if not isinstance(whole.is_, list):
        raise Misread(place_of(text, whole.at), 'a list of rows is wanted: [{"name": …, "input": …}]')
    return whole.is_


def _placed(text: str, given: Value, reading: _Reading) -> Iterator[tuple[str, Value]]:
    """Each value with its item: in the order of the items, or by name."""
    items = reading.recipe.items
    if isinstance(given.is_, list):
        least = sum(not item.optional for item in items)
        if not least <= len(given.is_) <= len(items):
            wanted = f"{least}" if least == len(items) else f"{least} to {len(items)}"
            reading.wrong(
                place_of(text, given.at), f"{reading.recipe.code} has {wanted} answers, and here are {len(given.is_)}"
            )
            return
        yield from zip((item.id for item in items), given.is_, strict=False)
    elif isinstance(given.is_, tuple):
        yield from _by_name(text, given.is_, reading)
    else:
        reading.wrong(place_of(text, given.at), "the input is a list of answers, or an object with one for each item")


def _by_name(text: str, members: Sequence[Member], reading: _Reading) -> Iterator[tuple[str, Value]]:
    taken: set[str] = set()
    for member in members:
        item = reading.item_called(member.key)
        if item is None:
            reading.wrong(place_of(text, member.at), reading.unknown(member.key))
        elif item in taken:
            reading.wrong(place_of(text, member.at), f"{item} stands twice in one row")
        else:
            taken.add(item)
            yield item, member.value


def _take(reading: _Reading, item: str, value: object, place: Place, answers: dict[str, float | str]) -> None:
    try:
        answers[item] = _answer(reading.recipe.item(item), value)
    except ValueError as refused:
        reading.wrong(place, str(refused))


# --- CSV ---------------------------------------------------------------------


def _read_csv(text: str, reading: _Reading) -> None:
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)  # Excel writes semicolons where a comma stands in numbers
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        columns = _columns(next(lines, []), reading)
        for cells in lines:
            if any(cell.strip() for cell in cells):
                reading.keep(_csv_row(cells, columns, lines.line_num, reading))
    except csv.Error as slip:
        raise Misread(Place(lines.line_num, 1), f"this is not CSV: {slip}") from None


def _columns(heading: Sequence[str], reading: _Reading) -> list[str | None]:
    """The item of each column; None for the one with names. Refuses what is unknown, twice or missing."""
    found: list[str | None] = []
    for number, cell in enumerate(heading, start=1):
        name = cell.strip()
        item = reading.item_called(name)
        if item is None and (name.casefold() not in _NAME_COLUMNS or None in found):
            reading.wrong(Place(1, number), reading.unknown(name))
        elif item is not None and item in found:
            reading.wrong(Place(1, number), f"there are two columns for {item}")
        found.append(item)
    for needed in reading.recipe.items:
        if not needed.optional and needed.id not in found:
            reading.wrong(Place(1, len(heading) + 1), f"there is no column for {needed.id}")
    reading.refuse_if_wrong()
    return found


def _csv_row(cells: Sequence[str], columns: Sequence[str | None], line: int, reading: _Reading) -> Row:
    name, named_at = f"line {line}", 1
    answers = dict[str, float | str]()
    for number, cell in enumerate(map(str.strip, cells), start=1):
        if number > len(columns):
            if cell:
                reading.wrong(Place(line, number), "there are more cells than columns with a name")
        elif (item := columns[number - 1]) is None:
            name, named_at = cell, number
        elif cell:
            _take(reading, item, _of_cell(cell), Place(line, number), answers)
    return Row(name, answers, frozenset(item for item in columns if item), Place(line, named_at))


_KINDS: dict[str, Callable[[str, _Reading], None]] = {"json": _read_json, "csv": _read_csv}
