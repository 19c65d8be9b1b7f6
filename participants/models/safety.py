"""Health answers and the clearance decided from them. Neither is ever rewritten: a new one follows."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.fields import EncryptedJSONField, EncryptedTextField
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Tables, append_only


class HealthProfile(models.Model):
    """Answers to the health questions, with the version of their wording."""

    participant = models.ForeignKey(
        "participants.Participant", on_delete=models.CASCADE, related_name="health_profiles"
    )
    wording_version = models.CharField(max_length=20)
    answers = EncryptedJSONField()
    note = EncryptedTextField(blank=True, default="")
    answered_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, default="self")

    held = (
        Held(
            "wording_version answers note answered_at mode",
            "to check that exercise is safe for the person",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        ordering: ClassVar = ["-answered_at", "-id"]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"health answers of {self.answered_at:%Y-%m-%d}"


class ClearanceState(models.TextChoices):
    CLEARED = "cleared", "cleared"
    CLEARED_WITH_ADAPTATIONS = "cleared_adapted", "cleared with adaptations"
    NEEDS_REVIEW = "needs_review", "needs review"
    PAUSED = "paused", "paused"
    NOT_SUITABLE = "not_suitable", "not suitable, signposted"


class ClearanceQuerySet(models.QuerySet["Clearance"]):
    def in_force(self) -> ClearanceQuerySet:
        """The latest decision for each participant: the last row, since a clock that is set back must revive none."""
        return self.order_by("participant_id", "-id").distinct("participant_id")


class Clearance(models.Model):
    """Whether someone may exercise, from when until when, and with what adaptations."""

    # A decision is a new row, so nothing ever changes: which state may follow which is judged in intake.
    transitions: ClassVar[Tables] = {"state": {}}

    participant = models.ForeignKey("participants.Participant", on_delete=models.CASCADE, related_name="clearances")
    profile = models.ForeignKey(
        HealthProfile, on_delete=models.PROTECT, null=True, blank=True, related_name="clearances"
    )
    state = models.CharField(max_length=20, choices=ClearanceState.choices)
    adaptations = ArrayField(models.CharField(max_length=40), default=list)
    note = EncryptedTextField(blank=True, default="")
    flags = ArrayField(models.CharField(max_length=40), default=list)
    reason = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    review_due_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ClearanceQuerySet.as_manager()

    held = (
        Held(
            "state adaptations note flags reason valid_from valid_until review_due_at decided_at",
            "to let the person into classes that are safe for them, adapted as they need",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ClearanceState.values), name="clearance_state_is_known"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="clearance_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cleared", "cleared_adapted"]) | Q(valid_until__isnull=False),
                name="a_clearance_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="needs_review") | Q(review_due_at__isnull=False), name="a_review_has_a_due_time"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["participant", "-id"], name="clearance_in_force")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.state} from {self.valid_from}"

    def allows(self, on: date) -> bool:
        """Whether this decision lets the person into a class on `on`."""
        cleared = self.state in {ClearanceState.CLEARED, ClearanceState.CLEARED_WITH_ADAPTATIONS}
        return cleared and self.valid_from <= on and self.valid_until is not None and on <= self.valid_until
