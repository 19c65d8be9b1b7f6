"""An instructor says when they are away; classes of theirs in that time are named, with the way to ask for cover."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.cover.asking import may_ask_for
from classes.models import Session
from frontend import forms
from frontend.signed_in import user_of
from frontend.wording import plain_date, today
from instructors.access import absences_of, own_instructors
from instructors.away import AwayAlready, NotThatWay, is_there_after_all, say_away
from instructors.models import Instructor, Unavailability

teaches = requires(Permission.TEACH)


class AwayForm(forms.Form):
    programme = forms.SelectField(label="Programme", missing="Select the programme")
    first = forms.DateField(label="First day", called="the first day", earliest=today)
    last = forms.DateField(label="Last day", called="the last day", earliest=today)
    reason = forms.TextField(
        label="A word for the desk", hint="Such as holiday", called="the word", required=False, max_length=100
    )

    def __init__(self, *args: Any, own: list[Instructor], **rest: Any) -> None:
        super().__init__(*args, **rest)
        if len(own) < 2:
            del self.fields["programme"]
        else:
            self.fields["programme"].offer((str(one.pk), one.programme.name) for one in own)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@teaches
def away(request: HttpRequest) -> HttpResponse:
    own = list(own_instructors(request.user))
    form = AwayForm(forms.posted(request), own=own)
    if form.is_valid():
        given = form.cleaned_data
        chosen = given.get("programme") or str(own[0].pk)
        one = next(one for one in own if str(one.pk) == chosen)
        try:
            say_away(
                instructor=one,
                first=given["first"],
                last=given["last"],
                reason=given["reason"],
                by=user_of(request).person,
            )
        except AwayAlready:
            form.add_error("first", "You are away on some of these days already")
        except NotThatWay:
            form.add_error("last", "The last day must be the first day or later")
        else:
            messages.success(request, "Noted. Nobody gives you a class on these days.")
            return redirect("teach:away")
    led = list(teaching.classes_led_by(request.user).filter(ends_at__gt=timezone.now()).published())
    rows = [(row, _days(row), _clashes(row, led)) for row in absences_of(request.user)]
    return forms.render_form(request, "frontend/teach/away.html", {"rows": rows, "leads": may_ask_for(led, own)}, form)


@require_POST
@teaches
def not_away(request: HttpRequest, pk: int) -> HttpResponse:
    is_there_after_all(away=get_object_or_404(absences_of(request.user), pk=pk), by=user_of(request).person)
    messages.success(request, "You are there on these days after all.")
    return redirect("teach:away")


def _days(row: Unavailability) -> str:
    """Whole days, as they were said; where the desk noted it without an end, none is said."""
    first, last = _on(row.during.lower), _on(row.during.upper, before=True)
    if first == last and first:
        return plain_date(first)
    return f"{plain_date(first) if first else 'Until now'} to {plain_date(last) if last else 'further notice'}"


def _on(moment: Any, *, before: bool = False) -> date | None:
    return timezone.localdate(moment - timedelta(seconds=1) if before else moment) if moment else None


def _clashes(row: Unavailability, led: list[Session]) -> list[Session]:
    begins, ends = row.during.lower, row.during.upper
    return [one for one in led if (ends is None or one.starts_at < ends) and (begins is None or begins < one.ends_at)]


urlpatterns = [
    path("away/", away, name="away"),
    path("away/<int:pk>/end/", not_away, name="not_away"),
]
