"""What somebody may say about themselves, read out and typed by telephone. Every look is logged.

Here: whose it is. Not here: the pages themselves (frontend/about_you.py), the person's own (me/about_you.py).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from frontend.about_you import NOT_NOW, overview, question
from frontend.both_audiences import PagesOfOne
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from participants.noting import MAY_NOTE


@require_safe
@requires(Permission.WORK_AT_DESK)
def about_you(request: HttpRequest, pk: int) -> HttpResponse:
    pages = _pages(request, pk)
    return overview(pages) if pages else _not_now(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def about_question(request: HttpRequest, pk: int, asked: str) -> HttpResponse:
    pages = _pages(request, pk)
    return question(pages, asked) if pages else _not_now(request, pk)


def _pages(request: HttpRequest, pk: int) -> PagesOfOne | None:
    participant = at_desk_or_404(request, pk)
    if participant.status not in MAY_NOTE:
        return None
    log_read(target=participant.person, purpose="desk", what="about themselves", by=user_of(request).person)
    return PagesOfOne(request, participant, "desk", (pk,))


def _not_now(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, NOT_NOW)
    return redirect("desk:person", pk)


urlpatterns = [
    path("people/<int:pk>/about/", about_you, name="about_you"),
    path("people/<int:pk>/about/<slug:asked>/", about_question, name="about_question"),
]
