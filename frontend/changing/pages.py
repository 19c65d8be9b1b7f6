"""The pages that change dates of a class: which dates, what is different, check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.history import log_reads
from classes.arranging import Arranged
from classes.judging.refusals import CapacityBelowHeld, TryAgain
from classes.models import Session
from classes.timetable import (
    DatesRefused,
    EditPreview,
    NothingChanges,
    NotPossible,
    PeopleBusy,
    PreviewOutdated,
    Scope,
    change_dates,
    preview_edit,
)
from frontend import forms
from frontend.changing.asked import Asked, Unanswered
from frontend.changing.forms import CheckForm
from frontend.changing.left_out import not_on
from frontend.changing.scope_words import named, offered_scopes
from frontend.changing.words import differences, kept_words, people_of, scope_heading, told_words
from frontend.publishing.words import PROBLEMS, caution_words, obstacle_words
from frontend.signed_in import user_of
from frontend.wording import count

OUTDATED = "Something has changed since you looked at this page. Nothing was saved. Please check it again."
BUSY_NOW = "Many people are booking these dates just now. Nothing was saved. Press the button again."


@dataclass(frozen=True)
class Changing:
    """One request about one class, of one audience ("teach", "desk")."""

    request: HttpRequest
    audience: str
    arranged: Arranged

    @property
    def session(self) -> Session:
        return self.arranged.session

    def choose(self) -> HttpResponse:
        """What can be changed or cancelled from this date; each button says which dates it is about."""
        offered = offered_scopes(self.session, of_series=self.arranged.of_series)
        context = {"session": self.session, "offered": offered, "audience": self.audience}
        context |= {"not_on": not_on(self.session.series), "of_series": self.arranged.of_series}
        return render(self.request, "frontend/changing/choose.html", context)

    def ask(self, scope: str) -> HttpResponse:
        asked = self._asked(scope)
        if asked is None:
            return redirect(self._to("change_session"))
        form = asked.form()
        if self.request.method == "POST" and form.is_valid():
            if form.asks_more():
                form = asked.form(asks_which=True)
            if form.is_valid():
                asked.keep(form.cleaned_data)
                return redirect(self._to("check_change", scope))
        context = {"session": self.session, "heading": scope_heading(asked.dates, asked.scope)}
        context |= {"back": self._to("change_session"), "whole": asked.scope is not Scope.ONE}
        return forms.render_form(self.request, "frontend/changing/what.html", context, form)

    def check(self, scope: str) -> HttpResponse:
        asked = self._asked(scope)
        try:
            edit = asked.edit() if asked else None
        except Unanswered:
            return redirect(self._to("change_session_scope", scope))
        if asked is None or edit is None:
            return redirect(self._to("change_session"))
        if self.request.method != "POST":
            return self._show(asked, preview_edit(edit))
        return self._save(asked)

    def _save(self, asked: Asked) -> HttpResponse:
        """What was looked at, if it is still so; whatever else is true now is shown instead."""
        give_back = self.request.POST.get("give_back") == "yes"
        try:
            done = change_dates(
                edit=asked.edit(give_back=give_back),
                seen=self.request.POST.get("seen", ""),
                by=user_of(self.request).person,
            )
        except PreviewOutdated as outdated:
            return self._show(asked, outdated.preview, OUTDATED)
        except (DatesRefused, NotPossible, NothingChanges, PeopleBusy, CapacityBelowHeld) as refusal:
            return self._show(asked, preview_edit(asked.edit()), _refused(refusal))
        except TryAgain:
            return self._show(asked, preview_edit(asked.edit()), BUSY_NOW)
        asked.forget()
        messages.success(self.request, f"{count(len(done.dates), 'date').capitalize()} changed. {told_words(done)}")
        return redirect(f"{self.audience}:sessions")

    def _show(self, asked: Asked, preview: EditPreview, refused: str = "") -> HttpResponse:
        busy = [booking.participant.person for booking in preview.busy]
        log_reads(
            targets=busy, purpose="register", what="names of who has two classes", by=user_of(self.request).person
        )
        data = {"seen": preview.fingerprint} if refused else None
        form = CheckForm(data, busy=[p.full_name for p in busy], initial={"seen": preview.fingerprint})
        if refused:
            form.is_valid()
            form.errors.clear()
            form.add_error(None, refused)
        context: dict[str, Any] = {
            "session": self.session,
            "preview": preview,
            "differences": differences(preview),
            "cautions": [caution_words(caution) for caution in preview.cautions],
            "problems": [PROBLEMS[problem] for problem in preview.problems],
            "why": obstacle_words,
            "people_of": people_of,
            "kept_words": kept_words,
            "told": told_words(preview),
            "busy": busy,
            "button": f"Change {named(asked.scope, [change.session for change in preview.dates])}",
            "back": self._to("change_session_scope", asked.scope.value),
            "can_save": preview.changes_anything and not preview.refused and not preview.problems,
        }
        status = 409 if refused else None
        return forms.render_form(self.request, "frontend/changing/check.html", context, form, status=status)

    def _asked(self, scope: str) -> Asked | None:
        """What was asked so far; None where these dates cannot be changed any more. Raises Http404."""
        if scope not in list(Scope) or not self.arranged.offers(Scope(scope)):
            raise Http404
        asked = Asked(self.request, self.audience, self.arranged, Scope(scope))
        return asked if asked.dates else None

    def _to(self, page: str, scope: str = "") -> str:
        return reverse(f"{self.audience}:{page}", args=[self.session.pk, *([scope] if scope else [])])


def _refused(refusal: Exception) -> str:
    words = {
        PeopleBusy: "Say what is to become of the people who have another class then.",
        NothingChanges: "Nothing is different from how it is now.",
    }
    return words.get(type(refusal), "Nothing was saved. This page says why.")
