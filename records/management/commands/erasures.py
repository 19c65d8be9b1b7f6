"""manage.py erasures --out FILE"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from records.erasing import ledger


class Command(BaseCommand):
    help = (
        "Write the ledger of erasures into a file. Keep it apart from the backups of the database, and newer than "
        "they are: after one is restored, `manage.py erase_again FILE` erases what it brought back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="written anew each time")

    def handle(self, *, out: Path, **options: Any) -> None:
        lines = list(ledger.lines())
        new = out.with_name(f"{out.name}.new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.writelines(f"{line}\n" for line in lines)
        new.replace(out)
        self.stdout.write(f"{len(lines)} erasures in {out}. It names nobody.")
