"""The file that a questionnaire came from, and the licence under which it is asked.

Here: the row, apart from the questionnaire so that its bytes are read only where
they are asked for. Not here: reading a file (fhir/), bringing one in (bringing.py).
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Person
from accounts.tracking import tracked


@tracked(exclude=("source",))
class QuestionnaireFile(models.Model):
    """The file that a questionnaire came from, byte for byte, and the licence under which it is asked."""

    questionnaire = models.OneToOneField("outcomes.Questionnaire", on_delete=models.PROTECT, related_name="file")
    source = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=20)
    licence_holder = models.CharField(max_length=200, help_text="who may ask it: the holder of the licence")
    licence_reference = models.CharField(max_length=200)
    licence_from = models.DateField()
    licence_until = models.DateField(null=True, blank=True, help_text="its last day; empty: without an end")
    brought_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(default=timezone.now)

    held = ()
    plain = "source sha256 format licence_holder licence_reference licence_from licence_until brought_at"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(licence_holder="") & ~Q(licence_reference=""), name="a_licence_says_whose_and_which"
            ),
            models.CheckConstraint(
                condition=Q(licence_until=None) | Q(licence_until__gte=F("licence_from")),
                name="a_licence_ends_after_it_begins",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="the_file_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("questionnaire", "source", "sha256", "format"),
            )
        ]

    def __str__(self) -> str:
        return f"file of questionnaire {self.questionnaire_id}"
