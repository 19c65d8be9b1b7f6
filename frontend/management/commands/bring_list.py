"""`manage.py bring_list people|timetable FILE --programme SLUG [--for-real]`: look at a list, or bring it in.

The same as the desk's pages (views/desk/lists.py), for whoever sets up a server.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.history import System
from accounts.lists.bringing import Report, programme_called
from accounts.lists.sheets import Unreadable
from accounts.models import Programme
from classes.timetable.from_list import TIMETABLE, bring_timetable
from frontend.list_words import column_words, fault_words, file_words
from frontend.wording import moment
from participants.registering.from_list import PEOPLE, bring_people

BRING = {PEOPLE: bring_people, TIMETABLE: bring_timetable}


class Command(BaseCommand):
    help = (
        "Look at a list of people or of classes (CSV in UTF-8, or .xlsx), and with --for-real bring it in: whole or "
        "not at all. Nobody is told. People become registrations that were begun, for the desk to finish."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(BRING))
        parser.add_argument("file", type=Path)
        parser.add_argument("--programme", metavar="SLUG", required=True)
        parser.add_argument(
            "--hold-on-days-off",
            action="store_true",
            help="of classes: hold them on bank holidays and days without classes too, which are left out otherwise",
        )
        parser.add_argument("--for-real", action="store_true", help="bring it in; without this it is only looked at")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = programme_called(options["programme"])
        if programme is None:
            raise CommandError(f"There is no programme {options['programme']!r}.")
        if options["hold_on_days_off"] and options["kind"] != TIMETABLE:
            raise CommandError("--hold-on-days-off is for a timetable. Leave it out for a list of people.")
        report = self._look(programme, options)
        if report.faults:
            lines = (
                f"Row {one.row}, {column_words(one.column) or 'the row'}: {fault_words(one)}" for one in report.faults
            )
            raise CommandError("Nothing was brought in.\n" + "\n".join(lines))
        if report.earlier:
            raise CommandError(f"This very file was brought in on {moment(report.earlier.at)}.")
        for line in report.known:
            self.stdout.write(f"Row {line.row} is here already: {line.name} {line.reference}".rstrip())
        self.stdout.write(f"{len(report.new)} new, {len(report.known)} here already.")
        self.stdout.write("Brought in." if report.kept else "Only looked at. To bring it in, add --for-real.")

    def _look(self, programme: Programme, options: dict[str, Any]) -> Report:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        held = {"leave_out_days_off": False} if options["hold_on_days_off"] else {}
        try:
            return BRING[options["kind"]](
                programme=programme, content=content, for_real=options["for_real"], by=System.COMMAND, **held
            )
        except Unreadable as refused:
            raise CommandError(file_words(refused)) from None
