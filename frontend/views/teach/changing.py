"""An instructor changes or cancels dates of own classes; those of a whole series only where it is their own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.models import LeaderRole, Session
from frontend.changing import Changing, cancel_dates_page
from instructors.access import own_instructors
from instructors.models import Instructor

teaches = requires(Permission.TEACH)


def _changing(request: HttpRequest, pk: int) -> Changing:
    session = get_object_or_404(teaching.to_change(teaching.shown_to_leader(request.user)), pk=pk)
    return Changing(request, "teach", session, _may_lead(session, request), of_series=_leads_series(session, request))


def _may_lead(session: Session, request: HttpRequest) -> list[Instructor]:
    """Whoever leads it goes on: handing a class over is for the desk. What nobody leads is the user's own."""
    if any(leader.active and leader.role == LeaderRole.LEAD for leader in session.leaders.all()):
        return []
    return [one for one in own_instructors(request.user) if one.programme_id == session.programme_id]


def _leads_series(session: Session, request: HttpRequest) -> bool:
    return session.series is not None and session.series.instructor in own_instructors(request.user)


@require_safe
@teaches
def change_session(request: HttpRequest, pk: int) -> HttpResponse:
    return _changing(request, pk).choose()


@require_http_methods(["GET", "HEAD", "POST"])
@teaches
def change_session_scope(request: HttpRequest, pk: int, scope: str) -> HttpResponse:
    return _changing(request, pk).ask(scope)


@require_http_methods(["GET", "HEAD", "POST"])
@teaches
def check_change(request: HttpRequest, pk: int, scope: str) -> HttpResponse:
    return _changing(request, pk).check(scope)


@require_http_methods(["GET", "HEAD", "POST"])
@teaches
def cancel_dates(request: HttpRequest, pk: int, scope: str) -> HttpResponse:
    session = get_object_or_404(teaching.shown_to_leader(request.user), pk=pk)
    if not _leads_series(session, request):
        raise Http404
    return cancel_dates_page(request, session, scope=scope, audience="teach")


urlpatterns = [
    path("classes/<int:pk>/change/", change_session, name="change_session"),
    path("classes/<int:pk>/change/<slug:scope>/", change_session_scope, name="change_session_scope"),
    path("classes/<int:pk>/change/<slug:scope>/check/", check_change, name="check_change"),
    path("classes/<int:pk>/cancel/<slug:scope>/", cancel_dates, name="cancel_dates"),
]
