"""Instructors at the desk: who holds what, what waits to be checked, who teaches.

Here: the list, one instructor with the dates they lead, taking somebody on, standing them
down, and their lost phone. Not here: one credential and letting one pass (checking.py), the words
(frontend/credential_words.py). For whoever arranges the timetable.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.devices import forget_devices
from accounts.models import Person, Programme
from accounts.permissions import Permission
from accounts.signin import requires
from accounts.versions import versions_of
from classes.offering import programmes_kept_by
from classes.unqualified import Led, led_by
from frontend import forms
from frontend.credential_words import Line, kind_words, lines_of, lines_of_all, paper_label, reason_words
from frontend.signed_in import user_of
from frontend.views.desk.offering_words import history_of
from frontend.wording import Label, count, joined, sentence, short_moment
from instructors.access import instructors_kept_by, who_signs_in_as
from instructors.models import Instructor, InstructorStatus
from instructors.roster import onboard, stand_down

arranges = requires(Permission.PUBLISH_FOR_ANYONE)
SHOWN = (
    ("to_check", "Something to check"),
    ("ends", "Something runs out"),
    ("lacks", "Something missing"),
    ("stood_down", "Who teaches no more"),
)


class ShowForm(forms.FilterForm):
    show = forms.SelectField(label="Who is shown", empty="Everybody who teaches", options=SHOWN)


class AddForm(forms.Form):
    email = forms.EmailField(
        label="The email address with which they sign in",
        called="their email address",
        hint="They need a way to sign in first: an administrator makes one",
        autocomplete="off",
    )
    programme = forms.SelectField(label="Programme", missing="Select the programme")

    def __init__(self, *args: Any, programmes: list[Programme], **rest: Any) -> None:
        super().__init__(*args, **rest)
        if len(programmes) < 2:
            del self.fields["programme"]
        else:
            self.fields["programme"].offer((str(one.pk), one.name) for one in programmes)  # type: ignore[attr-defined]


class StandDownForm(forms.Form):
    reason = forms.TextField(
        label="Why do they stop teaching?",
        called="why they stop",
        hint="It stays with their record. They are not told by this page",
        max_length=200,
    )


@require_safe
@arranges
def instructors(request: HttpRequest) -> HttpResponse:
    form = ShowForm(request.GET)
    show = form.cleaned_data["show"] if form.is_valid() else ""
    kept = instructors_kept_by(request.user)
    status = InstructorStatus.STOOD_DOWN if show == "stood_down" else InstructorStatus.ACTIVE
    people = list(kept.filter(status=status))
    led = [led for led in led_by([one.pk for one in people]) if led.lacking]
    rows = [
        _row(one, lines, [date for date in led if date.instructor == one])
        for one, lines in lines_of_all(people).items()
    ]
    wanted = {"to_check": "waits", "ends": "ends", "lacks": "lacks"}.get(show)
    shown = [row for row in rows if wanted is None or row[wanted]]
    return render(request, "frontend/desk/instructors.html", {"rows": shown, "filters": form, "show": show})


def _row(one: Instructor, lines: list[Line], lacking: list[Led]) -> dict[str, Any]:
    waits = [line.title for line in lines if line.pending]
    ends = [line.title for line in lines if line.ends_soon]
    missing = [line.title for line in lines if line.lacks and not line.held]
    said = (
        (lacking, Label(f"May not lead {count(len(lacking), 'date')}", "alert")),
        (waits, Label("To check", "wait")),
        (ends, Label("Runs out", "few")),
        (missing, Label("Missing", "few")),
    )
    facts = [
        f"{count(sum(led.people for led in lacking), 'person', 'people')} booked on those dates" if lacking else "",
        f"To check: {joined(waits)}" if waits else "",
        f"Runs out, or has: {joined(ends)}" if ends else "",
        f"Missing: {joined(missing)}" if missing else "",
        f"Let pass: {joined(line.title for line in lines if line.override)}" if any(x.override for x in lines) else "",
    ]
    label = next((label for so, label in said if so), None)
    return {
        "instructor": one,
        "waits": waits,
        "ends": ends,
        "lacks": lacking or missing,
        "facts": facts,
        "label": label,
    }


@require_safe
@arranges
def instructor(request: HttpRequest, pk: int) -> HttpResponse:
    found = one_or_404(request, pk)
    led, lines = led_by([found.pk]), lines_of(found)
    context = {
        "instructor": found,
        "teaches": found.status == InstructorStatus.ACTIVE,
        "lines": [line for line in lines if line.concerns],
        "others": [line for line in lines if not line.concerns],
        "paper_label": paper_label,
        "lacking": [(one, _date_words(one), _why_words(one)) for one in led if one.lacking],
        "by_override": [(one, _date_words(one), _passed_words(one)) for one in led if one.by_override],
        "leads": len(led),
        "history": history_of(versions_of(found, ("status",))),
    }
    return render(request, "frontend/desk/instructor.html", context)


def _date_words(led: Led) -> str:
    return f"{led.session.class_type.name}, {short_moment(led.session.starts_at)}"


def _why_words(led: Led) -> str:
    why = joined(reason_words(reason) for reason in led.reasons) if led.teaches else "Teaches no more"
    return f"{why}. {sentence(count(led.people, 'person', 'people'))} booked."


def _passed_words(led: Led) -> str:
    return f"Without {joined(kind_words(kind).lower() for kind in led.by_override)}: the desk lets it pass."


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def add_instructor(request: HttpRequest) -> HttpResponse:
    programmes = list(programmes_kept_by(request.user))
    form = AddForm(forms.posted(request), programmes=programmes)
    if form.is_valid():
        person = who_signs_in_as(form.cleaned_data["email"])
        if person is None:
            form.add_error("email", "Nobody signs in with this address. An administrator can make them a way in")
        else:
            chosen = form.cleaned_data.get("programme") or str(programmes[0].pk)
            programme = next(one for one in programmes if str(one.pk) == chosen)
            made = onboard(person=person, programme=programme, by=_by(request))
            messages.success(request, f"{person.full_name} teaches now. Note what they hold.")
            return redirect("desk:instructor", made.pk)
    return forms.render_form(request, "frontend/desk/add_instructor.html", {}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def stand_down_instructor(request: HttpRequest, pk: int) -> HttpResponse:
    """They teach no more, at once; or, where they do not, they teach again."""
    found = one_or_404(request, pk)
    name = found.person.full_name
    if request.method == "POST" and "again" in request.POST:
        onboard(person=found.person, programme=found.programme, by=_by(request))
        messages.success(request, f"{name} teaches again.")
        return redirect("desk:instructor", pk)
    form = StandDownForm(forms.posted(request))
    if form.is_valid():
        stand_down(instructor=found, reason=form.cleaned_data["reason"], by=_by(request))
        messages.success(request, f"{name} teaches no more. Every date that was theirs is named here.")
        return redirect("desk:instructor", pk)
    context = {"instructor": found, "led": [(one, _date_words(one)) for one in led_by([found.pk])]}
    return forms.render_form(request, "frontend/desk/stand_down.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@arranges
def lost_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """They telephone because theirs is gone: signed out everywhere, and nothing stays on it."""
    found = one_or_404(request, pk)
    name = found.person.full_name
    if request.method != "POST":
        return render(request, "frontend/desk/lost_phone.html", {"instructor": found})
    forget_devices(person=found.person, by=_by(request))
    messages.success(
        request, f"{name} is signed out everywhere. Saved registers are wiped as soon as the phone reaches us."
    )
    return redirect("desk:instructor", pk)


def one_or_404(request: HttpRequest, pk: int) -> Instructor:
    found: Instructor = get_object_or_404(instructors_kept_by(request.user), pk=pk)
    return found


def _by(request: HttpRequest) -> Person:
    person: Person = user_of(request).person
    return person


urlpatterns = [
    path("instructors/", instructors, name="instructors"),
    path("instructors/add/", add_instructor, name="add_instructor"),
    path("instructors/<int:pk>/", instructor, name="instructor"),
    path("instructors/<int:pk>/stand-down/", stand_down_instructor, name="stand_down"),
    path("instructors/<int:pk>/lost-phone/", lost_phone, name="lost_phone"),
]
