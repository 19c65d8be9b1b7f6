"""About you: what one may say of oneself so that SafeFit can see whether it is fair. Nobody who helps opens these.

Here: whose they are. Not here: the pages themselves (frontend/about_you.py).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.about_you import overview, question
from frontend.acting import own_participant
from frontend.both_audiences import PagesOfOne
from participants.noting import MAY_NOTE

NOT_NOW = "These questions are for people who take part, so you are not asked them now. Nothing was kept."


@require_safe
@requires(Permission.TAKE_PART)
def about_you(request: HttpRequest) -> HttpResponse:
    pages = _pages(request)
    return overview(pages) if pages else _not_now(request)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TAKE_PART)
def about_question(request: HttpRequest, asked: str) -> HttpResponse:
    pages = _pages(request)
    return question(pages, asked) if pages else _not_now(request)


def _pages(request: HttpRequest) -> PagesOfOne | None:
    participant = own_participant(request)
    return PagesOfOne(request, participant, "me") if participant.status in MAY_NOTE else None


def _not_now(request: HttpRequest) -> HttpResponse:
    messages.info(request, NOT_NOW)
    return redirect("me:details")


urlpatterns = [
    path("details/about/", about_you, name="about_you"),
    path("details/about/<slug:asked>/", about_question, name="about_question"),
]
