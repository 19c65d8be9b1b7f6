"""What people say about how information is used, and what the desk makes of it.

Here: rows. Not here: sending, reading and summing up (comments.py). Nobody is asked who they are; what
somebody writes all the same is encrypted.
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only


class SaidAs(models.TextChoices):
    PARTICIPANT = "participant", "somebody who takes part"
    CARER = "carer", "a carer, relative or friend"
    INSTRUCTOR = "instructor", "an instructor"
    OTHER = "other", "somebody else"


class DataUseCommentQuerySet(models.QuerySet["DataUseComment"]):
    def at_desk_of(self, user: object) -> DataUseCommentQuerySet:
        return self.filter(programme_id__in=programmes_allowing(user, Permission.BUILD_RELEASES)).order_by("-at", "-pk")

    def unread(self) -> DataUseCommentQuerySet:
        return self.filter(put_away_at=None)


class DataUseComment(models.Model):
    """What somebody wrote on the public page. Empty `said_as`: they did not say."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField()
    said_as = models.CharField(max_length=20, choices=SaidAs.choices, blank=True)
    at = models.DateTimeField(default=timezone.now)
    put_away_at = models.DateTimeField(null=True, blank=True)
    put_away_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = DataUseCommentQuerySet.as_manager()

    held = (
        Held(
            "words said_as at", "to hear what people think of how information is used", Basis.CONSENT, Retention.COMMENT
        ),
    )
    plain = "put_away_at"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(put_away_at=None, put_away_by=None)
                | Q(put_away_at__isnull=False, put_away_by__isnull=False),
                name="a_comment_is_put_away_by_somebody",
            ),
            models.CheckConstraint(condition=Q(said_as__in=["", *SaidAs.values]), name="a_comment_is_said_as_is_known"),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="a_comment_is_never_rewritten", exclude=["put_away_at", "put_away_by"])
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class CommentSummary(models.Model):
    """What people said, in a few words of the desk and without names. It goes with the next summary of each partner."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    held = ()
    plain = "words at"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="a_summary_of_comments_says_something")
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"summary of comments {self.pk}"
