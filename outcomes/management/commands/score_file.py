"""manage.py score_file INSTRUMENT FILE.json|FILE.csv: answers of a file, scored without a database.

One JSON object for each row. A file with anything wrong in it is not scored at
all: each fault is named with its line and column, and the command exits with 1.
Rows of one name may be two forms of one person, or a slip: they are scored, and it is said on stderr where they stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outcomes.instruments import codes, recipe_called
from outcomes.instruments.recipe import Recipe
from outcomes.scoring.files.answers import BadFile, Row, named_twice, read_answers
from outcomes.scoring.files.lines import line_of

KINDS = {".json": "json", ".csv": "csv"}
MOST_NAMES = 20  # that are told; more are counted


class Command(BaseCommand):
    help = "Score the answers in a file. Needs no database."
    requires_system_checks = ()  # they look at the whole site, and this needs none of it

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("instrument", metavar="INSTRUMENT", help=", ".join(codes()))
        parser.add_argument("file", type=Path, metavar="FILE", help="answers as .json or .csv")

    def handle(self, *, instrument: str, file: Path, **options: Any) -> None:
        if instrument not in codes():
            raise CommandError(f"There is no instrument {instrument!r}. There are: {', '.join(codes())}.")
        recipe = recipe_called(instrument)
        rows = _rows(file, recipe)
        for line in _twice(rows):
            self.stderr.write(f"{file}: {line}")
        for row in rows:
            self.stdout.write(json.dumps(line_of(row, recipe), allow_nan=False))


def _rows(file: Path, recipe: Recipe) -> list[Row]:
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        raise CommandError(f"{file} must end in .json or .csv.")
    try:
        return read_answers(file.read_bytes(), kind, recipe)
    except OSError as trouble:
        raise CommandError(f"{file} cannot be read: {trouble.strerror}.") from None
    except BadFile as bad:
        faults = [f"{file}: {fault}" for fault in bad.faults]
        faults += [f"{file}: and {bad.more} more"] if bad.more else []
        raise CommandError("Nothing was scored.\n" + "\n".join(faults)) from None


def _twice(rows: Sequence[Row]) -> Iterator[str]:
    found = named_twice(rows)
    for name, places in islice(found.items(), MOST_NAMES):
        where = "; ".join(f"line {at.line}, column {at.column}" for at in places[:MOST_NAMES])
        yield f"{len(places)} rows are called {json.dumps(name, ensure_ascii=False)}, and each is scored: {where}"
    if len(found) > MOST_NAMES:
        yield f"and {len(found) - MOST_NAMES} more names of several rows"
