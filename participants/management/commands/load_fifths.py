"""`manage.py load_fifths FILE.csv`: how deprived the area around each postcode is, in place of the list before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.history import System
from participants.fifths import BadList, load_fifths, read_fifths


class Command(BaseCommand):
    help = "Load a list of postcodes with the fifth of deprivation of each (1 is the most deprived), as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv", help="with the columns postcode and fifth")

    def handle(self, *args: Any, file: Path, **rest: Any) -> None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                fifths = read_fifths(lines)
        except OSError as trouble:
            raise CommandError(f"{file} cannot be read: {trouble.strerror}.") from None
        except (BadList, UnicodeDecodeError) as bad:
            raise CommandError(f"{file} was not loaded. {bad}") from None
        changed = load_fifths(fifths=fifths, by=System.COMMAND)
        self.stdout.write(f"{len(fifths)} postcodes. The fifth of {changed} people became another one.")
