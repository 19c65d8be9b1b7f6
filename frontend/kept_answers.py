"""Answers to the same-day check of somebody who was signed out before they were sent.

Here: keeping them, unreadable, in the session of the same browser for half an hour,
so that they stand on the page again after signing in; and the page that says so,
with what cannot wait. Not here: the check itself (safety_check.py). Nothing is kept
of a page that is only left.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from cryptography.fernet import InvalidToken
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.fields import decrypt, encrypt
from classes.same_day.symptom_content import symptom_questions
from classes.same_day.symptom_questions import SymptomQuestions
from classes.same_day.symptoms import worst_so_far

SESSION_KEY = "kept_answers"
KEPT_FOR = timedelta(minutes=30)
YES_NO = {"yes": True, "no": False}

View = Callable[..., HttpResponse]


def keeps_answers(view: View) -> View:
    """Wrap a page of questions, outside of its guard: answers that nobody is signed in for are kept, not dropped."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            return _signed_out(request)
        return view(request, *args, **kwargs)

    return kept


def _signed_out(request: HttpRequest) -> HttpResponse:
    """401: they are kept, this is the way back, and this is what cannot wait for it."""
    asked = questions_on(request.POST)
    answers = {question.id: request.POST.get(question.id) for question in asked}
    said = {name: answer for name, answer in answers.items() if answer in YES_NO}
    if said:
        kept = {"path": request.path, "at": timezone.now().isoformat(), "version": asked.version, "answers": said}
        request.session[SESSION_KEY] = encrypt(json.dumps(kept))
    result = worst_so_far(asked, {name: YES_NO[str(answer)] for name, answer in said.items()})
    context = {
        "warning": asked.advice[result] if result.is_stop else None,
        "kept": bool(said),
        "sign_in": f"{reverse('account_login')}?{urlencode({'next': request.path})}",
    }
    return render(request, "frontend/public/safety_check_signed_out.html", context, status=401)


def kept_answers(request: HttpRequest, asked: SymptomQuestions) -> dict[str, str]:
    """What was kept for this page a short while ago, without questions that read differently now."""
    kept = _read(request)
    if kept is None or kept["path"] != request.path:
        return {}
    if timezone.now() - datetime.fromisoformat(kept["at"]) >= KEPT_FOR:
        forget_kept_answers(request)
        return {}
    same = asked.same_as_in(symptom_questions(kept["version"]))
    return {name: answer for name, answer in kept["answers"].items() if name in same}


def forget_kept_answers(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def questions_on(sent: Mapping[str, Any]) -> SymptomQuestions:
    """The questions that were on the page that was sent; today's where nobody knows them."""
    try:
        return symptom_questions(str(sent.get("version") or "none"))
    except KeyError:
        return symptom_questions()


def _read(request: HttpRequest) -> dict[str, Any] | None:
    token = request.session.get(SESSION_KEY)
    try:
        return dict(json.loads(decrypt(token))) if token else None
    except InvalidToken:  # the keys were changed meanwhile
        return None
