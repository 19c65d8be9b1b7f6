"""That all contact with somebody was stopped, why, and since when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import tracked


class StopKind(models.TextChoices):
    DIED = "died", "has died"
    HOSPICE = "hospice", "is in the care of a hospice"
    NO_CONTACT = "no_contact", "wants no more contact"


class ContactStopQuerySet(models.QuerySet["ContactStop"]):
    def standing(self) -> ContactStopQuerySet:
        return self.filter(undone_at=None)


@tracked()
class ContactStop(models.Model):
    """One person's part in one programme ended so, by one action. A mistaken entry is taken back, never removed."""

    participant = models.ForeignKey("participants.Participant", on_delete=models.CASCADE, related_name="contact_stops")
    kind = models.CharField(max_length=10, choices=StopKind.choices)
    happened_on = models.DateField(null=True, blank=True)
    status_before = models.CharField(max_length=10)
    login_closed = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ContactStopQuerySet.as_manager()

    held = (
        Held(
            "kind happened_on recorded_at undone_at",
            "to know why nobody writes to the person any more",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = "status_before login_closed"

    class Meta:
        ordering: ClassVar = ["-recorded_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=StopKind.values), name="contact_stop_kind_is_known"),
            models.UniqueConstraint(
                fields=["participant", "kind"], condition=Q(undone_at=None), name="one_standing_stop_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="a_stop_taken_back_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"contact of participant {self.participant_id} stopped"
