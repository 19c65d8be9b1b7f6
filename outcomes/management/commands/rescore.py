"""manage.py rescore [--questionnaire CODE]: score sent forms again, after a recipe has got a new version.

With the same version nothing changes. What was scored before stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.history import System
from outcomes.answering.rescoring import Rescored, questionnaires_with_forms, rescore


class Command(BaseCommand):
    help = "Score the forms that were sent by the recipes of today; earlier scores stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--questionnaire", metavar="CODE", help="only this one, whatever its version")

    def handle(self, *, questionnaire: str | None, **options: Any) -> None:
        answered = questionnaires_with_forms()
        chosen = answered.filter(code=questionnaire) if questionnaire else answered
        if questionnaire and not chosen:
            known = ", ".join(sorted({one.code for one in answered}))
            raise CommandError(
                f"Nobody answered {questionnaire!r}, or it is not scored. There are forms of: {known or 'none yet'}."
            )
        differ = False
        for one in chosen.select_related("programme"):
            done = rescore(questionnaire=one, by=System.COMMAND)
            differ = differ or bool(done.differing)
            for line in _lines_of(done):
                self.stdout.write(f"{one.programme.slug}, {one}: {line}")
        if differ:
            raise CommandError("A recipe was changed without a new version. Give it one, and run this again.")


def _lines_of(done: Rescored) -> Iterator[str]:
    yield f"{done.forms} forms: {done.same} scores as they were, {done.added} added."
    for scale, count in sorted(done.differing.items()):
        yield f"{count} scores of {scale} would be others by the same version of the recipe; they were left alone."
