"""About you: what one may say of oneself so that SafeFit can see whether it is fair. Nobody who helps opens these.

Here: whose they are. Not here: the pages themselves (frontend/about_you.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.about_you import Pages, overview, question
from frontend.acting import own_participant


@require_safe
@requires(Permission.TAKE_PART)
def about_you(request: HttpRequest) -> HttpResponse:
    return overview(_pages(request))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TAKE_PART)
def about_question(request: HttpRequest, asked: str) -> HttpResponse:
    return question(_pages(request), asked)


def _pages(request: HttpRequest) -> Pages:
    return Pages(request, own_participant(request), "me")


urlpatterns = [
    path("details/about/", about_you, name="about_you"),
    path("details/about/<slug:asked>/", about_question, name="about_question"),
]
