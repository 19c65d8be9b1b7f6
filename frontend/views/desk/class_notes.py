"""A word from the desk to everybody of one date: the same pages as an instructor's (frontend/class_notes.py)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from frontend.class_notes import sent_page, write_page

at_desk = requires(Permission.WORK_AT_DESK)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def write_to_class(request: HttpRequest, pk: int) -> HttpResponse:
    return write_page(request, get_object_or_404(teaching.classes_at_desk_of(request.user), pk=pk), audience="desk")


@require_safe
@at_desk
def class_note(request: HttpRequest, pk: int) -> HttpResponse:
    return sent_page(request, get_object_or_404(teaching.notes_at_desk_of(request.user), pk=pk), audience="desk")


urlpatterns = [
    path("timetable/<int:pk>/write/", write_to_class, name="write_to_class"),
    path("timetable/notes/<int:pk>/", class_note, name="class_note"),
]
