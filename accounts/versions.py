"""What was changed about a thing that staff arrange: each version with when, by whom and what, the newest first.

Here: reading the history rows of one row. Not here: writing them (tracking.py), what
happened to a person (happenings.py), the words for a field (pages).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.happenings import in_history, names_of


@dataclass(frozen=True)
class Version:
    """`by` is a full name, empty where no person did it. `changes`: field, before, after; none of the first version."""

    at: datetime
    by: str
    changes: tuple[tuple[str, Any, Any], ...]
    first: bool


def versions_of(row: Model, fields: Sequence[str]) -> list[Version]:
    """How `row` came to be as it is, in its `fields`. Two queries; versions that changed none of them are left out."""
    kept = list(
        in_history(type(row)).filter(pgh_obj=row.pk).order_by("pgh_id").values("pgh_created_at", "actor", *fields)
    )
    names = names_of(one["actor"] for one in kept)
    found = []
    for before, one in zip([None, *kept], kept, strict=False):
        changes = tuple((name, before[name], one[name]) for name in fields if before and before[name] != one[name])
        if changes or before is None:
            found.append(Version(one["pgh_created_at"], names.get(one["actor"], ""), changes, before is None))
    return found[::-1]


def shown_of(row: Model, fields: Sequence[str], version: str = "") -> dict[str, Any]:
    """`fields` of `row` as a page showed them, with the number of that version as "pgh_id": `version`, else the newest.

    A page that changes a thing carries the number along, so that only what was changed on it is written.
    """
    kept = in_history(type(row)).filter(pgh_obj=row.pk).order_by("pgh_id").values("pgh_id", *fields)
    chosen = kept.filter(pgh_id=int(version)).first() if version.isdecimal() else None
    return chosen or kept.last() or {}
