"""Instructors, what they are qualified and insured for, and when they are away."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

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


@tracked()
class Credential(models.Model):
    """Something an instructor holds: since when, until when, and who has seen the evidence."""

    instructor = models.ForeignKey(Instructor, on_delete=models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=30, choices=CredentialKind.choices)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=200, blank=True, help_text="certificate number or where it was seen")
    verified_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)

    held = (
        Held(
            "kind issued_on expires_on evidence verified_at",
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
        ]

    def __str__(self) -> str:
        return f"{self.kind} of instructor {self.instructor_id}"


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
