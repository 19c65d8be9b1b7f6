"""The professional who asked us to get in touch with somebody.

Here: the row, one for each referral. Not here: what the person answers (the registration that it began), what
happens because of it (participants/registering/referrals.py, participants/registering/referrers.py).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from accounts.fields import EncryptedTextField
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from participants.models.registration import Registration

NOBODY_LEFT = Q(name="", role="", organisation="", email="", phone="")


class ReferrerQuerySet(models.QuerySet["Referrer"]):
    def at_desk_of(self, user: object) -> ReferrerQuerySet:
        return self.filter(registration__programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))


class Referrer(models.Model):
    """Who referred somebody, and what they said. Without history: what is forgotten is gone.

    Its id is made with the page that asks, so that sending it twice adds nothing. `reference` is the referrer's:
    that of the registration opens answers, and is for the person alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="referrer")
    reference = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=100, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    agreed_on = models.DateField(help_text="when the person agreed to be referred")
    cancer = EncryptedTextField(help_text="as the professional says: confirmed or suspected")
    safety_note = EncryptedTextField(blank=True)
    referred_at = models.DateTimeField(default=timezone.now)
    link_due = models.BooleanField(default=False, help_text="the person is to get a link, and has not got it yet")
    link_sent_at = models.DateTimeField(null=True, blank=True)
    may_be_told = models.BooleanField(null=True, help_text="that the person joined; empty until they were asked")
    may_be_kept = models.BooleanField(null=True, help_text="as a contact; empty until they were asked")
    passed_on_at = models.DateTimeField(
        null=True, blank=True, help_text="when they were told, or the desk was asked to"
    )
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = ReferrerQuerySet.as_manager()

    held = (
        Held(
            "name role organisation email phone reference may_be_told may_be_kept passed_on_at forgotten_at",
            "to know who referred the person, and to tell them what the person agrees to",
            Basis.CONSENT,
            Retention.RECORD,
        ),
        Held(
            "agreed_on cancer safety_note referred_at",
            "to get in touch as the person agreed, and to check that exercise is safe for them",
            Basis.HEALTH,
            Retention.RECORD,
        ),
        Held("link_sent_at", "to show how the person was written to", Basis.CONSENT, Retention.RECORD),
    )
    plain = "link_due"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=False) | ~Q(email="") | ~Q(phone=""),
                name="a_referrer_can_be_reached_until_forgotten",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None) | NOBODY_LEFT, name="a_forgotten_referrer_leaves_no_name"
            ),
            models.CheckConstraint(
                condition=Q(passed_on_at=None) | Q(may_be_told=True),
                name="a_referrer_is_told_only_where_the_person_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.reference}"

    @property
    def words(self) -> str:
        """Who it is, as the person reads it; empty once forgotten."""
        return f"{self.name}, {self.role}, {self.organisation}" if self.name else ""
