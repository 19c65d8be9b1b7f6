"""The next term: the desk says which classes come back and from when to when, checks every date, and publishes them.

Here: the two pages. Not here: which dates there are and what stands against them
(classes/timetable/terms.py). Nobody is told of anything here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.models import Series
from classes.timetable import (
    HORIZON,
    LONGEST_SERIES,
    ComingBack,
    DatesRefused,
    NotPossible,
    Term,
    TermOutdated,
    TermPreview,
    preview_term,
    publish_term,
    series_to_repeat,
)
from frontend import forms
from frontend.publishing.draft import Draft
from frontend.publishing.words import PROBLEMS, caution_words, obstacle_words
from frontend.signed_in import user_of
from frontend.wording import clock, count, plain_date, today

arranges = requires(Permission.PUBLISH_FOR_ANYONE)
ASK, CHECK = "frontend/desk/next_term.html", "frontend/desk/check_next_term.html"
OUTDATED = "Something has changed since you looked at this page. Nothing was published. Please check it again."
REFUSED = "Nothing was published. This page says why."


class TermForm(forms.Form):
    first = forms.DateField(label="First day of the new term", called="the first day", earliest=today)
    last = forms.DateField(label="Last day of the new term", called="the last day", earliest=today)
    on_holidays = forms.ConfirmField(
        label="Hold classes on bank holidays and days without classes too",
        missing="Tick or leave empty",
        required=False,
    )
    series = forms.CheckboxesField(
        label="Which classes come back?", missing="Select the classes that come back", called="the classes"
    )

    def __init__(self, *args: Any, series: Iterable[Series], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["series"].offer(  # type: ignore[attr-defined]
            forms.Choice(str(one.pk), title_of(one), hint=f"{facts_of(one)}, until {plain_date(one.last_date)}")
            for one in series
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day must be the first day or later")
        elif first and last and last - first > LONGEST_SERIES:
            self.add_error("last", "The last day must be within 4 years of the first. Check the year")
        return cleaned


class PublishForm(forms.Form):
    seen = forms.HiddenField()


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def next_term(request: HttpRequest) -> HttpResponse:
    draft, series = _draft(request), _series(request)
    initial = {"series": [str(one.pk) for one in series if _ends_soon(one)], **_typed(draft)}
    form = TermForm(forms.posted(request), initial=initial, series=series)
    if form.is_valid():
        draft.answers.pop("leave_out", None)
        draft.keep(form.cleaned_data)
        return redirect("desk:check_next_term")
    return forms.render_form(request, ASK, {"series": series}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def check_next_term(request: HttpRequest) -> HttpResponse:
    draft = _draft(request)
    if not draft.has("first", "last", "series"):
        return redirect("desk:next_term")
    if request.method == "POST" and "leave_out" in request.POST:
        draft.keep({"leave_out": True})
        return redirect("desk:check_next_term")
    term = _term(request, draft)
    return _publish(request, term, draft) if request.method == "POST" else _show(request, preview_term(term))


def _ends_soon(series: Series) -> bool:
    """What goes on for longer is in the new term by itself."""
    return today() <= series.last_date <= today() + HORIZON


def _publish(request: HttpRequest, term: Term, draft: Draft) -> HttpResponse:
    try:
        made = publish_term(term=term, seen=request.POST.get("seen", ""), by=user_of(request).person)
    except TermOutdated as outdated:
        return _show(request, outdated.preview, OUTDATED)
    except (NotPossible, DatesRefused):
        return _show(request, preview_term(term), REFUSED)
    draft.forget()
    messages.success(request, f"{count(len(made), 'class is', 'classes are').capitalize()} published for the new term.")
    return redirect("desk:sessions")


def _show(request: HttpRequest, preview: TermPreview, refused: str = "") -> HttpResponse:
    form = PublishForm({"seen": preview.fingerprint} if refused else None, initial={"seen": preview.fingerprint})
    if refused:
        form.add_error(None, refused)
    context = {
        "preview": preview,
        "title_of": title_of,
        "facts_of": facts_of,
        "problems_of": _problems_of,
        "why": obstacle_words,
        "think_of": caution_words,
        "can_leave_out": not preview.term.leave_out
        and any(one.already or one.preview.refused for one in preview.classes),
        "dates": sum(len(one.held) for one in preview.classes if not one.already),
    }
    return forms.render_form(request, CHECK, context, form, status=409 if refused else None)


def title_of(series: Series) -> str:
    """Gentle strength, Tuesdays at 6pm."""
    often = "s" if series.interval_weeks == 1 else "s, every two weeks"
    return f"{series.class_type.name}, {series.first_date:%A}{often} at {clock(series.start_time)}"


def facts_of(series: Series) -> str:
    where = str(series.venue) if series.venue else "Online"
    return f"{where}{f', {series.room.name}' if series.room else ''}, {series.instructor.person.full_name}"


def _problems_of(one: ComingBack) -> list[str]:
    found = [PROBLEMS[problem] for problem in one.preview.problems]
    return found + (["The instructor has a class at that time in the new term already."] if one.already else [])


def _series(request: HttpRequest) -> list[Series]:
    return list(series_to_repeat(teaching.series_arranged_by(request.user), today()))


def _draft(request: HttpRequest) -> Draft:
    return Draft(request, "desk.next_term")


def _typed(draft: Draft) -> dict[str, Any]:
    typed = draft.typed("first", "last")
    return {**typed, **{name: draft.answers[name] for name in ("series", "on_holidays") if name in draft.answers}}


def _term(request: HttpRequest, draft: Draft) -> Term:
    answers = draft.answers
    chosen = [one for one in _series(request) if str(one.pk) in answers["series"]]
    return Term(
        series=tuple(chosen),
        first=date.fromisoformat(answers["first"]),
        last=date.fromisoformat(answers["last"]),
        on_holidays=bool(answers.get("on_holidays")),
        leave_out=bool(answers.get("leave_out")),
    )


urlpatterns = [
    path("timetable/next-term/", next_term, name="next_term"),
    path("timetable/next-term/check/", check_next_term, name="check_next_term"),
]
