"""Work of the worker that comes back by the clock.

Here: the one decorator by which an app's tasks.py names such work. Not here:
the work. Each job is harmless when it runs twice: a worker that is killed
leaves its jobs to the next one. A worker whose clock is wrong does none of it:
its jobs fail, one after the other, and say why.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.db import close_old_connections
from procrastinate.contrib.django import app

from messaging.clock import require_a_right_clock


def every(cron: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Run the function at the times of `cron` (five fields in UTC, or a sixth for seconds).

    At most one run waits: what is late is done once, not as often as it was missed.
    """

    def decorate(function: Callable[[], object]) -> Callable[[], object]:
        name = f"{function.__module__}.{function.__qualname__}"

        @wraps(function)
        def job(timestamp: int) -> None:
            close_old_connections()  # one that died with the database is not tried again
            require_a_right_clock()
            function()

        app.periodic(cron=cron, periodic_id=name)(app.task(name=name, queueing_lock=name)(job))
        return function

    return decorate
