"""`manage.py reach_database`: whether the database that DATABASE_URL names answers, in one line of words.

For ./run, before anything is built on a database of somebody's own.
"""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection


class Command(BaseCommand):
    help = "Connect once to the database that DATABASE_URL names."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            connection.ensure_connection()
        except DatabaseError as error:
            raise CommandError(
                f"The database that DATABASE_URL names cannot be used: {_first_line(error)}\n"
                "Start it, or correct DATABASE_URL; without DATABASE_URL, ./run makes a database of its own.",
                returncode=os.EX_CONFIG,
            ) from None
        self.stdout.write("The database answers.")


def _first_line(error: DatabaseError) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
