"""The pages of signing in and of one's own second factor: allauth's views, with our answers.

Here: 422 for a form that is not valid, a sentence where allauth says nothing,
and who may open which. Not here: the rules (entrance.py), the words of the forms
(entrance_forms.py), the templates (frontend/jinja2/account and mfa). Called by urls.py.
"""

from __future__ import annotations

import json
from typing import Any

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as backup_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import entrance_forms
from accounts.addresses import is_number
from accounts.devices import end_other_sessions, forget_devices
from accounts.models import Person
from accounts.own_sign_in import shown_address
from accounts.permissions import ROLE_PERMISSIONS, SECOND_FACTOR_ROLES, needs_second_factor
from accounts.signin import (
    SECOND_FACTOR,
    proofs_of,
    public_page,
    requires,
    signed_in_page,
    signed_in_strongly,
)

NO_CODE = "account/email/no_code"
CODE_RAN_OUT = "That code has run out. Ask for a new one."
staff_page = requires(*{permission for role in SECOND_FACTOR_ROLES for permission in ROLE_PERMISSIONS[role]})


class Answers422:
    """For a FormView: what was typed comes back with its errors, and says so in the status."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if answer.status_code == 200:
            answer.status_code = 422
        return answer


# --- signing in --------------------------------------------------------------


@public_page
class AskForCode(Answers422, account.RequestLoginCodeView):
    form_class = entrance_forms.CodeRequestForm

    def form_valid(self, form: entrance_forms.CodeRequestForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        if form._user is None:  # the same page, and a letter of its own: nothing shows who is known here
            get_adapter(self.request).send_mail(NO_CODE, form.cleaned_data["email"], {})
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "texts": bool(settings.TEXT_GATEWAY)}


@public_page
class EnterCode(Answers422, account.ConfirmLoginCodeView):
    form_class = entrance_forms.CodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if getattr(self, "_process", self) is None:
            messages.warning(request, CODE_RAN_OUT)
        return answer

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return {**kwargs, "email": self._process.state["email"]} if self._action == "verify" else kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        del context["phone"]  # theirs, which is nobody's, would hide ours
        return {**context, "by_text": is_number(context["email"])}

    def _resend_form_valid(self, form: forms.Form) -> HttpResponse:
        """Another text message is counted; and whoever is unknown gets what they got before, at the same price."""
        address = self._process.state["email"]
        try:
            if is_number(address):
                entrance_forms.count_text(address)
        except forms.ValidationError as limit:
            messages.error(self.request, limit.message)
            return redirect(self.request.get_full_path())
        answer: HttpResponse = super()._resend_form_valid(form)
        if self._process.user is None:
            get_adapter(self.request).send_mail(NO_CODE, address, {})
        return answer


@public_page
class PasswordLogin(Answers422, account.LoginView):
    form_class = entrance_forms.PasswordLoginForm
    template_name = "account/password_login.html"


@public_page
class SecondStep(second_factor.AuthenticateView):
    """A code from the app, a backup code, or a passkey."""

    form_class = entrance_forms.SecondStepForm
    webauthn_form_class = entrance_forms.PasskeyStepForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not {"code", "credential"} & set(request.POST):
            raise Http404
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        if "code" not in form.fields:
            messages.error(self.request, entrance_forms.PASSKEY_FAILED)
            return redirect("mfa_authenticate")
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        asked = context["js_data"]["request_options"]
        return {**context, "options": json.dumps(asked) if asked["publicKey"].get("allowCredentials") else ""}


@public_page
@require_POST
def start_again(request: HttpRequest) -> HttpResponse:
    """Give up a sign-in that is under way: another address, another person."""
    clear_login(request)
    return redirect("account_login")


@public_page
class SignOut(account.LogoutView):
    """GET asks, POST does."""


@public_page
class Closed(account.AccountInactiveView):
    """The login was closed."""


# --- passwords ---------------------------------------------------------------


@public_page
class ForgottenPassword(Answers422, account.PasswordResetView):
    form_class = entrance_forms.ForgottenPasswordForm

    def form_valid(self, form: entrance_forms.ForgottenPasswordForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        if not form.users and answer.status_code == 302:
            get_adapter(self.request).send_mail("account/email/no_password", form.cleaned_data["email"], {})
        return answer


@public_page
class ForgottenPasswordSent(account.PasswordResetDoneView):
    """Says the same whether or not a letter went out."""


@public_page
class NewPassword(Answers422, account.PasswordResetFromKeyView):
    form_class = entrance_forms.NewPasswordForm


@public_page
class NewPasswordSaved(account.PasswordResetFromKeyDoneView):
    """Says where to sign in."""


@staff_page
class ChangePassword(Answers422, account.PasswordChangeView):
    form_class = entrance_forms.ChangedPasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_usable_password():  # type: ignore[union-attr]
            raise Http404
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


@signed_in_page
class PasswordAgain(Answers422, account.ReauthenticateView):
    form_class = entrance_forms.PasswordAgainForm


# --- the second factor -------------------------------------------------------


@staff_page
class SetUp(Answers422, totp.ActivateTOTPView):
    form_class = entrance_forms.SetUpForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_mfa_enabled(request.user, ["totp"]):  # set up already, perhaps by another session of theirs
            return redirect("mfa_index" if signed_in_strongly(request) else "second_factor_missing")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: entrance_forms.SetUpForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, SECOND_FACTOR, type="totp")
        _sign_out_elsewhere(self.request)
        return answer


@staff_page
class Remove(Answers422, totp.DeactivateTOTPView):
    """For another telephone: until the new one is set up, this session is back at the set-up page."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        records = get_authentication_records(self.request, self.request.user)
        kept = [record for record in records if record["method"] != SECOND_FACTOR]
        self.request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept
        _sign_out_elsewhere(self.request)
        return answer


@signed_in_page
@never_cache
@require_safe
def second_factor_missing(request: HttpRequest) -> HttpResponse:
    """Where somebody lands whose session is too weak for their role and cannot be made stronger."""
    if signed_in_strongly(request):
        return redirect("start")
    return render(request, "account/second_factor_missing.html", {"proofs": proofs_of(request)})


@signed_in_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost_device(request: HttpRequest) -> HttpResponse:
    """Somebody's telephone or computer is gone: signed out there, and nothing stays on it."""
    if request.method != "POST":
        return render(request, "account/lost_device.html", {"strong": needs_second_factor(request.user)})
    person: Person = request.user.person  # type: ignore[union-attr]
    forget_devices(person=person, keep=request.session.session_key, by=person)
    messages.success(request, "You are signed out on every other phone and computer.")
    return redirect("mfa_index")


@signed_in_page
class Security(second_factor.IndexView):
    """How one signs in, and what one may change about it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {
            "strong": needs_second_factor(self.request.user),
            "texts": bool(settings.TEXT_GATEWAY),
            "email": shown_address(self.request, "email"),
            "mobile": shown_address(self.request, "mobile"),
        }
        return {**super().get_context_data(**kwargs), **context}


@staff_page
class BackupCodes(backup_codes.ViewRecoveryCodesView):
    """The codes that stand in for a lost telephone."""


@staff_page
class NewBackupCodes(Answers422, backup_codes.GenerateRecoveryCodesView):
    """Makes the codes before it useless."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _sign_out_elsewhere(self.request)
        return answer


@staff_page
class BackupCodesFile(backup_codes.DownloadRecoveryCodesView):
    """The same as a text file."""


def _sign_out_elsewhere(request: HttpRequest) -> None:
    end_other_sessions(user=request.user, keep=request.session.session_key)  # type: ignore[arg-type]  # signed in
