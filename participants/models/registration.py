"""Registering: the draft that is saved page by page, and the dated decision on who can join."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import EncryptedJSONField
from accounts.models import BroughtList, Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Transitions, legal_changes


class Source(models.TextChoices):
    SELF = "self", "by the person"
    DESK = "desk", "by telephone at the desk"
    REFERRAL = "referral", "by a health professional"


class RegistrationStatus(models.TextChoices):
    DRAFT = "draft", "not finished"
    NOT_ELIGIBLE = "not_eligible", "cannot join"
    SUBMITTED = "submitted", "finished"


REGISTRATION_TRANSITIONS: Transitions = {
    RegistrationStatus.DRAFT: frozenset({RegistrationStatus.NOT_ELIGIBLE, RegistrationStatus.SUBMITTED}),
    RegistrationStatus.NOT_ELIGIBLE: frozenset({RegistrationStatus.DRAFT, RegistrationStatus.SUBMITTED}),
}


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def unfinished(self) -> RegistrationQuerySet:
        return self.exclude(status=RegistrationStatus.SUBMITTED)

    def at_desk_of(self, user: object) -> RegistrationQuerySet:
        return self.filter(programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))


class Registration(models.Model):
    """Answers so far, by page. Opened again by an emailed link or, by telephone, with the reference."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="registrations")
    reference = models.CharField(max_length=12, unique=True)
    resume_hash = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=15, choices=RegistrationStatus.choices, default=RegistrationStatus.DRAFT)
    source = models.CharField(max_length=10, choices=Source.choices)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    brought_by = models.ForeignKey(
        BroughtList, on_delete=models.SET_NULL, null=True, blank=True, related_name="registrations"
    )
    answers = EncryptedJSONField(default=dict)
    participant = models.ForeignKey(
        "participants.Participant", on_delete=models.SET_NULL, null=True, blank=True, related_name="registrations"
    )
    started_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    held = (
        Held(
            "answers reference source started_at changed_at submitted_at",
            "to register without losing an answer",
            Basis.HEALTH,
            Retention.DRAFT,
        ),
    )
    plain = "resume_hash status"
    transitions: ClassVar = {"status": REGISTRATION_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=RegistrationStatus.values), name="registration_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="submitted") | Q(submitted_at__isnull=False),
                name="a_submitted_registration_says_when",
            ),
        ]
        triggers: ClassVar = [legal_changes("status", REGISTRATION_TRANSITIONS)]

    def __str__(self) -> str:
        return self.reference


class EligibilityDecision(models.Model):
    """Who could join, by which rules and answers, when, and who decided. Never rewritten."""

    registration = models.ForeignKey(
        Registration, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    participant = models.ForeignKey(
        "participants.Participant",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="eligibility_decisions",
    )
    eligible = models.BooleanField()
    reasons = ArrayField(models.CharField(max_length=50), default=list)
    rules_version = models.CharField(max_length=20)
    answers = EncryptedJSONField(default=dict)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    override_reason = models.CharField(max_length=500, blank=True)

    held = (
        Held(
            "eligible reasons rules_version answers decided_at override_reason",
            "to say who can join, and why",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        ordering: ClassVar = ["-decided_at", "-id"]

    def __str__(self) -> str:
        return f"{'eligible' if self.eligible else 'not eligible'} on {self.decided_at:%Y-%m-%d}"
