"""The desk's timetable: what is coming, publish for any instructor, cancel a date."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission, allows
from accounts.signin import requires
from classes import teaching
from frontend import timetable_words as words
from frontend.cancelling import cancel_page
from frontend.publishing import Publishing
from instructors.access import instructors_published_for

PER_PAGE = 40


@require_safe
@requires(Permission.WORK_AT_DESK)
def sessions(request: HttpRequest) -> HttpResponse:
    """Every class from now on, by day, a page at a time."""
    coming = teaching.classes_at_desk_of(request.user).filter(ends_at__gt=timezone.now())
    page = Paginator(coming.prefetch_related("leaders__instructor__person"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "days": words.by_day(page.object_list),
        "words": words,
        "arranges": allows(request.user, Permission.PUBLISH_FOR_ANYONE),
    }
    return render(request, "frontend/desk/sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def cancel_session(request: HttpRequest, pk: int) -> HttpResponse:
    return cancel_page(request, get_object_or_404(teaching.classes_arranged_by(request.user), pk=pk), audience="desk")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def new_class(request: HttpRequest) -> HttpResponse:
    return _page(request, "what")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def new_class_step(request: HttpRequest, step: str) -> HttpResponse:
    return _page(request, step)


def _page(request: HttpRequest, step: str) -> HttpResponse:
    return Publishing(request, "desk", list(instructors_published_for(request.user))).answer(step)


urlpatterns = [
    path("timetable/", sessions, name="sessions"),
    path("timetable/new-class/", new_class, name="new_class"),
    path("timetable/new-class/<slug:step>/", new_class_step, name="new_class_step"),
    path("timetable/<int:pk>/cancel/", cancel_session, name="cancel_session"),
]
