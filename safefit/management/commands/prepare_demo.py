"""Bring the database up to date and load the demo people if there are none.

One command for what ./run does at each start, because loading Django twice would
double the wait. Not here: the demo people themselves (seed_demo).
"""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Migrates, then loads the demo people if there are none. Local copies only."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("seed_demo")
