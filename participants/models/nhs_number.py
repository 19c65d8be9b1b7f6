"""The NHS number of somebody who gave it. Not here: what one looks like (participants/rules/nhs_number_rules.py)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from participants.models.participant import Participant


class NhsNumber(models.Model):
    """Of whoever gave theirs; never an identity: two rows may hold the same. Its end stands in clear, to be shown.

    Without history: what is taken out is gone.
    """

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="nhs_number")
    number = EncryptedTextField()
    ending = models.CharField(max_length=4)
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    held = (
        Held(
            "number ending noted_at",
            "to tell people apart, and to speak of the same person with their clinical team",
            Basis.CONSENT,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ending__regex=r"^[0-9]{4}$"), name="nhs_number_ends_in_four_figures"),
        ]

    def __str__(self) -> str:
        return f"NHS number of participant {self.participant_id}"
