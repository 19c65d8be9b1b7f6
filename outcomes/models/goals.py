"""What somebody wants to reach, in their own words, and how near they say they are.

Here: rows. Not here: setting and rating (goals.py). The words are the person's
own: encrypted, read by them and by whoever types for them, in no summary.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only, tracked
from participants.models import Participant, Timepoint

LONGEST_GOAL = 200
NOT_YET, REACHED = 0, 10


@tracked(exclude=("words",))
class Goal(models.Model):
    """One goal. Its words stay as they were written; one that is put away keeps its ratings."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="goals")
    words = EncryptedTextField()
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    put_away_at = models.DateTimeField(null=True, blank=True)

    held = (Held("words set_at put_away_at", "to see what matters to the person", Basis.HEALTH, Retention.RECORD),)
    plain = ""

    class Meta:
        ordering: ClassVar = ["set_at", "id"]
        triggers: ClassVar = [pgtrigger.ReadOnly(name="a_goal_is_never_rewritten", exclude=["put_away_at"])]

    def __str__(self) -> str:
        return f"goal {self.pk}"


class GoalRating(models.Model):
    """How near, from 0 (not yet) to 10 (there), at one time. Added, never changed; of one timepoint the latest counts.

    `timepoint` is the one that was open; empty where none was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="ratings")
    value = models.PositiveSmallIntegerField()
    timepoint = models.ForeignKey(Timepoint, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("value at", "to see how near the person is to it", Basis.HEALTH, Retention.RECORD),)
    plain = ""

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value__range=(NOT_YET, REACHED)), name="a_goal_is_rated_from_0_to_10"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"rating of goal {self.goal_id}"
