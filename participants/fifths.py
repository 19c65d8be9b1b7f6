"""How deprived the area is in which somebody lives, in fifths: from a list of postcodes that whoever runs it loads.

Here: reading the list, keeping it in place of the one before, and putting everybody where their postcode says.
Not here: who is counted by it (outcomes/counting). The list is open data (the English Indices of Deprivation by
postcode); none is shipped. Called by `manage.py load_fifths` and, every night, by the worker.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from localflavor.gb.forms import GBPostcodeField

from accounts.history import Actor, acting
from participants.models import AreaFifth, Equality, Participant

COLUMNS = ("postcode", "fifth")
BATCH = 5000


class BadList(ValueError):
    """A line that cannot be read: nothing was kept."""


def read_fifths(lines: Iterable[str]) -> dict[str, int]:
    """Postcode → fifth of a CSV with the columns `postcode` and `fifth`. Raises BadList, which names the line."""
    rows = csv.DictReader(lines)
    if not set(COLUMNS) <= set(rows.fieldnames or ()):
        raise BadList(f"The first line must name the columns {' and '.join(COLUMNS)}.")
    found = dict(_read(rows))
    if not found:
        raise BadList("There is no postcode in it.")
    return found


def _read(rows: csv.DictReader[str]) -> Iterator[tuple[str, int]]:
    field = GBPostcodeField()
    for row in rows:
        fifth = (row["fifth"] or "").strip()
        try:
            postcode = str(field.clean(row["postcode"]))
        except ValidationError:
            raise BadList(f"Line {rows.line_num}: {row['postcode']!r} is not a full UK postcode.") from None
        if fifth not in ("1", "2", "3", "4", "5"):
            raise BadList(f"Line {rows.line_num}: {fifth!r} is not a fifth. It is a number from 1 to 5.")
        yield postcode, int(fifth)


def load_fifths(*, fifths: dict[str, int], by: Actor) -> int:
    """Keep this list in place of the one before; says for how many people the fifth became another one."""
    with acting(by, "participants.load_fifths"):
        AreaFifth.objects.all().delete()
        AreaFifth.objects.bulk_create(
            (AreaFifth(postcode=postcode, fifth=fifth) for postcode, fifth in fifths.items()), batch_size=BATCH
        )
        return place_in_fifths()


def place_in_fifths() -> int:
    """Everybody's fifth as the list has it now, empty where it has none. Inside `acting`; says how many changed."""
    unknown = Participant.objects.filter(equality=None, postcode__in=AreaFifth.objects.values("postcode"))
    Equality.objects.bulk_create(Equality(participant=person) for person in unknown)
    listed = AreaFifth.objects.filter(postcode=OuterRef("participant__postcode")).values("fifth")[:1]
    rows = Equality.objects.annotate(listed=Coalesce(Subquery(listed), 0))
    moved = list(rows.exclude(listed=Coalesce("deprivation_quintile", 0)))
    for row in moved:
        row.deprivation_quintile = row.listed or None
    return Equality.objects.bulk_update(moved, ["deprivation_quintile"], batch_size=BATCH)
