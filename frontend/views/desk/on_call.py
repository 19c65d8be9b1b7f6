"""The on-call rota: who is told now, the shifts of the next weeks, adding and ending one.

Here: the pages. Not here: what a shift means and what is refused (messaging/on_call.py),
who is told of what (messaging/alerts.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Channel, Person, Programme
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.signed_in import user_of
from frontend.wording import moment, today, uk
from messaging import on_call
from messaging.access import shifts_at_desk_of
from messaging.models import OnCallShift
from participants import access

at_desk = requires(Permission.WORK_AT_DESK)
LINES = {on_call.FIRST: "First", on_call.SECOND: "Second", on_call.THIRD: "Third"}
REFUSED = {
    on_call.NotAtTheDesk: "This person has no role at the desk any more. Choose somebody else",
    on_call.CannotBeWrittenTo: "We do not reach this person by email first, so they would not know in time. "
    "Choose somebody else, or have email noted as the way they like best",
}


def a_year_ahead() -> date:
    return today() + timedelta(days=365)


class ShiftForm(forms.Form):
    who = forms.SelectField(label="Who?", missing="Select who is on call")
    line = forms.RadiosField(
        label="When are they told?",
        missing="Select whether they are told first, second or third",
        options=(
            forms.Choice("1", "First", "At once."),
            forms.Choice("2", "Second", "When the first has not taken it within 15 minutes."),
            forms.Choice("3", "Third", "When the second has not either."),
        ),
    )
    starts_on = forms.DateField(label="First day", called="the first day", earliest=today, latest=a_year_ahead)
    starts_at = forms.TimeField(label="From", called="the time it starts", hint="For example, 5pm or 17:00")
    ends_on = forms.DateField(label="Last day", called="the last day", earliest=today, latest=a_year_ahead)
    ends_at = forms.TimeField(label="Until", called="the time it ends", hint="For example, 9am or 09:00")
    weeks = forms.NumberField(
        label="How many weeks in a row?",
        called="the number of weeks",
        hint=f"1 is just this once. At most {on_call.MOST_WEEKS}.",
        min_value=1,
        max_value=on_call.MOST_WEEKS,
    )

    def __init__(self, data: Any, staff: dict[str, tuple[Programme, Person]]) -> None:
        super().__init__(data, initial={"weeks": 1})
        self.staff = staff
        many = len({programme.pk for programme, _ in staff.values()}) > 1
        offered = [(key, f"{who.full_name} ({of.name})" if many else who.full_name) for key, (of, who) in staff.items()]
        self.fields["who"].offer(offered)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if all(said.get(name) is not None for name in ("starts_on", "starts_at", "ends_on", "ends_at")):
            start, end = self.hours()
            if end <= start:
                raise ValidationError({"ends_on": "The end must be after the start. Is it the next day?"})
        return said

    def hours(self) -> tuple[datetime, datetime]:
        """From when until when, in UTC: on the clock the two are not to be compared in the night of the change."""
        said = self.cleaned_data
        start = timezone.make_aware(datetime.combine(said["starts_on"], said["starts_at"])).astimezone(UTC)
        end = timezone.make_aware(datetime.combine(said["ends_on"], said["ends_at"])).astimezone(UTC)
        return start, end


@require_safe
@at_desk
def rota(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rotas = on_call.rotas_of(access.programmes_at_desk_of(request.user), now)
    context = {
        "rotas": [(rota, _with_numbers(rota.now), by_day(rota.ahead, now)) for rota in rotas],
        "lines": LINES,
        "now": now,
        "horizon": now + on_call.AHEAD,
    }
    return render(request, "frontend/desk/on_call.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def add_shift(request: HttpRequest) -> HttpResponse:
    form = ShiftForm(forms.posted(request), _staff(request))
    if form.is_valid():
        said, (programme, person) = form.cleaned_data, form.staff[form.cleaned_data["who"]]
        starts_at, ends_at = form.hours()
        try:
            made = on_call.add_shifts(
                programme=programme,
                person=person,
                line=int(said["line"]),
                starts_at=starts_at,
                ends_at=ends_at,
                weeks=said["weeks"],
                by=user_of(request).person,
            )
        except on_call.Taken as taken:
            form.add_error(None, _taken_words(taken.shift, person))
        except on_call.BadHours:
            form.add_error("ends_on", "A shift must end in the future, and within 7 days of its start")
        except on_call.ShiftRefused as refused:
            form.add_error("who", REFUSED[type(refused)])
        else:
            words = "1 shift" if len(made) == 1 else f"{len(made)} shifts"
            messages.success(request, f"{words} added for {person.full_name}, from {moment(starts_at)}.")
            return redirect("desk:on_call")
    status = 409 if form.non_field_errors() else None
    return forms.render_form(request, "frontend/desk/add_shift.html", {}, form, status=status)


@require_POST
@at_desk
def end_shift(request: HttpRequest, pk: int) -> HttpResponse:
    shift = get_object_or_404(shifts_at_desk_of(request.user), pk=pk)
    try:
        on_call.end_shift(shift=shift, by=user_of(request).person)
    except on_call.Over:
        messages.error(request, "This shift was over already.")
    else:
        messages.success(
            request, f"{shift.person.full_name} is off the rota for that time. See that somebody else is on it."
        )
    return redirect("desk:on_call")


def by_day(shifts: Iterable[OnCallShift], now: datetime) -> list[tuple[date, list[OnCallShift]]]:
    """By the day on which they start; what goes on now stands under today."""
    found = groupby(shifts, key=lambda shift: uk(max(shift.starts_at, now)).date())
    return [(day, list(shifts_of_it)) for day, shifts_of_it in found]


def _with_numbers(shifts: Iterable[OnCallShift]) -> list[tuple[OnCallShift, str]]:
    """Each with a telephone number, so that whoever is at the desk can ring them; empty when none is noted."""
    rings = (Channel.TEXT, Channel.PHONE)
    points = [(shift, shift.person.contact_points.all()) for shift in shifts]
    return [(shift, next((p.value for p in found if p.channel in rings), "")) for shift, found in points]


def _staff(request: HttpRequest) -> dict[str, tuple[Programme, Person]]:
    found = on_call.staff_of(access.programmes_at_desk_of(request.user))
    return {f"{programme.pk}-{person.pk}": (programme, person) for programme, person in found}


def _taken_words(shift: OnCallShift | None, person: Person) -> str:
    if shift is None:
        return "Somebody has just filled these hours. Look at the rota, then try again."
    whose = f"{shift.person.full_name} is already the {LINES[shift.line].lower()} to be told"
    return f"{whose} from {moment(shift.starts_at)} to {moment(shift.ends_at)}. Nothing was added."


urlpatterns = [
    path("on-call/", rota, name="on_call"),
    path("on-call/add/", add_shift, name="add_shift"),
    path("on-call/<int:pk>/end/", end_shift, name="end_shift"),
]
