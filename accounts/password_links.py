"""The two kinds of one-time link at which somebody chooses a password, and for how long each is good.

Here: making and checking what stands in them. Not here: the address around it (entrance.py), who is given one
(appointments.py: handed over by a person; entrance_forms.py: asked for on a page and sent to a mailbox). Named in
settings, so that allauth makes and checks them.

What is sent by email lies in a mailbox that others may open one day, so it runs out soon. What a person hands over
is waited for, since whoever is new may sign in days later. Both end with the password that is chosen.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils import timezone
from django.utils.http import base36_to_int

from accounts.models import User

FORGOTTEN: Final = timedelta(minutes=10)


class HandedOver(PasswordResetTokenGenerator):
    """Good for settings.PASSWORD_RESET_TIMEOUT."""

    key_salt = "accounts.password_links.HandedOver"

    def _now(self) -> datetime:
        """Of a clock that no summer time moves: an hour back would open again what has run out."""
        return timezone.now().replace(tzinfo=None)


class SentByEmail(HandedOver):
    key_salt = "accounts.password_links.SentByEmail"

    def check_token(self, user: User | None, token: str | None) -> bool:
        if not super().check_token(user, token):
            return False
        made = base36_to_int(str(token).partition("-")[0])
        return self._num_seconds(self._now()) - made <= FORGOTTEN.total_seconds()


class PasswordLinks(SentByEmail):
    """Makes what is sent by email, and knows either. `another` is the kind that a page never makes."""

    another: ClassVar = HandedOver()

    def check_token(self, user: User | None, token: str | None) -> bool:
        return super().check_token(user, token) or self.another.check_token(user, token)
