"""People who help me, and people I help.

Here: inviting, changing what somebody may do, ending it, and choosing whom to
act for. Not here: the invitation's own page (public/help.py), the rules
(participants/support.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission, allows
from accounts.signin import requires
from frontend import forms
from frontend.acting import own_participant, start_acting_for, stop_acting
from frontend.signed_in import user_of
from frontend.views.me.wording import SCOPE_WORDS
from frontend.wording import today
from participants import access, support
from participants.models import Supporter, SupporterScope
from participants.refusals import NotPossibleNow

ANSWERS_ONLY_WHO_BOOKS = "Only somebody who may book can answer about a place: select that too"

either = requires(Permission.TAKE_PART, Permission.SUPPORT)


class ScopesForm(forms.Form):
    scopes = forms.CheckboxesField(
        label="What may they do for you?",
        missing="Select at least one thing they may do",
        hint="You can change this, or end it, at any time.",
        options=[(scope.value, words[:1].upper() + words[1:]) for scope, words in SCOPE_WORDS.items()],
    )

    until = forms.DateField(
        label="Until when?",
        called="the last day",
        hint="The last day on which they may help. Leave it empty if it should go on until somebody ends it.",
        required=False,
        earliest=today,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = cleaned.get("scopes") or []
        if SupporterScope.HEAR_OFFERS in chosen and SupporterScope.BOOK not in chosen:
            self.add_error("scopes", ANSWERS_ONLY_WHO_BOOKS)
        return cleaned

    def chosen(self) -> list[SupporterScope]:
        return [SupporterScope(scope) for scope in self.cleaned_data["scopes"]]


class InviteForm(ScopesForm):
    given_name = forms.TextField(label="Their first name", max_length=100)
    family_name = forms.TextField(label="Their last name", max_length=100)
    email = forms.EmailField(
        label="Their email address", hint="We send them a link. They sign in with this address.", autocomplete="off"
    )
    relationship = forms.TextField(
        label="Who they are to you", hint="For example, daughter, friend or nurse", max_length=100
    )
    field_order = ("given_name", "family_name", "relationship", "email", "scopes", "until")


@either
def supporters(request: HttpRequest) -> HttpResponse:
    participant = access.own_record(request.user)
    helpers = access.supporters_of(participant) if participant else []
    context = {
        "participant": participant,
        "helpers": [(helper, _words(helper)) for helper in helpers],
        "helping": [(row, _words(row)) for row in access.supports_held_by(request.user) if row.status == "active"],
    }
    return render(request, "frontend/me/supporters.html", context)


@requires(Permission.TAKE_PART)
def invite_supporter(request: HttpRequest) -> HttpResponse:
    participant = own_participant(request)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = form.cleaned_data
        try:
            support.invite_supporter(
                participant=participant,
                given_name=values["given_name"],
                family_name=values["family_name"],
                email=values["email"],
                relationship=values["relationship"],
                scopes=form.chosen(),
                until=values["until"],
                by=participant.person,
            )
        except NotPossibleNow:
            form.add_error(None, "You do not take part in SafeFit any more, so nobody can be invited to help you.")
            return forms.render_form(request, "frontend/me/invite_supporter.html", {}, form, status=409)
        except support.AlreadyHelps:
            form.add_error("email", "You have invited this address already. You can change what they may do.")
            return forms.render_form(request, "frontend/me/invite_supporter.html", {}, form, status=409)
        messages.success(request, f"We are sending {values['given_name']} an invitation.")
        return redirect("me:supporters")
    return forms.render_form(request, "frontend/me/invite_supporter.html", {}, form)


@requires(Permission.TAKE_PART)
def supporter(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what one supporter may do."""
    participant = own_participant(request)
    helper = _found(access.supporters_of(participant).filter(pk=pk).first())
    form = ScopesForm(request.POST if request.method == "POST" else None, initial=_as_it_is(helper))
    if form.is_valid():
        try:
            support.change_scopes(
                supporter=helper, scopes=form.chosen(), until=form.cleaned_data["until"], by=participant.person
            )
        except support.NoLongerInvited:
            messages.error(request, "This help has just ended. Nothing was changed.")
        else:
            messages.success(request, "Saved.")
        return redirect("me:supporters")
    return forms.render_form(request, "frontend/me/supporter.html", {"helper": helper}, form)


@either
@require_http_methods(["GET", "HEAD", "POST"])
def end_support(request: HttpRequest, pk: int) -> HttpResponse:
    """One page, one button: by the one who is helped, or the one who helps."""
    participant = access.own_record(request.user)
    mine = access.supporters_of(participant).filter(pk=pk).first() if participant else None
    row = _found(mine or access.supports_held_by(request.user).filter(pk=pk).first())
    name = _name_of(row) if mine else row.participant.person.first_name
    if request.method != "POST":
        return render(request, "frontend/me/end_support.html", {"row": row, "name": name, "mine": bool(mine)})
    support.end_support(supporter=row, by=user_of(request).person)
    messages.success(request, f"{name} can do nothing more for you here." if mine else f"You no longer help {name}.")
    return redirect("me:supporters")


def _name_of(supporter: Supporter) -> str:
    return supporter.person.full_name if supporter.person else supporter.invited_name


@either
@require_POST
def act_for(request: HttpRequest, pk: int) -> HttpResponse:
    start_acting_for(request, pk)  # the banner says so
    return redirect("me:classes")


@requires(Permission.TAKE_PART, Permission.SUPPORT, Permission.WORK_AT_DESK)
@require_POST
def act_for_myself(request: HttpRequest) -> HttpResponse:
    """The button of the banner, which stands on the pages of whoever acts for another: the desk goes back to them."""
    chosen = stop_acting(request)
    if not allows(request.user, Permission.WORK_AT_DESK):
        return redirect("me:supporters")
    return redirect("desk:people") if chosen is None else redirect("desk:person", chosen)


def _as_it_is(helper: Supporter) -> dict[str, object]:
    return {"scopes": helper.scopes, "until": helper.last_day}


def _words(supporter: Supporter) -> list[str]:
    return [SCOPE_WORDS[SupporterScope(scope)] for scope in supporter.scopes]


def _found(supporter: Supporter | None) -> Supporter:
    if supporter is None:
        raise Http404
    return supporter


urlpatterns = [
    path("supporters/", supporters, name="supporters"),
    path("supporters/invite/", invite_supporter, name="invite_supporter"),
    path("supporters/<int:pk>/", supporter, name="supporter"),
    path("supporters/<int:pk>/end/", end_support, name="end_support"),
    path("act-for/<int:pk>/", act_for, name="act_for"),
    path("act-for/myself/", act_for_myself, name="act_for_myself"),
]
