"""Browsers that come back: what they must remember, and who is signed in there.

Here: the row. Not here: reading and writing it (accounts/sessions.py).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models.identity import User
from accounts.privacy import Basis, Held, Retention


class BrowserSession(AbstractBaseSession):
    """A session like Django's, with its login as a column, so that one read finds both."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    seen_at = models.DateTimeField(default=timezone.now, db_default=Now(), help_text="to the minute: accounts/idle.py")

    held = (
        Held("session_data", "to stay signed in; ends after 14 days or at sign-out", Basis.SERVICE, Retention.ACCOUNT),
    )
    plain = "expire_date seen_at"

    class Meta(AbstractBaseSession.Meta):
        pass

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")
