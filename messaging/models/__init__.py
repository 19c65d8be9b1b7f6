"""Messages to people (the outbox), tasks for people (the worklist), who is on call.

Here: the rows. Not here: what people chose, and what came back (reaching.py), each step of a message
(steps.py), who was on the line (calls.py). Written by outbox.py, worklist.py, on_call.py and alerts.py
inside the transaction of the action that they tell of; sent by delivery.py. This app knows none of its
users: what a kind means is registered by its owner.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Case, Exists, Func, OuterRef, Q, When
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Channel, ContactPoint, Membership, Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Transitions, append_only, legal_changes, tracked
from messaging.models.calls import Call, CallEnd, Caller, CallQuerySet
from messaging.models.reaching import Bounce, ChosenWay, Matter, OptOut, ReceivedText, Topic, WorkTopic
from messaging.models.restricted import KEPT_APART, Restricted, known_to
from messaging.models.site import PageFeedback, PageFeedbackQuerySet, SiteNotice, SiteNoticeQuerySet
from messaging.models.steps import MessageStep, Step, WhyNot

__all__ = [
    "ALERT",
    "MESSAGE_TRANSITIONS",
    "SEEN_TO_WITHIN",
    "TASK_TRANSITIONS",
    "Bounce",
    "Call",
    "CallEnd",
    "CallQuerySet",
    "Caller",
    "ChosenWay",
    "Matter",
    "Message",
    "MessageQuerySet",
    "MessageState",
    "MessageStep",
    "OnCallShift",
    "OnCallShiftQuerySet",
    "OptOut",
    "PageFeedback",
    "PageFeedbackQuerySet",
    "ReceivedText",
    "SiteNotice",
    "SiteNoticeQuerySet",
    "Step",
    "Task",
    "TaskAlert",
    "TaskAttempt",
    "TaskQuerySet",
    "TaskState",
    "Topic",
    "WorkTopic",
    "WhyNot",
]

ALERT = "alert"  # kind of message: something cannot wait; its subject is the task


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
    MessageState.SENT: frozenset({MessageState.DELIVERED, MessageState.FAILED, MessageState.QUEUED}),  # came back
    MessageState.FAILED: frozenset({MessageState.QUEUED}),  # sent again by hand, once
}


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, at: datetime | None = None) -> MessageQuerySet:
        """To be sent by `at`, on the application's clock, never the database's; what cannot wait before all others."""
        rows = self.filter(state=MessageState.QUEUED, due_at__lte=at or timezone.now())
        return rows.order_by(Case(When(kind=ALERT, then=0), default=1), "due_at", "id")

    def unknown(self, at: datetime) -> MessageQuerySet:
        """Sent, and whoever carries it is to be asked by `at` what became of it."""
        return self.filter(state=MessageState.SENT, ask_at__lte=at).order_by("ask_at", "id")

    def visible_to(self, user: object) -> MessageQuerySet:
        return self.filter(known_to(user))


class Message(Restricted):
    """One thing to tell one person; decided again when it is sent."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=50)
    subject_id = models.BigIntegerField(null=True, help_text="the row that the kind speaks of, such as a booking")
    context = models.JSONField(default=dict)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    point = models.ForeignKey(ContactPoint, on_delete=models.SET_NULL, null=True, related_name="+")
    sent_as = models.CharField(max_length=64, blank=True, db_default="", help_text="its name with whoever carries it")
    ask_at = models.DateTimeField(null=True, help_text="when whoever carries it is asked what became of it")
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
            "kind subject_id context channel sent_as due_at state last_error finished_at kept_from",
            "to tell the person, and know whether it arrived",
            Basis.SERVICE,
            Retention.MESSAGE,
        ),
    )
    plain = "ask_at attempts dedupe_key created_at only_for"
    transitions: ClassVar = {"state": MESSAGE_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_is_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="messages_waiting_to_be_sent"),
            models.Index(fields=["ask_at", "id"], condition=Q(ask_at__isnull=False), name="messages_to_ask_about"),
            models.Index(fields=["sent_as"], condition=~Q(sent_as=""), name="messages_by_carriers_name"),
        ]
        triggers: ClassVar = [legal_changes("state", MESSAGE_TRANSITIONS)]

    def __str__(self) -> str:
        return f"{self.kind} to person {self.person_id}"


class TaskState(models.TextChoices):
    OPEN = "open", "to do"
    DONE = "done", "done"
    CANCELLED = "cancelled", "no longer needed"


TASK_TRANSITIONS: Transitions = {TaskState.OPEN: frozenset({TaskState.DONE, TaskState.CANCELLED})}


SEEN_TO_WITHIN = timedelta(hours=1)  # whoever takes what cannot wait tries it within this, or others are told again


class TaskQuerySet(models.QuerySet["Task"]):
    def to_do(self) -> TaskQuerySet:
        return self.filter(state=TaskState.OPEN).order_by("due_at", "id")

    def cannot_wait(self) -> TaskQuerySet:
        return self.to_do().exclude(urgent_for="")

    def unanswered(self) -> TaskQuerySet:
        """What cannot wait and nobody sees to: not taken, taken by somebody who has no role at the desk any more,
        or taken for a while and not once tried."""
        while_ago = timezone.now() - SEEN_TO_WITHIN
        works = Q(Exists(_owner_holds(Permission.WORK_AT_DESK)))
        for permission in KEPT_APART:
            works &= ~Q(only_for=permission) | Q(Exists(_owner_holds(permission)))
        tried = TaskAttempt.objects.filter(task=OuterRef("pk"), at__gt=while_ago)
        nobody = Q(owner=None) | ~works | (Q(taken_at__lte=while_ago) & ~Exists(tried))
        return self.cannot_wait().filter(nobody)

    def most_pressing_first(self) -> TaskQuerySet:
        """What cannot wait and nobody sees to, then by when it is due."""
        waits = Case(When(pk__in=Task.objects.unanswered().order_by().values("pk"), then=0), default=1)
        return self.order_by(waits, "due_at", "id")

    def visible_to(self, user: object) -> TaskQuerySet:
        return self.filter(known_to(user))


def _owner_holds(permission: Permission) -> models.QuerySet[Membership]:
    held = Membership.objects.live().allowing(permission)
    return held.filter(user__person=OuterRef("owner"), programme=OuterRef("programme"))


@tracked()
class Task(Restricted):
    """Something that a person must do: a call, a letter, a review."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    kind = models.CharField(max_length=50)
    about = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks_about")
    subject_id = models.BigIntegerField(null=True, blank=True, help_text="the row that the kind speaks of")
    context = models.JSONField(default=dict)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks_owned")
    meant_for = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="who is asked to do it, until somebody takes it",
    )
    taken_at = models.DateTimeField(null=True, blank=True, help_text="when the owner took it")
    due_at = models.DateTimeField()
    urgent_for = models.CharField(
        max_length=30,
        choices=[(permission.value, permission.value) for permission in Permission],
        blank=True,
        help_text="who is told at once, one after the other, until somebody takes it: holders of this permission",
    )
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    outcome = models.CharField(max_length=50, blank=True)
    dedupe_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    held = (
        Held(
            "kind subject_id context due_at outcome closed_at kept_from",
            "to do what the person needs of us",
            Basis.SERVICE,
            Retention.RECORD,
        ),
    )
    plain = "taken_at urgent_for only_for state dedupe_key created_at"
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
            models.Index(fields=["programme", "due_at"], condition=Q(state="open"), name="tasks_to_do"),
            models.Index(
                fields=["programme"],
                condition=Q(state="open") & ~Q(urgent_for=""),
                name="tasks_that_cannot_wait",
            ),
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


class TaskAlert(models.Model):
    """That one person was told of a task that cannot wait."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="alerts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="alerts")
    on_call = models.BooleanField(help_text="or told because nobody on call had answered")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("at", "to show who was told of something urgent, and when", Basis.LEGAL, Retention.AUDIT),)
    plain = "on_call"

    class Meta:
        indexes: ClassVar = [models.Index(fields=["task", "at"], name="alerts_of_a_task")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"alert about task {self.task_id} to person {self.person_id}"


_DURING = Func(
    "starts_at", "ends_at", RangeBoundary(), function="tstzrange", output_field=DateTimeRangeField()
)  # its end is not in it: one shift may begin where another ends


def _holds(permission: Permission) -> Exists:
    held = Membership.objects.live().allowing(permission)
    return Exists(held.filter(user__person=OuterRef("person"), programme=OuterRef("programme")))


class OnCallShiftQuerySet(models.QuerySet["OnCallShift"]):
    def at(self, moment: datetime) -> OnCallShiftQuerySet:
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)

    def of_those_who(self, permission: Permission) -> OnCallShiftQuerySet:
        """Whose holder may do this in the shift's programme today: a shift does not outlive a role."""
        return self.filter(_holds(permission))

    def with_standing(self, permission: Permission) -> OnCallShiftQuerySet:
        """Each with `counts`: whether its holder may do this in the shift's programme today."""
        return self.annotate(counts=_holds(permission))

    def visible_to(self, user: object) -> OnCallShiftQuerySet:
        return self.filter(programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))


@tracked()
class OnCallShift(models.Model):
    """A stretch of time for which somebody is told, first or after others, of what cannot wait."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="on_call_shifts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="on_call_shifts")
    line = models.PositiveSmallIntegerField(help_text="1 is told first, 2 when the first does not answer, and so on")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = OnCallShiftQuerySet.as_manager()

    held = (
        Held("line starts_at ends_at", "to know whom to tell when something is urgent", Basis.SERVICE, Retention.STAFF),
    )
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="a_shift_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(line__gte=1, line__lte=3), name="a_shift_is_first_second_or_third"),
            ExclusionConstraint(
                name="one_person_on_each_line_at_a_time",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("line", RangeOperators.EQUAL),
                    (_DURING, RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="nobody_stands_on_two_lines_at_a_time",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (_DURING, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} on call, line {self.line}, from {self.starts_at:%Y-%m-%d %H:%M}"
