"""When a session is over because nothing was done in it, by role.

Here: the rule. Not here: what was last done (models/sessions.py, written by sessions.py), what was typed and not sent
(unsent.py), the warning (frontend/jinja2/frontend/parts/idle.html). Whoever takes part keeps their fourteen days: they
come once a week, often unwell, from a telephone of their own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from accounts.permissions import SECOND_FACTOR_ROLES, HoldsRole, Role

NOTED_EVERY: Final = timedelta(minutes=1)


def idle_after(user: object) -> timedelta | None:
    """The shortest of the limits of their roles; None: there is none."""
    held: list[HoldsRole] = list(getattr(user, "live_memberships", ()))
    limits = [_limit(Role(one.role)) for one in held if Role(one.role) in SECOND_FACTOR_ROLES]
    return min(limits, default=None)


def is_idle(user: object, seen_at: datetime, now: datetime) -> bool:
    """What was done is noted by the minute, so the minute is given on top."""
    limit = idle_after(user)
    return limit is not None and now - seen_at > limit + NOTED_EVERY


def _limit(role: Role) -> timedelta:
    minutes = settings.IDLE_MINUTES_TEACHING if role is Role.INSTRUCTOR else settings.IDLE_MINUTES
    return timedelta(minutes=minutes)
