"""What else must happen, in the same transaction, when what somebody may lead has changed.

Here: the registry. Not here: the consequences themselves, which the apps above this one
register in `AppConfig.ready` (classes looks again at the dates that somebody leads).
Called by the actions of instructors, after their own changes.
"""

from __future__ import annotations

from collections.abc import Callable

from accounts.history import Actor
from instructors.models import Instructor

Consequence = Callable[[Instructor, Actor], None]
_registered: dict[str, Consequence] = {}


def register_consequence_of_standing(name: str, function: Consequence) -> None:
    """Have `function(instructor, by)` run after every change; the same name again replaces it."""
    _registered[name] = function


def standing_changed(instructor: Instructor, by: Actor) -> None:
    for consequence in list(_registered.values()):
        consequence(instructor, by)


def consequences_of_standing() -> tuple[str, ...]:
    return tuple(_registered)
