"""Who may do what: roles of staff and partners, given, ended, and until when they hold.

Here: the pages, for administrators. Not here: what is kept and refused
(accounts/appointments.py), what a role may do (accounts/permissions.py).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import appointments
from accounts.devices import forget_devices
from accounts.models import Membership, Organisation, Person, Programme
from accounts.permissions import Permission, Role
from accounts.signin import requires
from frontend import forms
from frontend.about_programme import AboutProgramme
from frontend.signed_in import user_of
from frontend.wording import Label, count, plain_date, today, uk

administers = requires(Permission.CONFIGURE)
SOON: Final = timedelta(days=30)
ROLE_WORDS = {
    Role.COORDINATOR: ("Coordinator", "People, the timetable, messages, summaries and data for research"),
    Role.CLINICAL_LEAD: ("Clinical lead", "People, their health, who may exercise, safety content, data for research"),
    Role.SAFEGUARDING_LEAD: ("Safeguarding lead", "People, and concerns about their safety"),
    Role.INSTRUCTOR: ("Instructor", "Their own classes. The desk takes them on after this"),
    Role.PARTNER: ("Partner", "Summaries for their organisation, nothing about one person"),
    Role.ADMINISTRATOR: ("Administrator", "Who may do what, safety content, data for research. No health answers"),
}
OWN_ROLE = "Nobody changes their own roles. Ask another administrator."
MIDNIGHT = "That day is over. Enter today or a later day"  # the form was right a moment ago
CLOSED = "This login was closed. Use another address, or have it opened again on the server"


def _last_day_field(left_empty: str) -> forms.DateField:
    return forms.DateField(
        label="Until when?",
        called="the last day",
        hint=f"The last day on which they have it. {left_empty}",
        required=False,
        earliest=today,
        latest=lambda: today() + appointments.LONGEST,
    )


class UntilForm(forms.Form):
    until = _last_day_field("Leave it empty for no end.")


class PartnersUntilForm(forms.Form):
    until = _last_day_field("A partner’s role always has one.")


class GiveForm(AboutProgramme):
    email = forms.EmailField(label="Their email address at work", called="their email address", autocomplete="off")
    name = forms.TextField(
        label="Their full name", called="their full name", hint="At least two words", autocomplete="off", max_length=150
    )
    role = forms.RadiosField(
        label="What do they do?",
        missing="Select what they do",
        options=[(role.value, words) for role, (words, _) in ROLE_WORDS.items()],
    )
    organisation = forms.SelectField(
        label="For which organisation do they read summaries?",
        hint="For a partner only",
        required=False,
        empty="Choose an organisation",
        missing="Select the organisation",
    )
    programme = forms.SelectField(label="Programme", missing="Select the programme")
    until = _last_day_field("Leave it empty for no end; a partner’s role then ends in a year.")
    field_order = ("email", "name", "role", "organisation", "programme", "until")

    def __init__(self, programmes: list[Programme], organisations: list[Organisation], sent: Any) -> None:
        super().__init__(programmes, sent)
        self.organisations = {str(one.pk): one for one in organisations}
        self.fields["organisation"].offer((key, one.name) for key, one in self.organisations.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("role") == Role.PARTNER and not cleaned.get("organisation"):
            self.add_error("organisation", "Select the organisation they read for")
        return cleaned

    def belonging(self) -> dict[str, Any]:
        """A partner reads for an organisation; everybody else works in a programme."""
        if self.cleaned_data["role"] == Role.PARTNER:
            return {"organisation": self.organisations[self.cleaned_data["organisation"]]}
        return {"programme": self.about}


# --- pages -------------------------------------------------------------------


@require_safe
@administers
def everybody(request: HttpRequest) -> HttpResponse:
    lines = [_line(held) for held in appointments.roles_kept_by(request.user)]
    return render(request, "frontend/staff/everybody.html", {"lines": lines, "own": user_of(request).pk})


@require_http_methods(["GET", "HEAD", "POST"])
@administers
@sensitive_variables("link")
def give(request: HttpRequest) -> HttpResponse:
    """Whoever is new gets a link for their password, which is shown here once and sent nowhere."""
    form = GiveForm(*appointments.where_roles_are_given_by(request.user), forms.posted(request))
    if not form.is_valid() or (given := _given(form, user_of(request).person)) is None:
        return forms.render_form(request, "frontend/staff/give.html", {"about": ROLE_WORDS.values()}, form)
    link = "" if given.user.has_usable_password() else appointments.set_password_link(given.user)
    context = {"given": given, "line": _line(given.membership), "link": link}
    return render(request, "frontend/staff/given.html", context)


def _given(form: GiveForm, by: Person) -> appointments.Appointment | None:
    cleaned = form.cleaned_data
    try:
        return appointments.appoint(
            email=cleaned["email"],
            name=cleaned["name"],
            role=Role(cleaned["role"]),
            until=cleaned["until"],
            by=by,
            **form.belonging(),
        )
    except appointments.OwnRole:
        form.add_error("email", OWN_ROLE)
    except appointments.LoginClosed:
        form.add_error("email", CLOSED)
    except appointments.NameNeeded:
        form.add_error("name", "Enter their given name and their family name")
    except appointments.EndNotAllowed:
        form.add_error("until", MIDNIGHT)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """One role: until when, and taking it away."""
    held = _role(request, pk)
    asked = PartnersUntilForm if held.role == Role.PARTNER else UntilForm
    form = asked(forms.posted(request), initial={"until": _last_day(held)})
    if form.is_valid() and _set_end(form, held, user_of(request).person):
        held.refresh_from_db()
        messages.success(request, f"{held.user.person.full_name}: {_until(held)}.")
        return redirect("staff:everybody")
    context = {"held": held, "line": _line(held), "is_own": held.user_id == user_of(request).pk}
    return forms.render_form(request, "frontend/staff/role.html", context, form)


def _set_end(form: forms.Form, held: Membership, by: Person) -> bool:
    try:
        appointments.set_end(membership=held, until=form.cleaned_data["until"], by=by)
    except appointments.OwnRole:
        form.add_error("until", OWN_ROLE)
    except appointments.EndNotAllowed:
        form.add_error("until", MIDNIGHT)
    except appointments.NoEnd:
        form.add_error("until", "Enter the last day: a partner’s role has an end")
    return form.is_valid()


@require_http_methods(["GET", "HEAD", "POST"])
@administers
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    held = _role(request, pk)
    name = held.user.person.full_name
    if request.method != "POST":
        return render(request, "frontend/staff/end_role.html", {"held": held, "line": _line(held)})
    try:
        appointments.end_role(membership=held, by=user_of(request).person)
    except appointments.OwnRole:
        messages.error(request, OWN_ROLE)
    else:
        messages.success(request, f"{name} is no longer {_words(held).lower()}, and is signed out everywhere.")
    return redirect("staff:everybody")


@require_POST
@administers
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Their telephone or computer is gone, and they cannot do it themselves."""
    held = _role(request, pk)
    forget_devices(person=held.user.person, by=user_of(request).person)
    messages.success(request, f"{held.user.person.full_name} is signed out everywhere.")
    return redirect("staff:role", pk)


def _role(request: HttpRequest, pk: int) -> Membership:
    found: Membership = get_object_or_404(appointments.roles_kept_by(request.user), pk=pk)
    return found


# --- words -------------------------------------------------------------------


def _line(held: Membership) -> dict[str, Any]:
    """One role in words: what, where, until when, and a label when that is soon."""
    where: Any = held.programme or held.organisation
    return {"held": held, "words": _words(held), "where": where.name, "until": _until(held), "label": _label(held)}


def _words(held: Membership) -> str:
    return ROLE_WORDS[Role(held.role)][0]


def _until(held: Membership) -> str:
    last = _last_day(held)
    return "No end is set" if last is None else f"Until {plain_date(last)}"


def _last_day(held: Membership) -> date | None:
    return None if held.ends_at is None else uk(held.ends_at - timedelta(seconds=1)).date()


def _label(held: Membership) -> Label | None:
    if held.ends_at is None or held.ends_at - timezone.now() > SOON:
        return None
    return Label(f"Ends in {count(_days_left(held.ends_at), 'day')}", "few")


def _days_left(ends_at: datetime) -> int:
    return max((uk(ends_at).date() - today()).days, 1)


urlpatterns = [
    path("", everybody, name="everybody"),
    path("give/", give, name="give"),
    path("roles/<int:pk>/", role, name="role"),
    path("roles/<int:pk>/end/", end_role, name="end_role"),
    path("roles/<int:pk>/sign-out/", sign_out, name="sign_out"),
]
