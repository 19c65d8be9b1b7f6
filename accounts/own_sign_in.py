"""Changing how one signs in oneself, for whoever takes part or helps: the mobile number, shown to be theirs by a code.

Here: its pages, and `freshly_signed_in`, which every page that adds or removes a way in carries. Not here: the
action (logins.py), signing in (entrance_pages.py), passwords and apps of staff (entrance_pages.py). Called by urls.py.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import entrance_forms
from accounts.addresses import number_from
from accounts.entrance import login_of
from accounts.logins import AddressTaken, keep_mobile
from accounts.permissions import needs_second_factor
from accounts.signin import CODE, DEMO, proofs_of, proved_addresses, signed_in_page
from accounts.unsent import unsent

KEPT_AS: Final = "own_mobile"  # in the session, until the code is typed
GOOD_FOR: Final = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
BY_EMAIL_FIRST: Final = (
    "Nothing was changed. Sign out, and sign in with a code by email: then we know that it reaches you, and you can "
    "take the number away."
)
NOT_TAKEN: Final = "That number cannot be used here. Use another, or call us."


def freshly_signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A session left open on somebody's telephone changes nothing about how they sign in: they sign in again first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not get_adapter(request).is_reauthentication_required(app="accounts"):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("mfa_index")
        if request.user.has_usable_password():  # type: ignore[union-attr]  # signed in
            return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")
        way = f"{reverse('account_login')}?{urlencode({'next': back})}"
        return render(request, "account/prove_again.html", {"way": way})

    return guarded


class MobileForm(forms.Form):
    mobile = forms.CharField(
        label="Your mobile number",
        help_text="We send a code to it, to see that it reaches you.",
        error_messages={"required": "Enter your mobile number"},
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_mobile(self) -> str:
        number = number_from(self.cleaned_data["mobile"])
        entrance_forms.count_text(number)
        return number


class MobileCheck(AbstractCodeVerificationProcess):
    """A code on its way to a number, until it is typed: kept in the session of whoever asked."""

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        attempts = settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS
        super().__init__(max_attempts=attempts, timeout=GOOD_FOR, state=state, user=request.user)
        self.request = request

    @classmethod
    def begin(cls, request: HttpRequest, number: str) -> None:
        """A number that another login has gets no code, and nothing says so: the page is the same."""
        check = cls(request, cls.initial_state(user=None, email=number))
        check.send()
        check.persist()

    @classmethod
    def of(cls, request: HttpRequest) -> MobileCheck | None:
        state = request.session.get(KEPT_AS)
        found: MobileCheck | None = cls(request, state).abort_if_invalid() if state else None
        return found

    def send(self) -> None:
        number = self.state["email"]
        self.state["code"] = get_adapter(self.request).generate_login_code()
        other = login_of(number)
        free = other is None or other == self.request.user
        get_adapter(self.request).send_mail(
            "account/email/login_code", number, {"code": self.state["code"]} if free else {}
        )

    def persist(self) -> None:
        self.request.session[KEPT_AS] = self.state

    def abort(self) -> None:
        self.request.session.pop(KEPT_AS, None)


unsent_page = signed_in_page(never_cache(require_http_methods(["GET", "HEAD", "POST"])(unsent)))


@require_POST
@signed_in_page
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody is still there. That they asked is all that is noted (sessions.py)."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "start")


def for_whoever_takes_part(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Staff have a password and an app; and where nobody carries text messages there is nothing to set up."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if needs_second_factor(request.user) or not settings.TEXT_GATEWAY:
            raise Http404
        return view(request)

    return signed_in_page(never_cache(guarded))


@for_whoever_takes_part
@freshly_signed_in
def mobile(request: HttpRequest) -> HttpResponse:
    """Type the number; the code goes out."""
    form = MobileForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        MobileCheck.begin(request, form.cleaned_data["mobile"])
        return redirect("account_mobile_code")
    return render(request, "account/mobile.html", {"form": form}, status=422 if form.is_bound else 200)


@for_whoever_takes_part
def mobile_code(request: HttpRequest) -> HttpResponse:
    """Type the code; from then on the number opens this login."""
    if (check := MobileCheck.of(request)) is None:
        return redirect("account_mobile")
    number = check.state["email"]
    sent = request.POST if request.method == "POST" else None
    form = entrance_forms.CodeForm(sent, code=check.code, email=number)
    if form.is_valid():
        check.abort()
        return _kept(request, number)
    if form.is_bound and not check.record_invalid_attempt():
        messages.error(request, get_adapter(request).error_messages["too_many_login_attempts"])
        return redirect("mfa_index")
    return render(
        request, "account/mobile_code.html", {"form": form, "number": number}, status=422 if form.is_bound else 200
    )


@require_POST
@for_whoever_takes_part
@freshly_signed_in
def remove_mobile(request: HttpRequest) -> HttpResponse:
    """By email alone from now on. The same is said whether or not there was a number."""
    if not shown_address(request, "email"):
        messages.error(request, BY_EMAIL_FIRST)
        return redirect("mfa_index")
    return _kept(request, None)


def shown_address(request: HttpRequest, name: str) -> str:
    """Their "email" or "mobile", where this session has shown that it is theirs; "" otherwise, whether there is one.

    Somebody may have registered with a stranger's address: that it opens no login, because the stranger's does, would
    tell who else is known here.
    """
    address = str(getattr(request.user, name) or "")
    proved = address in proved_addresses(request) or (settings.DEMO and DEMO in proofs_of(request))
    return address if proved else ""


def _kept(request: HttpRequest, number: str | None) -> HttpResponse:
    try:
        user: Any = request.user
        keep_mobile(user=user, mobile=number, keep=request.session.session_key, by=user.person)
    except AddressTaken:
        messages.error(request, NOT_TAKEN)
    else:
        if number:
            record_authentication(request, user, method=CODE, email=number)  # it has been shown to be theirs
            get_adapter(request).tell_of_new_way_in(user)
        messages.success(request, "Saved. Wherever else you were signed in, you are signed out.")
    return redirect("mfa_index")
