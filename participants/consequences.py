"""What else must happen, in the same transaction, when something happens to a participant, or to a phase.

Here: the registry of consequences. Not here: the consequences themselves, which
the apps above this one register in `AppConfig.ready` (classes gives places back,
outcomes plans questionnaires). Called by the actions of participants.
"""

from __future__ import annotations

import enum
from collections.abc import Callable

from accounts.history import Actor
from participants.models import Participant, Phase


class Event(enum.StrEnum):
    ENROLLED = "enrolled"
    CLEARANCE_CHANGED = "clearance_changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"
    DIED = "died"
    HEALTH_AGREED = "health_agreed"  # that we ask about their health and keep the answers, where it comes up again
    HEALTH_REFUSED = "health_refused"  # they have taken that back
    NEEDS_CHANGED = "needs_changed"  # access needs, or their dates
    CONTACT_STOPPED = "contact_stopped"  # after a death, in a hospice's care, or by wish: follows DIED or WITHDRAWN


ENROLLED = Event.ENROLLED
CLEARANCE_CHANGED = Event.CLEARANCE_CHANGED
PAUSED = Event.PAUSED
RESUMED = Event.RESUMED
WITHDRAWN = Event.WITHDRAWN
DIED = Event.DIED
HEALTH_AGREED = Event.HEALTH_AGREED
HEALTH_REFUSED = Event.HEALTH_REFUSED
CONTACT_STOPPED = Event.CONTACT_STOPPED
NEEDS_CHANGED = Event.NEEDS_CHANGED

Consequence = Callable[[Participant, Actor], None]
_registered: dict[Event, dict[str, Consequence]] = {event: {} for event in Event}


def register_consequence(event: Event, name: str, function: Consequence) -> None:
    """Have `function(participant, by)` run at every `event`, in the order of registering.

    `name` ("classes.give_places_back") is unique within the event: the same
    name again replaces the function. An exception undoes the whole action.
    """
    _registered[event][name] = function


def run_consequences(event: Event, participant: Participant, by: Actor) -> None:
    """Run everything registered for `event`; called inside the action's transaction, after its own changes."""
    for consequence in list(_registered[event].values()):
        consequence(participant, by)


def consequences_of(event: Event) -> tuple[str, ...]:
    """Names of what is registered, in the order in which it runs."""
    return tuple(_registered[event])


OfALimit = Callable[[Phase, Actor], None]
_of_a_limit: dict[str, OfALimit] = {}


def register_consequence_of_a_limit(name: str, function: OfALimit) -> None:
    """Have `function(phase, by)` run whenever the limit of a week of a phase has changed. As register_consequence."""
    _of_a_limit[name] = function


def run_consequences_of_a_limit(phase: Phase, by: Actor) -> None:
    for consequence in list(_of_a_limit.values()):
        consequence(phase, by)


def consequences_of_a_limit() -> tuple[str, ...]:
    return tuple(_of_a_limit)
