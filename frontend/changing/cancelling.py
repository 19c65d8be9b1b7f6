"""Cancel several dates of a class: choose them where that is asked, then one page that lists every date and asks why.

Here: the pages. Not here: what cancelling does (classes/timetable), one date by
itself (frontend/cancelling.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from classes.judging.refusals import TryAgain
from classes.models import Session
from classes.timetable import (
    Scope,
    TooLateToCancel,
    cancel_sessions,
    open_dates,
    people_to_tell,
    still_to_make,
    with_people,
)
from frontend import forms
from frontend.cancelling import CancelForm
from frontend.changing.scope_words import named
from frontend.changing.words import date_words, people_words
from frontend.signed_in import user_of
from frontend.wording import count

CHOSEN = "chosen-dates"
SCOPES = {Scope.LATER.value: Scope.LATER, Scope.ALL.value: Scope.ALL, CHOSEN: Scope.ALL}
OUTDATED = "The dates have changed since you looked at this page. Nothing was cancelled. Please check them again."
TOO_LATE = "One of these dates has begun, or its register has been started. Nothing was cancelled."
BUSY = "Many people are booking these dates just now. Nothing was changed. Please try again."


class WhichForm(forms.Form):
    """Sent by GET: choosing changes nothing."""

    date = forms.CheckboxesField(
        label="Which dates do you want to cancel?", missing="Select the dates that you want to cancel"
    )


class WhyForm(CancelForm):
    dates = forms.HiddenField()


def cancel_dates_page(request: HttpRequest, session: Session, *, scope: str, audience: str) -> HttpResponse:
    """`session` is the date from which the scope counts. Raises Http404 for a scope that there is not."""
    if scope not in SCOPES or session.series_id is None:
        raise Http404
    dates = list(with_people(open_dates(session, SCOPES[scope], timezone.now())))
    if not dates:
        return redirect(f"{audience}:change_session", session.pk)
    if scope == CHOSEN:
        which = _which(request, dates)
        if not which.is_valid():
            return _choose(request, session, which, audience)
        dates = [one for one in dates if str(one.pk) in which.cleaned_data["date"]]
    return _confirm(request, session, dates, scope, audience)


def _which(request: HttpRequest, dates: list[Session]) -> WhichForm:
    form = WhichForm(request.GET if "chosen" in request.GET else None)
    form.fields["date"].offer(  # type: ignore[attr-defined]
        forms.Choice(str(one.pk), date_words(one), hint=_people(one)) for one in dates
    )
    return form


def _choose(request: HttpRequest, session: Session, form: WhichForm, audience: str) -> HttpResponse:
    context = {"session": session, "audience": audience}
    return forms.render_form(request, "frontend/changing/which_dates.html", context, form)


def _confirm(request: HttpRequest, session: Session, dates: list[Session], scope: str, audience: str) -> HttpResponse:
    listed = ",".join(str(one.pk) for one in dates)
    form = WhyForm(forms.posted(request), initial={"dates": listed})
    refused = ""
    if form.is_valid():
        if form.cleaned_data["dates"] == listed:
            refused = _cancel(request, session, dates, form.chosen(), scope)
            if not refused:
                return redirect(f"{audience}:sessions")
        else:
            refused = OUTDATED
            form = WhyForm(_with_dates(request, listed))
        form.add_error(None, refused)
    context: dict[str, Any] = {
        "session": session,
        "dates": [(date_words(one), _people(one)) for one in dates],
        "later": [] if scope == CHOSEN else still_to_make(_series(session), dates[0].occurs_on),
        "to_tell": people_to_tell(*dates),
        "button": f"Cancel {named(SCOPES[scope] if scope != CHOSEN else Scope.ALL, dates)}",
        "back": reverse(f"{audience}:change_session", args=[session.pk]),
    }
    return forms.render_form(
        request, "frontend/changing/cancel_dates.html", context, form, status=409 if refused else None
    )


def _with_dates(request: HttpRequest, listed: str) -> QueryDict:
    """What was sent, but for the dates: those that stand on the page now."""
    sent = request.POST.copy()
    sent["dates"] = listed
    return sent


def _cancel(request: HttpRequest, session: Session, dates: list[Session], reason: str, scope: str) -> str:
    """Empty when they are cancelled, else why not."""
    told, ends = people_to_tell(*dates), None if scope == CHOSEN else _series(session)
    try:
        cancel_sessions(sessions=dates, reason=reason, end_series=ends, by=user_of(request).person)
    except TooLateToCancel:
        return TOO_LATE
    except TryAgain:
        return BUSY
    people = f"{count(told, 'person is', 'people are').capitalize()} being told." if told else "Nobody had booked."
    messages.success(request, f"{count(len(dates), 'date is', 'dates are').capitalize()} cancelled. {people}")
    return ""


def _series(session: Session) -> Any:
    return session.series


def _people(session: Session) -> str:
    booked, waiting = (getattr(session, name) for name in ("booked", "waiting"))  # with_people has counted them
    return people_words(booked, waiting)
