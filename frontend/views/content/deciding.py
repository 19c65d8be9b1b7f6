"""Decisions about a version: answering for it, no longer answering for it, and from when it is used.

Here: three pages with one button each. Not here: what a decision does
(accounts/content.py). Only whoever decides on clearance may sign.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.content import NotSigned, Version, WordsMoved, sign_version, start_version, withdraw_signature
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.signed_in import user_of
from frontend.views.content.reading import answers_for_content, version_or_404
from frontend.wording import moment, today

signs = requires(Permission.DECIDE_CLEARANCE)
MOVED = "These words have changed since you opened the page. Read them again before you decide."
UNSIGNED = "A version of this content was signed off before. Have this one signed off too, then start it."


class SignForm(forms.Form):
    digest = forms.HiddenField()
    role = forms.TextField(
        label="As what do you sign?", called="as what you sign", hint="For example, “clinical lead, HCPC PH12345”."
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
    if form.is_valid():
        try:
            given = form.cleaned_data
            sign_version(
                kind=shown.kind,
                version=shown.name,
                digest=given["digest"],
                role=given["role"],
                by=user_of(request).person,
            )
        except WordsMoved:
            form.add_error(None, MOVED)
            return _page(request, "sign", shown, form, status=409)
        messages.success(request, f"Version {shown.name} is signed off.")
        return redirect("content:version", content=content, version=version)
    return _page(request, "sign", shown, form)


@require_http_methods(["GET", "HEAD", "POST"])
@signs
def withdraw(request: HttpRequest, content: str, version: str) -> HttpResponse:
    shown = version_or_404(content, version)
    if shown.signed is None:
        return redirect("content:version", content=content, version=version)
    form = WithdrawForm(forms.posted(request), initial={"digest": shown.digest})
    if form.is_valid():
        try:
            withdraw_signature(
                kind=shown.kind,
                version=shown.name,
                digest=form.cleaned_data["digest"],
                by=user_of(request).person,
            )
        except WordsMoved:
            form.add_error(None, MOVED)
            return _page(request, "withdraw", shown, form, status=409)
        messages.success(request, f"Version {shown.name} is no longer signed off.")
        return redirect("content:version", content=content, version=version)
    return _page(request, "withdraw", shown, form)


@require_http_methods(["GET", "HEAD", "POST"])
@answers_for_content
def start(request: HttpRequest, content: str, version: str) -> HttpResponse:
    shown = version_or_404(content, version)
    form = StartForm(forms.posted(request))
    if form.is_valid():
        on = form.cleaned_data["on"]
        at = timezone.make_aware(datetime.combine(on, time())) if on else None
        try:
            started = start_version(kind=shown.kind, version=shown.name, starts_at=at, by=user_of(request).person)
        except NotSigned:
            form.add_error(None, UNSIGNED)
            return _page(request, "start", shown, form, status=409)
        since = "now" if started.starts_at <= timezone.now() else f"from {moment(started.starts_at)}"
        messages.success(request, f"Version {shown.name} is used {since}.")
        return redirect("content:version", content=content, version=version)
    return _page(request, "start", shown, form)


def _page(
    request: HttpRequest, name: str, shown: Version, form: forms.Form, *, status: int | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"version": shown, "kind": shown.kind}
    return forms.render_form(request, f"frontend/content/{name}.html", context, form, status=status)


urlpatterns = [
    path("<slug:content>/<slug:version>/sign/", sign, name="sign"),
    path("<slug:content>/<slug:version>/withdraw/", withdraw, name="withdraw"),
    path("<slug:content>/<slug:version>/start/", start, name="start"),
]
