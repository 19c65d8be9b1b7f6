"""Instructors, what they are qualified and insured for, with evidence and exceptions, and when they are away."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.fields import EncryptedBytesField
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Transitions, legal_changes, tracked


class InstructorStatus(models.TextChoices):
    ACTIVE = "active", "teaching"
    STOOD_DOWN = "stood_down", "stood down"


INSTRUCTOR_TRANSITIONS: Transitions = {
    InstructorStatus.ACTIVE: frozenset({InstructorStatus.STOOD_DOWN}),
    InstructorStatus.STOOD_DOWN: frozenset({InstructorStatus.ACTIVE}),
}


class InstructorQuerySet(models.QuerySet["Instructor"]):
    def teaching(self) -> InstructorQuerySet:
        return self.filter(status=InstructorStatus.ACTIVE)

    def of(self, user: object) -> InstructorQuerySet:
        """The user's own instructor records, in programmes where they may teach."""
        return self.teaching().filter(
            person__user=getattr(user, "pk", None), programme_id__in=programmes_allowing(user, Permission.TEACH)
        )


@tracked()
class Instructor(models.Model):
    """A person who leads classes in one programme."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="instructing")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="instructors")
    status = models.CharField(max_length=10, choices=InstructorStatus.choices, default=InstructorStatus.ACTIVE)
    started_on = models.DateField(default=timezone.localdate)

    objects = InstructorQuerySet.as_manager()

    held = (Held("status started_on", "to know who teaches", Basis.SERVICE, Retention.STAFF),)
    plain = ""
    transitions: ClassVar = {"status": INSTRUCTOR_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "programme"], name="one_instructor_per_person_and_programme"),
        ]
        triggers: ClassVar = [legal_changes("status", INSTRUCTOR_TRANSITIONS)]

    def __str__(self) -> str:
        return f"instructor {self.pk}"


class CredentialKind(models.TextChoices):
    CANCER_EXERCISE = "cancer_exercise", "Level 4 cancer and exercise rehabilitation"
    EXERCISE_REFERRAL = "exercise_referral", "Level 3 exercise referral"
    MEMBERSHIP = "membership", "professional membership"
    PUBLIC_LIABILITY = "public_liability", "public liability insurance"
    INDEMNITY = "indemnity", "professional indemnity insurance"
    REMOTE_INSURANCE = "remote_insurance", "insurance that covers remote classes"
    DBS = "dbs", "Disclosure and Barring Service check"
    FIRST_AID = "first_aid", "first aid and CPR"
    SAFEGUARDING = "safeguarding", "safeguarding adults"
    INFORMATION_GOVERNANCE = "information_governance", "information governance"


class CheckLevel(models.TextChoices):
    BASIC = "basic", "basic"
    STANDARD = "standard", "standard"
    ENHANCED = "enhanced", "enhanced"
    ENHANCED_BARRED = "enhanced_barred", "enhanced with barred lists"


class CredentialQuerySet(models.QuerySet["Credential"]):
    def counting(self) -> CredentialQuerySet:
        """What was sent back is history."""
        return self.filter(sent_back_at=None)

    def to_check(self) -> CredentialQuerySet:
        return self.counting().filter(verified_at=None)

    def verified(self) -> CredentialQuerySet:
        return self.filter(verified_at__isnull=False)


@tracked()
class Credential(models.Model):
    """Something an instructor holds: since when, until when, and who has seen the evidence."""

    instructor = models.ForeignKey(Instructor, on_delete=models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=30, choices=CredentialKind.choices)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=200, blank=True, help_text="certificate number or where it was seen")
    level = models.CharField(max_length=20, choices=CheckLevel.choices, blank=True, help_text="of a DBS check")
    update_service = models.BooleanField(default=False, help_text="the DBS check is kept up to date online")
    verified_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    sent_back_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_back_at = models.DateTimeField(null=True, blank=True)
    sent_back_because = models.CharField(max_length=300, blank=True)

    objects = CredentialQuerySet.as_manager()

    held = (
        Held(
            "kind issued_on expires_on evidence level update_service verified_at sent_back_at sent_back_because",
            "to let only qualified people lead",
            Basis.SERVICE,
            Retention.STAFF,
        ),
    )
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=CredentialKind.values), name="credential_kind_is_known"),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("issued_on")), name="credential_expires_after_issue"
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None, verified_at=None)
                | Q(verified_by__isnull=False, verified_at__isnull=False),
                name="a_verified_credential_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(sent_back_by=None, sent_back_at=None, sent_back_because="")
                | Q(sent_back_by__isnull=False, sent_back_at__isnull=False, verified_at=None)
                & ~Q(sent_back_because=""),
                name="a_credential_sent_back_says_by_whom_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(kind="dbs") | Q(level="", update_service=False), name="only_a_dbs_check_has_a_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of instructor {self.instructor_id}"


class FileType(models.TextChoices):
    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"


class Evidence(models.Model):
    """The file that shows a credential. No history is kept of it: what is deleted must be gone."""

    credential = models.OneToOneField(Credential, on_delete=models.CASCADE, related_name="file")
    content = EncryptedBytesField()
    media_type = models.CharField(max_length=20, choices=FileType.choices)
    size = models.PositiveIntegerField()
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    held = (Held("content media_type size sent_at", "to check what is held", Basis.SERVICE, Retention.EVIDENCE),)
    plain = ""

    class Meta:
        verbose_name_plural = "evidence"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(media_type__in=FileType.values), name="evidence_is_of_a_known_type"),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_is_not_empty"),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"evidence of credential {self.credential_id}"


class OverrideQuerySet(models.QuerySet["Override"]):
    def standing(self) -> OverrideQuerySet:
        return self.filter(ended_at=None)


@tracked()
class Override(models.Model):
    """The desk lets somebody lead until a day although one kind of credential does not stand."""

    instructor = models.ForeignKey(Instructor, on_delete=models.CASCADE, related_name="overrides")
    kind = models.CharField(max_length=30, choices=CredentialKind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=300)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OverrideQuerySet.as_manager()

    held = (
        Held(
            "kind starts_on ends_on reason given_at ended_at",
            "to know why somebody led without what is needed",
            Basis.SERVICE,
            Retention.STAFF,
        ),
    )
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=CredentialKind.values), name="override_kind_is_known"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="override_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_says_why"),
            models.UniqueConstraint(
                fields=["instructor", "kind"], condition=Q(ended_at=None), name="one_override_for_each_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"instructor {self.instructor_id} may lead without {self.kind} until {self.ends_on}"


@tracked()
class Unavailability(models.Model):
    """When an instructor cannot teach."""

    instructor = models.ForeignKey(Instructor, on_delete=models.CASCADE, related_name="unavailabilities")
    during = DateTimeRangeField()
    reason = models.CharField(max_length=100, blank=True)

    held = (Held("during reason", "to plan classes and cover", Basis.SERVICE, Retention.STAFF),)
    plain = ""

    class Meta:
        verbose_name_plural = "unavailabilities"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="unavailabilities_do_not_overlap",
                expressions=[("instructor", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"instructor {self.instructor_id} away"
