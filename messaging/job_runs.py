"""Which work that comes back by the clock is in trouble: its latest run failed, or none was made for too long.

Here: what the queue's own tables tell of it. They keep, for each such job, the time that its latest run was
for, and the run itself until it has succeeded. Not here: the jobs (tasks.py of each app), sending messages,
of which the messages themselves tell more. Called by /healthz, which names the jobs and nothing else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

from croniter import croniter  # by which procrastinate reads the same times
from django.db import connection
from procrastinate.contrib.django import app

FAILED, LATE = "has failed", "was not done in time"
AT_LEAST = 5 * 60  # seconds: a worker that was started again, or is busy, is no trouble
FORWARD = 50  # times of a job that are looked at for the longest pause between two


def jobs_in_trouble(*, apart_from: str) -> dict[str, str]:
    """Name of each → FAILED or LATE, in one query; without the job `apart_from`. One that never ran is not known."""
    crons = {name: task.cron for (name, _), task in app.periodic_registry.periodic_tasks.items() if name != apart_from}
    with connection.cursor() as cursor:
        cursor.execute(_LATEST)
        latest = [row for row in cursor.fetchall() if row[0] in crons]
    found = {}
    for name, age, failed, failed_before in latest:
        pause = longest_pause(crons[name])
        if failed or (failed_before is not None and failed_before <= pause):
            found[name] = FAILED
        elif age > max(2 * pause, AT_LEAST):
            found[name] = LATE
    return dict(sorted(found.items()))


@cache
def longest_pause(cron: str) -> float:
    """Seconds between two runs, where they are furthest apart."""
    times = croniter(cron, datetime(2026, 1, 1, tzinfo=UTC))
    return float(max(after - before for before, after in pairwise(times.get_next(float) for _ in range(FORWARD))))


# By the database's clock. While a run waits or is under way the one before it counts, where that has failed.
_LATEST = """
SELECT
    d.task_name,
    extract(epoch FROM clock_timestamp())::float - d.defer_timestamp,
    j.status IS NOT DISTINCT FROM 'failed',
    d.defer_timestamp - extract(epoch FROM before.at)::float
FROM procrastinate_periodic_defers d
LEFT JOIN procrastinate_jobs j ON j.id = d.job_id
LEFT JOIN LATERAL (
    SELECT e.at
    FROM procrastinate_jobs f JOIN procrastinate_events e ON e.job_id = f.id
    WHERE j.status IN ('todo', 'doing') AND f.task_name = d.task_name AND f.status = 'failed' AND e.type = 'failed'
    ORDER BY f.id DESC LIMIT 1
) before ON true
"""
