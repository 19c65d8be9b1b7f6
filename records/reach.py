"""Rows of one person, in any table: by the ways that tables.py declares, and in the history of each table.

Not here: what is done with them. Called by copies and by erasure.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from accounts.data_map import OF_LIBRARIES
from accounts.models import Person
from accounts.permissions import Permission
from accounts.prepared import Given
from accounts.privacy import Held
from records.tables import Table


def model_of(table: Table) -> type[Model]:
    return apps.get_model(table.label)


def history_of(table: Table) -> type[Model] | None:
    """The model of the history rows of this table; None where no history is kept."""
    model = model_of(table)
    return next((one for one in apps.get_models() if getattr(one, "pgh_tracked_model", None) is model), None)


def held_in(table: Table) -> tuple[Held, ...]:
    """What its model, or the data map for a library's, declares as held."""
    declared: tuple[Held, ...] = getattr(model_of(table), "held", ()) or OF_LIBRARIES.get(table.label, ())
    return declared


def rows_of(table: Table, person: Person | Given) -> QuerySet[Any]:
    """Rows about `person`, the oldest first. A Given leaves open whose, for a statement that is written once."""
    return _reached(model_of(table), table, person)


def history_rows_of(table: Table, person: Person | Given) -> QuerySet[Any] | None:
    """What the history of this table keeps about `person`, as far as its rows lead there.

    A row that is somebody else's today was theirs for a time alone, while two records were taken for one.
    """
    history = history_of(table)
    if history is None:
        return None
    own = rows_of(table, person).order_by().values("pk")
    of_others = model_of(table)._default_manager.filter(pk=OuterRef("pgh_obj_id")).exclude(pk__in=own)
    return _reached(history, table, person).exclude(Exists(of_others))


def _reached(model: type[Model], table: Table, person: Person | Given) -> QuerySet[Any]:
    """In a history table the person's own row goes by the key of the row it tells of."""
    leads, key = Q(), person.pk if isinstance(person, Person) else person
    for way in table.ways.split():
        own = hasattr(model, "pgh_tracked_model") and way == "pk"
        leads |= Q(**{"pgh_obj_id" if own else way: key})
    rows: QuerySet[Any] = model._default_manager.filter(leads).order_by("pk")
    if not table.ways:
        return rows.none()
    return rows.exclude(**{table.apart: Permission.READ_SAFEGUARDING}) if table.apart else rows
