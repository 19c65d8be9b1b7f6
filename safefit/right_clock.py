"""The web server changes nothing by a wrong clock.

What may still be booked, which offer stands, whether a code is too old: all of it is judged by this computer's clock.
Where that is more than half a minute from the database's, whatever would change something is answered with a page that
says so, while reading goes on and /healthz names the clock. So nothing that has run out works again, and no cut-off
moves. Signing in is among it: a code of yesterday must not open a record, and that of an app would not fit.
The worker has the same rule for itself (messaging/clock.py).
Here: the middleware. Not here: how the clocks are compared (messaging/clock.py). Only the web server asks (wsgi.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from messaging.clock import MOST_APART, apart_from_database
from safefit.errors import clock_is_wrong

READS = frozenset({"GET", "HEAD", "OPTIONS"})
ASKED_EVERY = 20.0  # seconds, by the clock that only goes on; a clock that jumps meanwhile is noticed at once


class RightClockMiddleware:
    """One for each process. Threads may ask twice: no harm."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.CHECKS_CLOCK:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._apart, self._asked, self._shown = timedelta(0), float("-inf"), 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READS and not self._is_right():
            return clock_is_wrong(request)
        return self.get_response(request)

    def _is_right(self) -> bool:
        went_on = time.perf_counter() - self._asked  # nobody can set this one
        jumped = abs(time.time() - self._shown - went_on) > MOST_APART.total_seconds()
        if jumped or went_on > ASKED_EVERY or abs(self._apart) > MOST_APART:
            self._apart = apart_from_database()
            self._asked, self._shown = time.perf_counter(), time.time()
        return abs(self._apart) <= MOST_APART
