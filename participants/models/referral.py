"""That somebody was worried about exercise for a person, and how it ended.

Here: the rows; neither is ever changed. Not here: what it stops, and who is asked (participants/refer_back.py).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Tables, append_only


class ReferBackOutcome(models.TextChoices):
    CLEARED = "cleared", "cleared again"
    STAYS_STOPPED = "stays_stopped", "not suitable at the moment"
    LEFT = "left", "left the programme"


class ReferBackQuerySet(models.QuerySet["ReferBack"]):
    def open(self) -> ReferBackQuerySet:
        return self.filter(end=None)


class ReferBack(models.Model):
    """One worry. Its id is made where it was written, so that sending it twice adds nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey("participants.Participant", on_delete=models.PROTECT, related_name="refer_backs")
    why = EncryptedTextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ReferBackQuerySet.as_manager()

    held = (Held("why at", "to have it decided whether exercise is safe", Basis.HEALTH, Retention.RECORD),)
    plain = ""

    class Meta:
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [models.Index(fields=["participant"], name="refer_backs_of_somebody")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"refer-back of participant {self.participant_id}"


class ReferBackEnd(models.Model):
    """How it ended: by a decision on clearance, or because they take part no more. `by` is None for the system."""

    transitions: ClassVar[Tables] = {"outcome": {}}  # written once

    refer_back = models.OneToOneField(ReferBack, on_delete=models.PROTECT, related_name="end")
    outcome = models.CharField(max_length=20, choices=ReferBackOutcome.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("outcome at", "to show what was decided", Basis.HEALTH, Retention.RECORD),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=ReferBackOutcome.values), name="refer_back_outcome_is_known"
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.outcome}, of refer-back {self.refer_back_id}"
