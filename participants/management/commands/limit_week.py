"""`manage.py limit_week SLUG PHASE MOST`: how many places a person may hold in one week of a phase."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.history import System
from participants.models import Phase
from participants.phases import limit_week as set_limit


class Command(BaseCommand):
    help = (
        "Set how many places one person may hold in a week, Monday to Sunday, of a phase of a programme. Places that "
        "are held already stay; staff may go past the limit with a reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name of the programme, such as wessex")
        parser.add_argument("phase", type=int, help="which phase, counted from 1")
        parser.add_argument("most", help="at most so many, or none for no limit")
        parser.add_argument(
            "--one-to-ones-apart", action="store_true", help="one-to-one sessions have nothing to do with the limit"
        )

    def handle(self, *args: Any, slug: str, phase: int, most: str, one_to_ones_apart: bool, **rest: Any) -> None:
        if most != "none" and not (most.isdecimal() and int(most)):
            raise CommandError(f"{most!r} is not a limit. Give a number from 1, or none.")
        found = Phase.objects.filter(programme__slug=slug, order=phase).first()
        if found is None:
            raise CommandError(f"There is no phase {phase} in a programme called {slug}.")
        limited = None if most == "none" else int(most)
        set_limit(phase=found, most=limited, one_to_ones_apart=one_to_ones_apart, by=System.COMMAND)
        limit = "as many places a week as somebody likes" if most == "none" else f"at most {most} a week"
        self.stdout.write(f"{found.name}: {limit}.")
