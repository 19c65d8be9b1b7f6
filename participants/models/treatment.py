"""Days of treatment that a person noted, so that classes close to them can be pointed out. No diagnosis, no kind."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.fields import EncryptedJSONField
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import tracked
from participants.rules.treatment_days import Days


class TreatmentDaysQuerySet(models.QuerySet["TreatmentDays"]):
    def visible_to(self, user: object) -> TreatmentDaysQuerySet:
        """One's own, and those of the people of one's desk. No scope of a supporter reaches them."""
        own = models.Q(participant__person__user=getattr(user, "pk", None) or 0)
        desk = models.Q(participant__programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))
        return self.filter(own | desk)


@tracked()
class TreatmentDays(models.Model):
    """One day, or several at a fixed distance. Which days they are is read by the person and the desk, by nobody else.

    `said` is {"first": "2026-12-01", "every_weeks": 3, "times": 6}.
    """

    participant = models.ForeignKey("participants.Participant", on_delete=models.CASCADE, related_name="treatment_days")
    said = EncryptedJSONField()
    noted_at = models.DateTimeField(default=timezone.now)

    objects = TreatmentDaysQuerySet.as_manager()

    held = (
        Held(
            "said noted_at",
            "to point out classes that lie close to a treatment",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        verbose_name_plural = "treatment days"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"days noted by participant {self.participant_id}"

    @property
    def days(self) -> Days:
        return Days(date.fromisoformat(self.said["first"]), self.said["every_weeks"], self.said["times"])

    @days.setter
    def days(self, days: Days) -> None:
        self.said = {"first": days.first.isoformat(), "every_weeks": days.every_weeks, "times": days.times}
