"""Who decides for somebody who cannot decide for themselves, on what ground, and who has seen it."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from accounts.fields import EncryptedTextField
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import tracked


class DecidesBy(models.TextChoices):
    """On what ground, in the words of the Mental Capacity Act 2005."""

    LASTING_POWER = "lasting_power", "lasting power of attorney for health and welfare"
    DEPUTY = "deputy", "deputy appointed by the Court of Protection"
    BEST_INTERESTS = "best_interests", "best-interests decision"
    ADVOCATE = "advocate", "independent advocate, who speaks for them and does not decide"


class DecisionMakerQuerySet(models.QuerySet["DecisionMaker"]):
    def in_force(self) -> DecisionMakerQuerySet:
        return self.filter(ended_at=None)


@tracked()
class DecisionMaker(models.Model):
    """Whom to ask before anything is decided for a participant. For staff alone; a row ends, and is never rewritten."""

    participant = models.ForeignKey("participants.Participant", on_delete=models.CASCADE, related_name="deciders")
    name = models.CharField(max_length=200)
    relationship = models.CharField(max_length=100)
    phone = PhoneNumberField()
    ground = models.CharField(max_length=20, choices=DecidesBy.choices)
    note = EncryptedTextField(blank=True)
    seen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    seen_on = models.DateField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = DecisionMakerQuerySet.as_manager()

    held = (
        Held(
            "name relationship phone",
            "to ask whoever decides for somebody who cannot",
            Basis.VITAL,
            Retention.RECORD,
        ),
        Held(
            "ground note seen_on recorded_at ended_at",
            "to know by what right somebody decides for another, and that it was seen",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        ordering: ClassVar = ["-recorded_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ground__in=DecidesBy.values), name="ground_to_decide_is_known"),
            models.UniqueConstraint(
                fields=["participant"], condition=Q(ended_at=None), name="one_decision_maker_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an_ended_decision_maker_says_by_whom",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="a_decision_maker_is_never_rewritten", exclude=["ended_at", "ended_by"]),
            pgtrigger.Protect(
                name="an_ended_decision_maker_stays_so",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"who decides for participant {self.participant_id}"
