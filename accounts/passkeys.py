"""Passkeys: adding one, removing it, and signing in with it. The key stays on somebody's own device.

Here: the pages, over allauth's (allauth.mfa.webauthn). Not here: which sessions are strong (signin.py), the
page that lists them (entrance_pages.Security), the script that asks the browser (frontend/assets/js/passkeys.js).
Called by urls.py. Without that script nothing of this is shown, and the way by a code stays.

For whoever takes part a passkey is another way in; for staff it is password and second step at once, because the
device asks for a finger, a face or a PIN, and no other site can use it (ADR 0061).
"""

from __future__ import annotations

import json
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core.internal import ratelimit
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.devices import end_other_sessions
from accounts.entrance_forms import PASSKEY_FAILED, NewPasskeyForm, PasskeyForm
from accounts.own_sign_in import freshly_signed_in
from accounts.signin import public_page, signed_in_page

MOST: Final = 10  # a browser is told all of them, so that it makes no second one on the same device
SAVED: Final = "Your passkey is saved. Wherever else you were signed in, you are signed out."
REMOVED: Final = "The passkey is removed. Wherever else you were signed in, you are signed out."
ENOUGH: Final = f"You have {MOST} passkeys, which is the most. Remove one that you do not use first."


def passkeys_of(user: Any) -> QuerySet[Authenticator]:
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return rows


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def _add(request: HttpRequest) -> HttpResponse:
    if passkeys_of(request.user).count() >= MOST:
        messages.error(request, ENOUGH)
        return redirect("mfa_index")
    if request.method == "POST":
        form = NewPasskeyForm(request.POST, user=request.user)
        if form.is_valid():
            auth.WebAuthn.add(request.user, form.cleaned_data["name"], form.cleaned_data["credential"])
            get_adapter(request).tell_of_new_way_in(request.user)
            return _changed(request, SAVED)
        messages.error(request, PASSKEY_FAILED)
        return redirect("mfa_add_webauthn")
    context = {
        "form": NewPasskeyForm(user=request.user),
        "options": json.dumps(auth.begin_registration(request.user, True)),
    }
    return render(request, "mfa/webauthn/add.html", context)


add_passkey = signed_in_page(_add)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@freshly_signed_in
def _remove(request: HttpRequest, pk: int) -> HttpResponse:
    passkey = get_object_or_404(passkeys_of(request.user), pk=pk)
    if request.method != "POST":
        return render(request, "mfa/webauthn/remove.html", {"passkey": passkey})
    delete_and_cleanup(request, passkey)
    kept = [one for one in get_authentication_records(request, request.user) if one.get("id") != pk]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept  # what this passkey has shown counts no longer
    return _changed(request, REMOVED)


remove_passkey = signed_in_page(_remove)


@public_page
@require_POST
@ratelimit.decorator(app="allauth.mfa", action="webauthn_login")  # type: ignore[untyped-decorator]
def ask_for_passkey(request: HttpRequest) -> JsonResponse:
    """What the browser is to ask the device. It names nobody: the same for whoever comes."""
    return JsonResponse(dict(auth.begin_authentication(user=None)))


@public_page
class SignInByPasskey(LoginWebAuthnView):
    form_class = PasskeyForm
    http_method_names = ("post",)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        messages.error(self.request, PASSKEY_FAILED)
        return redirect("account_login")


def _changed(request: HttpRequest, words: str) -> HttpResponse:
    end_other_sessions(user=request.user, keep=request.session.session_key)  # type: ignore[arg-type]  # signed in
    messages.success(request, words)
    return redirect("mfa_index")
