"""Everything held about one person, read table by table: values as they are, encrypted ones opened, files apart.

Here: rows and their history as plain values. Not here: who others are (names.py), JSON, pages and the parcel
(paper.py, packing.py). Changes nothing. Called by the worker's job (copies.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import BinaryField, Field, ForeignKey, Model
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Person
from classes.models import Session
from participants.about import conditions_said
from participants.rules.condition import Json
from records.exporting.names import Names, names_for
from records.exporting.titles import TITLES
from records.reach import held_in, history_rows_of, model_of, rows_of
from records.tables import TABLES, Copied, Table

ABOUT_OTHERS: Final = "(about somebody else: not in this copy)"
ASK_US: Final = "(not in this copy: ask us, and a person reads it first)"
Row = dict[str, Any]


@dataclass(frozen=True)
class Purpose:
    """Why some fields are held, as the data map has it."""

    what: tuple[str, ...]
    purpose: str
    basis: str
    kept: str


@dataclass
class Section:
    """One table: what is held now, and what its history says was changed, when and by whom."""

    table: str
    title: str
    purposes: list[Purpose]
    rows: list[Row] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)


@dataclass
class Record:
    """The whole of it. `files`: by the name under which a row speaks of each."""

    person: Person
    sections: list[Section] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    conditions: list[Json] = field(default_factory=list)  # as FHIR has them, for whoever has a use for codes


def tables_to_copy() -> list[Table]:
    """In the order of a record: who somebody is comes first."""
    return [table for table in reversed(TABLES) if table.copied is not Copied.NOT_AT_ALL]


def read_into(record: Record) -> Iterator[Table]:
    """Fill an empty record, table by table, so that whoever waits sees how far it is."""
    names = names_for(record.person)
    for table in tables_to_copy():
        section = _section(table, record, names)
        if section.rows or section.history:
            record.sections.append(section)
        yield table
    record.conditions = [_plain(one, names) for one in conditions_said(participant__person=record.person)]


def _section(table: Table, record: Record, names: Names) -> Section:
    model, held = model_of(table), held_in(table)
    purposes = [Purpose(one.names, one.purpose, one.basis.value, one.retention.value) for one in held]
    title = TITLES.get(table.label) or _sentence(str(model._meta.verbose_name_plural))
    section = Section(table.label, title, purposes)
    fields = _fields(table, model)
    section.rows = [_row(row, fields, table, record, names) for row in rows_of(table, record.person)]
    history = history_rows_of(table, record.person)
    if history is not None:
        kept = [one for one in _fields(table, history.model) if one.name != "pgh_obj"]
        section.history = [_change(row, kept, table, record, names) for row in history.order_by("pgh_id")]
    return section


def _fields(table: Table, model: type[Model]) -> list[Field[Any, Any]]:
    """What is held, and whom and what a row speaks of. What opens a door is left out."""
    held = {name for one in held_in(table) for name in one.names} - set(table.secret.split())
    return [
        one
        for one in model._meta.concrete_fields
        if one.name in held or (isinstance(one, ForeignKey) and not one.primary_key and one.name != "pgh_obj")
    ]


def _row(row: Model, fields: Iterable[Field[Any, Any]], table: Table, record: Record, names: Names) -> Row:
    return {one.name: _value(row, one, table, record, names) for one in fields}


def _change(row: Any, fields: list[Field[Any, Any]], table: Table, record: Record, names: Names) -> Row:
    context = row.pgh_context or {}
    what = {"when": row.pgh_created_at, "change": row.pgh_label, "who": names.of_actor(context.get("by", ""))}
    what |= {"action": context.get("action", ""), "reason": _plain(context.get("reason", ""), names)}
    return what | _row(row, fields, table, record, names)


def _value(row: Any, one: Field[Any, Any], table: Table, record: Record, names: Names) -> Any:
    if isinstance(one, ForeignKey):
        return _other_row(row, one, names)
    value = getattr(row, one.attname)
    if value in (None, "", [], {}):
        return value
    if one.name in table.others.split():
        return ABOUT_OTHERS
    if table.copied is Copied.WITHOUT_WORDS and isinstance(one, EncryptedTextField):
        return ASK_US
    if isinstance(one, BinaryField):
        return _file(row, value, record)
    if one.choices:
        return getattr(row, f"get_{one.name}_display")()
    return _plain(value, names)


def _plain(value: Any, names: Names) -> Any:
    """As JSON holds it, with nobody else's name."""
    if isinstance(value, bool | int | float | dt.date | dt.time | None):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(one, names) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, names) for one in value]
    return names.without_others(_span(value) if hasattr(value, "lower_inc") else str(value))


def _span(value: Any) -> str:
    """From when until when."""
    return " to ".join(f"{end:%Y-%m-%d %H:%M}" for end in (value.lower, value.upper) if end is not None)


def _other_row(row: Any, one: ForeignKey[Any, Any], names: Names) -> Any:
    """People by what they are to the person; anything else by what it is called; a row of their own by its number."""
    model, key = one.related_model, getattr(row, one.attname)
    if key is None or model is Person:
        return names.of(key)
    if getattr(model, "held", None):
        return f"{model._meta.verbose_name} {key}"
    if model is Session:
        return _class_words(key)
    other = model._default_manager.filter(pk=key).first()
    return names.without_others(str(other)) if other is not None else str(key)


def _class_words(key: int) -> str:
    session = Session.objects.select_related("class_type").get(pk=key)
    when = timezone.localtime(session.starts_at).strftime("%-d %B %Y, %H:%M")
    return f"{session.class_type.name}, {when}"


def _file(row: Any, content: Any, record: Record) -> str:
    """Put beside the papers, under a name that says which row it belongs to."""
    ending = str(getattr(row, "media_type", "")).rpartition("/")[2] or "bin"
    name = f"files/{row._meta.model_name}-{row.pk}.{ending}"
    record.files[name] = bytes(content)
    return name


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
