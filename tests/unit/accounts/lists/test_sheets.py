from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest

from accounts.lists import sheets
from accounts.lists.cells import BadCell, Wrong, clock, day, number, words
from accounts.lists.sheets import Columns, Formula, Unreadable, Why, headings, read_list
from tests.factories.lists import day_in_a_sheet, text_list, workbook

COLUMNS = Columns(needed=("name", "date_of_birth"), optional=("phone",))
HEAD = "Name,Date of birth,Phone"


def read(*lines: str) -> list[tuple[int, dict[str, Any]]]:
    return [(row.number, dict(row.cells)) for row in read_list(text_list(*lines), COLUMNS)]


def refusal(content: bytes) -> tuple[Why, tuple[str, ...]]:
    with pytest.raises(Unreadable) as refused:
        read_list(content, COLUMNS)
    return refused.value.why, refused.value.names


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_is_read_by_the_names_of_its_columns_whatever_stands_between_them(mark, separator):
    lines = [mark + HEAD, 'Zoë O’Neill,1950-02-03,"01632 960001"', ",,", " Ann ,03/04/1951"]
    rows = read(*(line.replace(",", separator) for line in lines))
    assert rows == [
        (2, {"name": "Zoë O’Neill", "date_of_birth": "1950-02-03", "phone": "01632 960001"}),
        (4, {"name": "Ann", "date_of_birth": "03/04/1951"}),
    ]


def test_a_workbook_is_read_alike_with_its_own_days_times_and_numbers():
    content = workbook(
        ["NAME", "date-of  birth", None, "Phone"],
        [],
        ["Ann", day_in_a_sheet(1950, 2, 3), None, 1632960001],
    )
    (row,) = read_list(content, COLUMNS)
    assert (row.number, row.cells["name"], day(row.cells["date_of_birth"])) == (3, "Ann", dt.date(1950, 2, 3))
    assert words(row.cells["phone"]) == "1632960001"


@pytest.mark.parametrize(
    ("lines", "why", "names"),
    [
        (["Name,Phone", "Ann,1"], Why.COLUMNS_MISSING, ("date_of_birth",)),
        ([HEAD + ",Shoe size", "Ann,x,x,x"], Why.COLUMNS_UNKNOWN, ("shoe_size",)),
        ([HEAD + ",name", "Ann,x,x,x"], Why.COLUMNS_TWICE, ("name",)),
        ([HEAD, "Ann,x,x,lost"], Why.COLUMN_WITHOUT_NAME, ()),
        ([HEAD + ",", "Ann,x,x,lost"], Why.COLUMN_WITHOUT_NAME, ()),
        ([HEAD, "", ",,"], Why.NO_ROWS, ()),
        ([""], Why.NO_ROWS, ()),
        ([HEAD, 'Ann,"x" y,z'], Why.NOT_A_LIST, ()),
    ],
)
def test_a_list_whose_columns_are_not_understood_is_refused_by_name(lines, why, names):
    assert refusal(text_list(*lines)) == (why, names)


@pytest.mark.parametrize(
    ("content", "why", "names"),
    [
        (f"{HEAD}\nZoë,x".encode("cp1252"), Why.NOT_UTF8, ("Windows-1252",)),
        (f"{HEAD}\nAnn,x".encode("utf-16"), Why.NOT_UTF8, ("UTF-16",)),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", Why.OLD_EXCEL, ()),
        (b"\x89PNG\r\n\0\0", Why.NOT_A_LIST, ()),
        (b"PK\x03\x04 and nothing else", Why.NOT_A_LIST, ()),
    ],
)
def test_what_is_no_list_is_refused_and_an_encoding_is_named(content, why, names):
    assert refusal(content) == (why, names)


def packed(size: int) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return kept.getvalue()


def test_a_list_has_bounds(monkeypatch):
    assert refusal(b"x" * (sheets.MOST_BYTES + 1)) == (Why.TOO_BIG, ())
    assert refusal(packed(sheets.MOST_UNPACKED + 1)) == (Why.TOO_BIG, ())
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    monkeypatch.setattr(sheets, "MOST_LINES", 10)
    assert len(read(HEAD, "A,x", "B,x")) == 2
    assert refusal(text_list(HEAD, "A,x", "B,x", "C,x")) == (Why.TOO_MANY_ROWS, ())
    assert refusal(workbook(HEAD.split(","), *[[" "]] * 10)) == (Why.TOO_MANY_ROWS, ())


@pytest.mark.parametrize("text", ["@SUM(A1)", "+1+cmd|' /C calc'!A0", "-2+3", "-a(1)"])  # more: test_spreadsheets.py
def test_nothing_is_worked_out(text):
    assert sheets.plain(text) == Formula()


@pytest.mark.parametrize("text", ["+44 (0)1632 960-001", "-Ann", "- ", "O'Neill", "1-2"])
def test_a_telephone_number_and_a_name_are_no_formulas(text):
    assert sheets.plain(text) in (text.strip(), Formula())
    assert (sheets.plain(text) == Formula()) is (text == "- ")


def test_a_formula_in_a_workbook_is_not_taken_for_what_it_came_to():
    (row,) = read_list(workbook(HEAD.split(","), ["=A1", "x", "#REF!"]), COLUMNS)
    assert row.cells["name"] == Formula()
    with pytest.raises(BadCell) as bad:
        words(row.cells["name"])
    assert bad.value.wrong == Wrong.FORMULA


def test_a_file_to_fill_in_has_these_headings():
    assert headings(COLUMNS) == ["Name", "Date of birth", "Phone"]
    assert read_list(text_list(",".join(headings(COLUMNS)), "A,b,c"), COLUMNS)[0].cells["date_of_birth"] == "b"


DAY, TIME = dt.date(1950, 2, 3), dt.time(18, 30)


@pytest.mark.parametrize("cell", ["1950-02-03", "03/02/1950", "3/2/1950", day_in_a_sheet(1950, 2, 3)])
def test_a_day_is_written_in_two_ways_or_is_one(cell):
    assert day(cell) == DAY


@pytest.mark.parametrize(
    ("read_cell", "cell", "wrong"),
    [
        *[(day, cell, Wrong.NOT_A_DAY) for cell in ("3/2/50", "1950-2-3", "3 Feb 1950", "31/02/1950", "२/3/1950")],
        *[(day, cell, Wrong.NOT_A_DAY) for cell in (18297, 1.5, True, day_in_a_sheet(1950, 2, 3, 9), dt.time(9))],
        *[(clock, cell, Wrong.NOT_A_TIME) for cell in ("6pm", "24:00", "18:60", 0.75, 18)],
        *[(number, cell, Wrong.NOT_A_NUMBER) for cell in ("1_000", "٣", "-1", 1.5, True, "1e3", dt.time(9))],
        *[(words, cell, Wrong.NOT_WORDS) for cell in (day_in_a_sheet(1950, 2, 3), dt.time(9), True)],
        (words, "x" * (sheets.LONGEST_CELL + 1), Wrong.TOO_LONG),
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read(read_cell, cell, wrong):
    with pytest.raises(BadCell) as bad:
        read_cell(cell)
    assert bad.value.wrong == wrong


@pytest.mark.parametrize(("cell", "read_as"), [("18:30", TIME), ("18.30", TIME), (dt.time(18, 30, 0, 9), TIME)])
def test_a_clock_time_has_twenty_four_hours(cell, read_as):
    assert clock(cell) == read_as


def test_numbers_and_words_and_nothing():
    assert [number(cell) for cell in ("12", 12, 12.0, "", None)] == [12, 12, 12, None, None]
    assert [words(cell) for cell in ("Ann", 12, 12.0, 1.5, None, "")] == ["Ann", "12", "12", "1.5", "", ""]
    assert day("") is day(None) is clock(None) is clock("") is None
