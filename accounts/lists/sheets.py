"""A file that somebody has chosen, read into rows: CSV in UTF-8, or an Excel workbook. PURE: no Django.

Here: which kind it is, its bounds, its columns. Not here: what a cell says
(cells.py). Nothing in it is ever worked out: a formula stays a formula, and
whoever reads the cell refuses it.
"""

from __future__ import annotations

import csv
import enum
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import openpyxl

from accounts.spreadsheets import is_formula

MOST_BYTES = 1024 * 1024
MOST_ROWS = 1000
MOST_LINES = 5 * MOST_ROWS  # empty ones among them
MOST_COLUMNS = 40
MOST_UNPACKED = 30 * MOST_BYTES  # a workbook is packed, and what is inside may be far larger
LONGEST_CELL = 500

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
# A telephone number may begin with +, and a name with a hyphen.
_NO_FORMULA = re.compile(r"\+[\d\s()-]+|-[^\W\d_][^(|!]*")


@dataclass(frozen=True)
class Formula:
    """Something to be worked out, or an error that came of it, where a plain value should be."""


Cell = str | int | float | bool | datetime | date | time | Formula | None


class Why(enum.StrEnum):
    """Why a whole file cannot be read."""

    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    NO_ROWS = "no_rows"
    OLD_EXCEL = "old_excel"
    NOT_A_LIST = "not_a_list"
    NOT_UTF8 = "not_utf8"  # `names` says what it may be instead
    COLUMNS_MISSING = "columns_missing"
    COLUMNS_UNKNOWN = "columns_unknown"
    COLUMNS_TWICE = "columns_twice"
    COLUMN_WITHOUT_NAME = "column_without_name"


class Unreadable(Exception):
    """Nothing of the file was used: `why`, and the `names` of columns or encodings that it speaks of."""

    def __init__(self, why: Why, *names: str) -> None:
        super().__init__(why)
        self.why, self.names = why, names


@dataclass(frozen=True)
class Row:
    """One line under the headings; `number` is the one that a spreadsheet shows beside it."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Columns:
    """What the columns of a list are called: those that must be there, and those that may."""

    needed: Sequence[str]
    optional: Sequence[str] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.needed, *self.optional)


def read_list(content: bytes, columns: Columns) -> list[Row]:
    """The rows that say anything, by the names in `columns`. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(Why.TOO_BIG)
    if content.startswith(_OLD_EXCEL):
        raise Unreadable(Why.OLD_EXCEL)
    lines = enumerate(_workbook(content) if content.startswith(_ZIP) else _text(content), start=1)
    said = ((number, line) for number, line in lines if any(cell not in (None, "") for cell in line))
    heading = next(said, None)
    if heading is None:
        raise Unreadable(Why.NO_ROWS)
    names = _names(heading[1], columns)
    rows: list[Row] = []
    for number, line in said:
        if len(rows) == MOST_ROWS:
            raise Unreadable(Why.TOO_MANY_ROWS)
        rows.append(Row(number, _by_name(names, line)))
    if not rows:
        raise Unreadable(Why.NO_ROWS)
    return rows


def named(heading: str) -> str:
    """A heading as columns are called: "Date of birth" is date_of_birth."""
    return re.sub(r"[\s_-]+", "_", heading.strip().lower())


def headings(columns: Columns) -> list[str]:
    """The same the other way round, for a file to fill in."""
    return [name.replace("_", " ").capitalize() for name in columns.all]


def _names(heading: Sequence[Cell], columns: Columns) -> list[str]:
    names = [named(str(cell)) if cell not in (None, "") else "" for cell in heading]
    there = [name for name in names if name]
    if twice := sorted({name for name in there if there.count(name) > 1}):
        raise Unreadable(Why.COLUMNS_TWICE, *twice)
    if missing := [name for name in columns.needed if name not in there]:
        raise Unreadable(Why.COLUMNS_MISSING, *missing)
    if unknown := [name for name in there if name not in columns.all]:
        raise Unreadable(Why.COLUMNS_UNKNOWN, *unknown)
    return names


def _by_name(names: Sequence[str], line: Sequence[Cell]) -> dict[str, Cell]:
    """A value in a column that has no name belongs to nothing: better asked about than lost."""
    if any(cell not in (None, "") for place, cell in enumerate(line) if place >= len(names) or not names[place]):
        raise Unreadable(Why.COLUMN_WITHOUT_NAME)
    return {name: cell for name, cell in zip(names, line, strict=False) if name}


def _text(content: bytes) -> Iterator[list[Cell]]:
    if content.startswith(_BYTE_ORDER_MARKS):
        raise Unreadable(Why.NOT_UTF8, "UTF-16")
    if b"\0" in content:
        raise Unreadable(Why.NOT_A_LIST)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(Why.NOT_UTF8, "Windows-1252") from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)  # Excel writes semicolons where a comma stands in numbers
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            yield [plain(cell) for cell in line]
    except csv.Error:
        raise Unreadable(Why.NOT_A_LIST) from None


def _workbook(content: bytes) -> Iterator[list[Cell]]:
    """Its first sheet. Whatever a damaged or hostile workbook makes the library do, the file is not a list."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise Unreadable(Why.TOO_BIG)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a sheet says of its own size need not be so
        found = sheet.iter_rows(max_row=MOST_LINES + 1, max_col=MOST_COLUMNS)
        lines = [[_value(cell) for cell in line] for line in found]
        book.close()
        if len(lines) > MOST_LINES:
            raise Unreadable(Why.TOO_MANY_ROWS)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001  the library raises whatever a file that is no workbook makes it meet
        raise Unreadable(Why.NOT_A_LIST) from None
    yield from lines


def _value(cell: object) -> Cell:
    kind, value = getattr(cell, "data_type", "n"), getattr(cell, "value", None)
    if kind in ("f", "e"):
        return Formula()
    return plain(value) if isinstance(value, str) else value


def plain(text: str) -> str | Formula:
    """What stands in a cell, without the blanks around it; nothing that a spreadsheet would work out."""
    stripped = text.strip()
    return Formula() if is_formula(text) and not _NO_FORMULA.fullmatch(stripped) else stripped
