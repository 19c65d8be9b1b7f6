"""Messages to people (the outbox) and tasks for people (the worklist).

Here: the rows. Written by outbox.py and worklist.py inside the transaction of
the action that they tell of; sent by delivery.py. This app knows none of its
users: what a kind means is registered by its owner.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Channel, Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Transitions, append_only, legal_changes, tracked


class MessageState(models.TextChoices):
    QUEUED = "queued", "waiting to be sent"
    WITH_DESK = "with_desk", "with the desk, to call or write"
    SENT = "sent", "sent"
    DELIVERED = "delivered", "delivered"
    FAILED = "failed", "not delivered"
    NOT_WANTED = "not_wanted", "no longer wanted"


MESSAGE_TRANSITIONS: Transitions = {
    MessageState.QUEUED: frozenset(
        {MessageState.SENT, MessageState.WITH_DESK, MessageState.FAILED, MessageState.NOT_WANTED}
    ),
    MessageState.WITH_DESK: frozenset({MessageState.DELIVERED, MessageState.FAILED, MessageState.NOT_WANTED}),
    MessageState.SENT: frozenset({MessageState.DELIVERED, MessageState.FAILED}),
}


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, at: datetime | None = None) -> MessageQuerySet:
        """To be sent by `at`, on the application's clock, never the database's."""
        return self.filter(state=MessageState.QUEUED, due_at__lte=at or timezone.now()).order_by("due_at", "id")

    def visible_to(self, user: object) -> MessageQuerySet:
        return self.filter(programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))


class Message(models.Model):
    """One thing to tell one person; decided again when it is sent."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=50)
    subject_id = models.BigIntegerField(null=True, help_text="the row that the kind speaks of, such as a booking")
    context = models.JSONField(default=dict)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=12, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    held = (
        Held(
            "kind subject_id context channel due_at state last_error finished_at",
            "to tell the person, and know whether it arrived",
            Basis.SERVICE,
            Retention.MESSAGE,
        ),
    )
    plain = "attempts dedupe_key created_at"
    transitions: ClassVar = {"state": MESSAGE_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_is_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="messages_waiting_to_be_sent"),
        ]
        triggers: ClassVar = [legal_changes("state", MESSAGE_TRANSITIONS)]

    def __str__(self) -> str:
        return f"{self.kind} to person {self.person_id}"


class TaskState(models.TextChoices):
    OPEN = "open", "to do"
    DONE = "done", "done"
    CANCELLED = "cancelled", "no longer needed"


TASK_TRANSITIONS: Transitions = {TaskState.OPEN: frozenset({TaskState.DONE, TaskState.CANCELLED})}


class TaskQuerySet(models.QuerySet["Task"]):
    def to_do(self) -> TaskQuerySet:
        return self.filter(state=TaskState.OPEN).order_by("due_at", "id")

    def visible_to(self, user: object) -> TaskQuerySet:
        return self.filter(programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))


@tracked()
class Task(models.Model):
    """Something that a person must do: a call, a letter, a review."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    kind = models.CharField(max_length=50)
    about = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks_about")
    subject_id = models.BigIntegerField(null=True, blank=True, help_text="the row that the kind speaks of")
    context = models.JSONField(default=dict)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks_owned")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    outcome = models.CharField(max_length=50, blank=True)
    dedupe_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    held = (
        Held(
            "kind subject_id context due_at outcome closed_at",
            "to do what the person needs of us",
            Basis.SERVICE,
            Retention.RECORD,
        ),
    )
    plain = "state dedupe_key created_at"
    transitions: ClassVar = {"state": TASK_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dedupe_key"], condition=Q(state="open"), name="one_open_task_per_need"),
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="task_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="a_closed_task_says_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["programme", "due_at"], condition=Q(state="open"), name="tasks_to_do")
        ]
        triggers: ClassVar = [legal_changes("state", TASK_TRANSITIONS)]

    def __str__(self) -> str:
        return f"{self.kind}, due {self.due_at:%Y-%m-%d}"


class TaskAttempt(models.Model):
    """One try at a task: who, when, what came of it."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="attempts")
    by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=50)
    note = models.CharField(max_length=500, blank=True)

    held = (Held("at outcome note", "to know what was tried", Basis.SERVICE, Retention.RECORD),)
    plain = ""

    class Meta:
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.outcome} at {self.at:%Y-%m-%d %H:%M}"
