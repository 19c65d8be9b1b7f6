"""Devices on which somebody has signed in before, told by a cookie: what a stranger tries does not count on them.

Limits on tries are counted for an email address. Alone, that would let anybody
who knows an address keep its owner out by trying wrongly all day. A device that
its owner has signed in on is counted by itself instead: with limits as tight,
used up by nobody else. The cookie opens nothing. Here: giving it and reading it.
Not here: the limits (settings), the tries (entrance.py, entrance_forms.py).
After OWASP's "device cookies".
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.devices import is_forgotten
from accounts.fields import decrypt, encrypt, made_at
from accounts.models import User

KEPT: Final = timedelta(days=180)


def remember_device(response: HttpResponseBase, request: HttpRequest, user: User) -> None:
    """Let this device be known as one on which `user` has signed in. A device that is known keeps its count."""
    device = _device_of(request, user) or secrets.token_urlsafe(16)
    response.set_cookie(
        _name(user),
        encrypt(f"{user.pk}:{device}"),
        max_age=KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def counted_for(request: HttpRequest, email: str, user: User | None) -> str:
    """The name under which a try with `email` is counted: the device if `user` is known on it, else the address."""
    device = None if user is None else _device_of(request, user)
    return email.lower() if device is None else f"known:{hashlib.sha256(device.encode()).hexdigest()}"


def _device_of(request: HttpRequest, user: User) -> str | None:
    """The device of this request, if `user` signed in on it and has not had it forgotten since."""
    ticket = request.COOKIES.get(_name(user), "")
    try:
        owner, _, device = decrypt(ticket).partition(":")
        too_old = timezone.now() - made_at(ticket) > KEPT or is_forgotten(user, ticket)
    except InvalidToken:
        return None
    return device if owner == str(user.pk) and device and not too_old else None


def _name(user: User) -> str:
    """One cookie for each login, because a couple may share a tablet; its name does not say whose it is."""
    return f"known_{salted_hmac('accounts.known_devices', str(user.pk)).hexdigest()[:16]}"
