"""What runs out by itself and is then in nobody's way but ours: sessions, counts of tries, tokens of machine clients.

Called by the worker every night (messaging/tasks.py). None of them is looked at any
more once it has run out; here it is deleted, a session a day later.
"""

from __future__ import annotations

from importlib import import_module

from allauth.idp.oidc.models import Token
from django.conf import settings
from django.db import connection
from django.utils import timezone


def forget_what_ran_out() -> int:
    """Delete sessions and tokens that have ended and counts whose time is over; returns how many counts."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    Token.objects.expired().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_cache WHERE expires < %s", [timezone.now()])
        return int(cursor.rowcount)
