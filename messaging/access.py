"""Which messages, tasks and shifts a user may reach: the doors that the desk's pages go through.

A row that is absent and a row of another programme look the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.prepared import Prepared
from messaging.delivery import LATE_AFTER
from messaging.models import (
    Message,
    MessageQuerySet,
    MessageStep,
    OnCallShift,
    OnCallShiftQuerySet,
    ReceivedText,
    Task,
    TaskQuerySet,
)
from messaging.worklist import MESSAGE_TASKS, TEXT_RECEIVED

# Every page at a desk begins with it.
_ANYWHERE = Prepared(lambda: Task.objects.cannot_wait().order_by().only("pk")[:1])


def tasks_at_desk_of(user: object) -> TaskQuerySet:
    """Tasks of the programmes at whose desk the user works, with whom they are about and how often they were tried."""
    tasks = Task.objects.visible_to(user).select_related("about", "owner", "meant_for", "programme")
    return tasks.annotate(tries=Count("attempts"))


def open_kinds_at_desk_of(user: object) -> Mapping[str, int]:
    """How many tasks of each kind are to be done there."""
    to_do = Task.objects.visible_to(user).to_do().order_by()
    return dict(to_do.values_list("kind").annotate(Count("pk")))


def unanswered_at_desk_of(user: object) -> TaskQuerySet:
    """What cannot wait there, and nobody has taken."""
    return Task.objects.visible_to(user).unanswered()


def most_pressing_at_desk_of(user: object, most: int) -> list[Task]:
    """The first of them, for the top of each page. Nearly always nothing of the kind is to be done in any programme,
    which is a cheaper question than whose it is and whether somebody sees to it."""
    return list(unanswered_at_desk_of(user)[:most]) if _ANYWHERE.rows() else []


def shifts_at_desk_of(user: object) -> OnCallShiftQuerySet:
    """The on-call rota of the same programmes."""
    return OnCallShift.objects.visible_to(user).select_related("person", "programme")


def messages_at_desk_of(user: object) -> MessageQuerySet:
    """Messages of the same programmes, the latest first."""
    return Message.objects.visible_to(user).select_related("person", "programme").order_by("-created_at", "-id")


def late_at_desk_of(user: object) -> MessageQuerySet:
    """Messages of the same programmes that should have left by now: sending has stopped, whatever the reason."""
    return Message.objects.visible_to(user).due(timezone.now() - LATE_AFTER)


def message_of(task: Task) -> Message | None:
    """The message that a task carries, for a caller who may see the task; None for other kinds of task."""
    if task.kind not in MESSAGE_TASKS or task.subject_id is None:
        return None
    return Message.objects.select_related("person").filter(pk=task.subject_id).first()  # kept less long than tasks


def received_text_of(task: Task) -> ReceivedText | None:
    """The text message that a task asks somebody to read, for a caller who may see the task; None for other kinds."""
    if task.kind != TEXT_RECEIVED or task.subject_id is None:
        return None
    return ReceivedText.objects.filter(pk=task.subject_id).first()  # kept less long than tasks


def steps_of(message: Message) -> QuerySet[MessageStep]:
    """What happened to a message that the caller may see, in order."""
    return MessageStep.objects.filter(message=message).select_related("by").order_by("at", "id")


def tasks_of(message: Message) -> TaskQuerySet:
    """What people were asked to do about a message that the caller may see."""
    return Task.objects.filter(kind__in=MESSAGE_TASKS, subject_id=message.pk).order_by("id")
