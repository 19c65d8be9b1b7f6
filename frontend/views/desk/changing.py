"""The desk changes or cancels dates of any class of its programmes."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes import arranging, teaching
from frontend.changing import Changing, cancel_dates_page, left_out_page, put_back_page

arranges = requires(Permission.PUBLISH_FOR_ANYONE)


def _arranged(request: HttpRequest, pk: int) -> arranging.Arranged:
    if (found := arranging.at_desk(request.user, pk)) is None:
        raise Http404
    return found


def _changing(request: HttpRequest, pk: int) -> Changing:
    return Changing(request, "desk", _arranged(request, pk))


@require_safe
@arranges
def change_session(request: HttpRequest, pk: int) -> HttpResponse:
    return _changing(request, pk).choose()


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def change_session_scope(request: HttpRequest, pk: int, scope: str) -> HttpResponse:
    return _changing(request, pk).ask(scope)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def check_change(request: HttpRequest, pk: int, scope: str) -> HttpResponse:
    return _changing(request, pk).check(scope)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def cancel_dates(request: HttpRequest, pk: int, scope: str) -> HttpResponse:
    session = get_object_or_404(teaching.classes_arranged_by(request.user), pk=pk)
    return cancel_dates_page(request, session, scope=scope, audience="desk")


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def left_out(request: HttpRequest, pk: int) -> HttpResponse:
    return left_out_page(request, _arranged(request, pk), audience="desk")


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def put_back(request: HttpRequest, pk: int, on: str) -> HttpResponse:
    return put_back_page(request, _arranged(request, pk), on, audience="desk")


urlpatterns = [
    path("timetable/<int:pk>/change/", change_session, name="change_session"),
    path("timetable/<int:pk>/change/<slug:scope>/", change_session_scope, name="change_session_scope"),
    path("timetable/<int:pk>/change/<slug:scope>/check/", check_change, name="check_change"),
    path("timetable/<int:pk>/cancel/<slug:scope>/", cancel_dates, name="cancel_dates"),
    path("timetable/<int:pk>/left-out/", left_out, name="left_out"),
    path("timetable/<int:pk>/left-out/<slug:on>/", put_back, name="put_back"),
]
