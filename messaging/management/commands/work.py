"""The worker: one process that does the jobs of every app's tasks.py until it is told to stop.

Started by ./run beside the web server, or by an operator. SIGTERM and SIGINT
let the jobs in hand finish. When the database goes away it comes back by itself.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

log = structlog.get_logger(__name__)

CONCURRENCY = 3  # a long job (building a release) leaves room for the messages
PATIENCE = 8  # seconds that jobs in hand get to finish, less than the supervisor waits
HEARTBEAT = 5
AGAIN_AFTER = 2


class Command(BaseCommand):
    help = "Do the background work: send messages, keep the timetable filled, build releases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(_work(once=options["once"]))


async def _work(*, once: bool) -> None:
    """Returns when it was told to stop. A database that is away is waited for."""
    while True:
        try:
            await _serve(once=once)
            return
        except (ConnectorException, OperationalError) as error:
            if once:
                raise
            log.warning("worker_without_database", error=type(error).__name__)
            await asyncio.sleep(AGAIN_AFTER)


async def _serve(*, once: bool) -> None:
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's own connector has one
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                wait=not once,
                concurrency=CONCURRENCY,
                delete_jobs="successful",
                update_heartbeat_interval=HEARTBEAT,
                shutdown_graceful_timeout=PATIENCE,
            )
