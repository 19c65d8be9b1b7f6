"""Which ways of telling a person do not reach them as they need: asked at the moment of sending, for every message.

Here: the one place where the app that keeps access needs says so. Not here: the
needs (participants), the choice of a way (ways.py), the task that is made of what
cannot be met (delivery.py). Filled once, in `AppConfig.ready`; while nobody has
filled it nothing is sent, rather than written to somebody who cannot read it.
"""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Person
from messaging.ways import Limits

Finder = Callable[[Person], Limits]
_registered: list[Finder] = []


class NobodyKnows(LookupError):
    """No app has said who keeps what people need."""


def register_limits(find: Finder) -> None:
    """Have `find(person)` say what limits the ways to reach somebody. Registering again replaces it."""
    _registered[:] = [find]


def limits_of(person: Person) -> Limits:
    """Raises NobodyKnows."""
    if not _registered:
        raise NobodyKnows("Register who keeps access needs (messaging.limits.register_limits).")
    return _registered[0](person)
