"""What somebody managed in a movement that was measured, such as standing up from a chair.

Here: rows, added and never changed: a correction is a new row that names the old
one. Not here: what is asked before it (sit_to_stand.py), who may record it (measuring.py).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only
from classes.models import Session
from outcomes.sit_to_stand import MOST_STANDS
from participants.models import Participant


class MeasureKind(models.TextChoices):
    STS_30 = "sts_30", "30 second sit-to-stand"
    STS_60 = "sts_60", "60 second sit-to-stand"


class MeasureResult(models.TextChoices):
    DONE = "done", "done"
    UNABLE = "unable", "tried, and not able to"  # 0, with a reason
    NOT_DONE = "not_done", "not done"  # no number, with a reason


class MeasureReason(models.TextChoices):
    NEEDED_ARMS = "needed_arms", "could not stand up without using the arms"
    STOPPED_EARLY = "stopped_early", "had to stop before a first full stand"
    NOT_SAFE = "not_safe", "a safety question was not answered with yes"
    NOT_WELL = "not_well", "not well enough today"
    RATHER_NOT = "rather_not", "would rather not"
    NO_TIME = "no_time", "there was no time"
    NO_CHAIR = "no_chair", "there was no chair that would do"


class MeasureQuerySet(models.QuerySet["Measure"]):
    def in_force(self) -> MeasureQuerySet:
        """Those that no later row puts right; the latest first."""
        later = Measure.objects.filter(replaces=OuterRef("pk"))
        return self.filter(~Exists(later)).order_by("-measured_on", "-at", "-pk")


class Measure(models.Model):
    """One try. Its id is made where it was taken, so that sending it twice adds nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=10, choices=MeasureKind.choices)
    result = models.CharField(max_length=10, choices=MeasureResult.choices)
    value = models.PositiveSmallIntegerField(null=True, help_text="full stands; 0 where unable, empty where not done")
    reason = models.CharField(max_length=20, choices=MeasureReason.choices, blank=True)
    safety_version = models.CharField(max_length=20, help_text="of the questions that were asked first")
    measured_on = models.DateField()
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="measures")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = MeasureQuerySet.as_manager()

    held = (
        Held("kind result value reason measured_on at", "to see how strength changes", Basis.HEALTH, Retention.RECORD),
    )
    plain = "safety_version"
    made_now = False  # record_measure sets it on the row that it has just written

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=MeasureKind.values), name="measure_kind_is_known"),
            models.CheckConstraint(
                condition=Q(result=MeasureResult.DONE, value__isnull=False, value__range=(1, MOST_STANDS), reason="")
                | (Q(result=MeasureResult.UNABLE, value=0) & Q(reason__in=MeasureReason.values))
                | (Q(result=MeasureResult.NOT_DONE, value=None) & Q(reason__in=MeasureReason.values)),
                name="unable_is_0_and_not_done_is_nothing_each_with_a_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["participant", "-measured_on"], name="measures_of_somebody")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} of participant {self.participant_id}"
