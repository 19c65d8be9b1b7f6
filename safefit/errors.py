"""Answers to what went wrong: a page for people, a problem document for programs.

Named as handlers in urls.py. No answer holds a stack trace, a path or a value.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template

from safefit.api import PROBLEM, problem

API_PREFIX = "/api/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, "400.html", "bad_request", "The request could not be read.")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, "403.html", "permission_denied", "Your role does not allow this.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "403_csrf.html", "csrf", "The CSRF token is missing or old. Read it again and retry.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "404.html", "not_found", "There is no such thing, or it is not yours.")


def server_error(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        return _problem(500, "server_error", "Something went wrong at our end. Try again later.")
    # Drawn without the request: reading who is signed in may be what failed.
    return HttpResponse(get_template("500.html").render(), status=500)


def _answer(request: HttpRequest, status: int, template: str, code: str, detail: str) -> HttpResponse:
    return _problem(status, code, detail) if _is_api(request) else render(request, template, status=status)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIX)


def _problem(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse(problem(status, code=code, detail=detail), status=status, content_type=PROBLEM)
