from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from typing import Any

import pytest

from outcomes.extracts.anonymity import Rules
from outcomes.extracts.answers import NOT_GIVEN_OUT, codes_of, name_of, outgoing_replies
from outcomes.extracts.checking import findings
from outcomes.extracts.facts import Event, Facts, Form, Near, Scale, Stands, Visit, quarter_of
from outcomes.extracts.fields import BY_KEY
from outcomes.extracts.files import File, bundle_of, files_of, read_csv
from outcomes.extracts.resources import observations, responses
from outcomes.extracts.tables import Person, Table, tables
from outcomes.questions import every_question
from tests.factories.extracts import rows_of

FIRST = dt.date(2026, 3, 2)
ITEMS: tuple[dict[str, Any], ...] = (
    {"linkId": "/1-0", "type": "integer", "text": "Secret words of how many"},
    {"linkId": "2", "type": "choice", "repeats": True, "text": "Which", "answerOption": [
        {"valueCoding": {"system": "urn:x", "code": "a-b"}}, {"valueCoding": {"code": "in words"}},
    ]},
    {"linkId": "your say", "type": "text", "text": "Say it"},
    {"linkId": "4", "type": "date", "text": "When"},
    {"linkId": "5", "type": "boolean", "text": "Yes or no"},
    {"linkId": "6", "type": "decimal", "text": "How much"},
    {"linkId": "7", "type": "quantity", "text": "How far"},
    {"linkId": "8", "type": "choice", "text": "Rated", "answerOption": [
        {"valueCoding": {"code": str(n), "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue",
                                                        "valueDecimal": n}]}} for n in (-1, 0, 1)]},
    {"linkId": "9", "type": "integer", "text": "Not said"},
    {"linkId": "10", "type": "open-choice", "text": "Other", "answerOption": [{"valueCoding": {"code": "x"}}]},
    {"linkId": "11", "type": "integer", "text": "Left out"},
    {"linkId": "secret words of a group", "type": "group", "text": "Secret words", "item": [
        {"linkId": "secret words of how", "type": "choice", "text": "How", "answerOption": [
            {"valueCoding": {"code": "y"}}], "item": [{"linkId": "why not", "type": "integer", "text": "Why"}]},
        {"linkId": "plain", "type": "group", "item": [{"linkId": "13", "type": "integer", "text": "More"}]},
    ]},
)  # fmt: skip
REPLIES: dict[str, Any] = {
    "/1-0": 12,
    "2": [{"valueCoding": {"system": "urn:x", "code": "a-b"}}, {"valueCoding": {"code": "in words"}}],
    "your say": [{"valueString": "canary phrase"}],
    "4": [{"valueDate": "2026-03-09"}],
    "5": [{"valueBoolean": True}],
    "6": [{"valueDecimal": -2.5}],
    "7": [{"valueQuantity": {"value": 3, "unit": "km"}}],
    "8": -1,
    "9": "declined",
    "10": [{"valueString": "canary phrase"}],
    "secret words of how": [{"valueCoding": {"code": "y"}}],
    "why not": 3,
    "13": 4,
}
FORM = Form(
    instrument="walks", version="2 (UK)", canonical="urn:walks|2 (UK)", timepoint="start", mode="self",
    way="ONLINEWRIT", on=dt.date(2026, 3, 9), replies=REPLIES, questions=every_question(ITEMS), items=ITEMS,
    scores=(
        Scale("total", 41.5, "", "walks", "2", "uk", (("http://loinc.org", "1-8"),)),
        Scale("part", None, "too_few_answers", "walks", "2"),
    ),
)  # fmt: skip
FACTS = Facts(
    known={"cancer": "lung"},
    programme="wessex",
    consent_version=2,
    phase="after",
    visits=(Visit(FIRST - dt.timedelta(7), False, "in_person", 60), Visit(FIRST, True, "remote", 45)),
    forms=(FORM,),
    events=(Event(FIRST - dt.timedelta(10), "registered"),),
    stands=(Stands(FIRST + dt.timedelta(8), "sts_30", "done", 12),
            Stands(FIRST + dt.timedelta(9), "sts_60", "not_done", None, "no_chair")),
    goals=(Near(FIRST, 1, 0, "week 12"), Near(FIRST + dt.timedelta(3), 2, 10)),
    safety=("near_miss",),
)  # fmt: skip
SHOWN = {"age_band": "1955-1959", "sex": "female", "ethnicity": "white", "deprivation": "3", "area": "Dorset",
         "cancer": "solid", "start_quarter": "2026-Q1"}  # fmt: skip
PAT, QUINN = "A" * 20, "B" * 20
ALL = frozenset(BY_KEY)
LINES, SCORES = "questionnaire-responses.ndjson", "observations.ndjson"
OFF, WORDS = "that is not on the list", "that may be words or a day"
RULES = Rules(k=2, quasi=tuple(SHOWN), order=())


def people(*pids: str, facts: Facts = FACTS) -> list[Person]:
    return [Person(pid, SHOWN, facts) for pid in pids]


def written(some: list[Person], keys: frozenset[str] = ALL) -> list[File]:
    return files_of(tables(some, keys), responses(some, keys), observations(some, keys), {"questionnaires": []})


def content(files: list[File], name: str) -> bytes:
    return next(file.content for file in files if file.name == name)


def test_days_are_counted_from_the_first_class_attended_and_gaps_stay_as_they_were() -> None:
    rows = rows_of(content(written(people(PAT)), "session.parquet"))
    assert [(row["rel_day"], row["week"], row["attended"]) for row in rows] == [(-7, -1, False), (0, 0, True)]
    assert rows_of(content(written(people(PAT)), "form.parquet"))[0]["rel_day"] == 7
    assert rows_of(content(written(people(PAT)), "event.parquet"))[0]["rel_day"] == -10


def test_somebody_who_never_came_has_no_days() -> None:
    never = Facts(known={}, programme="wessex", consent_version=1, forms=(FORM,), phase="unheard of")
    files = written(people(PAT, facts=never))
    assert rows_of(content(files, "form.parquet"))[0]["rel_day"] is None
    assert rows_of(content(files, "person.parquet"))[0]["treatment_phase"] == "not_recorded"
    assert b"relative-day" not in content(files, "observations.ndjson")
    assert quarter_of(None) == "not_started"
    assert quarter_of(FIRST) == "2026-Q1"


def test_answers_go_out_as_numbers_and_codes_and_nothing_that_somebody_wrote_or_a_day() -> None:
    rows = rows_of(content(written(people(PAT)), "item.parquet"))
    assert [(row["item"], row["answer"], row["reason_null"]) for row in rows] == [
        ("/1-0", "12", None), ("2", "a-b", None), ("2", "option-2", None), ("question-3", None, NOT_GIVEN_OUT),
        ("4", None, NOT_GIVEN_OUT), ("5", "true", None), ("6", "-2.5", None), ("7", "3", None), ("8", "-1", None),
        ("9", None, "declined"), ("10", None, NOT_GIVEN_OUT),
        ("question-12", "y", None), ("question-13", "3", None), ("13", "4", None),
    ]  # fmt: skip
    question = FORM.questions[4]
    assert codes_of(question, [{"valueBoolean": False}]) == (["false"], "")
    assert name_of(question, 5) == "5"
    assert set(outgoing_replies(FORM.questions, REPLIES)) == set(REPLIES) - {"your say", "4", "10"}


def test_what_was_measured_and_how_near_goals_are_go_out_with_days_and_without_the_words_of_a_goal() -> None:
    files = written(people(PAT))
    assert [list(row.values())[1:] for row in rows_of(content(files, "measure.parquet"))] == [
        ["sts_30", "done", 12, None, 8, 1], ["sts_60", "not_done", None, "no_chair", 9, 1],
    ]  # fmt: skip
    assert [list(row.values())[1:] for row in rows_of(content(files, "goal.parquet"))] == [
        [1, 0, "week-12", 0, 0], [2, 10, None, 3, 0],
    ]  # fmt: skip
    assert findings(written(people(PAT, QUINN)), RULES, ALL, ["Dorset"]) == []


def test_the_twins_say_the_same_and_a_spreadsheet_runs_nothing() -> None:
    files = written(people(PAT))
    as_csv = read_csv(content(files, "item.csv"))
    as_parquet = rows_of(content(files, "item.parquet"))
    assert [row["answer"] for row in as_csv] == [row["answer"] or "" for row in as_parquet]
    column = BY_KEY["person.area"]
    made = files_of([Table("person", (column,), (("=1+1",), ("-3",), (None,)))], [], [], {})
    assert [row["area"] for row in read_csv(content(made, "person.csv"))] == ["'=1+1", "-3", ""]


def test_no_words_of_a_form_and_no_day_of_the_calendar_leave_with_it() -> None:
    files = written(people(PAT))
    for file in files:
        for word in (b"secret words", b"canary phrase", b"in words", b"why not", b"2026-03", b"0001-01-01"):
            assert word not in file.content.lower(), (file.name, word)
    (response,) = [json.loads(line) for line in content(files, "questionnaire-responses.ndjson").splitlines()]
    assert response["subject"]["identifier"]["value"] == PAT
    items = {item["linkId"]: item for item in response["item"]}
    assert items["2"]["answer"][1] == {"valueCoding": {"system": "urn:safefit:place-of-option", "code": "2"}}
    how, plain = items["group-1"]["item"]
    assert (how["linkId"], how["answer"][0]["item"][0]["linkId"]) == ("question-12", "question-13")
    assert (plain["linkId"], plain["item"][0]["linkId"]) == ("plain", "13")
    assert {"url": "urn:safefit:relative-day", "valueInteger": 7} in response["extension"]
    assert "authored" not in response
    first, second = (json.loads(line) for line in content(files, "observations.ndjson").splitlines())
    assert (first["valueQuantity"], first["code"]["coding"][1]["code"]) == ({"value": 41.5}, "1-8")
    assert second["dataAbsentReason"]["text"] == "too_few_answers"


def test_only_what_was_agreed_is_in_any_file() -> None:
    few = frozenset({"person.sex", "score.value", "score.scale", "item.item", "item.answer"})
    files = written(people(PAT), few)
    assert [file.name for file in files] == [
        "person.parquet", "person.csv", "item.parquet", "item.csv", "score.parquet", "score.csv",
        "questionnaire-responses.ndjson", "observations.ndjson", "dictionary.json", "README.txt",
    ]  # fmt: skip
    both = content(files, "questionnaire-responses.ndjson") + content(files, "observations.ndjson")
    for word in (b"walks", b"relative-day", b"ONLINEWRIT", b"too_few", b'urn:safefit:score"'):
        assert word not in both.replace(b'"system":"urn:safefit:score"', b""), word
    assert [one["name"] for one in json.loads(content(files, "dictionary.json"))["tables"]["person"]] == ["pid", "sex"]
    few = [file.name for file in written(people(PAT), frozenset({"person.sex"}))]
    assert few == ["person.parquet", "person.csv", "dictionary.json", "README.txt"]


def test_the_same_rows_make_the_same_bytes_in_whatever_order_they_came() -> None:
    def bundle(*pids: str) -> bytes:
        return bundle_of(written(people(*pids)), {"k": 5}, lambda manifest: hashlib.sha256(manifest).hexdigest())

    assert bundle(PAT, QUINN) == bundle(QUINN, PAT)


def test_the_manifest_names_every_file_with_its_fingerprint_and_is_signed() -> None:
    files = written(people(PAT, QUINN))
    made = bundle_of(files, {"k": 5}, lambda manifest: hashlib.sha256(manifest).hexdigest())
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        manifest = archive.read("manifest.json")
        entries = {one["name"]: one for one in json.loads(manifest)["files"]}
        assert set(archive.namelist()) == {*entries, "manifest.json", "manifest.json.sig"}
        for name, entry in entries.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == entry["sha256"], name
        assert archive.read("manifest.json.sig").decode() == hashlib.sha256(manifest).hexdigest()
    assert entries["person.csv"]["rows"] == 2
    assert entries["session.parquet"]["rows"] == 4


def test_the_second_look_finds_nothing_in_a_sound_extract() -> None:
    assert findings(written(people(PAT, QUINN)), RULES, ALL, ["Dorset"]) == []
    diverse = Rules(k=2, quasi=("area",), order=(), l=1, diverse="cancer")
    assert findings(written(people(PAT, QUINN)), diverse, ALL, ["Dorset"]) == []


@pytest.mark.parametrize(
    ("rules", "areas", "change", "found"),
    [
        (Rules(3, ("area",), ()), ["Dorset"], None, "a group of 2 people, where 3 is the least"),
        (
            Rules(2, ("area",), (), l=2, diverse="cancer"), ["Dorset"], None,
            "a group whose cancer takes 1 values, where 2 is the least",
        ),
        (RULES, ["Hampshire"], None, "a value in person.area that is not on the list"),
        (RULES, ["Dorset"], ("form.csv", PAT, "C" * 20), "form.csv holds somebody who is not in person.csv"),
        (RULES, ["Dorset"], ("person.csv", QUINN, PAT), "person.csv holds somebody twice"),
        (RULES, ["Dorset"], ("session.csv", "remote", "Pat"), "a value in session.mode that is not on the list"),
        (RULES, ["Dorset"], ("session.csv", "true", "maybe"), "a value in session.attended that is not on the list"),
        (RULES, ["Dorset"], ("session.csv", "45", "long"), "a value in session.minutes that is not on the list"),
        (RULES, ["Dorset"], ("safety.csv", "category", "postcode"), "other columns in safety than were agreed"),
        (RULES, ["Dorset"], ("safety.csv", None, None), "other tables than were agreed"),
        (RULES, ["Dorset"], (LINES, PAT, "C" * 20), f"{LINES} holds somebody who is not in person.csv"),
        (RULES, ["Dorset"], (LINES, '"status"', '"authored":"2026-03-09","status"'), f"a part of {LINES} {OFF}"),
        (RULES, ["Dorset"], (SCORES, '"status"', '"note":[],"status"'), f"a part of {SCORES} {OFF}"),
        (RULES, ["Dorset"], (LINES, '{"valueDecimal":-2.5}', '{"valueString":"No"}'), f"an answer in {LINES} {WORDS}"),
        (RULES, ["Dorset"], (LINES, '"code":"a-b"', '"code":"a b"'), f"an answer in {LINES} {WORDS}"),
        (RULES, ["Dorset"], (LINES, '"code":"a-b"', '"code":"a-b","display":"A"'), f"an answer in {LINES} {WORDS}"),
        (RULES, ["Dorset"], (LINES, '"linkId":"13"', '"linkId":"how are"'), f"an answer in {LINES} {WORDS}"),
        (RULES, ["Dorset"], (LINES, '"linkId":"question-13"', '"linkId":"how are"'), f"an answer in {LINES} {WORDS}"),
    ],
)  # fmt: skip
def test_the_second_look_finds_each_thing_that_must_not_be(
    rules: Rules, areas: list[str], change: tuple[str, str, str] | None, found: str
) -> None:
    files = written(people(PAT, QUINN))
    if change and not change[1]:
        files = [file for file in files if file.name != change[0]]
    elif change:
        files = [
            File(
                one.name,
                one.content.replace(change[1].encode(), change[2].encode()) if one.name == change[0] else one.content,
            )
            for one in files
        ]
    assert found in findings(files, rules, ALL, areas)


def test_an_extract_without_a_fact_about_people_still_says_who_is_in_it() -> None:
    few = frozenset({"score.value"})
    assert findings(written(people(PAT, QUINN), few), Rules(2, (), ()), few, []) == []


def test_an_extract_of_nobody_is_found() -> None:
    assert "nobody is in it" in findings(written([]), RULES, ALL, [])
