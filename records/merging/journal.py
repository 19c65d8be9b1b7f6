"""Changing rows so that it can be undone: each step does it, writes it down, and can be taken back.

Here: moving, changing, setting aside and adding rows, with the leave of triggers that would forbid it, for the one
statement that needs it; and taking a step back. Not here: which rows and why. Called by merging/ alone, inside one
transaction. What stands in a row is kept as the database writes it, so that it comes back as it was.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection, transaction
from django.db.models import ForeignKey, Model, QuerySet

from records.models import Merge, MergeChange, What

FORBID = (pgtrigger.Protect, pgtrigger.ReadOnly, pgtrigger.FSM)
BEGUN_BEFORE = timedelta(minutes=5)  # history is dated by the start of the transaction, a merge by its own clock
Rows = dict[str, dict[str, Any]]


class Journal:
    """What one merge does, step by step."""

    def __init__(self, merge: Merge) -> None:
        self.merge = merge

    def move(self, model: type[Model], field: str, keys: Collection[Any], *, to: int, before: int) -> None:
        """Those rows name `to` in `field`, where they named `before`."""
        with leave_of(model):
            model._base_manager.filter(pk__in=keys, **{field: before}).update(**{field: to})
        self._note(What.MOVED, model, [before, to, [str(key) for key in keys]], field)

    def change(self, row: Model, **values: object) -> None:
        model = type(row)
        with self.watching(model._base_manager.filter(pk=row.pk)), leave_of(model):
            model._base_manager.filter(pk=row.pk).update(**values)

    @contextmanager
    def watching(self, *watched: QuerySet[Any]) -> Iterator[None]:
        """Whatever an action changes in these rows is written down. They are known by their keys from here on."""
        known = [(rows.model, list(rows.order_by().values_list("pk", flat=True))) for rows in watched]
        before = [rows_of(model, keys) for model, keys in known]
        yield
        for (model, keys), was in zip(known, before, strict=True):
            now = rows_of(model, keys)
            differs = {key: _differing(was[key], now[key]) for key in was}
            changed = [[key, *both] for key, both in differs.items() if both[0]]
            self._note(What.CHANGED, model, changed)

    def set_aside(self, rows: QuerySet[Any], *, alone: bool = False) -> None:
        """Out of their table with everything that hangs on them, and kept here whole. `alone`: nothing does."""
        model, keys = rows.model, list(rows.order_by().values_list("pk", flat=True))
        for child, field in () if alone or not keys else children_of(model):
            self.set_aside(child._base_manager.filter(**{f"{field}__in": keys}))
        kept = [[key, json.dumps(row)] for key, row in rows_of(model, keys).items()]
        with leave_of(model):
            own = model._base_manager.filter(pk__in=keys)
            own._raw_delete(own.db)
        self._note(What.REMOVED, model, kept)

    def add(self, row: Model) -> None:
        row.save(force_insert=True)
        self._note(What.ADDED, type(row), [str(row.pk)])

    def _note(self, what: What, model: type[Model], rows: list[Any], field: str = "") -> None:
        if rows:
            MergeChange.objects.create(merge=self.merge, what=what, table=model._meta.label, field=field, rows=rows)


@contextmanager
def leave_of(model: type[Model]) -> Iterator[None]:
    """No trigger of this table forbids a change, for as long as it lasts. Those that keep history go on."""
    triggers = getattr(model._meta, "triggers", ())  # none on the tables of libraries
    forbidding = [f"{model._meta.label}:{one.name}" for one in triggers if isinstance(one, FORBID)]
    with pgtrigger.ignore(*forbidding) if forbidding else nullcontext(), transaction.atomic():
        yield


def children_of(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """What names rows of `model`, history left out: it stays as it was written."""
    for relation in model._meta.related_objects:
        child = relation.related_model
        is_table = child._meta.managed and not child._meta.proxy and not hasattr(child, "pgh_tracked_model")
        if is_table and isinstance(relation.field, ForeignKey):
            yield child, relation.field.name


def rows_of(model: type[Model], keys: Collection[Any]) -> Rows:
    """Whole rows by key, every value as the database writes it."""
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{key}"::text, to_jsonb(t)::text FROM "{table}" t WHERE "{key}"::text = ANY(%s) ORDER BY "{key}"',  # noqa: S608  names of our models
            [[str(one) for one in keys]],
        )
        return {pk: json.loads(row) for pk, row in cursor.fetchall()}


def _differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in before if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def take_back(change: MergeChange) -> None:
    """One step, undone. What somebody has changed since is left as it is."""
    model = apps.get_model(change.table)
    with leave_of(model):
        _UNDO[What(change.what)](model, change)


def _move_back(model: type[Model], change: MergeChange) -> None:
    before, after, keys = change.rows
    model._base_manager.filter(pk__in=keys, **{change.field: after}).update(**{change.field: before})


def _change_back(model: type[Model], change: MergeChange) -> None:
    for key, before, after in change.rows:
        put_back(model, key, before, after)


def put_back(model: type[Model], key: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """The row says again what it said, where nobody has changed that since; whether it does."""
    names = ", ".join(f'"{name}"' for name in before)
    was = f"SELECT {names} FROM jsonb_populate_record(NULL::{model._meta.db_table}, %s::jsonb)"  # noqa: S608  names of our models
    same = f'"{model._meta.pk.column}"::text = %s AND to_jsonb(t) @> %s::jsonb'
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" t SET ({names}) = ROW(w.*) FROM ({was}) w WHERE {same}',  # noqa: S608  names of our models
            [json.dumps(before), key, json.dumps(after)],
        )
        return bool(cursor.rowcount)


def out_of_history(change: MergeChange) -> None:
    """Blanks that a merge filled with what the other record said are blank in the history of the row too.

    Only of this merge's time, and only where the row itself says nothing again: else the facts of one person would
    stand for good in the history, the copy and the changes of another.
    """
    model = apps.get_model(change.table)
    now = rows_of(model, [key for key, _, _ in change.rows])
    for key, before, after in change.rows:
        for name, was in before.items():
            if not was and after[name] and key in now and now[key][name] == was:
                _blank(model, key, name, was, after[name], change)


def _blank(model: type[Model], key: str, name: str, was: object, filled: object, change: MergeChange) -> None:
    history = model.pgh_event_model  # type: ignore[attr-defined]
    table = history._meta.db_table
    with leave_of(history), connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" e SET "{name}" = w."{name}" FROM jsonb_populate_record(NULL::"{table}", %s::jsonb) w '  # noqa: S608  names of our models
            "WHERE e.pgh_obj_id::text = %s AND e.pgh_created_at >= %s AND to_jsonb(e) @> %s::jsonb",
            [json.dumps({name: was}), key, change.merge.at - BEGUN_BEFORE, json.dumps({name: filled})],
        )


def _bring_back(model: type[Model], change: MergeChange) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        for _, row in change.rows:
            cursor.execute(
                f'INSERT INTO "{table}" SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)',  # noqa: S608  names of our models
                [row],
            )


def _take_out(model: type[Model], change: MergeChange) -> None:
    own = model._base_manager.filter(pk__in=change.rows)
    own._raw_delete(own.db)


_UNDO = {
    What.MOVED: _move_back,
    What.CHANGED: _change_back,
    What.REMOVED: _bring_back,
    What.ADDED: _take_out,
}


def keys_of(changes: Iterable[MergeChange], table: str) -> set[str]:
    """Keys of the rows of one table that a merge moved."""
    moved = [change.rows[2] for change in changes if change.table == table and change.what == What.MOVED]
    return {key for keys in moved for key in keys}
