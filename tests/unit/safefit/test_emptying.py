"""After a test that commits, the next one finds nothing: what the tests empty, and what they leave."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from accounts.models import Person
from participants.models import Participant


@pytest.mark.django_db(transaction=True)
def test_rows_go_with_their_history_whatever_forbids_it(pat: Participant) -> None:
    assert Person.objects.exists() and ContentType.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (clock_timestamp())")
        cursor.execute(
            "WITH job AS (INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'of another test') "
            "RETURNING id) INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp, job_id) "
            "SELECT 'of another test', '', 0, id FROM job"
        )
    call_command("flush", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [row[0] for row in cursor.fetchall()]
        filled = []
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if cursor.fetchone() == (True,):
                filled.append(table)
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",), "triggers and foreign keys are on again"
    assert [table for table in filled if table.split("_")[0] not in ("auth", "django")] == []
    assert ContentType.objects.exists()
