"""What putting two records together would come to: what comes over, what clashes, and why not.

Here: one look, by reading alone, with a fingerprint of everything that was looked at. The page shows it; the merge
looks again under its locks, and goes on only when it is the same. Not here: the rules of each clash (people.py,
taking_part.py, places.py, answers.py), the words (frontend).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Model

from accounts.models import Person
from participants.models import Participant
from records.merging import answers, people, places, taking_part
from records.merging.clash import Clash, Two
from records.merging.columns import GROWS_BY_LOOKING, MOVED, SETTLED, columns
from records.merging.refusals import Why, reasons_against

ITSELF = "itself"  # the two rows of a record


@dataclass(frozen=True)
class Look:
    """`comes`: how many rows of each column come over. Empty `against`: it may be done."""

    two: Two
    against: list[Why]
    comes: dict[str, int]
    clashes: list[Clash]
    fingerprint: str = field(repr=False)

    @property
    def said(self) -> list[list[object]]:
        """What it comes to, as the merge keeps it: facts that the page puts into words."""
        told: list[list[object]] = [[clash.what, clash.facts] for clash in self.clashes if clash.told]
        return [["comes", self.comes], *told]


def look(*, keep: Participant, gone: Participant, by: Person) -> Look:
    two = Two(keep, gone)
    comes, seen = _everything(two)
    return Look(two, reasons_against(two, by), comes, clashes_of(two), _fingerprint(two, seen))


def naming(two: Two) -> set[str]:
    """Columns in which anything names the record that goes. What was settled may have written some."""
    return set(_everything(two)[0]) - {ITSELF}


def clashes_of(two: Two) -> list[Clash]:
    return list(_found(two))


def _found(two: Two) -> Iterator[Clash]:
    for subject in (people, taking_part, places, answers):
        yield from subject.find(two)


def _everything(two: Two) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Rows of the other record by column, and what stands in each row of both. One query."""
    comes: dict[str, int] = defaultdict(int)
    seen = []
    statement, values = _statement(two)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for name, comes_over, digest in cursor.fetchall():
            comes[name] += comes_over
            if name not in GROWS_BY_LOOKING:
                seen.append((name, digest))
    return {name: number for name, number in comes.items() if number}, seen


def _statement(two: Two) -> tuple[str, list[int]]:
    parts, values = [], []
    for one in columns(MOVED | SETTLED):
        keep, gone = (row.person_id if one.of_person else row.pk for row in two.both)
        both = one.name in SETTLED or not one.of_person
        parts.append(_part(one.name, one.model, one.db_column))
        values += [gone, gone, keep if both else gone]
    for model, keys in ((Participant, [one.pk for one in two.both]), (Person, [one.person_id for one in two.both])):
        parts.append(_part(ITSELF, model, "id"))
        values += [0, *keys]
    return " UNION ALL ".join(parts), values


def _part(name: str, model: type[Model], column: str) -> str:
    table = model._meta.db_table
    return f'SELECT \'{name}\', "{column}" = %s, md5(t::text) FROM "{table}" t WHERE "{column}" IN (%s, %s)'  # noqa: S608  names of our models


def _fingerprint(two: Two, seen: list[tuple[str, str]]) -> str:
    """Of which stays and which goes, and of every row that was looked at."""
    lines = [f"{two.keep.pk} {two.gone.pk}", *map(repr, sorted(seen))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
