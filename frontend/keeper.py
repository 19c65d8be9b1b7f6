"""For whom this browser may keep registers: a mark of a login that says nothing about who it is.

Every page says it, so that what a telephone keeps for somebody is wiped as soon as a page is drawn for
anybody else, or for nobody. Not here: what is kept and how (assets/js/offline). Called by context.py and
the views of the offline register.
"""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.permissions import Permission, allows

SALT = "safefit.offline-register"


def keeper_of(user: object) -> str:
    """Empty for whoever does not teach, and so for nobody."""
    if not isinstance(user, User) or not allows(user, Permission.TEACH):
        return ""
    return sender_of(user)


def sender_of(user: User) -> str:
    """The mark of this login, whether or not it may still teach: marks that were kept are handed in all the same."""
    return salted_hmac(SALT, str(user.pk)).hexdigest()[:20]
