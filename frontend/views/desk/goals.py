"""Somebody's goals at the desk, typed for them on the telephone. Each look is logged.

Here: whose they are. Not here: the pages themselves (frontend/goals.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from frontend.both_audiences import PagesOfOne
from frontend.goals import goal_page, goals_page, put_away
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def goals(request: HttpRequest, participant_pk: int) -> HttpResponse:
    return goals_page(_read(request, participant_pk))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def goal(request: HttpRequest, participant_pk: int, pk: int) -> HttpResponse:
    return goal_page(_read(request, participant_pk), pk)


@require_POST
@requires(Permission.WORK_AT_DESK)
def put_away_goal(request: HttpRequest, participant_pk: int, pk: int) -> HttpResponse:
    return put_away(_pages(request, participant_pk), pk)


def _read(request: HttpRequest, pk: int) -> PagesOfOne:
    pages = _pages(request, pk)
    log_read(target=pages.participant.person, purpose="desk", what="goals", by=user_of(request).person)
    return pages


def _pages(request: HttpRequest, pk: int) -> PagesOfOne:
    return PagesOfOne(request, at_desk_or_404(request, pk), "desk", (pk,))


urlpatterns = [
    path("people/<int:participant_pk>/goals/", goals, name="goals"),
    path("people/<int:participant_pk>/goals/<int:pk>/", goal, name="goal"),
    path("people/<int:participant_pk>/goals/<int:pk>/put-away/", put_away_goal, name="put_away_goal"),
]
