"""What GOV.UK Notify calls the states of a text, in an answer or in a receipt. Needs nothing of its client."""

from __future__ import annotations

from messaging.outgoing import Became

# Whatever Notify may say later is a text that is still on its way, until nobody waits for it any more.
_BECAME = {
    "delivered": Became.ARRIVED,
    "temporary-failure": Became.NOT_NOW,
    "technical-failure": Became.NOT_NOW,
    "permanent-failure": Became.NEVER,
}


def became(status: str) -> Became:
    return _BECAME.get(status, Became.UNDERWAY)
