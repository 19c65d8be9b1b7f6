"""A message that failed, sent once more by hand: once, by a way that somebody at the desk chooses.

Here: which ways there are, and sending by one. Not here: the tries that come by themselves (delivery.py), a
call or a letter (the task that the failure has made). Whether the message is still wanted is asked twice:
when the ways are offered, and as always when it is sent.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from messaging.choices import is_declined
from messaging.delivery import MOST_ATTEMPTS, ways_of
from messaging.kinds import Content, owner_of
from messaging.models import Message, MessageState, MessageStep, Step, Task, TaskState
from messaging.quiet_hours import quiet_until
from messaging.senders import SENDERS
from messaging.ways import Point
from messaging.worklist import MESSAGE_TASKS, TaskIsClosed, close_task

log = structlog.get_logger(__name__)

SENT_AGAIN = "sent_again"  # what came of the task that the failure had made


class CannotSendAgain(Exception):
    """It did not fail, was sent again before, is not wanted any more, or there is no such way."""


def ways_again(message: Message) -> list[Point]:
    """Those in writing that meet what the person needs, but for the one by which it failed last."""
    if message.state != MessageState.FAILED or message.person.contact_stopped_at or was_sent_again(message):
        return []
    content = content_now(message)
    if content is None or content.earlier is not None:
        return []
    ways, limits = ways_of(message, content)
    failed_by = _failed_by(message)
    return [way for way in ways if way.channel in SENDERS and not limits.of(way.channel) and way.channel != failed_by]


def _failed_by(message: Message) -> str:
    """The way of the newest step that failed or came back: a try that failed leaves nothing else in its message."""
    failures = message.steps.filter(what__in=(Step.FAILED, Step.CAME_BACK, Step.NO_WORD))
    return failures.order_by("-id").values_list("channel", flat=True).first() or ""


def leaves_at(message: Message, now: datetime) -> datetime | None:
    """When what is sent again now leaves: at the end of the quiet hours, unless it is urgent; None for at once."""
    content = content_now(message)
    return quiet_until(now) if content is not None and not content.urgent else None


def content_now(message: Message) -> Content | None:
    """What it would say now. None when it is not wanted any more, or its owner cannot say."""
    try:
        return None if is_declined(message) else owner_of(message.kind)(message)
    except Exception as error:  # noqa: BLE001  whatever an owner meets
        log.warning("owner_cannot_say", message_id=message.pk, kind=message.kind, error=type(error).__name__)
        return None


def was_sent_again(message: Message) -> bool:
    return MessageStep.objects.filter(message=message, what=Step.AGAIN).exists()


def send_again(*, message: Message, point: int, by: Person) -> Message:
    """It is due at once by `point`, the key of one of `ways_again`; the task that asked for a call is done with that.

    Should it fail again, that is a new task. Raises CannotSendAgain.
    """
    with acting(by, "messaging.send_again", on_behalf_of=message.person):
        asking = Task.objects.filter(kind__in=MESSAGE_TASKS, subject_id=message.pk, state=TaskState.OPEN)
        tasks = list(asking.select_for_update(of=("self",)).order_by("pk"))  # before the message, as close_task does
        message = (
            Message.objects.select_for_update(of=("self",)).select_related("person", "programme").get(pk=message.pk)
        )
        way = next((way for way in ways_again(message) if way.pk == point), None)
        if way is None:
            raise CannotSendAgain
        MessageStep.objects.create(message=message, what=Step.AGAIN, channel=way.channel, by=by)
        for task in tasks:
            _done_with(task, by)
        message.state, message.point_id, message.finished_at = MessageState.QUEUED, way.pk, None
        message.due_at, message.attempts = timezone.now(), MOST_ATTEMPTS - 1
        message.save(update_fields=["state", "point", "finished_at", "due_at", "attempts"])
        return message


def _done_with(task: Task, by: Person) -> None:
    try:
        close_task(task=task, outcome=SENT_AGAIN, by=by)
    except TaskIsClosed:  # by a colleague at this moment: they know more than we do
        raise CannotSendAgain from None
