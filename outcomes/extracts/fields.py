"""What an extract can hold at all: the closed list of fields, each with what its dictionary says of it. PURE.

Here: names, types, values that may stand there, and where each comes from. Not
here: which of them one project has (specification.py), how a value is found
(tables.py). Name, contact, numbers of the health service, day of birth,
postcode, free text, staff, days of the calendar and keys of our own rows are in
no field, so no specification can ask for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NOT_RECORDED = "not_recorded"
ANY = "any"  # a value that was made so wide that it says nothing

STRING, INTEGER, DECIMAL, BOOLEAN = "string", "integer", "decimal", "boolean"
Cell = str | int | float | bool | None

SEXES = {"female": "Female", "male": "Male", NOT_RECORDED: "Not recorded, or another answer"}
ETHNIC = {
    "asian": "Asian", "black": "Black", "mixed": "Mixed", "white": "White", "other": "Other",
    "other_groups": "Any group but White", NOT_RECORDED: "Not recorded",
}  # fmt: skip
CANCERS = {
    "breast": "Breast", "prostate": "Prostate", "bowel": "Bowel", "lung": "Lung", "blood": "Blood", "other": "Other",
    "solid": "Any kind but blood", NOT_RECORDED: "Not recorded",
}  # fmt: skip
FIFTHS = {
    "1": "Most deprived fifth", "2": "Second", "3": "Third", "4": "Fourth", "5": "Least deprived fifth",
    "1_or_2": "Two most deprived fifths", "4_or_5": "Two least deprived fifths", NOT_RECORDED: "Not recorded",
}  # fmt: skip
PHASES = {
    "before": "Before treatment", "during": "During treatment", "after": "After treatment",
    "living_with": "Living with cancer", NOT_RECORDED: "Not recorded",
}  # fmt: skip
WAYS = {
    "self": "By the person", "phone": "Read out by staff", "paper": "On paper", "scribe": "Typed by a supporter",
}  # fmt: skip
MODES = {"in_person": "In person", "remote": "Online", "phone": "By phone"}
EVENTS = {
    "registered": "Registered", "programme_started": "Began the programme", "pause_started": "A break began",
    "pause_ended": "A break ended", "programme_ended": "Left or finished",
}  # fmt: skip
SAFETY = {"near_miss": "Near miss", "incident": "Incident", "adverse_event": "Adverse event"}

STANDS = {"sts_30": "Stands from a chair in 30 seconds", "sts_60": "Stands from a chair in 60 seconds"}
RESULTS = {"done": "Done", "unable": "Tried, and not able to: 0 stands", "not_done": "Not done: no number"}
WHY_NO_STANDS = {
    "needed_arms": "Could not stand up without using the arms",
    "stopped_early": "Had to stop before a first full stand",
    "not_safe": "A safety question was not answered with yes", "not_well": "Not well enough that day",
    "rather_not": "Would rather not", "no_time": "There was no time", "no_chair": "There was no chair that would do",
}  # fmt: skip

CODE = r"[A-Za-z0-9/_][\w.:/+-]{0,99}"  # of an instrument, a version, a question, an answer: never words
ANSWER = rf"-?{CODE}"  # a number may be less than nothing
PID = r"[A-Z2-7]{20}"
_BAND = r"\d{4}-\d{4}|\d{4} or before"


@dataclass(frozen=True)
class Field:
    """One column of one table. A string is one of `allowed`, or all of it fits `pattern`."""

    table: str
    name: str
    label: str
    type: str
    source: str
    allowed: Mapping[str, str] = field(default_factory=dict)
    pattern: str = ""
    unit: str = ""
    missing: str = ""
    derivation: str = ""

    @property
    def key(self) -> str:
        return f"{self.table}.{self.name}"


def _days(table: str, source: str) -> tuple[Field, Field]:
    missing = "empty: never came to a class, so there is no day to count from"
    from_first = "days from the first class that the person attended; no day of the calendar is given"
    day = Field(table, "rel_day", "Day", INTEGER, source, unit="days", missing=missing, derivation=from_first)
    weeks = "rel_day divided by 7, rounded down"
    return day, Field(table, "week", "Week", INTEGER, source, unit="weeks", missing=missing, derivation=weeks)


def _pid(table: str) -> Field:
    made = "HMAC-SHA256 under a key of this project alone, in base32; destroyed with the key at the end"
    return Field(table, "pid", "Person", STRING, "made for this project", pattern=PID, derivation=made)


def _form(table: str) -> Field:
    return Field(table, "form", "Form of this person", INTEGER, "counted", derivation="1 is the person's first form")


def _why(table: str) -> Field:
    return Field(
        table, "reason_null", "Why there is no value", STRING, "recorded", pattern=CODE, missing="empty: there is one"
    )


SAID, GOAL = "said by the person", "goal"
_WIDER = "made wider for the whole extract where groups would be too small; see manifest.json"
_TABLES: tuple[tuple[Field, ...], ...] = (
    (
        _pid("person"),
        Field(
            "person", "age_band", "Year of birth, in bands", STRING, "date of birth",
            {NOT_RECORDED: "Not recorded", ANY: "Any"}, _BAND,
            derivation=f"5 years wide; 90 or older is one band; {_WIDER}",
        ),
        Field("person", "sex", "Sex", STRING, SAID, {**SEXES, ANY: "Any"}, derivation=_WIDER),
        Field("person", "ethnicity", "Ethnic group", STRING, SAID, {**ETHNIC, ANY: "Any"}, derivation=_WIDER),
        Field(
            "person", "deprivation", "Deprivation of the area", STRING, "postcode", {**FIFTHS, ANY: "Any"},
            derivation=f"fifth of the index of multiple deprivation; {_WIDER}",
        ),
        Field(
            "person", "area", "Area", STRING, SAID, {"elsewhere": "Elsewhere or not recorded", ANY: "Any"},
            derivation=f"one of the areas of the programme; {_WIDER}",
        ),
        Field(
            "person", "cancer", "Kind of cancer, in groups", STRING, SAID, {**CANCERS, ANY: "Any"}, derivation=_WIDER
        ),
        Field("person", "treatment_phase", "Phase of treatment", STRING, SAID, PHASES),
        Field("person", "programme", "Programme", STRING, "recorded", pattern=CODE),
        Field(
            "person", "start_quarter", "Quarter of the first class", STRING, "registers",
            {"not_started": "Never came to a class", ANY: "Any"}, r"\d{4}(-Q[1-4])?", derivation=_WIDER,
        ),
        Field("person", "research_consent_version", "Version of the words agreed to", INTEGER, "consent"),
    ),
    (
        _pid("form"),
        _form("form"),
        Field("form", "instrument", "Questionnaire", STRING, "recorded", pattern=CODE),
        Field("form", "version", "Its version", STRING, "recorded", pattern=CODE),
        Field(
            "form", "timepoint", "Timepoint", STRING, "recorded", pattern=CODE,
            derivation="where the same was asked once more, as it had been answered too early, one row for each",
        ),
        Field("form", "mode", "How it was answered", STRING, "recorded", WAYS),
        *_days("form", "the day on which it was answered"),
    ),
    (
        _pid("item"),
        _form("item"),
        Field("item", "item", "Question, by its code", STRING, "recorded", pattern=CODE),
        Field(
            "item", "answer", "Answer, as a number or code", STRING, "answered", pattern=ANSWER,
            missing="empty: see reason_null", derivation="the words of questions and answers are not given",
        ),
        _why("item"),
    ),
    (
        _pid("score"),
        _form("score"),
        Field("score", "scale", "Scale", STRING, "worked out", pattern=CODE),
        Field("score", "value", "Score", DECIMAL, "worked out", missing="empty: see reason_null"),
        _why("score"),
        Field("score", "recipe", "Rule of scoring", STRING, "worked out", pattern=CODE),
        Field("score", "recipe_version", "Its version", STRING, "worked out", pattern=CODE),
        Field("score", "value_set", "Value set of an index", STRING, "worked out", pattern=CODE, missing="empty: none"),
    ),
    (
        _pid("session"),
        *_days("session", "registers"),
        Field("session", "attended", "Attended", BOOLEAN, "registers"),
        Field("session", "mode", "Where", STRING, "timetable", MODES),
        Field("session", "minutes", "Planned length", INTEGER, "timetable", unit="minutes"),
    ),
    (
        _pid("event"),
        Field("event", "type", "What happened", STRING, "recorded", EVENTS),
        *_days("event", "recorded"),
    ),
    (
        _pid("measure"),
        Field("measure", "kind", "What was measured", STRING, "recorded by staff", STANDS),
        Field("measure", "result", "What came of it", STRING, "recorded by staff", RESULTS),
        Field(
            "measure", "value", "Full stands", INTEGER, "recorded by staff", unit="stands",
            missing="empty: it was not done; 0: tried, and not able to",
        ),
        Field(
            "measure", "reason", "Why there is none", STRING, "recorded by staff", WHY_NO_STANDS,
            missing="empty: it was done", derivation="what was put right later is not given",
        ),
        *_days("measure", "the day on which it was measured"),
    ),
    (
        _pid("goal"),
        Field(
            "goal", GOAL, "Goal of this person", INTEGER, "counted",
            derivation="1 is the person's first goal; the words that they wrote are not given",
        ),
        Field(
            "goal", "value", "How near it is, 0 to 10", INTEGER, SAID,
            derivation="each time they said so; of one timepoint the latest counts",
        ),
        Field("goal", "timepoint", "Timepoint", STRING, "recorded", pattern=CODE, missing="empty: none was open"),
        *_days("goal", "the day on which they said so"),
    ),
    (_pid("safety"), Field("safety", "category", "Category, without a day", STRING, "reports", SAFETY)),
)  # fmt: skip
TABLES: Mapping[str, tuple[Field, ...]] = {one[0].table: one for one in _TABLES}
PERSON = "person"
ALWAYS = ("pid", "form", GOAL)  # what holds the tables together comes with each of them
BY_KEY: Mapping[str, Field] = {one.key: one for table in _TABLES for one in table if one.name not in ALWAYS}
QUASI = ("age_band", "sex", "ethnicity", "deprivation", "area", "cancer", "start_quarter")  # what others may know


def fits_code(text: str) -> bool:
    """Whether `text` is a code by its letters, and so no words."""
    return bool(re.fullmatch(CODE, text, re.ASCII))


def fits_answer(text: str) -> bool:
    """The same of the code of an answer."""
    return bool(re.fullmatch(ANSWER, text, re.ASCII))


def as_code(text: str) -> str:
    """`text`, which is a code by its meaning, in letters that a code may have."""
    return re.sub(r"[^\w.:/+-]+", "-", text, flags=re.ASCII).strip("-+.:")[:100]


def unknown(keys: Iterable[str]) -> list[str]:
    """Those of `keys` that are not on the list, in their order."""
    return [key for key in keys if key not in BY_KEY]


def columns(keys: Iterable[str]) -> dict[str, tuple[Field, ...]]:
    """By table, the columns that `keys` come to, in the order of the list. Who is in it is always said."""
    wanted = set(keys)
    return {
        table: tuple(one for one in some if one.name in ALWAYS or one.key in wanted)
        for table, some in TABLES.items()
        if table == PERSON or any(one.key in wanted for one in some)
    }


def quasi_in(keys: Iterable[str]) -> tuple[str, ...]:
    """Which of the fields that others may know are among `keys`."""
    wanted = set(keys)
    return tuple(name for name in QUASI if f"person.{name}" in wanted)


def fits(column: Field, value: Cell, areas: Iterable[str] = ()) -> bool:
    """Whether `value` may stand in `column`; nothing may stand for no person, form or goal."""
    if value is None:
        return column.name not in ALWAYS
    if column.type != STRING:
        return _is_number(column.type, value)
    if not isinstance(value, str):
        return False
    known = value in column.allowed or (column.key == "person.area" and value in set(areas))
    return known or bool(column.pattern and re.fullmatch(column.pattern, value, re.ASCII))


def _is_number(kind: str, value: Cell) -> bool:
    if kind == BOOLEAN or isinstance(value, bool):
        return kind == BOOLEAN and isinstance(value, bool)
    return isinstance(value, int) or (kind == DECIMAL and isinstance(value, float))
