"""Safeguarding concerns: what somebody was worried about, whom it names, who read it, and what was done.

Here: the rows, in tables of their own that nothing else reads. No row is ever changed or removed. Only holders of
READ_SAFEGUARDING read them, and none whom a concern names. Not here: sending one and who is told
(classes/safeguarding.py). That one was read is kept here and not in the log of the desk's readings, which would tell
others that there is one.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Tables, append_only
from classes.models.incidents import reference_of
from classes.models.timetable import Session
from participants.models import Participant


class ConcernStep(models.TextChoices):
    NOTED = "noted", "noted"
    PASSED_ON = "passed_on", "passed on to the council or the police"
    CLOSED = "closed", "closed"


class ConcernQuerySet(models.QuerySet["Concern"]):
    def readable_by(self, user: object) -> ConcernQuerySet:
        """Those of the programmes whose concerns the user reads, but for each that is about them."""
        person_id = getattr(user, "person_id", None)
        named = ConcernNames.objects.filter(concern=OuterRef("pk"), person=person_id)
        own = Q(participant__person=person_id)
        return self.filter(programme_id__in=programmes_allowing(user, Permission.READ_SAFEGUARDING)).exclude(
            Exists(named) | (Q(participant__isnull=False) & own)
        )

    def with_state(self) -> ConcernQuerySet:
        """Each with `closed`, by its latest note; what is open first, and of that what was said to be dangerous."""
        latest = ConcernNote.objects.filter(concern=OuterRef("pk")).order_by("-id").values("step")[:1]
        closed = Case(When(step=ConcernStep.CLOSED, then=Value(True)), default=Value(False))
        return (
            self.alias(step=Subquery(latest)).annotate(closed=closed).order_by("closed", "-in_danger", "-reported_at")
        )


class Concern(models.Model):
    """One concern, as it was sent. Its id is made where it was written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = EncryptedTextField()
    in_danger = models.BooleanField(help_text="whoever sent it thinks that somebody is in danger today")
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(default=timezone.now)

    objects = ConcernQuerySet.as_manager()

    held = (
        Held(
            "words in_danger reported_at",
            "to protect somebody from abuse or neglect",
            Basis.VITAL,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["programme", "-reported_at"], name="concerns_of_a_programme")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"concern {self.reference}"

    @property
    def reference(self) -> str:
        return reference_of(self.id)


class ConcernNames(models.Model):
    """Somebody on record whom a concern is about: they never see it, and nobody tells them, whatever role they hold."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="names")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    held = ()
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["concern", "person"], name="a_concern_names_somebody_once"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"concern {self.concern_id} names person {self.person_id}"


class ConcernNote(models.Model):
    """What a safeguarding lead did about it, and why."""

    transitions: ClassVar[Tables] = {"step": {}}  # rows are added: any may follow any

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="notes")
    step = models.CharField(max_length=20, choices=ConcernStep.choices)
    words = EncryptedTextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("step words at", "to show what was done to protect somebody", Basis.LEGAL, Retention.RECORD),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(step__in=ConcernStep.values), name="concern_step_is_known"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.step} on concern {self.concern_id}"


class ConcernReading(models.Model):
    """That somebody opened a concern."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="readings")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("at", "to show who read it", Basis.LEGAL, Retention.AUDIT),)
    plain = ""

    class Meta:
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"reading of concern {self.concern_id} by person {self.by_id}"
