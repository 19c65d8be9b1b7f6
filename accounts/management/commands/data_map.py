"""`manage.py data_map`: write docs/data-map.md from what the models declare.

With `--check` nothing is written; it fails when the file is out of date.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.data_map import data_map


class Command(BaseCommand):
    help = "Write docs/data-map.md: what is held about people, why, on what basis and for how long."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the file is out of date")
        parser.add_argument("--file", type=Path, default=settings.BASE_DIR / "docs" / "data-map.md")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        wanted = data_map()
        if options["check"]:
            if not file.exists() or file.read_text() != wanted:
                raise CommandError(f"{file} is out of date. Run: python manage.py data_map")
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(wanted)
        self.stdout.write(f"Written: {file}")
