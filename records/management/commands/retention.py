"""manage.py retention [--dry-run]: what is kept for longer than the data map says, counted, and done away with."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.history import System
from records.retention import ELSEWHERE, NOT_YET, keep_no_longer, run_out


class Command(BaseCommand):
    help = "Delete or erase what has run out, as the worker does every night. Says how much, and never whose."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count it and change nothing")

    def handle(self, *args: Any, dry_run: bool, **rest: Any) -> None:
        found = run_out() if dry_run else keep_no_longer(by=System.COMMAND)
        self.stdout.write("Has run out:" if dry_run else "Done away with:")
        for rule, number in found:
            self.stdout.write(f"  {number:>7}  {rule.what} (kept {rule.retention.value})")
        for retention, job in ELSEWHERE.items():
            self.stdout.write(f"     job   {retention.value}: {job}")
        for retention, why in NOT_YET.items():
            self.stdout.write(f"      no   {retention.value}: {why}")
