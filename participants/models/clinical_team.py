"""Who looks after a participant's health elsewhere, and the letters that went to them.

Here: the rows; a contact ends and is never rewritten, a letter is never changed. Not here: who may note them,
and whether the person agrees that we write (participants/clinical_team.py, participants/clinical_letters.py).
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Channel, Person
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only, tracked
from participants.rules.letter_rules import LetterKind

REACHED_BY = (Channel.EMAIL, Channel.PHONE, Channel.POST)


class ClinicalRole(models.TextChoices):
    GP = "gp", "GP practice"
    NURSE = "nurse", "clinical nurse specialist"
    ONCOLOGY = "oncology", "oncology team"
    REFERRER = "referrer", "who referred them"
    OTHER = "other", "somebody else of the team"


class ClinicalContactQuerySet(models.QuerySet["ClinicalContact"]):
    def visible_to(self, user: object) -> ClinicalContactQuerySet:
        """One's own, and those of the people of one's desk. No scope of a supporter reaches them."""
        own = Q(participant__person__user=getattr(user, "pk", None) or 0)
        desk = Q(participant__programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))
        return self.filter(own | desk)

    def in_force(self) -> ClinicalContactQuerySet:
        return self.filter(ended_at=None)


@tracked()
class ClinicalContact(models.Model):
    """One person or place of the care team, and the one way in which they are reached."""

    participant = models.ForeignKey(
        "participants.Participant", on_delete=models.CASCADE, related_name="clinical_contacts"
    )
    role = models.CharField(max_length=10, choices=ClinicalRole.choices)
    name = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=10, choices=[(way.value, way.label) for way in REACHED_BY])
    value = models.CharField(max_length=300)
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ClinicalContactQuerySet.as_manager()

    held = (
        Held(
            "role name organisation channel value noted_at ended_at",
            "to write to the people who look after the person's health, where the person agrees",
            Basis.CONSENT,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=ClinicalRole.values), name="clinical_role_is_known"),
            models.CheckConstraint(
                condition=Q(channel__in=[way.value for way in REACHED_BY]) & ~Q(value=""),
                name="a_clinical_contact_is_reached_in_one_way",
            ),
            models.CheckConstraint(
                condition=~Q(name="", organisation=""), name="a_clinical_contact_has_a_name_or_an_organisation"
            ),
            models.UniqueConstraint(
                fields=["participant", "role", "name", "organisation", "channel", "value"],
                condition=Q(ended_at=None),
                name="each_clinical_contact_is_noted_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an_ended_clinical_contact_says_by_whom",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="a_clinical_contact_is_never_rewritten", exclude=["ended_at", "ended_by"]),
            pgtrigger.Protect(
                name="an_ended_clinical_contact_stays_so",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of participant {self.participant_id}"

    @property
    def title(self) -> str:
        """Name and organisation, as far as they are known."""
        return ", ".join(part for part in (self.name, self.organisation) if part)


class LetterWay(models.TextChoices):
    POSTED = "posted", "by post"
    EMAILED = "sent_by_secure_email", "by secure email"
    TOLD = "read_out_by_phone", "read out by phone"


class ClinicalLetterQuerySet(models.QuerySet["ClinicalLetter"]):
    def visible_to(self, user: object) -> ClinicalLetterQuerySet:
        """About oneself, and about the people of one's desk."""
        own = Q(participant__person__user=getattr(user, "pk", None) or 0)
        desk = Q(participant__programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))
        return self.filter(own | desk)


class ClinicalLetter(models.Model):
    """One letter that went to somebody of the clinical team: its very words, who sent it, when and how.

    `key` says what it told of, and to whom: nothing is told twice. `copied`: the person was told of it at once.
    """

    participant = models.ForeignKey(
        "participants.Participant", on_delete=models.PROTECT, related_name="clinical_letters"
    )
    contact = models.ForeignKey(ClinicalContact, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in LetterKind])
    key = models.CharField(max_length=100, unique=True)
    way = models.CharField(max_length=20, choices=LetterWay.choices)
    subject = EncryptedTextField()
    words = EncryptedTextField()
    copied = models.BooleanField()
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = ClinicalLetterQuerySet.as_manager()

    held = (
        Held(
            "kind way subject words copied sent_at",
            "to show what was written about the person, to whom, and by whom",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = "key"

    class Meta:
        ordering: ClassVar = ["-sent_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in LetterKind]), name="kind_of_clinical_letter_is_known"
            ),
            models.CheckConstraint(condition=Q(way__in=LetterWay.values), name="way_of_clinical_letter_is_known"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"letter about participant {self.participant_id}: {self.kind}"
