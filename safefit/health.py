"""GET /healthz: whether this copy can do its work, for the supervisor and for whoever runs it.

200 when the database answers, the clocks agree, the worker shows signs of life,
no message is left lying and what comes back by the clock is done; else 503. The answer names the part and says what
to do; it holds nothing about anybody.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signin import public_page
from messaging.clock import MOST_APART, apart_from_database
from messaging.delivery import LATE_AFTER
from messaging.job_runs import jobs_in_trouble
from messaging.models import Message
from messaging.tasks import DELIVERY

WELL = "well"
WORKER_SILENT_AFTER = timedelta(seconds=60)
DELIVERY_BROKEN_WITHIN = timedelta(minutes=1)


@never_cache
@require_safe
@public_page
def healthz(request: HttpRequest) -> JsonResponse:
    parts = parts_now()
    well = all(state == WELL for state in parts.values())
    return JsonResponse({"status": WELL if well else "unwell", **parts}, status=200 if well else 503)


def parts_now() -> dict[str, str]:
    """The state in words of each part. Without the database nothing more can be known."""
    try:
        return {"database": WELL, "clock": _clock(), "worker": _worker(), "messages": _messages(), "jobs": _jobs()}
    except Error as error:
        connection.close()  # so that the next request tries afresh
        return {"database": f"does not answer ({type(error).__name__}). Start it, or check DATABASE_URL."}


def _clock() -> str:
    apart = abs(apart_from_database())
    if apart <= MOST_APART:
        return WELL
    return f"is {apart.total_seconds():.0f} seconds away from the database's. Set both by a time server."


def _worker() -> str:
    """By the database's clock, which the worker's signs of life are written with."""
    if _one(_WORKER_LIVES, WORKER_SILENT_AFTER.total_seconds()):
        return WELL
    return "shows no sign of life. Start it with: python manage.py work"


def _messages() -> str:
    """Overdue messages show a worker that runs and does not send; so does a delivery job that has just failed."""
    late = Message.objects.due(timezone.now() - LATE_AFTER).count()
    if late:
        return f"{late} should have been sent more than 5 minutes ago. Read the worker's log."
    if _one(_DELIVERY_FAILED, DELIVERY, DELIVERY_BROKEN_WITHIN.total_seconds()):
        return "sending has stopped. Read the worker's log."
    return WELL


def _jobs() -> str:
    """By name: each is a line of the runbook, and of the worker's log."""
    troubled = [f"{name} {what}" for name, what in jobs_in_trouble(apart_from=DELIVERY).items()]
    return f"{', '.join(troubled)}. Read the worker's log." if troubled else WELL


_WORKER_LIVES = """
    SELECT max(last_heartbeat) > clock_timestamp() - make_interval(secs => %s) FROM procrastinate_workers
"""
_DELIVERY_FAILED = """
    SELECT EXISTS (
        SELECT FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id
        WHERE j.task_name = %s AND j.status = 'failed' AND e.type = 'failed'
          AND e.at > clock_timestamp() - make_interval(secs => %s)
    )
"""


def _one(sql: str, *values: str | float) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return bool(cursor.fetchone()[0])
