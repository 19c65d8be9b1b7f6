"""Consents: what was asked, in which words, and every answer given to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person, Programme
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only


class ConsentKind(models.TextChoices):
    SERVICE = "service", "to use SafeFit"
    HEALTH = "health", "to hold health facts"
    INSTRUCTORS = "instructors", "to share health facts with instructors"
    CLINICAL_TEAM = "clinical_team", "to be written about to the clinical team"
    OWN_CHANGES = "own_changes", "to tell the clinical team how answers moved"
    SUMMARIES = "summaries", "to count answers in anonymous summaries"
    RESEARCH = "research", "to use answers in research"
    STUDIES = "studies", "to hear of research studies"
    RECORDING = "recording", "to be recorded or photographed"


class ConsentText(models.Model):
    """One version of the words of one consent. A version that was answered never changes."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="consent_texts")
    kind = models.CharField(max_length=20, choices=ConsentKind.choices)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    required = models.BooleanField(default=False)
    published_at = models.DateTimeField(default=timezone.now)

    held = ()
    plain = "kind version title body required published_at"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "kind", "version"], name="one_text_per_consent_version"),
            models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="consent_kind_is_known"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} version {self.version}"


class ConsentEventQuerySet(models.QuerySet["ConsentEvent"]):
    def latest_per_kind(self) -> ConsentEventQuerySet:
        """The answer in force for each participant and kind: the last row, whatever the clock said of each."""
        return self.order_by("participant_id", "text__kind", "-id").distinct("participant_id", "text__kind")

    def agreeing_to(self, kind: ConsentKind) -> models.QuerySet[ConsentEvent, int]:
        """The numbers of the participants whose answer in force is yes: their last row is one in which they agreed."""
        return self._answering(kind, given=True)

    def refusing(self, kind: ConsentKind) -> models.QuerySet[ConsentEvent, int]:
        """The numbers of those whose answer in force is no. Who was never asked has not refused."""
        return self._answering(kind, given=False)

    def is_refused_by(self, participant_id: int, kind: ConsentKind) -> bool:
        """Whether the answer in force of this one is no."""
        return self.filter(participant=participant_id).refusing(kind).exists()

    def _answering(self, kind: ConsentKind, *, given: bool) -> models.QuerySet[ConsentEvent, int]:
        last, said = models.Max("pk"), models.Max("pk", filter=models.Q(given=given))
        each = self.filter(text__kind=kind).order_by().values("participant_id").annotate(last=last, said=said)
        return each.filter(last=models.F("said")).values_list("participant_id", flat=True)


class ConsentEvent(models.Model):
    """Consent given or taken back; the latest one counts."""

    participant = models.ForeignKey("participants.Participant", on_delete=models.CASCADE, related_name="consent_events")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="events")
    given = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, default="self")

    objects = ConsentEventQuerySet.as_manager()

    held = (Held("given at mode", "to show what the person agreed to", Basis.LEGAL, Retention.RECORD),)
    plain = ""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["participant", "-at"], name="consent_by_participant")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{'given' if self.given else 'taken back'}: {self.text_id}"
