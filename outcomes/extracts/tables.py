"""The tables of an extract: a row for each person, form, answer, score, class, event, measure and goal. PURE.

Here: rows under pseudonyms, with days counted from the first class. Not here:
which people are in it (anonymity.py), how a table is written (files.py), reading
anybody's rows (gathering.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from outcomes.extracts.answers import codes_of, name_of
from outcomes.extracts.facts import Facts, Form
from outcomes.extracts.fields import NOT_RECORDED, PHASES, Cell, Field, as_code, columns
from outcomes.extracts.widening import shown

Row = Mapping[str, Cell]


@dataclass(frozen=True)
class Person:
    """One who is in the extract: their name there, what is shown of them, and the rest."""

    pid: str
    shown: Mapping[str, str]
    facts: Facts


@dataclass(frozen=True)
class Table:
    name: str
    columns: tuple[Field, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(people: Iterable[Person], keys: Iterable[str]) -> list[Table]:
    """The tables that `keys` come to, the people of each in the order of their pseudonyms."""
    in_order = sorted(people, key=lambda person: person.pid)
    return [
        Table(name, some, tuple(_cells(row, some) for person in in_order for row in _rows(name, person)))
        for name, some in columns(keys).items()
    ]


def _cells(row: Row, some: Sequence[Field]) -> tuple[Cell, ...]:
    """An empty string is nothing."""
    return tuple(None if row[one.name] == "" else row[one.name] for one in some)


def _rows(table: str, person: Person) -> Iterator[Row]:
    for row in _MAKERS[table](person):
        yield {"pid": person.pid, **row}


def _person(person: Person) -> Iterator[Row]:
    facts = person.facts
    yield {
        "cancer": shown("cancer", facts.known.get("cancer", ""), 0, 0),  # unless others may know it
        **person.shown,
        "treatment_phase": facts.phase if facts.phase in PHASES else NOT_RECORDED,
        "programme": as_code(facts.programme),
        "research_consent_version": facts.consent_version,
    }


def _forms(person: Person) -> Iterator[Row]:
    for number, form in enumerate(person.facts.forms, 1):
        day = person.facts.day(form.on)
        yield {
            "form": number,
            "instrument": as_code(form.instrument),
            "version": as_code(form.version),
            "timepoint": as_code(form.timepoint),
            "mode": form.mode,
            **_when(day),
        }


def _items(person: Person) -> Iterator[Row]:
    for number, form in enumerate(person.facts.forms, 1):
        for name, answer, reason in _answers(form):
            yield {"form": number, "item": name, "answer": answer, "reason_null": reason}


def _answers(form: Form) -> Iterator[tuple[str, str, str]]:
    """A row for each answer; a question to which several were given has several."""
    for place, question in enumerate(form.questions, 1):
        if question.id in form.replies:
            codes, reason = codes_of(question, form.replies[question.id])
            for code in codes or [""]:
                yield name_of(question, place), code, reason


def _scores(person: Person) -> Iterator[Row]:
    for number, form in enumerate(person.facts.forms, 1):
        for score in form.scores:
            yield {
                "form": number,
                "scale": as_code(score.scale),
                "value": score.value,
                "reason_null": as_code(score.reason),
                "recipe": as_code(score.recipe),
                "recipe_version": as_code(score.recipe_version),
                "value_set": as_code(score.value_set),
            }


def _sessions(person: Person) -> Iterator[Row]:
    for visit in person.facts.visits:
        about: Row = {"attended": visit.attended, "mode": visit.mode, "minutes": visit.minutes}
        yield {**about, **_when(person.facts.day(visit.on))}


def _events(person: Person) -> Iterator[Row]:
    for event in person.facts.events:
        yield {"type": event.type, **_when(person.facts.day(event.on))}


def _measures(person: Person) -> Iterator[Row]:
    for stands in person.facts.stands:
        about: Row = {"kind": stands.kind, "result": stands.result, "value": stands.value, "reason": stands.reason}
        yield {**about, **_when(person.facts.day(stands.on))}


def _goals(person: Person) -> Iterator[Row]:
    for near in person.facts.goals:
        about: Row = {"goal": near.goal, "value": near.value, "timepoint": as_code(near.timepoint)}
        yield {**about, **_when(person.facts.day(near.on))}


def _safety(person: Person) -> Iterator[Row]:
    """In the order of the alphabet: their own order would say when."""
    yield from ({"category": category} for category in sorted(person.facts.safety))


def _when(day: int | None) -> Row:
    return {"rel_day": day, "week": None if day is None else day // 7}


_MAKERS = {
    "person": _person, "form": _forms, "item": _items, "score": _scores, "session": _sessions, "event": _events,
    "measure": _measures, "goal": _goals, "safety": _safety,
}  # fmt: skip
