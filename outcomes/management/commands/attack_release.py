"""manage.py attack_release FILE [FILE...]: try to break exported releases, with nothing but the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outcomes.disclosure import CannotJudge, Deadline, Report
from outcomes.disclosure.exported import Exported, NotARelease, read
from outcomes.disclosure.from_files import attack_files
from outcomes.disclosure.puzzle import MIN_WIDTH

MOST_TOLD = 50  # what is given away; more are counted


class Command(BaseCommand):
    help = (
        "Work out what exported releases (JSON) give away, taken together: of several partners, of several dates. "
        "Needs no database. Ends with 1 when a small number can be known to within less than the width."
    )
    requires_system_checks = ()  # they look at the whole site, and this needs none of it

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="as manage.py export_release writes it")
        parser.add_argument("--width", type=int, default=MIN_WIDTH, help="how uncertain a small number must stay (3)")
        parser.add_argument("--seconds", type=int, default=900, help="give up after so long (900)")

    def handle(self, *, files: list[Path], width: int, seconds: int, **options: Any) -> None:
        given = [_read(path) for path in files]
        for path, file in zip(files, given, strict=True):
            self.stdout.write(f"{path}: release {file.name} as at {file.as_at}, {len(file.cells)} figures.")
        try:
            report = attack_files(given, min_width=width, deadline=Deadline.after(seconds))
        except CannotJudge as problem:
            raise CommandError(f"Not judged: {problem}.") from None
        self.stdout.write(_tried(report))
        if report.breaches:
            raise CommandError(_given_away(report))
        self.stdout.write("Nothing can be worked out.")


def _read(path: Path) -> Exported:
    try:
        return read(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise CommandError(f"{path}: cannot be read ({problem.strerror}).") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path}: is not text in UTF-8. Give a file written by manage.py export_release.") from None
    except NotARelease as problem:
        raise CommandError(f"{path}: {problem}. Give a file written by manage.py export_release.") from None


def _given_away(report: Report) -> str:
    lines = ["Given away:", *(f"  {breach.words}" for breach in report.breaches[:MOST_TOLD])]
    if (left := len(report.breaches) - MOST_TOLD) > 0:
        lines.append(f"  and {left} more")
    return "\n".join(lines)


def _tried(report: Report) -> str:
    return f"Sought {report.figures} numbers in {report.searches} searches, {report.seconds:.1f} s."
