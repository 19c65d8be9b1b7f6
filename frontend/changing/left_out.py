"""The dates that a class leaves out: see them, put one back after looking at it, leave out one that is not made yet.

Here: the pages, their forms and words. Not here: what may be put back or left out
(classes/timetable/left_out.py); cancelling a date that can be booked (cancelling.py).
"""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from classes.arranging import Arranged
from classes.models import Series
from classes.timetable import (
    DatesRefused,
    LeftOutOutdated,
    NotLeftOut,
    NotPossible,
    NotToMake,
    PutBack,
    can_be_left_out,
    leave_out,
    left_out_of,
    preview_put_back,
    put_back,
)
from frontend import forms
from frontend.changing.forms import SeenForm
from frontend.publishing.words import PROBLEMS, obstacle_words
from frontend.signed_in import user_of
from frontend.wording import day

OUTDATED = "Something has changed since you looked at this page. Nothing was saved. Please check it again."
REFUSED = "Nothing was saved. This page says why."
NOT_TO_MAKE = "This date has been added or left out meanwhile. Nothing was changed."


class LeaveOutForm(forms.Form):
    on = forms.SelectField(label="Which date?", missing="Select the date to leave out")


def not_on(series: Series | None) -> list[str]:
    """The dates to come that a class leaves out, a line each: Monday 31 May 2027, Spring bank holiday."""
    return [words_of(on, name) for on, name in left_out_of(series).items()] if series else []


def words_of(on: date, name: str) -> str:
    return f"{day(on)}, {name}" if name else day(on)


def left_out_page(request: HttpRequest, arranged: Arranged, *, audience: str) -> HttpResponse:
    """What is left out, each with a way back; and what is not made yet, to leave out. Raises Http404."""
    series = _series(arranged)
    form = LeaveOutForm(forms.posted(request))
    to_make = can_be_left_out(series)
    form.fields["on"].offer((on.isoformat(), day(on)) for on in to_make)  # type: ignore[attr-defined]
    status = None
    if form.is_valid():
        on = date.fromisoformat(form.cleaned_data["on"])
        try:
            leave_out(series=series, on=on, by=user_of(request).person)
        except NotToMake:
            form.add_error(None, NOT_TO_MAKE)
            status = 409
        else:
            messages.success(request, f"There is no class on {day(on)}.")
            return redirect(f"{audience}:left_out", arranged.session.pk)
    context = {
        "session": arranged.session,
        "audience": audience,
        "left_out": [(on.isoformat(), words_of(on, name)) for on, name in left_out_of(series).items()],
        "to_make": to_make,
    }
    return forms.render_form(request, "frontend/changing/left_out.html", context, form, status=status)


def put_back_page(request: HttpRequest, arranged: Arranged, on: str, *, audience: str) -> HttpResponse:
    """One date as it would be, and a button. Raises Http404 for what is no date at all."""
    series = _series(arranged)
    try:
        chosen = date.fromisoformat(on)
        if request.method != "POST":
            return _show(request, arranged, preview_put_back(series=series, on=chosen), audience)
        return _put_back(request, arranged, chosen, audience)
    except NotLeftOut:
        messages.info(request, "This date is not left out any more.")
        return redirect(f"{audience}:left_out", arranged.session.pk)
    except ValueError as wrong:
        raise Http404 from wrong


def _put_back(request: HttpRequest, arranged: Arranged, on: date, audience: str) -> HttpResponse:
    series = _series(arranged)
    try:
        done = put_back(series=series, on=on, seen=request.POST.get("seen", ""), by=user_of(request).person)
    except LeftOutOutdated as outdated:
        return _show(request, arranged, outdated.preview, audience, OUTDATED)
    except (DatesRefused, NotPossible):
        return _show(request, arranged, preview_put_back(series=series, on=on), audience, REFUSED)
    later = done.preview.dates[0].later
    messages.success(
        request, f"{day(on)} {'opens by itself, 12 weeks before' if later else 'is back, and can be booked now'}."
    )
    return redirect(f"{audience}:left_out", arranged.session.pk)


def _show(request: HttpRequest, arranged: Arranged, found: PutBack, audience: str, refused: str = "") -> HttpResponse:
    form = SeenForm({"seen": found.fingerprint} if refused else None, initial={"seen": found.fingerprint})
    if refused:
        form.add_error(None, refused)
    (planned,) = found.preview.dates
    context = {
        "series": _series(arranged),
        "found": found,
        "planned": planned,
        "problems": [PROBLEMS[problem] for problem in found.preview.problems],
        "obstacles": [obstacle_words(obstacle) for obstacle in planned.obstacles],
        "back": reverse(f"{audience}:left_out", args=[arranged.session.pk]),
    }
    status = 409 if refused else None
    return forms.render_form(request, "frontend/changing/put_back.html", context, form, status=status)


def _series(arranged: Arranged) -> Series:
    """Of a class whose other dates this person may change, too. Raises Http404."""
    series = arranged.session.series
    if series is None or not arranged.of_series:
        raise Http404
    return series
