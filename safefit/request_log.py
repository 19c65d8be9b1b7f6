"""One line in the log for each request, and the mark by which its other lines are found.

Here: the middleware that writes it. Not here: how a line is made, and what is hidden
in it (logs.py). Who asked stands in the line if the request has found that out; it is
not looked up for the log, so that a page for everybody reads no session.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars

log = structlog.stdlib.get_logger(__name__)


def one_line_each(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Named in settings.MIDDLEWARE, inside the one that knows who is signed in."""

    def answer(request: HttpRequest) -> HttpResponse:
        clear_contextvars()
        bind_contextvars(request_id=str(uuid4()))
        try:
            response = get_response(request)
            asked = f"{request.method} {request.get_full_path()}"
            log.log(
                _level(response.status_code),
                "request_finished",
                code=response.status_code,
                request=asked,
                user_id=_who(request),
            )
            return response
        finally:
            clear_contextvars()

    return answer


def _level(status: int) -> int:
    if status >= 500:
        return logging.ERROR
    return logging.WARNING if status >= 400 else logging.INFO


def _who(request: HttpRequest) -> int | None:
    known = getattr(request, "_cached_user", None)  # where Django keeps whom it has found
    return known.pk if known is not None else None
