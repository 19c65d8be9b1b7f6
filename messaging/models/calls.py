"""Who was on the line, and by what they were known. Rows are added, never changed.

Here: the rows. Not here: noting and ending a call (messaging/calls.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person, Programme
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only


class Caller(models.TextChoices):
    SELF = "self", "the person themselves"
    HELPER = "helper", "somebody who helps them"
    OTHER = "other", "somebody else"


class CallQuerySet(models.QuerySet["Call"]):
    def going_on(self, since: datetime) -> CallQuerySet:
        """Noted after `since`, and nobody has said that it is over. The latest first."""
        return self.filter(at__gt=since, end=None).order_by("-at", "-id")


class Call(models.Model):
    """Who was on the line about somebody, by what they were known, and what may therefore be said. Never changed."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    about = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="calls_about")
    task = models.ForeignKey("messaging.Task", on_delete=models.PROTECT, null=True, blank=True, related_name="calls")
    caller = models.CharField(max_length=10, choices=Caller.choices)
    helper = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    scopes = ArrayField(models.CharField(max_length=20), default=list, help_text="what the helper might do then")
    checked = ArrayField(models.CharField(max_length=20), default=list, help_text="which facts were right, never what")
    identified = models.BooleanField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = CallQuerySet.as_manager()

    held = (
        Held(
            "caller scopes checked identified at",
            "to show that nothing was said before the caller was known",
            Basis.LEGAL,
            Retention.AUDIT,
        ),
    )
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(caller__in=Caller.values), name="call_caller_is_known"),
            models.CheckConstraint(
                condition=Q(caller="helper", helper__isnull=False) | (~Q(caller="helper") & Q(helper=None)),
                name="a_helper_who_calls_is_named",
            ),
            models.CheckConstraint(
                condition=~Q(caller="other", identified=True), name="nobody_else_is_ever_identified"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["about", "-at"], name="calls_about_a_person"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"call about person {self.about_id}"


class CallEnd(models.Model):
    """That a call is over: from here on the next caller is nobody yet."""

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="end")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("at", "to know what was said in which call", Basis.LEGAL, Retention.AUDIT),)
    plain = ""

    class Meta:
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"end of call {self.call_id}"
