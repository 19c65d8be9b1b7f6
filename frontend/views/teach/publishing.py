"""An instructor publishes own classes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.publishing import Publishing
from instructors.access import own_instructors


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def new_class(request: HttpRequest) -> HttpResponse:
    return _page(request, "what")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def new_class_step(request: HttpRequest, step: str) -> HttpResponse:
    return _page(request, step)


def _page(request: HttpRequest, step: str) -> HttpResponse:
    return Publishing(request, "teach", list(own_instructors(request.user))).answer(step)


urlpatterns = [
    path("new-class/", new_class, name="new_class"),
    path("new-class/<slug:step>/", new_class_step, name="new_class_step"),
]
