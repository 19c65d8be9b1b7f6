"""Research studies that people may be told of: what each asks for, how many were counted, who was invited.

Here: rows. Not here: who matches (studies/matching.py), opening, counting, inviting and answering
(studies/running.py). A study team is given numbers and never a name.
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.fields import EncryptedJSONField
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Transitions, append_only, legal_changes, tracked
from participants.models import Participant


class StudyState(models.TextChoices):
    DRAFT = "draft", "being written"
    OPEN = "open", "open"
    CLOSED = "closed", "closed"


STUDY_TRANSITIONS: Transitions = {
    StudyState.DRAFT: frozenset({StudyState.OPEN, StudyState.CLOSED}),
    StudyState.OPEN: frozenset({StudyState.CLOSED}),
}


SAID_OF_A_STUDY = (
    *("programme_id", "team", "title", "description", "contact", "ethics_reference"),
    *("ages", "areas", "cancers", "phases", "opens_on", "closes_on"),
)


class StudyQuerySet(models.QuerySet["Study"]):
    def at_desk_of(self, user: object) -> StudyQuerySet:
        return self.filter(programme_id__in=programmes_allowing(user, Permission.BUILD_RELEASES)).order_by("-pk")


@tracked()
class Study(models.Model):
    """One study. Once it was opened nothing of it changes but its end. An empty list of criteria takes everybody."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="studies")
    team = models.CharField(max_length=200, help_text="the organisation that does the study")
    title = models.CharField(max_length=150)
    description = models.TextField()
    contact = models.TextField(help_text="how somebody who is interested reaches the study team")
    ethics_reference = models.CharField(max_length=100)
    ages = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    areas = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    cancers = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    phases = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    opens_on = models.DateField()
    closes_on = models.DateField()
    state = models.CharField(max_length=10, choices=StudyState.choices, default=StudyState.DRAFT)
    # Counted once, when the study is closed: numbers that moved while people answer would show who did.
    invited = models.PositiveIntegerField(null=True, blank=True)
    interested = models.PositiveIntegerField(null=True, blank=True)

    objects = StudyQuerySet.as_manager()

    held = ()
    plain = (
        "team title description contact ethics_reference ages areas cancers phases opens_on closes_on state invited "
        "interested"
    )
    transitions: ClassVar = {"state": STUDY_TRANSITIONS}

    class Meta:
        verbose_name_plural = "studies"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="a_study_opens_before_it_closes"),
        ]
        triggers: ClassVar = [
            legal_changes("state", STUDY_TRANSITIONS),
            pgtrigger.Protect(
                name="a_study_that_was_opened_says_the_same",
                operation=pgtrigger.UpdateOf(*SAID_OF_A_STUDY),
                condition=~pgtrigger.Q(old__state=StudyState.DRAFT.value),
            ),
        ]

    def __str__(self) -> str:
        return f"study {self.pk}"

    @property
    def criteria(self) -> dict[str, list[str]]:
        """What it asks for, without what it leaves open."""
        named = {"age": self.ages, "area": self.areas, "cancer": self.cancers, "phase": self.phases}
        return {name: sorted(values) for name, values in named.items() if values}


class StudyCount(models.Model):
    """How many matched, as it may be shown: 0 is fewer than `k`, anything else the nearest 5. Never counted anew."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="counts")
    criteria = models.JSONField(default=dict)
    shown = models.PositiveIntegerField()
    k = models.PositiveSmallIntegerField()
    # Empty where it is a number of its own; else whose number it shows again, a handful of people apart.
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    matched = EncryptedJSONField(default=list)

    held = (Held("matched", "so that two counts cannot be compared to find somebody", Basis.CONSENT, Retention.RECORD),)
    plain = "criteria shown k at"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(k__gte=8), name="a_count_for_a_study_hides_numbers_below_eight"),
            models.CheckConstraint(
                condition=Q(shown=0) | Q(shown__gte=5), name="a_count_for_a_study_is_rounded_or_hidden"
            ),
            models.UniqueConstraint(fields=["study", "criteria"], name="the_same_criteria_are_counted_once_in_a_study"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"count {self.pk} for study {self.study_id}"


class StudyAnswer(models.TextChoices):
    INTERESTED = "interested", "interested"
    NO = "no", "no thank you"


@tracked()
class StudyInvitation(models.Model):
    """That somebody was told of a study, and what they said; empty while they said nothing."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="invitations")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="study_invitations")
    invited_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=10, choices=StudyAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    held = (
        Held("invited_at answer answered_at", "to tell the person of a study once", Basis.CONSENT, Retention.RECORD),
    )
    plain = ""

    class Meta:
        ordering: ClassVar = ["-invited_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "participant"], name="nobody_is_told_twice_of_a_study"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="an_answer_to_a_study_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} to study {self.study_id}"
