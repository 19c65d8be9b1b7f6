"""Files of answers: what they come to, and where exactly something in them is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from outcomes.instruments import recipe_called
from outcomes.scoring import DECLINED, UNABLE
from outcomes.scoring.files.answers import BadFile, Row, read_answers
from outcomes.scoring.files.lines import line_of
from outcomes.scoring.files.places import DEEPEST, _starts_of_lines

VECTORS = Path(__file__).parents[3] / "vectors"


def _read(code: str, text: str | bytes, kind: str = "json") -> list[Row]:
    content = text if isinstance(text, bytes) else text.encode()
    return read_answers(content, kind, recipe_called(code))


def _faults(code: str, text: str | bytes, kind: str = "json") -> list[str]:
    with pytest.raises(BadFile) as caught:
        _read(code, text, kind)
    return [str(fault) for fault in caught.value.faults]


# --- JSON --------------------------------------------------------------------


def test_answers_are_a_list_in_order_or_named_with_or_without_the_q() -> None:
    text = (
        """[{"name": "a", "input": [1, null, "declined", 0]}, {"name": 7, "input": {"1": 3, "Q4": 2.0}, "note": []}]"""
    )
    assert _read("phq4", text) == [
        Row("a", {"q1": 1, "q3": DECLINED, "q4": 0}, frozenset({"q1", "q2", "q3", "q4"})),
        Row(7, {"q1": 3, "q4": 2}, frozenset({"q1", "q4"})),
    ]


def test_an_optional_item_may_be_left_out_and_then_has_no_score() -> None:
    [without, with_it] = _read("pam13", '[{"name": 1, "input": [40.5]}, {"name": 2, "input": [40.5, 2]}]')
    recipe = recipe_called("pam13")
    assert line_of(without, recipe)["scores"] == {"score": 40.5}
    assert line_of(with_it, recipe)["scores"] == {"score": 40.5, "level": 2}


def test_a_reason_stands_beside_each_null_and_beside_a_zero_that_means_unable() -> None:
    [row] = _read("sit_to_stand_30s", '[{"name": "x", "input": ["unable"]}]')
    assert row.answers == {"count": UNABLE}
    assert line_of(row, recipe_called("sit_to_stand_30s")) == {
        "name": "x", "scores": {"score": 0.0}, "reasons": {"score": "unable"},
    }  # fmt: skip
    [row] = _read("phq9", '[{"name": "y", "input": {"9": "declined"}}]')
    assert line_of(row, recipe_called("phq9")) == {
        "name": "y",
        "scores": {"total": None, "band": None, "item9_positive": None},
        "reasons": {
            "total": "too few answers",
            "band": "too few answers",
            "item9_positive": "the person would rather not answer",
        },
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[\n {"name": "a",\n  "input": [0, 1, 4, 0]}]', ["line 3, column 19: q3 takes whole numbers from 0 to 3"]),
        (
            '[{"name": "a", "input": [0, 1.5, true, "0"]}]',
            ["column 29: q2", "column 34: q3", 'q4 takes whole numbers from 0 to 3 or "declined", not "0"'],
        ),
        ('[{"name": "a", "input": [0, 1, 2]}]', ["line 1, column 25: phq4 has 4 answers, and here are 3"]),
        ('[{"name": "a", "input": {"q9": 1}}]', ['column 26: "q9" is not an item of phq4; its items are q1, q2']),
        ('[{"name": "a", "input": {"q1": 1, "1": 1}}]', ["column 35: q1 stands twice in one row"]),
        ('[{"name": "a", "input": {"q1": 1, "q1": 2}}]', ['column 35: "q1" stands twice in one row']),
        ('[{"name": "a", "input": 3}]', ["column 25: the input is a list of answers"]),
        ('[{"name": ["a"], "input": [0, 0, 0, 0]}]', ["column 11: a name is a text or a number"]),
        ('[{"input": [0, 0, 0, 0]}, 3]', ['column 2: a row is {"name": …, "input": …}', "column 27: a row is"]),
        ('[{"name": "a", "input": [0, NaN, 0, 0]}]', ["column 29: NaN is not a number that anybody answers"]),
        (f'[{{"name": "a", "input": [0, {"9" * 5000}, 0, 0]}}]', ["column 29: 99999999999999999999 is not a number"]),
        ('[{"name": "a", "input": [0, "unable", 0, 0]}]', ["column 29: q2 takes"]),
        (
            '[{"name": "a", "input": [{"q1": 1}, [1], 0, 0]}]',
            ["column 26: q1 takes whole", 'column 37: q2 takes whole numbers from 0 to 3 or "declined", not a list or'],
        ),
        ('[{"name": "a",\n "input": [0, 1,, 0]}]', ["line 2, column 17: this is not JSON: expecting value"]),
        ("", ["line 1, column 1: this is not JSON: expecting value"]),
        ("[]", ["line 1, column 1: there are no answers in this file"]),
        ("3", ["line 1, column 1: a list of rows is wanted"]),
        ('{"rows": []}', ["line 1, column 1: a list of rows is wanted"]),
        ('{"instrument": "gad7", "cases": []}', ["line 1, column 16: these are answers of gad7, not of phq4"]),
        ("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), [f"line 1, column {DEEPEST + 2}: lists lie within lists too deep"]),
        ("[" * 200_000, ["line 1, column 1: lists lie within lists too deep"]),
        (b'[{"name": "Zo\xeb"', ["line 1, column 14: this is not UTF-8"]),
    ],
)  # fmt: skip
def test_everything_wrong_in_json_is_found_with_its_place(text: str | bytes, expected: list[str]) -> None:
    found = _faults("phq4", text)
    assert len(found) == len(expected), found
    for fault, wanted in zip(found, expected, strict=True):
        assert wanted in fault


def test_the_lines_of_a_file_are_counted_once_however_many_answers_it_has() -> None:
    _starts_of_lines.cache_clear()
    row = '{"name": "a",\n "input": [0, 1, 2, 9]}'
    faults = _faults("phq4", f"[{','.join([row] * 50)}]")
    assert (len(faults), faults[-1][:19]) == (20, "line 21, column 21:")
    assert _starts_of_lines.cache_info().misses == 1


def test_a_variant_takes_the_answers_of_its_instrument() -> None:
    text = '{"instrument": "gad7", "cases": [{"name": "a", "input": [null, 1, 1, 1, 1, 1, 1]}]}'
    [row] = _read("gad7_prorated", text)
    assert line_of(row, recipe_called("gad7_prorated"))["scores"] == {"total": 7, "band": "mild"}


# --- CSV ---------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_row_of_a_table_is_a_person_and_an_empty_cell_is_no_answer(separator: str) -> None:
    lines = ["\ufeffName,Q1,2,q4,q3", "Ann,1,,declined, 3 ", "", " , , , , ", "Bob,2.0,0,1,0"]
    assert _read("phq4", "\r\n".join(lines).replace(",", separator), "csv") == [
        Row("Ann", {"q1": 1, "q4": DECLINED, "q3": 3}, frozenset({"q1", "q2", "q3", "q4"})),
        Row("Bob", {"q1": 2, "q2": 0, "q4": 1, "q3": 0}, frozenset({"q1", "q2", "q3", "q4"})),
    ]


def test_without_names_a_row_is_called_by_its_line() -> None:
    assert [row.name for row in _read("sit_to_stand_30s", "count\n12\nunable\n", "csv")] == ["line 2", "line 3"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,q1,q2,q3,q4\nAnn,1,7,x,0", ["line 2, column 3: q2 takes whole numbers from 0 to 3", "column 4: q3"]),
        ("name,q1,q2,q3,q4\nAnn,1,1,1,1,1,", ["line 2, column 6: there are more cells than columns with a name"]),
        ("name,q1,q2,q3,q4,q5\n", ['line 1, column 6: "q5" is not an item']),
        ("name,id,q1,q2,q3,q4\n", ['line 1, column 2: "id" is not an item']),
        (
            "name,q1,q2,q3,q1\n",
            ["line 1, column 5: there are two columns for q1", "column 6: there is no column for q4"],
        ),
        ("name,q1,q2,q3,q4\n", ["line 1, column 1: there are no answers in this file"]),
        ("", ["there is no column for q1", "for q2", "for q3", "for q4"]),
        ('name,q1,q2,q3,q4\n"Ann"x,1,1,1,1', ["line 2, column 1: this is not CSV"]),
        ("name,q1,q2,q3,q4\nAnn,1,١,1,1", ["line 2, column 3: q2 takes whole numbers from 0 to 3"]),
        (b"name,q1,q2,q3,q4\nZo\xeb,1,1,1,1", ["line 2, column 3: this is not UTF-8"]),
    ],
)
def test_everything_wrong_in_a_table_is_found_with_its_place(text: str | bytes, expected: list[str]) -> None:
    found = _faults("phq4", text, "csv")
    assert len(found) == len(expected), found
    for fault, wanted in zip(found, expected, strict=True):
        assert wanted in fault


# --- the command -------------------------------------------------------------


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[str, str], str]:
    def write(name: str, text: str) -> str:
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


def test_the_command_writes_one_object_for_each_row(file_of: Callable[[str, str], str]) -> None:
    out = StringIO()
    call_command(
        "score_file", "who5", file_of("a.CSV", "name,q1,q2,q3,q4,q5\nZoë,5,5,5,5,5\nBo,,1,1,1,1\n"), stdout=out
    )
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert lines == [
        {"name": "Zoë", "scores": {"raw": 25, "pct": 100}, "reasons": {}},
        {
            "name": "Bo",
            "scores": {"raw": None, "pct": None},
            "reasons": {"raw": "too few answers", "pct": "too few answers"},
        },
    ]


def test_rows_of_one_name_are_scored_each_and_said_to_share_it(file_of: Callable[[str, str], str]) -> None:
    out, err = StringIO(), StringIO()
    table = "name,q1,q2,q3,q4,q5\n" + "Bo,1,1,1,1,1\n" + "Ann,1,1,1,1,1\n" + "Bo,5,5,5,5,5\n" + ",2,2,2,2,2\n" * 2
    call_command("score_file", "who5", file_of("a.csv", table), stdout=out, stderr=err)
    assert [json.loads(line)["scores"]["raw"] for line in out.getvalue().splitlines()] == [5, 5, 25, 10, 10]
    assert err.getvalue().split("a.csv: ")[1:] == [
        '2 rows are called "Bo", and each is scored: line 2, column 1; line 4, column 1\n'
    ]
    rows = [{"name": n // 2, "input": [1, 1, 1, 1, 1]} for n in range(44)] + [{"name": None, "input": [1] * 5}] * 2
    call_command("score_file", "who5", file_of("a.json", json.dumps(rows, indent=1)), stdout=out, stderr=err)
    assert 'called "0", and each is scored: line 3, column 11; line 13, column 11\n' in err.getvalue()
    assert err.getvalue().endswith("a.json: and 2 more names of several rows\n")


def test_of_very_many_faults_some_are_kept_and_the_others_counted() -> None:
    with pytest.raises(BadFile) as caught:
        _read("who5", "q1,q2,q3,q4,q5\n" + "9,9,9,9,9\n" * 1000, "csv")
    assert (len(caught.value.faults), caught.value.more) == (20, 4980)
    many = json.dumps([{"name": 1, "input": [1, 1, 1, 1, 1]}] * 30 + [{"name": 1, "input": [9] * 5}] * 30)
    with pytest.raises(BadFile) as caught:
        _read("who5", many)
    assert (len(caught.value.faults), caught.value.more) == (20, 130)


@pytest.mark.parametrize(
    ("instrument", "name", "text", "said"),
    [
        ("phq10", "a.json", "[]", "There is no instrument 'phq10'. There are: distress_thermometer, ecog"),
        ("who5", "a.xlsx", "", "must end in .json or .csv"),
        ("who5", "a.json", '[{"name": 1, "input": [9, 0, 0, 0, 0]}]', r"a.json: line 1, column 24: q1 takes"),
        ("who5", "a.csv", "q1,q2,q3,q4,q5\n" + "9,0,0,0,0\n" * 25, r"line 21, column 1: .*\n.*and 5 more"),
    ],
)
def test_the_command_refuses_and_says_why(
    instrument: str, name: str, text: str, said: str, file_of: Callable[[str, str], str]
) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match=said) as refused:
        call_command("score_file", instrument, file_of(name, text), stdout=out)
    assert (refused.value.returncode, out.getvalue()) == (1, "")


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("score_file", "who5", str(tmp_path / "none.json"))


def test_the_command_needs_neither_settings_nor_a_database() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "score_file", "qlq_c30", str(VECTORS / "qlq_c30.json")],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout.splitlines()[0])["scores"]["SUM"] == 100
