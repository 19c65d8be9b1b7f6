"""What putting records together left of somebody: other keys that they had, and rows that were set aside.

Here: reading it from the journals of merges. Not here: merging (records/merging/), emptying what is found (erase.py).
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from typing import Any

from django.db.models import QuerySet

from accounts.models import Person
from records.models import Merge, MergeChange, What


def set_aside_of(person: Person) -> dict[str, set[Any]]:
    """By table, keys of rows that only their history is left of: it leads to nobody any more."""
    found: dict[str, set[Any]] = defaultdict(set)
    for change in _set_aside(person):
        found[change.table] |= {key for key, _ in change.rows}
    return found


def former_people(person: Person) -> list[Person]:
    """Who else they were here. Not in the database any more, and never to be saved: keys to look under."""
    own = [change for change in _set_aside(person) if change.table == Person._meta.label]
    rows = [json.loads(row) for change in own for _, row in change.rows]
    return [Person(pk=row["id"], created_at=_in_utc(row["created_at"])) for row in rows]


def undone_merges_of(person: Person) -> QuerySet[Merge]:
    """By which they were taken for somebody else, for a time: their name stands in it, in the other one's record."""
    return Merge.objects.filter(gone_person_key=person.pk)


def _set_aside(person: Person) -> QuerySet[MergeChange]:
    """What was undone has its rows back, and they may be of somebody else."""
    standing = Merge.objects.standing().filter(kept__person=person)
    return MergeChange.objects.filter(merge__in=standing, what=What.REMOVED)


def _in_utc(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(written).astimezone(dt.UTC)
