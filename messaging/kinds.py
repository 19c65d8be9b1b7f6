"""Kinds of message, and who decides whether one is still wanted.

Here: the registry that the apps above fill in `AppConfig.ready`. Not here: the
words (templates messages/<kind>.txt) or the sending (delivery.py). An owner's
`wanted` is asked at the moment of sending, outside of any transaction, and
answers from the state of that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from messaging.models import Matter, Message, Topic, WorkTopic
from messaging.ways import Point


@dataclass(frozen=True)
class Attachment:
    """A text file that goes with a message, such as `text/calendar; method=REQUEST`."""

    name: str
    text: str
    mime_type: str


@dataclass(frozen=True)
class Content:
    """What a message needs at the moment of sending: the names its template uses, and its files.

    `urgent` lets it go out in the quiet hours: a class of the same day is off.
    `needed_by` is the moment after which it is of no use: the desk does it by then, and never by post.
    `by` sends it by that channel alone, beside another message that goes by the others; while the person cannot be
    reached by it, it is not wanted.
    `earlier` sends it to an address or a number that is the person's no more, instead of to
    where they are reached now: a few tries, and nobody calls when none arrives.
    """

    context: Mapping[str, object]
    attachments: tuple[Attachment, ...] = ()
    urgent: bool = False
    needed_by: datetime | None = None
    by: str = ""
    earlier: Point | None = None


Wanted = Callable[[Message], Content | None]
_registered: dict[str, Wanted] = {}
_topics: dict[str, Topic | WorkTopic] = {}
_matters: dict[str, Matter] = {}


class UnknownKind(LookupError):
    """A kind that no app has registered; it could never be sent."""


def register_kind(
    kind: str, wanted: Wanted, *, topic: Topic | WorkTopic | None = None, matter: Matter | None = None
) -> None:
    """Have `wanted(message)` say what to send, or None when it is no longer wanted. The same kind again replaces it.

    A kind with a `topic` is not sent to who has opted out of that; one about a `matter` goes by
    the way that the person chose for it.
    """
    _registered[kind] = wanted
    if topic is not None:
        _topics[kind] = topic
    if matter is not None:
        _matters[kind] = matter


def topic_of(kind: str) -> Topic | WorkTopic | None:
    """What a person may opt out of to be sent no `kind`; None for what is always sent."""
    return _topics.get(kind)


def matter_of(kind: str) -> Matter | None:
    """For what a person may choose another way than the one they like best; None for all else."""
    return _matters.get(kind)


def owner_of(kind: str) -> Wanted:
    """The function that decides about `kind`; raises UnknownKind."""
    try:
        return _registered[kind]
    except KeyError:
        raise UnknownKind(f"Register {kind!r} in its app's AppConfig.ready (messaging.kinds.register_kind).") from None


def kinds() -> tuple[str, ...]:
    """Every registered kind, in the order of registering."""
    return tuple(_registered)
