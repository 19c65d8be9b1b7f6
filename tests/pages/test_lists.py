"""Lists at the desk: chosen, looked at, brought in; what is wrong is said by row and column."""

from __future__ import annotations

import datetime as dt
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from accounts.lists.bringing import fingerprint
from accounts.lists.cells import Wrong
from accounts.lists.sheets import Why
from accounts.models import BroughtList
from accounts.permissions import Role
from classes.models import Series
from classes.timetable import from_list as timetable
from classes.timetable.plans import ObstacleKind, Problem
from frontend import list_words
from participants.models import Registration
from participants.registering import from_list as people
from tests.factories.accounts import MembershipFactory, ProgrammeFactory
from tests.factories.classes import ClassTypeFactory
from tests.factories.lists import text_list

pytestmark = pytest.mark.django_db
PEOPLE = text_list("Given name,Family name,Date of birth,Phone", "Mary,Invented,1950-02-03,01632 960001")
WRONG = text_list("Given name,Family name,Date of birth,Phone", "Mary,Invented,3/2/50,12", "Len,Invented,1950-02-03,1")
CLASSES = text_list(
    "Class type,Instructor,Weekday,Start,Minutes,First date,Last date,Places,Link",
    "Gentle circuit,Ines Teacher,Tuesday,18:00,60,2027-02-02,2027-03-30,12,https://meet.example/x",
)


@pytest.fixture(autouse=True)
def january():
    with time_machine.travel(dt.datetime(2027, 1, 20, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def desk(dee, sign_in):
    return sign_in(dee)


def file(content: bytes, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def look(desk: Any, content: bytes, kind: str = "people", **more: str) -> Any:
    return desk.post("/desk/lists/", {"kind": kind, "days_off": "leave_out", "file": file(content), **more})


def carried(answer: Any) -> dict[str, str]:
    """What the page of the check carries along to the next."""
    return dict(
        re.findall(r'type="hidden" name="(kind|days_off|programme|seen)" value="([^"]*)"', answer.content.decode())
    )


def test_people_are_looked_at_and_then_brought_in_to_be_called(desk, dee):
    looked = look(desk, PEOPLE)
    assert looked.status_code == 200 and not Registration.objects.exists()
    assert "1 new person" in words(looked) and "Mary Invented, 3 February 1950" in words(looked)
    brought = desk.post("/desk/lists/bring/", {**carried(looked), "file": file(PEOPLE)}, follow=True)
    draft = Registration.objects.get()
    shown = words(brought)
    assert "1 person brought in. Nobody was told." in shown and "Brought in on" in shown and "by Dee Desk" in shown
    assert f'href="/desk/register/{draft.reference}/name/"' in brought.content.decode()
    assert "Mary" in desk.get(f"/desk/register/{draft.reference}/name/").content.decode()


def test_a_timetable_is_brought_in_alike(desk, programme, ines):
    ClassTypeFactory(programme=programme, name="Gentle circuit")
    looked = look(desk, CLASSES, "timetable")
    assert "1 new class" in words(looked) and "Without" not in words(looked)
    brought = desk.post("/desk/lists/bring/", {**carried(looked), "file": file(CLASSES)}, follow=True)
    assert "1 class brought in" in words(brought) and "See the timetable" in words(brought)
    assert Series.objects.get().capacity == 12


def test_whether_days_without_classes_are_left_out_is_asked_and_carried_along(desk, programme, ines):
    ClassTypeFactory(programme=programme, name="Gentle circuit")
    may = CLASSES.replace(b"Tuesday", b"Monday").replace(b"2027-02-02", b"2027-05-03").replace(b"-03-30", b"-05-10")
    assert re.search(r'value="leave_out"[^>]* checked', desk.get("/desk/lists/").content.decode())
    assert "Without Monday 3 May 2027 (May Day)" in words(look(desk, may, "timetable"))
    looked = look(desk, may, "timetable", days_off="hold")
    assert "Without" not in words(looked) and carried(looked)["days_off"] == "hold"
    desk.post("/desk/lists/bring/", {**carried(looked), "file": file(may)})
    assert Series.objects.get().excluded_dates == []


def test_what_is_wrong_is_a_table_of_rows_columns_and_what_to_do(desk):
    shown = words(look(desk, WRONG))
    assert "2 things to correct" not in shown and "3 things to correct" in shown
    assert "Row 2 Column Date of birth What to do Write the date as 28/03/2027 or 2027-03-28." in shown
    assert "Row 2 Column Phone What to do “12” is not a telephone number. Correct it, or leave it empty." in shown
    assert "Choose a file" in shown and "Bring in 1" not in shown


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Select what the list is of"),
        ({"kind": "people"}, "Choose the file"),
        ({"kind": "people", "file": file(b"")}, "The file is empty. Choose another"),
        ({"kind": "people", "file": file(b"x" * (1024**2 + 1))}, "The file must be smaller than 1 MB"),
        ({"kind": "people", "file": file("Né".encode("cp1252"))}, "are written as Windows-1252"),
        ({"kind": "people", "file": file(b"Shoe size\n9")}, "These columns are missing: Given name, Family name and"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(desk, sent, said):
    answer = desk.post("/desk/lists/", sent)
    assert answer.status_code == 422 and said in words(answer)


def test_only_the_file_that_was_looked_at_is_brought_in(desk):
    looked = look(desk, PEOPLE)
    other = PEOPLE.replace(b"1950", b"1951")
    refused = desk.post("/desk/lists/bring/", {**carried(looked), "file": file(other)})
    assert refused.status_code == 409 and "This is not the file that you looked at" in words(refused)
    assert not Registration.objects.exists()


def test_the_same_file_again_says_when_and_by_whom(desk):
    looked = look(desk, PEOPLE)
    desk.post("/desk/lists/bring/", {**carried(looked), "file": file(PEOPLE)})
    late = desk.post("/desk/lists/bring/", {**carried(looked), "file": file(PEOPLE)})
    assert late.status_code == 409 and "brought in on Wednesday 20 January 2027 at noon by Dee Desk" in words(late)
    assert "Nothing is brought in a second time" in words(look(desk, PEOPLE))
    known = words(look(desk, PEOPLE + b"\r\n"))
    assert "Everything on this list is here already" in known and "1 person here already, and not changed" in known
    assert "Row 2: Mary Invented" in known
    assert BroughtList.objects.count() == 1


def test_a_list_that_cannot_be_read_any_more_is_refused_on_the_second_page_too(desk):
    bad = b"Shoe size\n9"
    sent = {"kind": "people", "seen": fingerprint(bad), "file": file(bad)}
    refused = desk.post("/desk/lists/bring/", sent)
    assert refused.status_code == 409 and "These columns are missing" in words(refused)


def test_who_works_at_two_desks_says_for_which_the_list_is(desk, dee, programme):
    other = ProgrammeFactory(name="SafeFit Elsewhere")
    MembershipFactory(user=dee, role=Role.COORDINATOR.value, programme=other)
    assert "Select the programme" in words(look(desk, PEOPLE))
    looked = look(desk, PEOPLE, programme=str(other.pk))
    desk.post("/desk/lists/bring/", {**carried(looked), "file": file(PEOPLE)})
    assert Registration.objects.get().programme == other


def test_a_list_of_another_programme_is_not_there(desk, dee):
    there = {"programme": ProgrammeFactory(), "kind": "people", "fingerprint": "x", "rows": 1}
    kept = BroughtList.objects.create(by=dee.person, **there)
    assert desk.get(f"/desk/lists/{kept.pk}/").status_code == 404
    assert "Brought in before" not in words(desk.get("/desk/lists/"))


@pytest.mark.parametrize("kind", [people.PEOPLE, timetable.TIMETABLE])
def test_each_template_is_a_list_of_its_kind_without_rows(desk, kind):
    template = desk.get(f"/desk/lists/{kind}.csv")
    assert template["Content-Disposition"] == f'attachment; filename="{kind}.csv"'
    assert "There is no row under the headings" in words(look(desk, template.content, kind))
    assert desk.get("/desk/lists/anything.csv").status_code == 404


def test_every_code_has_a_sentence():
    own = [value for module in (people, timetable) for name, value in vars(module).items() if name.isupper()]
    codes = {value for value in own if isinstance(value, str)} - {people.PEOPLE, timetable.TIMETABLE}
    codes |= {wrong.value for wrong in Wrong}
    assert codes | {kind.value for kind in ObstacleKind} | {problem.value for problem in Problem} <= {
        str(code) for code in list_words.EVERY_CODE
    }
    assert set(list_words.FILES) == set(Why)


# --- the command -------------------------------------------------------------


def run(path: Path, *more: str) -> str:
    said = StringIO()
    call_command("bring_list", *more, str(path), stdout=said)
    return said.getvalue()


def test_the_command_looks_and_brings_in_only_when_it_is_told_to(programme, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(PEOPLE)
    looked = run(path, "people", "--programme", "wessex")
    assert "1 new, 0 here already" in looked and "--for-real" in looked and not Registration.objects.exists()
    assert "Brought in" in run(path, "people", "--programme", "wessex", "--for-real")
    assert Registration.objects.get().brought_by.by is None
    with pytest.raises(CommandError, match="This very file was brought in on Wednesday 20 January 2027"):
        run(path, "people", "--programme", "wessex", "--for-real")


def test_the_command_names_each_row_that_is_wrong(programme, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(WRONG)
    with pytest.raises(CommandError, match="Row 2, Date of birth: Write the date as"):
        run(path, "people", "--programme", "wessex")


@pytest.mark.parametrize(
    ("name", "content", "programme_slug", "said"),
    [
        ("gone.csv", None, "wessex", "cannot be read"),
        ("people.csv", b"Shoe size\n9", "wessex", "These columns are missing"),
        ("people.csv", PEOPLE, "nowhere", "no programme"),
    ],
)
def test_the_command_says_what_it_cannot_use(programme, tmp_path, name, content, programme_slug, said):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=said):
        run(path, "people", "--programme", programme_slug)
