"""A paper of docs/ that is made from the code: written, or looked at whether it is up to date."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class PaperCommand(BaseCommand):
    """Writes `file_name` with what `drawn` returns. With `--check` nothing is written; it fails when it is old."""

    file_name: ClassVar[str]
    drawn: ClassVar[Callable[[], str]]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the file is out of date")
        parser.add_argument("--file", type=Path, default=settings.BASE_DIR / "docs" / self.file_name)

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        wanted = type(self).drawn()
        if options["check"]:
            if not file.exists() or file.read_text() != wanted:
                name = type(self).__module__.rpartition(".")[2]
                raise CommandError(f"{file} is out of date. Run: python manage.py {name}")
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(wanted)
        self.stdout.write(f"Written: {file}")
