"""`manage.py seed_demo`: the demo people and their story, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from safefit.demo import seed


class Command(BaseCommand):
    help = "Loads made-up people, classes and answers into an empty copy. Does nothing where there are people already."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This copy is for real people (SAFEFIT_DEMO is off), so it gets no demo people.")
        seed()
