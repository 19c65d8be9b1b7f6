"""The forms of the sign-in pages: allauth's, with our words and our limits.

Here: labels, errors, and what allauth leaves open (guesses in parallel, a code
used twice, a stranger's tries, a mailbox that would do for staff). Not here: how a field is drawn
(frontend). Used by entrance_pages.py.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import get_adapter as get_second_factor_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.core.cache import cache

from accounts.addresses import address_from, is_number
from accounts.entrance import login_of
from accounts.known_devices import counted_for
from accounts.models import User
from accounts.permissions import needs_second_factor

EITHER, EITHER_MISSING = "Email address or mobile number", "Enter your email address or mobile number"
EMAIL_SHAPE = "Enter an email address in the correct format, like name@example.com"
PASSWORD_HELP = "At least 12 characters. Three words that do not belong together make a good one."  # noqa: S105  a hint
PASSKEY_FAILED = "That passkey did not work here. Try again, or sign in another way."
USED_CODE_SECONDS = 150  # longer than any code of the second factor is good for


def _say(field: forms.Field, label: str, missing: str, *, help_text: str = "", invalid: str = EMAIL_SHAPE) -> None:
    field.label = label
    field.help_text = help_text
    field.error_messages |= {"required": missing, "invalid": invalid}


def _say_email(form: forms.Form, name: str) -> None:
    _say(form.fields[name], "Email address", "Enter your email address")


def _count(action: str, address: str, user: User | None) -> None:
    """Count a try. Raises ValidationError when there were too many."""
    _take(action, counted_for(context.request, address, user))


def _count_from_here(action: str, address: str, user: User | None) -> None:
    """Before those from everywhere: whoever tries from one place uses up few of them, and its owner has the rest.

    Where its owner is known, the device is counted by itself already.
    """
    key = counted_for(context.request, address, user)
    if key == address.lower():
        _take(action, f"{key} from {get_ip(context.request)}")


def _take(action: str, key: str) -> None:
    if not ratelimit.consume(context.request, action=action, key=key):
        raise get_adapter().validation_error("too_many_login_attempts")


def count_text(number: str) -> None:
    """Count one more text message to `number`: each costs money, and rings. Raises ValidationError."""
    _count("text_login_code", number, login_of(number))


def _is_first_guess(address: str) -> bool:
    """In this session, while a code is good; of several at once it is one."""
    whose = hashlib.sha256(f"{context.request.session.session_key}:{address.lower()}".encode()).hexdigest()
    first: bool = cache.add(f"first-guess:{whose}", 1, settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    return first


class AddressField(forms.CharField):
    """An email address or a mobile number; the value is the address itself, or the number with its country."""

    widget = forms.TextInput({"autocomplete": "username", "inputmode": "email"})

    def clean(self, value: Any) -> str:
        return address_from(super().clean(value))


def _nobody() -> User:
    """In the place of a login that there is not: asked all that a login is asked, so that time tells neither apart."""
    return User(pk=0)


class CodeRequestForm(account.RequestLoginCodeForm):
    """Asks for a code. Whoever needs a second factor is treated as nobody here: they have a password.

    What allauth calls the email is a mobile number too, where somebody carries our text messages.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.TEXT_GATEWAY:
            self.fields["email"] = AddressField(label=EITHER, error_messages={"required": EITHER_MISSING})
        else:
            _say_email(self, "email")

    def clean_email(self) -> str:
        """Asked instead of allauth's, which would count for the address alone."""
        address: str = self.cleaned_data["email"]
        user = login_of(address)
        _count_from_here("request_login_code_from_here", address, user)
        _count("request_login_code", address, user)
        if is_number(address):
            count_text(address)
        works_here = needs_second_factor(user or _nobody())
        self._user: User | None = None if works_here else user
        return address


class CodeForm(account.ConfirmLoginCodeForm):
    """The code that was sent. Guesses are counted for the address, across sessions, before they are looked at.

    All but the first in each browser: whoever reads the code types it rightly, whatever strangers have tried. So many
    of these come in a day as codes may be asked for.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.address: str = kwargs.pop("email")
        super().__init__(*args, **kwargs)
        sent = "text message" if is_number(self.address) else "email"
        _say(self.fields["code"], f"Code from the {sent}", f"Enter the 6 digits from the {sent}")

    def clean_code(self) -> str:
        if not _is_first_guess(self.address):
            _count("confirm_login_code", self.address, login_of(self.address))
        code: str = super().clean_code()
        return code


class PasswordLoginForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_email(self, "login")
        _say(self.fields["password"], "Password", "Enter your password")


class ForgottenPasswordForm(account.ResetPasswordForm):
    """Only for a login with a password and a second factor set up: then a mailbox alone opens nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_email(self, "email")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        user = login_of(email)
        _count("forgotten_password", email, user)
        asked = user or _nobody()
        has_both = [asked.has_usable_password(), is_mfa_enabled(asked)]
        self.users = [user] if all(has_both) and user is not None else []
        return email


def _say_new_password(form: forms.Form) -> None:
    _say(form.fields["password1"], "New password", "Enter a new password", help_text=PASSWORD_HELP)
    _say(form.fields["password2"], "New password again", "Enter the new password again")


class NewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new_password(self)


class ChangedPasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["oldpassword"], "Your password now", "Enter your password now")
        _say_new_password(self)


class PasswordAgainForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["password"], "Password", "Enter your password")


class SecondStepForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["code"],
            "Code",
            "Enter the 6 digits your app shows, or a backup code",
            help_text="6 digits from your app, or one of your backup codes",
        )

    def clean_code(self) -> str:
        code: str = super().clean_code()
        # allauth forgets a used code after 30 seconds; with a tolerance of one step it is good for 90.
        if not cache.add(f"second-step:{self.user.pk}:{code}", 1, USED_CODE_SECONDS):
            raise get_second_factor_adapter().validation_error("incorrect_code")
        return code


def read_or_refuse(read: Callable[[], Any]) -> Any:
    """What a device answered, as allauth and its library read it. They raise what they meet in what is none."""
    try:
        return read()
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, struct.error):
        raise forms.ValidationError(PASSKEY_FAILED) from None


class PasskeyStepForm(webauthn.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        return read_or_refuse(super().clean_credential)


class PasskeyForm(webauthn.LoginWebAuthnForm):
    def clean_credential(self) -> Any:
        return read_or_refuse(super().clean_credential)


class NewPasskeyForm(webauthn.SignupWebAuthnForm):
    """Its name, and what the device answered. One that asked for no finger, face or PIN is not taken."""

    name = forms.CharField(
        label="A name for it",
        help_text="So that you can tell it from others. For example: my phone.",
        max_length=50,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        cleaned: dict[str, Any] = read_or_refuse(super().clean)
        return cleaned


class SetUpForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], "Code from the app", "Enter the 6 digits your app shows")
