"""By which way somebody hears of something, as things are now: asked before it is sent.

Here: the first of their ways, or that there is none. Not here: sending (messaging/delivery.py), the words for a way
(frontend/class_notes.py). Called by class_note.py and called_off.py.
"""

from __future__ import annotations

from accounts.models import Person
from messaging.delivery import ways_of
from messaging.kinds import Content
from messaging.models import Message

NO_WAY, BY_DESK = "no_way", "format"  # of whom somebody has to think, besides the ways themselves


def way_of(person: Person, kind: str, content: Content) -> str:
    """A channel, BY_DESK where what they need is not met by it, or NO_WAY."""
    ways, limits = ways_of(Message(person=person, kind=kind), content)
    if not ways:
        return NO_WAY
    return BY_DESK if limits.of(ways[0].channel) else ways[0].channel
