"""What a sender is handed, and what it answers. The same for every way of sending.

Here: the shapes. Not here: the senders (senders.py, text_folder.py, notify.py), whom they are for
and when (delivery.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.core.exceptions import ValidationError

from messaging.kinds import Attachment
from messaging.words import Words

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True)
class Outgoing:
    """One message to one address. `key` is the same at every try, and so is the id under which it goes out.

    `again`: it was tried before, and an answer may have been lost. A carrier that can be asked is asked first,
    for what it took after `since`: what came back, or was never heard of again, does not stand for a new one.
    """

    to: str
    key: str
    words: Words
    attachments: tuple[Attachment, ...] = ()
    again: bool = False
    since: datetime | None = None


class NothingSent(RuntimeError):
    """The sender took the message and did not send it."""


class NoSuchAddress(RuntimeError):
    """Whoever carries the message says that this address leads to nobody: trying again is of no use."""


# Answers the name under which its carrier knows the message, or writes back about it; "" where it has none.
Sender = Callable[[Outgoing], str]


class Became(StrEnum):
    """What is known of a message that was handed over."""

    UNDERWAY = "underway"
    ARRIVED = "arrived"
    NOT_NOW = "not now"  # the telephone was off, the mailbox full, or it went wrong on the way
    NEVER = "never"  # the number or address leads to nobody


class TextGateway(Protocol):
    """Whoever carries our text messages."""

    def send(self, outgoing: Outgoing) -> str:
        """Hand it over. Raises ValidationError for what is not one telephone number, NoSuchAddress, what it meets."""

    def became_of(self, sent_as: str) -> Became:
        """What is known of what `send` answered with. Raises what it meets, LookupError when it knows nothing of it."""


def one_number(to: str) -> str:
    """`to` when it is exactly one telephone number with its country; raises ValidationError."""
    if not _NUMBER.fullmatch(to):
        raise ValidationError("not one telephone number")
    return to
