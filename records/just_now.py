"""Whether somebody signed in just now: asked before all that is held about them leaves, or is deleted.

Here: the rule. Not here: when they did (accounts/signin.py). Called by exporting/copies.py, erasing/asking.py, pages.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils import timezone

JUST_NOW: Final = dt.timedelta(minutes=15)


class NotSignedInJustNow(Exception):
    """Whoever asks must have signed in within the last minutes: they sign in again."""


def is_just_now(signed_in_at: dt.datetime | None) -> bool:
    return signed_in_at is not None and signed_in_at + JUST_NOW >= timezone.now()
