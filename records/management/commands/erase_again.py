"""manage.py erase_again FILE"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.history import System
from records.erasing import ledger
from records.erasing.erase import erase_person


class Command(BaseCommand):
    help = "After a backup was restored: erase again whoever stands in the ledger, of the database and of FILE."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="as `manage.py erasures` wrote it")
        parser.add_argument("--dry-run", action="store_true", help="say how many, and change nothing")

    def handle(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            hashes = ledger.read_file(file)
        except OSError as trouble:
            raise CommandError(f"{file} cannot be read: {trouble.strerror}. Give the newest ledger.") from None
        except ledger.BadLedger as wrong:
            raise CommandError(
                f"{file}, line {wrong.line}: not as `manage.py erasures` writes it. "
                "Nothing was erased; give an earlier one."
            ) from None
        people = ledger.came_back(hashes | ledger.known_hashes())
        if dry_run:
            self.stdout.write(f"{len(people)} {'person' if len(people) == 1 else 'people'} would be erased again.")
            return
        for person in people:
            erase_person(person=person, by=System.COMMAND)
        self.stdout.write(f"{len(people)} erased again." if people else "Nobody came back.")
