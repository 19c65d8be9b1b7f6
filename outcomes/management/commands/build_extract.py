"""manage.py build_extract PROJECT"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.history import System
from outcomes.extracts import building
from outcomes.extracts.asking import NotNow
from outcomes.models import ExtractState, ResearchProject


class Command(BaseCommand):
    help = "Build an extract of a research project, under the specification that two people have agreed to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", type=int, metavar="PROJECT", help="its number, as its page has it")

    def handle(self, *, project: int, **options: Any) -> None:
        found = ResearchProject.objects.filter(pk=project).first()
        if found is None:
            known = ", ".join(str(pk) for pk in ResearchProject.objects.order_by("pk").values_list("pk", flat=True))
            raise CommandError(f"There is no research project {project}. There are: {known or 'none yet'}.")
        try:
            asked = building.request_extract(project=found, by=System.COMMAND)
        except NotNow as refused:
            raise CommandError(
                f"Nothing can be built for project {project}: its specification is {refused.standing}. "
                "Two people must have agreed to the latest one: see its page at the desk."
            ) from None
        built = building.build_extract(extract=asked, by=System.COMMAND)
        if built.state != ExtractState.BUILT:
            raise CommandError(f"Extract {built.pk} was not built ({built.reason}): see its page at the desk.")
        people = built.manifest["people"]
        self.stdout.write(f"Extract {built.pk}: number {built.number}, {people} people, sealed to its recipient.")
