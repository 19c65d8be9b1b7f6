"""How often something may be sent from one place without signing in: limits of settings.ACCOUNT_RATE_LIMITS.

Here: asking. Not here: the limits on signing in, which allauth asks for by itself (entrance_forms.py).
"""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest


def may_send(request: HttpRequest, *, action: str, key: str = "") -> bool:
    """Whether one more is taken, which counts it. `key` names what a limit "per key" is about."""
    return bool(ratelimit.consume(request, action=action, key=key))
