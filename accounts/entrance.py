"""The rules of signing in, told to allauth: who may, by which proof, in which words.

Here: its adapters and the backend that finds a login. Not here: the forms
(entrance_forms.py), the pages (entrance_pages.py), who may open a page once
signed in (signin.py). Named in settings under "who is signed in".
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from io import BytesIO
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.addresses import is_number
from accounts.fields import decrypt, encrypt
from accounts.known_devices import counted_for, remember_device
from accounts.models import User
from accounts.permissions import needs_second_factor
from accounts.signin import CODE, DEMO, PASSWORD, SECOND_FACTOR, by_passkey

FRESH = 10 * 60  # seconds for which what was just proved counts for changing how one signs in
STRONG = frozenset({PASSWORD, SECOND_FACTOR})
NEW_WAY_IN = "account/email/new_way_in"
USE_PASSWORD = "You work with SafeFit, so sign in with your email and password."  # noqa: S105  a sentence


def login_of(address: str) -> User | None:
    """The open login with this email address or mobile number. The one place where an address finds a login."""
    found = {"mobile": address} if is_number(address) else {"email": address.lower()}
    return User.objects.filter(**found, is_active=True).first()


class SignInBackend(AuthenticationBackend):
    """Finds a login by its own address only: one that its owner has since left opens nothing."""

    def get_user(self, user_id: int) -> User | None:
        """The open login, with its person. Requests find theirs with the session (sessions.py)."""
        return User.objects.filter(pk=user_id, is_active=True).select_related("person").first()

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        user: User | None = self._check_password(login_of(email), password)
        return user


TOO_MANY = (
    f"Too many tries. Wait 10 minutes. If you cannot wait, or it does not help, call us on {settings.PHONE_IN_WORDS}: "
    "everything can be done by phone."
)


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The email address or the password is not right. Check both and try again.",
        "enter_current_password": "That is not your password now. Check it and try again.",
        "incorrect_code": "That code is not right. Check the 6 digits and try again.",
        "incorrect_password": "That password is not right. Check it and try again.",
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }
    words: ClassVar[dict[str, str]] = {
        "account/messages/logged_out.txt": "You are signed out.",
        "account/messages/password_changed.txt": "Your new password is saved.",
        "mfa/messages/totp_activated.txt": "Your second step is set up.",
        "mfa/messages/totp_deactivated.txt": "The second step is off. Set it up again to go on.",
        "mfa/messages/recovery_codes_generated.txt": "You have new backup codes. Keep them somewhere safe.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # people join by registering

    def get_login_stages(self) -> list[str]:
        """Ours come last, when allauth has seen all that it asks for."""
        return [*super().get_login_stages(), *settings.SIGN_IN_STEPS]

    def is_safe_url(self, url: str | None) -> bool:
        """What is no address at all is none to go on to."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def is_ajax(self, request: HttpRequest) -> bool:
        return False  # these are pages: never answered as JSON

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only what is worth saying, in our words."""
        if words := message or self.words.get(message_template or ""):
            messages.add_message(request, level, words, extra_tags=extra_tags)

    def tell_of_new_way_in(self, user: User) -> None:
        """Said where they signed in before, so that whoever did not do it themselves calls us.

        `user` is as it was before the change.
        """
        self.send_mail(NEW_WAY_IN, user.email or user.mobile.as_e164, {})

    def pre_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse | None:
        """A mailbox alone never opens a login that sees other people's records."""
        answer: HttpResponse | None = super().pre_login(request, user, **details)
        proved = PASSWORD in _proofs(request, user) or by_passkey(request, user)
        if answer or proved or not needs_second_factor(user):
            return answer
        clear_login(request)
        messages.warning(request, USE_PASSWORD)
        return redirect("account_password_login")

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **details)
        request.session.set_expiry(None)  # what was done before signing in may have ended with the browser
        remember_device(answer, request, user)
        return answer

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        email = str(credentials.get("email", ""))
        return counted_for(request, email, login_of(email))

    def reauthenticate(self, user: User, password: str) -> bool:
        return bool(self.authenticate(context.request, email=user.email, password=password) == user)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        if not (user.is_authenticated and user.has_usable_password()):  # then own_sign_in.py asks in its own way
            return []
        url = reverse("account_reauthenticate")
        return [{"id": "reauthenticate", "description": "Use your password", "url": url}]

    def is_reauthentication_required(self, *, app: str, **details: Any) -> bool:
        """Not asked again of somebody who has only just signed in."""
        records = get_authentication_records(self.request, self.request.user)
        enough = STRONG if needs_second_factor(self.request.user) else {*STRONG, CODE, DEMO}
        proved = [record["at"] for record in records if record["method"] in enough]
        return time.time() - max(proved, default=0) > FRESH

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_reset_password_from_key_url(self, key: str) -> str:
        return set_password_url(key)


def set_password_url(key: str) -> str:
    """The address behind a one-time key ("<login>-<token>"), on the site's own name and not the request's."""
    uidb36, _, token = key.partition("-")
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})
    return f"{settings.PUBLIC_URL}{path}"


def _proofs(request: HttpRequest, user: User) -> frozenset[str]:
    return frozenset(record["method"] for record in get_authentication_records(request, user))


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor's secrets are encrypted at rest; its picture is drawn without inline style."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code is not right. Wait for a new one in your app and type its 6 digits.",
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def is_mfa_enabled(self, user: User, types: Iterable[str] | None = None) -> bool:
        """A passkey of somebody who takes part is another way in, never a second step after the first."""
        asked = set(types or Authenticator.Type.values)
        if not needs_second_factor(user):
            asked.discard(Authenticator.Type.WEBAUTHN)
        return bool(super().is_mfa_enabled(user, types=asked))

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "SafeFit"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """What a device shows beside the passkey. It is kept there alone, and tells two of one household apart.

        Of whoever takes part it names no address: that one is theirs may not have been shown (own_sign_in.py).
        """
        name = (user.email if needs_second_factor(user) else None) or user.person.full_name
        return {
            **super().get_public_key_credential_user_entity(user),
            "display_name": user.person.full_name,
            "name": name,
        }

    def build_totp_svg(self, url: str) -> str:
        picture = BytesIO()
        segno.make_qr(url).save(picture, kind="svg", xmldecl=False, scale=6, border=4, light="white")
        return picture.getvalue().decode()
