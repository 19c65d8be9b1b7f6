"""Answers to what went wrong: a page for people, a problem document for programs.

Named as handlers in urls.py, and as the last middlewares for what Django has no
handler for. No answer holds a stack trace, a path or a value.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template

from classes.locks import lost_a_wait
from safefit.api import PROBLEM, problem

API_PREFIX = "/api/"
AWAY = ("08", "53", "57P")  # classes of SQLSTATE: no connection, no room, shutting down or starting
RETRY_AFTER = "10"  # seconds


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, "400.html", "bad_request", "The request could not be read.")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, "403.html", "permission_denied", "Your role does not allow this.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "403_csrf.html", "csrf", "The CSRF token is missing or old. Read it again and retry.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "404.html", "not_found", "There is no such thing, or it is not yours.")


def explain_wrong_method(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware that draws a page where Django answers a blank 405: mostly the address of a button, opened by GET.

    Status and headers stay as they are, Allow among them. The API has answered for itself.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and not _is_api(request):
            reads_only = "POST" not in response.get("Allow", "")
            response.content = get_template("405.html").render({"reads_only": reads_only}, request)
        return response

    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the exception is being handled. A database that is away comes back: then it is 503, and when."""
    if _database_is_away(sys.exception()):
        return unavailable(request)
    if _is_api(request):
        return _problem(500, "server_error", "Something went wrong at our end. Try again later.")
    # Drawn without the request: reading who is signed in may be what failed.
    return HttpResponse(get_template("500.html").render(), status=500)


def _database_is_away(trouble: BaseException | None) -> bool:
    """Not there, going, coming, or without room; anything else that it says is an error like others."""
    state = getattr(trouble.__cause__, "sqlstate", None) if trouble else None
    return isinstance(trouble, OperationalError | InterfaceError) and (state or AWAY[0]).startswith(AWAY)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Not now: a page that asks nothing of the database."""
    return _later(request, "503.html", "SafeFit cannot be reached for a moment. Try again later.")


def clock_is_wrong(request: HttpRequest) -> HttpResponse:
    """Reading goes on and nothing is changed, signing in neither: a code that has run out must not work again."""
    return _later(request, "503_clock.html", "The clock of SafeFit is wrong. Nothing was changed. Try again later.")


def too_large(request: HttpRequest) -> HttpResponse:
    """Nothing of it was read, nor who sent it."""
    return _unread(request, 413, "too_large", "The body is larger than 6 MB. Send less at once. Nothing was read.")


def length_missing(request: HttpRequest) -> HttpResponse:
    """Browsers say how long it is; a program may not."""
    detail = "Say in Content-Length how long the body is, and send it in one piece. Nothing was read."
    return _unread(request, 411, "length_required", detail)


def _unread(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    """Drawn without the request, whose session nobody has looked up yet."""
    if _is_api(request):
        return _problem(status, code, detail)
    return HttpResponse(get_template("413.html").render(), status=status)


def _later(request: HttpRequest, template: str, detail: str) -> HttpResponse:
    if _is_api(request):
        answer: HttpResponse = _problem(503, "unavailable", detail)
    else:
        answer = HttpResponse(get_template(template).render(), status=503)
    answer["Retry-After"] = RETRY_AFTER
    return answer


class BusyMiddleware:
    """A wait for others that was lost, wherever it happened: nothing was changed, and the same may be sent again.

    Pages that keep what was typed answer by themselves; this is for all the rest, such as leaving the programme,
    which gives places back on the way.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not lost_a_wait(exception):
            return None
        return _answer(request, 409, "409.html", "try_again", "Too many people at once. Nothing was changed.")


def _answer(request: HttpRequest, status: int, template: str, code: str, detail: str) -> HttpResponse:
    return _problem(status, code, detail) if _is_api(request) else render(request, template, status=status)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIX)


def _problem(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse(problem(status, code=code, detail=detail), status=status, content_type=PROBLEM)
