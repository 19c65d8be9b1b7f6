"""What would be a call of its own, read out to somebody who is on the phone at this moment.

Here: which messages those are, with their words, and keeping that they were read out, in which
case nobody calls about them. Not here: who is on the line (calls.py), the call that is made where
nothing was read out (delivery.py), the page (frontend/reading_out.py, frontend/views/desk/reading_out.py).
Whoever reads email or texts is written to all the same: what was heard once is soon forgotten.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from messaging.again import content_now
from messaging.delivery import hand_over, ways_of
from messaging.kinds import Content
from messaging.models import Call, Caller, Message, MessageQuerySet, MessageState, Task, TaskQuerySet, TaskState
from messaging.quiet_hours import quiet_until
from messaging.ways import NO_LIMITS, PHONE
from messaging.words import Words, draw, names_for
from messaging.worklist import CALL, TOLD_IN_CALL, TaskIsClosed, close_task


class NotOnTheLine(Exception):
    """Whoever is on the line is not known to be the person whom the messages are for."""


@dataclass(frozen=True)
class ToRead:
    message: Message
    words: Words


def to_read_out(messages: MessageQuerySet) -> list[ToRead]:
    """Those of `messages` that somebody would call their person about, as they read now, the oldest first.

    For a caller who may see the messages.
    """
    now = timezone.now()
    with_desk = messages.filter(state=MessageState.WITH_DESK, channel=PHONE)
    calls = set(_calls_about(with_desk.values("pk")).values_list("subject_id", flat=True))
    unsent = messages.filter(state=MessageState.QUEUED, due_at__lte=quiet_until(now) or now)  # at night, the morning's
    asked = [message for message in with_desk if message.pk in calls]
    found = sorted([*asked, *unsent], key=lambda one: (one.created_at, one.pk))
    read = [_as_a_call(message, asked=message in asked) for message in found]
    return [one for one in read if one is not None]


def tell_in_call(*, messages: MessageQuerySet, call: Call, by: Person) -> int:
    """`messages` were read out in this `call`; returns how many of them nobody calls about any more.

    What was told, sent or taken back a moment ago is passed over. Raises NotOnTheLine.
    """
    if not call.identified or call.caller != Caller.SELF:
        raise NotOnTheLine
    with acting(by, "messaging.tell_in_call", on_behalf_of=call.about):
        theirs = messages.filter(person=call.about_id, programme=call.programme_id)
        return sum(_told(one.message, by) for one in to_read_out(theirs))


def _told(message: Message, by: Person) -> bool:
    """As a call that was made at once: the life of the message shows who told it, and when."""
    if message.state == MessageState.QUEUED:
        hand_over(message, PHONE, NO_LIMITS, due_at=timezone.now())
    task = _calls_about([message.pk]).first()
    if task is None:
        return False
    try:
        close_task(task=task, outcome=TOLD_IN_CALL, by=by)
    except TaskIsClosed:
        return False
    return True


def _calls_about(messages: QuerySet[Message, Any] | Collection[int]) -> TaskQuerySet:
    return Task.objects.filter(kind=CALL, subject_id__in=messages, state=TaskState.OPEN)


def _as_a_call(message: Message, *, asked: bool) -> ToRead | None:
    """None where it is not wanted any more; and where its turn would not make it a call, unless that is `asked`.

    Its owner is asked as for a message that is with the desk: looking makes no link, and nothing is cut short.
    """
    at_desk = copy(message)
    at_desk.state = MessageState.WITH_DESK
    content = content_now(at_desk)
    if content is None or not (asked or _is_a_call(message, content)):
        return None
    return ToRead(message, draw(message.kind, names_for(message, content.context)))


def _is_a_call(message: Message, content: Content) -> bool:
    ways, limits = ways_of(message, content)
    by_phone = bool(ways) and ways[0].channel == PHONE and not limits.of(PHONE)
    return by_phone and content.earlier is None
