"""Putting into the outbox what the clock makes due, each message by itself.

Called by the two that the worker runs every few minutes (reminders.py, asking.py), which find the same again
and again and say what is due. Not here: what follows an event (notices.py), whether a message is still wanted.
"""

from __future__ import annotations

from collections.abc import Mapping

from accounts.history import System, acting
from classes.models import Booking
from messaging.models import Message
from messaging.one_by_one import one_by_one
from messaging.outbox import enqueue


def tell_what_is_due(due: Mapping[str, tuple[str, Booking]], action: str) -> int:
    """Key → kind and booking: put each into the outbox that was never put there; returns how many. Twice is harmless.

    `booking` comes with its person and programme. What cannot be put there for one person is for everybody else.
    """
    there = set(Message.objects.filter(dedupe_key__in=due).values_list("dedupe_key", flat=True))

    def tell(key: str) -> None:
        kind, booking = due[key]
        with acting(System.WORKER, action):
            enqueue(
                programme=booking.participant.programme,
                person=booking.participant.person,
                kind=kind,
                subject_id=booking.pk,
                dedupe_key=key,
            )

    return len(one_by_one(tell, [key for key in due if key not in there]))
