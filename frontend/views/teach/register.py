"""Take the register: one form for everybody, and one mark for all who have none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.parcels import open_half
from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.models import Mode, Session
from classes.readiness import check_window
from classes.register import (
    Entry,
    NewCompanionMark,
    NewMark,
    Outcome,
    Register,
    RegisterClosed,
    RegisterNotOpen,
    notes_open,
    open_register,
    take_register,
)
from classes.same_day.symptoms import CheckWindow
from frontend import forms
from frontend.signed_in import user_of
from frontend.views.teach import wording
from frontend.views.teach.check_words import check_words
from frontend.views.teach.register_form import COMPANION_OPTIONS, OPTIONS, RegisterForm, RestForm
from frontend.whereabouts import OUT_OF_VIEW, where_words, with_words
from frontend.wording import count, moment

TEMPLATE, REST_TEMPLATE = "frontend/teach/register.html", "frontend/teach/mark_rest.html"
CLOSED = (
    "This register closed {}, so nothing was saved from this page. What this phone kept of your marks is sent as "
    "marks that come late. Please phone the desk, also if one is wrong."
)
FEW_TO_FIND = 5  # so many at most are named on top, once somebody has a mark


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def register(request: HttpRequest, pk: int) -> HttpResponse:
    session = _session(request, pk)
    opened = open_register(session=session, by=user_of(request).person)
    if request.method != "POST":
        return _show(request, opened, RegisterForm(register=opened))
    form = RegisterForm(request.POST, register=opened)
    if not form.is_valid():
        return _show(request, opened, form)
    if not _take(request, session, form.marks(), form, form.companions()):
        return _show(request, opened, form, status=409)
    return redirect("teach:mark_rest" if "rest" in request.POST else "teach:register", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def mark_rest(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks before it marks everybody who has no mark; the page names them."""
    session = _session(request, pk)
    form = RestForm(request.POST if request.method == "POST" else None)
    status = None
    if request.method == "POST" and form.is_valid():
        if _take(request, session, form.marks(), form):
            return redirect("teach:register", pk)
        status = 409
    opened = open_register(session=session, by=user_of(request).person)
    ids = {f"id_{entry.key}": str(uuid4()) for entry in opened.unmarked}
    context = {"register": opened, "session": session, "ids": ids}
    return forms.render_form(request, REST_TEMPLATE, context, form, status=status)


def _session(request: HttpRequest, pk: int) -> Session:
    led = teaching.with_questions(teaching.classes_led_by(request.user), timezone.now())
    found: Session = get_object_or_404(led, pk=pk)
    return found


def _take(
    request: HttpRequest,
    session: Session,
    marks: list[NewMark],
    form: forms.Form,
    companions: Sequence[NewCompanionMark] = (),
) -> bool:
    """Whether every mark was taken; what was not is an error of `form`."""
    try:
        answers = take_register(session=session, marks=marks, companions=companions, by=user_of(request).person)
    except RegisterNotOpen as refusal:
        form.add_error(None, f"Nothing was saved: this class starts {moment(refusal.opens_at)}.")
        return False
    except RegisterClosed as refusal:
        form.add_error(None, CLOSED.format(moment(refusal.closed_at)))
        return False
    if refused := [answer for answer in answers if answer.outcome is Outcome.REFUSED]:
        form.add_error(None, f"{count(len(refused), 'mark').capitalize()} could not be saved. Open the page again.")
        return False
    new = sum(answer.outcome is Outcome.RECORDED for answer in answers)
    if new:
        messages.success(request, f"Saved: {count(new, 'mark')}.")
    elif "rest" not in request.POST:  # who goes on to mark the rest had nothing to save here
        messages.success(request, "Nothing had changed.")
    return True


def _show(request: HttpRequest, opened: Register, form: RegisterForm, status: int | None = None) -> HttpResponse:
    may_mark = opened.window.has_started(opened.opened_at) and opened.window.may_be_amended(opened.opened_at)
    few = len(opened.unmarked) <= min(FEW_TO_FIND, len(opened.entries) - 1)
    window = check_window(opened.session, opened.asked)
    context: dict[str, Any] = {
        "register": opened,
        "session": opened.session,
        "options": OPTIONS,
        "companion_options": COMPANION_OPTIONS,
        "lines": [_line(entry, opened, window) for entry in opened.entries],
        "to_find": opened.unmarked if may_mark and few else (),
        "started": opened.window.has_started(opened.opened_at),
        "may_mark": may_mark,
        "photos": wording.photo_words([entry.name for entry in opened.may_be_recorded], len(opened.entries)),
        "seal_for": open_half(),
        "unknown": wording.UNKNOWN,
        "to_note": _to_note(opened),
        "out_of_view": OUT_OF_VIEW if _is_online_now(opened) else (),
    }
    return forms.render_form(request, TEMPLATE, context, form, status=status)


def _to_note(opened: Register) -> tuple[Entry, ...]:
    """Whoever came and has no note yet, while notes are written."""
    if not notes_open(opened.session, opened.opened_at):
        return ()
    return tuple(entry for entry in opened.entries if wording.takes_note(entry) and not _noted(entry))


def _is_online_now(opened: Register) -> bool:
    """While somebody may drop out of view."""
    return opened.session.mode == Mode.REMOTE and opened.shows_facts and opened.opened_at < opened.session.ends_at


def _noted(entry: Entry) -> bool:
    return entry.facts is not None and entry.facts.noted


def _today(entry: Entry) -> tuple[str, ...]:
    """Where they are and who is with them; empty where nobody knows yet."""
    today = entry.facts.today if entry.facts else None
    return (where_words(today), with_words(today)) if today else ()


def _line(entry: Entry, opened: Register, window: CheckWindow) -> dict[str, Any]:
    return {
        "entry": entry,
        "label": wording.mark_label(entry),
        "adaptations": wording.adaptation_words(entry),
        "needs": wording.need_words(entry),
        "also": wording.also_words(entry),
        "how_it_went": wording.note_words(entry, opened.window.has_started(opened.opened_at)),
        "today": _today(entry) if opened.session.mode == Mode.REMOTE else None,
        "check": check_words(entry, opened, window),
    }


urlpatterns = [
    path("classes/<int:pk>/register/", register, name="register"),
    path("classes/<int:pk>/register/rest/", mark_rest, name="mark_rest"),
]
