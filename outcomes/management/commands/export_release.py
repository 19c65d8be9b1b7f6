"""manage.py export_release ID --format json|csv: every published figure of a release, to standard output."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outcomes.models import Release
from outcomes.releases.export import csv_of, export_of


class Command(BaseCommand):
    help = "Write every published figure of a release."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("release", type=int, metavar="ID")
        parser.add_argument("--format", choices=["json", "csv"], default="json")

    def handle(self, *, release: int, format: str, **options: Any) -> None:
        found = Release.objects.published().filter(pk=release).first()
        if found is None:
            known = ", ".join(str(pk) for pk in Release.objects.published().values_list("pk", flat=True))
            raise CommandError(f"There is no published release {release}. There are: {known or 'none yet'}.")
        text = csv_of(found) if format == "csv" else json.dumps(export_of(found), indent=2, ensure_ascii=False) + "\n"
        self.stdout.write(text, ending="")
