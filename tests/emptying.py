"""What empties the database after a test that committed. Put in place of Django's own by tests/conftest.py."""

from __future__ import annotations

from django.db.backends.postgresql.operations import DatabaseOperations

QUEUE = (  # not Django's to empty, since its models say that another makes the tables
    "procrastinate_periodic_defers",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_workers",
)
STAY = {"django_content_type", "auth_permission"}  # made from the models: the same after every test


def emptying(operations: DatabaseOperations, style: object, tables: list[str], **options: bool) -> list[str]:
    """Django's `sql_flush`, for the tables that hold rows: to truncate hundreds takes longer than many a test.

    The rows go without the triggers that forbid it, as a TRUNCATE does not ask them either.
    """
    there = [table for table in (*tables, *QUEUE) if table not in STAY]
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in there)
    with operations.connection.cursor() as cursor:
        cursor.execute(asked)
        filled = [row[0] for row in cursor.fetchall()]
    return ["SET LOCAL session_replication_role = replica", *(f'DELETE FROM "{table}"' for table in filled)]
