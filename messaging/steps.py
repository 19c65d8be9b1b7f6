"""The life of a message, kept step by step: each try, by which way, what came of it, and why there was none.

Here: writing the steps down. Not here: deciding and sending (delivery.py), what came back (receipts.py),
the page (frontend/views/desk/messages.py). A step says nothing of what the message says, or where it went.
A step that cannot be written raises nothing: what was sent is sent, and is not sent again for that.
"""

from __future__ import annotations

from collections.abc import Collection

import structlog

from messaging.models import Message, MessageStep, Step, WhyNot

log = structlog.get_logger(__name__)


def note_step(message: Message, what: Step, *, channel: str = "", why: str = "") -> None:
    try:
        MessageStep.objects.create(message_id=message.pk, what=what, channel=channel, reason=why[:200])
    except Exception as error:  # noqa: BLE001  whatever the database meets
        log.warning("step_not_noted", message_id=message.pk, step=str(what), error=type(error).__name__)


def note_taken_back(messages: Collection[int], why: WhyNot) -> None:
    """Inside the action that takes them back; `messages` are their keys."""
    MessageStep.objects.bulk_create(MessageStep(message_id=key, what=Step.NOT_WANTED, reason=why) for key in messages)
