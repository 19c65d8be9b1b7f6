"""`manage.py setup_programme NAME SLUG --organisation …`: a programme ready for people to register."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.text import slugify

from accounts.history import System, acting
from accounts.models import Organisation, Programme
from participants.content import install

AREAS = ("Dorset", "Hampshire", "Isle of Wight")


class Command(BaseCommand):
    help = "Create a programme with its phases, timepoints and consent texts, and the organisation that runs it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what people call it, such as 'SafeFit Wessex'")
        parser.add_argument("slug", help="its short name in addresses, such as wessex")
        parser.add_argument("--organisation", required=True, help="name of the body that runs it")
        parser.add_argument(
            "--area", action="append", help=f"an area it serves, once for each (else: {', '.join(AREAS)})"
        )

    @transaction.atomic
    def handle(self, *args: Any, name: str, slug: str, organisation: str, area: list[str] | None, **rest: Any) -> None:
        if slug != slugify(slug):
            raise CommandError(
                f"{slug!r} cannot stand in an address. Use small letters, numbers and dashes: {slugify(slug)}"
            )
        if Programme.objects.filter(slug=slug).exists():
            raise CommandError(f"There is a programme called {slug} already. Choose another short name.")
        areas = list(area or AREAS)
        with acting(System.COMMAND, "participants.setup_programme"):
            body, _ = Organisation.objects.get_or_create(name=organisation, defaults={"slug": slugify(organisation)})
            programme = Programme.objects.create(name=name, slug=slug, run_by=body, areas=areas, areas_served=areas)
            install(programme, System.COMMAND)
        self.stdout.write(
            f"{name} is ready at /join/. Consent texts, health questions and signposts are not signed off yet: "
            "a clinical lead and a data protection lead must read them before real people register."
        )
