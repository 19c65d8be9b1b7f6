"""Whatever holds something about somebody is declared: how it reaches them, and what a copy and an erasure do."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from accounts.data_map import OF_LIBRARIES
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from records.exporting.titles import TITLES
from records.reach import model_of
from records.tables import TABLES, Fate, Table
from tests.structure.test_personal_fields import our_models


def undeclared(found: list[type[models.Model]], tables: tuple[Table, ...]) -> list[str]:
    """Models that hold something, are led to no person and say nothing of an erasure."""
    known = {table.label for table in tables}
    holding = [model._meta.label for model in found if getattr(model, "held", ())]
    holding += [label for label, held in OF_LIBRARIES.items() if held]
    return sorted(set(holding) - known)


def faults(table: Table) -> list[str]:
    model, wrong = model_of(table), []
    fields = {one.name for one in model._meta.concrete_fields}
    named = f"{table.fields} {table.others} {table.secret}".split()
    wrong += [f"{table.label}.{name} does not exist" for name in named if name not in fields]
    for way in table.ways.split():
        if reached(model, way) is not Person:
            wrong.append(f"{table.label}: {way} leads to no person")
    if not table.ways and not table.why:
        wrong.append(f"{table.label} leads to nobody and does not say why")
    if table.fate is not Fate.DELETED and not table.why:
        wrong.append(f"{table.label} is kept and does not say why")
    if (table.fate is Fate.EMPTIED) != bool(table.fields):
        wrong.append(f"{table.label} says what is emptied, or is not emptied")
    return wrong


def reached(model: type[models.Model], way: str) -> type[models.Model] | None:
    """The model at the end of a lookup, over relations alone."""
    found: type[models.Model] | None = model
    for step in way.split("__") if way != "pk" else ():
        relation = found._meta.get_field(step) if found else None
        found = relation.related_model if isinstance(relation, models.ForeignKey) else None  # type: ignore[assignment]
    return found


def test_every_table_about_somebody_is_declared() -> None:
    assert undeclared(our_models(), TABLES) == []
    assert [fault for table in TABLES for fault in faults(table)] == []
    assert len({table.label for table in TABLES}) == len(TABLES)
    assert set(TITLES) <= {table.label for table in TABLES}


def test_what_hangs_on_a_row_is_deleted_before_it() -> None:
    deleted = [model_of(table) for table in TABLES if table.fate is Fate.DELETED]
    order = {model: place for place, model in enumerate(deleted)}
    late = [
        f"{model.__name__} is deleted after {other.__name__}"
        for model in deleted
        for one in model._meta.concrete_fields
        if (other := one.related_model) in order and other is not model and order[model] > order[other]
    ]
    assert late == []


def test_kept_rows_hang_on_no_deleted_row() -> None:
    deleted = {model_of(table) for table in TABLES if table.fate is Fate.DELETED}
    kept = [
        model for model in apps.get_models() if model._meta.label in {t.label for t in TABLES} and model not in deleted
    ]
    hanging = [
        f"{model._meta.label}.{one.name}"
        for model in kept
        for one in model._meta.concrete_fields
        if one.related_model in deleted and not one.null
    ]
    assert hanging == []


@isolate_apps("participants")
def test_the_check_finds_a_model_that_nobody_declared() -> None:
    class Diary(models.Model):
        mood = models.CharField(max_length=10)
        held = (Held("mood", "to talk about it", Basis.SERVICE, Retention.RECORD),)

        class Meta:
            app_label = "participants"

    assert undeclared([Diary], TABLES) == ["participants.Diary"]


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        (Table("participants.Participant", "programme", Fate.DELETED), "programme leads to no person"),
        (Table("participants.Participant", "person", Fate.EMPTIED, fields="shoe_size", why="x"), "shoe_size does not"),
        (Table("participants.Participant", "", Fate.DELETED), "does not say why"),
        (Table("participants.Participant", "person", Fate.KEPT), "does not say why"),
        (Table("participants.Participant", "person", Fate.EMPTIED, why="x"), "is not emptied"),
    ],
)
def test_the_check_finds_a_wrong_declaration(table: Table, fault: str) -> None:
    assert fault in " ".join(faults(table))
