"""Systems of a partner that read its summaries by themselves: connected, shown, revoked.

Here: the pages. Not here: what is kept and refused (outcomes/releases/machine_clients.py), partners (agreements.py).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.appointments import LONGEST, PARTNERS_UNTIL
from accounts.models import Agreement
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.signed_in import user_of
from frontend.wording import Label, plain_date, today
from outcomes.models import MachineClient
from outcomes.releases import machine_clients
from outcomes.releases.agreements import agreements_at_desk_of
from outcomes.releases.release import NoAgreement

builds = requires(Permission.BUILD_RELEASES)
MOST_READS: Final = 20


class ConnectForm(forms.Form):
    name = forms.TextField(
        label="What do they call the system?",
        hint="For example “Board dashboard”",
        called="what they call the system",
        missing="Enter what they call the system",
        autocomplete="off",
        max_length=100,
    )
    until = forms.DateField(
        label="Until when may it read?",
        called="the last day",
        hint="The last day. In a year, unless you say otherwise.",
        earliest=today,
        latest=lambda: today() + LONGEST,
    )


# --- pages -------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@builds
@sensitive_variables("made")
def connected_systems(request: HttpRequest, pk: int) -> HttpResponse:
    """A partner's systems, and one more. Its secret is shown in the answer, once, and is nowhere kept."""
    agreement = get_object_or_404(agreements_at_desk_of(request.user), pk=pk)
    form = ConnectForm(forms.posted(request), initial={"until": today() + PARTNERS_UNTIL})
    if form.is_valid() and (made := _made(form, agreement, request)):
        return render(request, "frontend/desk/system_connected.html", {"made": made, "agreement": agreement})
    rows = machine_clients.machine_clients_at_desk_of(request.user).filter(organisation=agreement.organisation)
    context = {"agreement": agreement, "systems": [_line(one) for one in rows]}
    return forms.render_form(request, "frontend/desk/connected_systems.html", context, form)


def _made(form: ConnectForm, agreement: Agreement, request: HttpRequest) -> machine_clients.Made | None:
    name, until = form.cleaned_data["name"], form.cleaned_data["until"]
    try:
        return machine_clients.make_machine_client(
            agreement=agreement, name=name, until=until, by=user_of(request).person
        )
    except NoAgreement:
        form.add_error("name", "The agreement has ended. Change its last day first")
        return None


@require_http_methods(["GET", "HEAD"])
@builds
def connected_system(request: HttpRequest, pk: int) -> HttpResponse:
    found = _system(request, pk)
    reads = machine_clients.last_reads_of(found, most=MOST_READS)
    context = {"system": found, "line": _line(found), "reads": reads, "most": MOST_READS, "back": _back(request, found)}
    return render(request, "frontend/desk/connected_system.html", context)


@require_POST
@builds
def revoke_system(request: HttpRequest, pk: int) -> HttpResponse:
    found = _system(request, pk)
    machine_clients.revoke_machine_client(client=found, by=user_of(request).person)
    messages.success(request, f"{found.name} can no longer read summaries.")
    return redirect("desk:connected_system", pk)


def _system(request: HttpRequest, pk: int) -> MachineClient:
    found: MachineClient = get_object_or_404(machine_clients.machine_clients_at_desk_of(request.user), pk=pk)
    return found


def _back(request: HttpRequest, system: MachineClient) -> Agreement | None:
    """The agreement whose page lists this system; None once it is over."""
    return agreements_at_desk_of(request.user).filter(organisation=system.organisation).first()


# --- words -------------------------------------------------------------------


def _line(system: MachineClient) -> dict[str, Any]:
    return {"system": system, "label": _label(system, today()), "until": _until(system)}


def _until(system: MachineClient) -> str:
    if system.revoked_at is not None:
        return f"On {plain_date(system.revoked_at)}"
    return f"Until {plain_date(system.ends_on)}"


def _label(system: MachineClient, day: date) -> Label | None:
    if system.revoked_at is not None:
        return Label("Revoked")
    return Label("Ended") if system.ends_on < day else None


urlpatterns = [
    path("summaries/partners/<int:pk>/systems/", connected_systems, name="connected_systems"),
    path("summaries/systems/<int:pk>/", connected_system, name="connected_system"),
    path("summaries/systems/<int:pk>/revoke/", revoke_system, name="revoke_system"),
]
