"""Model decorators: row history, append-only tables, legal changes of a status.

Here: what the database itself enforces about how a row may change. Not here:
who is acting (accounts/history.py). Used by the models of every app.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pghistory
import pgtrigger
from django.db import models

Transitions = Mapping[str, frozenset[str]]
Tables = Mapping[str, Transitions]  # of a model: each status field and its table
Decorator = Callable[[type[models.Model]], Any]


def tracked(*, exclude: tuple[str, ...] = ()) -> Decorator:
    """Keep every insert, update and delete as a history row that names its actor.

    The actor comes from `accounts.history.acting`. A change outside of it is
    refused by the database (pgh_context is NOT NULL), raw SQL included.
    """
    decorator: Decorator = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude),
        context_field=pghistory.ContextJSONField(null=False),
        context_id_field=None,
        append_only=True,
    )
    return decorator


def append_only() -> pgtrigger.Protect:
    """A trigger for Meta.triggers: rows are added, never changed or removed."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def frozen_once(field: str, value: str) -> pgtrigger.Protect:
    """A trigger for Meta.triggers: a row whose `field` is `value` is never changed or removed again."""
    return pgtrigger.Protect(
        name=f"frozen_once_{value}",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(**{f"old__{field}": value}),
    )


def legal_changes(field: str, table: Transitions) -> pgtrigger.FSM:
    """A trigger for Meta.triggers: `field` changes only as `table` says."""
    return pgtrigger.FSM(
        name=f"legal_changes_of_{field}",
        field=field,
        transitions=[(before, after) for before, afters in sorted(table.items()) for after in sorted(afters)],
    )
