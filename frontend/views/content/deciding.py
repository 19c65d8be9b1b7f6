"""Decisions about a version: answering for it, no longer answering for it, and from when it is used.

Here: three pages with one button each. Not here: what a decision does
(accounts/content.py). Only whoever decides on clearance may sign.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.content import (
    NotSigned,
    StartsSoon,
    Version,
    WordsMoved,
    sign_version,
    start_version,
    withdraw_signature,
)
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.signed_in import user_of
from frontend.views.content.reading import answers_for_content, version_or_404
from frontend.views.content.rule_words import rule_changes
from frontend.wording import moment, plain_date, today

signs = requires(Permission.DECIDE_CLEARANCE)
MOVED = "These words have changed since you opened the page. Read them again before you decide."
SOON = "Start another version first, or it would begin without a signature."
UNSIGNED = "A version of this content was signed off before. Have this one signed off too, then start it."


class SignForm(forms.Form):
    digest = forms.HiddenField()
    role = forms.TextField(
        label="As what do you sign?",
        called="the role in which you sign",
        hint="For example, “clinical lead, HCPC PH12345”.",
    )
    read = forms.ConfirmField(
        label="I have read the preview of this version, and I answer for its words.",
        missing="Tick the box when you have read it",
    )


class WithdrawForm(forms.Form):
    digest = forms.HiddenField()


class StartForm(forms.Form):
    on = forms.DateField(
        label="From which day?",
        called="the day",
        hint="Leave it empty to start now. A day begins at midnight.",
        earliest=today,
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signs
def sign(request: HttpRequest, content: str, version: str) -> HttpResponse:
    shown = version_or_404(content, version)
    form = SignForm(forms.posted(request), initial={"digest": shown.digest})

    def act() -> None:
        given = form.cleaned_data
        sign_version(
            kind=shown.kind, version=shown.name, digest=given["digest"], role=given["role"], by=user_of(request).person
        )

    return _decide(request, "sign", shown, form, act, f"Version {shown.name} is signed off.")


@require_http_methods(["GET", "HEAD", "POST"])
@signs
def withdraw(request: HttpRequest, content: str, version: str) -> HttpResponse:
    shown = version_or_404(content, version)
    if shown.signed is None:
        return redirect("content:version", content=content, version=version)
    form = WithdrawForm(forms.posted(request), initial={"digest": shown.digest})

    def act() -> None:
        withdraw_signature(
            kind=shown.kind, version=shown.name, digest=form.cleaned_data["digest"], by=user_of(request).person
        )

    return _decide(request, "withdraw", shown, form, act, f"Version {shown.name} is no longer signed off.")


@require_http_methods(["GET", "HEAD", "POST"])
@answers_for_content
def start(request: HttpRequest, content: str, version: str) -> HttpResponse:
    shown = version_or_404(content, version)
    form = StartForm(forms.posted(request))

    def act() -> None:
        on = form.cleaned_data["on"]
        at = timezone.make_aware(datetime.combine(on, time())) if on else None
        start_version(kind=shown.kind, version=shown.name, starts_at=at, by=user_of(request).person)

    on = form.cleaned_data.get("on") if form.is_valid() else None
    since = f"from {plain_date(on)}" if on and on > today() else "now"
    done = f"Version {shown.name} is used {since}."
    return _decide(request, "start", shown, form, act, done, changed=rule_changes(shown))


def _decide(
    request: HttpRequest,
    page: str,
    shown: Version,
    form: forms.Form,
    act: Callable[[], None],
    done: str,
    **more: object,
) -> HttpResponse:
    """The page of one decision; once it is taken, the page of the version with what was done."""
    status = None
    if form.is_valid():
        try:
            act()
        except WordsMoved:
            form.add_error(None, MOVED)
        except NotSigned:
            form.add_error(None, UNSIGNED)
        except StartsSoon as refused:
            form.add_error(None, f"It starts {moment(refused.start.starts_at)}. {SOON}")
        else:
            messages.success(request, done)
            return redirect("content:version", content=shown.kind.name, version=shown.name)
        status = 409
    context = {"version": shown, "kind": shown.kind, **more}
    return forms.render_form(request, f"frontend/content/{page}.html", context, form, status=status)


urlpatterns = [
    path("<slug:content>/<slug:version>/sign/", sign, name="sign"),
    path("<slug:content>/<slug:version>/withdraw/", withdraw, name="withdraw"),
    path("<slug:content>/<slug:version>/start/", start, name="start"),
]
