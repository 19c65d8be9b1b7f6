"""An instructor's own classes: today, this week, all of them, one of them; cancelling a date."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.cover.asking import may_ask_for
from classes.incidents import own_reports_of
from classes.leader_there import arrivals_at, delays_of, may_say_here
from classes.models import Session
from classes.models.timetable import SessionQuerySet
from classes.register import Window, agreed_to_photos, newcomers_to
from classes.timetable.attention import Note, notes_on
from frontend import timetable_words as words
from frontend.calling_off import call_off_page, called_off_page
from frontend.cancelling import cancel_page
from frontend.changing import not_on
from frontend.class_notes import sent_page, write_page
from frontend.class_words import map_of
from frontend.incident_words import title_of
from frontend.signed_in import user_of
from frontend.views.teach.wording import photo_count
from instructors.access import own_instructors

PER_PAGE = 30


@require_safe
@requires(Permission.TEACH)
def sessions(request: HttpRequest) -> HttpResponse:
    """Today and the six days after it; registers that are not finished come first, finished ones last."""
    now = timezone.now()
    coming = teaching.between(teaching.shown_to_leader(request.user), now, _midnight(now) + timedelta(days=7))
    week = [s for s in coming if s.places_taken or not s.is_one_to_one]  # free times have a page of their own
    today = [s for s in week if timezone.localdate(s.starts_at) <= timezone.localdate(now)]
    unfinished = [s for s in teaching.registers_to_finish(request.user) if s not in today]
    finished = [s for s in teaching.finished_registers(request.user).reverse() if s not in today]
    context = {
        "unfinished": unfinished,
        "finished": finished,
        "taught_today": any(timezone.localdate(s.starts_at) == timezone.localdate(now) for s in unfinished + finished),
        "today_list": today,
        "newcomers": newcomers_to(week),
        "attention": _attention(week, now),
        "days": words.by_day([s for s in week if s not in today]),
    }
    return render(request, "frontend/teach/sessions.html", {**context, "words": words})


@require_safe
@requires(Permission.TEACH)
def all_sessions(request: HttpRequest) -> HttpResponse:
    """Every class from now on, a page at a time."""
    coming = teaching.shown_to_leader(request.user).filter(ends_at__gt=timezone.now())
    page = Paginator(coming, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "frontend/teach/all_sessions.html",
        {
            "page": page,
            "days": words.by_day(page.object_list),
            "words": words,
            "attention": _attention(list(page.object_list), timezone.now()),
        },
    )


@require_safe
@requires(Permission.TEACH)
def session(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(teaching.shown_to_leader(request.user), pk=pk)
    window = Window(found.starts_at, found.ends_at)
    now = timezone.now()
    context = {
        "session": found,
        "window": window,
        "may_cancel": not found.is_cancelled and now < found.ends_at,
        "has_started": window.has_started(now),
        "delays": delays_of(found, now),
        "may_say_here": may_say_here(found, now),
        "arrived": arrivals_at([found]).filter(by=user_of(request).person).exists(),
        "may_ask": not window.has_started(now) and found.pk in may_ask_for([found], own_instructors(request.user)),
        "map_of": map_of,
        "not_on": not_on(found.series),
        "reports": [(one, title_of(one)) for one in own_reports_of(request.user, found)],
        "photos": photo_count(*agreed_to_photos(found)),
        "may_report": found in teaching.reported_on_by(request.user),
    }
    return render(request, "frontend/teach/session.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def cancel_session(request: HttpRequest, pk: int) -> HttpResponse:
    return cancel_page(request, get_object_or_404(teaching.shown_to_leader(request.user), pk=pk), audience="teach")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def call_off(request: HttpRequest) -> HttpResponse:
    """Several of today's at once."""
    own = teaching.to_call_off(teaching.classes_led_by(request.user), days=1)
    return call_off_page(request, offered=own, off=_off(request), audience="teach")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def called_off(request: HttpRequest) -> HttpResponse:
    return called_off_page(request, off=_off(request), audience="teach")


def _off(request: HttpRequest) -> SessionQuerySet:
    return teaching.called_off(teaching.called_off_by_leader(request.user), days=1)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def write_to_class(request: HttpRequest, pk: int) -> HttpResponse:
    return write_page(request, get_object_or_404(teaching.classes_led_by(request.user), pk=pk), audience="teach")


@require_safe
@requires(Permission.TEACH)
def class_note(request: HttpRequest, pk: int) -> HttpResponse:
    return sent_page(request, get_object_or_404(teaching.notes_shown_to_leader(request.user), pk=pk), audience="teach")


def _attention(sessions: list[Session], now: datetime) -> dict[int, tuple[Note, ...]]:
    """What people's health asks for is told no earlier than in the register."""
    return notes_on(sessions, health_of=lambda s: Window(s.starts_at, s.ends_at).shows_facts(now))


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


urlpatterns = [
    path("", sessions, name="sessions"),
    path("classes/", all_sessions, name="all_sessions"),
    path("classes/<int:pk>/", session, name="session"),
    path("classes/<int:pk>/cancel/", cancel_session, name="cancel_session"),
    path("call-off/", call_off, name="call_off"),
    path("called-off/", called_off, name="called_off"),
    path("classes/<int:pk>/write/", write_to_class, name="write_to_class"),
    path("notes/<int:pk>/", class_note, name="class_note"),
]
