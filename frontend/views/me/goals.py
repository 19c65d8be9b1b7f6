"""My goals: in one's own words, and how near they are. Nobody who helps opens these pages.

Here: whose they are. Not here: the pages themselves (frontend/goals.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.acting import own_participant
from frontend.both_audiences import PagesOfOne
from frontend.goals import goal_page, goals_page, put_away


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TAKE_PART)
def goals(request: HttpRequest) -> HttpResponse:
    return goals_page(_pages(request))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TAKE_PART)
def goal(request: HttpRequest, pk: int) -> HttpResponse:
    return goal_page(_pages(request), pk)


@require_POST
@requires(Permission.TAKE_PART)
def put_away_goal(request: HttpRequest, pk: int) -> HttpResponse:
    return put_away(_pages(request), pk)


def _pages(request: HttpRequest) -> PagesOfOne:
    return PagesOfOne(request, own_participant(request), "me")


urlpatterns = [
    path("goals/", goals, name="goals"),
    path("goals/<int:pk>/", goal, name="goal"),
    path("goals/<int:pk>/put-away/", put_away_goal, name="put_away_goal"),
]
