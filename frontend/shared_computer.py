"""What a browser keeps of somebody who is not signed in: little, and not for long, since the computer may be shared.

Here: notes in the session that run out, and its end when the browser is closed. Not here: what is noted
(views/public/join_held.py, views/public/refer.py), the sessions of people who are signed in (accounts/sessions.py).
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.http import HttpRequest

SHOWN_FOR = timedelta(minutes=15)  # a reference, for whoever has just been given it


def end_with_browser(request: HttpRequest) -> None:
    """Nothing of this session outlives the browser. Whoever signs in later is remembered as ever (entrance.py)."""
    if not request.user.is_authenticated:
        request.session.set_expiry(0)


def note(request: HttpRequest, key: str, value: int | str) -> None:
    request.session[key] = [value, int(time.time())]


def noted(request: HttpRequest, key: str, *, within: timedelta = SHOWN_FOR) -> Any:
    """What was noted less than `within` ago, else None: also for a note that does not say when."""
    kept = request.session.get(key)
    if not isinstance(kept, list):
        return None
    value, at = kept
    return value if time.time() - at < within.total_seconds() else None
