"""`manage.py down_page FILE`: the page that the server in front shows while SafeFit does not answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string


class Command(BaseCommand):
    help = "Write the page that is shown while SafeFit is down. It needs nothing else: no style, font or image."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="such as /srv/safefit/down.html")
        parser.add_argument("--words", default="", help="what to say instead of trying again in a few minutes")

    def handle(self, *args: Any, file: Path, words: str, **rest: Any) -> None:
        try:
            file.write_text(render_to_string("frontend/down.html", {"words": words}), encoding="utf-8")
        except OSError as trouble:
            raise CommandError(f"{file} cannot be written: {trouble.strerror}.") from None
        self.stdout.write(f"Written: {file}")
