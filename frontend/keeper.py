"""For whom this browser may keep registers: a mark of a login that says nothing about who it is.

Every page says it, so that what a telephone keeps for somebody is wiped as soon as a page is drawn for
anybody else. A page for nobody wipes nothing by itself: a session that has run out is no reason to lose a register
an hour before a class. The telephone then asks with the ticket that it was given whether its keeper may still keep.
Not here: what is kept and how (assets/js/offline). Called by context.py and the views of the offline register.

Both are made of the encryption keys and not of the secret key: a new secret key signs people out, and no mark that
waits on a telephone may be stranded by it. The oldest key stands last and stays, so the marks stay too.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.fernet import InvalidToken
from django.conf import settings

from accounts.devices import is_forgotten
from accounts.fields import decrypt, encrypt
from accounts.models import User
from accounts.permissions import Permission, allows
from accounts.staff import open_login

SALT = "safefit.offline-register"
SOMEBODY_ELSE = "-"  # somebody is signed in who does not teach, and so keeps nothing


def keeper_of(user: object) -> str:
    """Empty for nobody."""
    if not isinstance(user, User):
        return ""
    return sender_of(user) if allows(user, Permission.TEACH) else SOMEBODY_ELSE


def sender_of(user: User) -> str:
    """The mark of this login, whether or not it may still teach: marks that were kept are handed in all the same."""
    key = str(settings.ENCRYPTION_KEYS[-1]).encode()
    return hmac.new(key, f"{SALT}:{user.pk}".encode(), hashlib.sha256).hexdigest()[:20]


def ticket_of(user: User) -> str:
    """What a telephone shows later, when nobody is signed in, to ask whether it may keep what it has."""
    return encrypt(f"{SALT}:{user.pk}")


def may_still_keep(ticket: str) -> bool | None:
    """Whether the login of `ticket` may still teach and has not lost a device since; None for no ticket of ours."""
    try:
        salt, _, pk = decrypt(ticket).partition(":")
    except InvalidToken:
        return None
    if salt != SALT:
        return None
    user = open_login(pk, Permission.TEACH)
    return user is not None and not is_forgotten(user, ticket)
