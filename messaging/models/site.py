"""What people say of our pages, and what we say to everybody on every page.

Here: rows. Not here: keeping and reading them (page_feedback.py, site_notices.py). Nobody is asked who they are;
what somebody writes all the same is encrypted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import tracked


class PageFeedbackQuerySet(models.QuerySet["PageFeedback"]):
    def at_desk_of(self, user: object) -> PageFeedbackQuerySet:
        """What was said on pages of these programmes, and on pages that belong to none."""
        programmes = programmes_allowing(user, Permission.WORK_AT_DESK)
        own = Q(programme_id__in=programmes) | Q(programme=None)
        return self.filter(own).order_by("-at", "-pk") if programmes else self.none()

    def unread(self) -> PageFeedbackQuerySet:
        """Words that nobody has put away yet."""
        return self.filter(put_away_at=None, has_words=True)


class PageFeedback(models.Model):
    """Whether one page helped somebody. `page` is its address, with "…" for whatever stands in it for one person."""

    page = models.CharField(max_length=120)
    helpful = models.BooleanField()
    words = EncryptedTextField(blank=True)
    has_words = models.BooleanField(
        help_text="whether there is something to read, as the words themselves are encrypted"
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    put_away_at = models.DateTimeField(null=True, blank=True)
    put_away_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = PageFeedbackQuerySet.as_manager()

    held = (Held("words at", "to make our pages better", Basis.SERVICE, Retention.COMMENT),)
    plain = "page helpful has_words put_away_at"

    class Meta:
        verbose_name_plural = "page feedback"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(page=""), name="feedback_is_about_a_page"),
            models.CheckConstraint(
                condition=Q(put_away_at=None, put_away_by=None)
                | Q(put_away_at__isnull=False, put_away_by__isnull=False),
                name="feedback_is_put_away_by_somebody",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="feedback_is_never_rewritten", exclude=["put_away_at", "put_away_by"]),
        ]

    def __str__(self) -> str:
        return f"feedback {self.pk} on {self.page}"


class SiteNoticeQuerySet(models.QuerySet["SiteNotice"]):
    def live(self) -> SiteNoticeQuerySet:
        now = timezone.now()
        return self.filter(starts_at__lte=now, ends_at__gt=now)

    def not_over(self) -> SiteNoticeQuerySet:
        return self.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")


@tracked()
class SiteNotice(models.Model):
    """A few words that stand on every page from one moment to another."""

    LONGEST = timedelta(days=14)

    words = models.CharField(max_length=300)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = SiteNoticeQuerySet.as_manager()

    held = ()
    plain = "words starts_at ends_at"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="a_notice_says_something"),
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="a_notice_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"
