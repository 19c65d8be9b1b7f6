"""Clinical content that was changed in a running copy: its versions, from when each is used, who signed it.

Nothing here is ever changed or removed: a correction is a new row. What the
rows mean together is said by accounts/content.py.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models.identity import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only

STAFF_ACT = "to show who answers for clinical words"


class ContentVersion(models.Model):
    """One version of one kind of content, written here. Versions that came with the software are files."""

    kind = models.CharField(max_length=30)
    version = models.CharField(max_length=20)
    based_on = models.CharField(max_length=20)
    body = models.JSONField()
    why = models.CharField(max_length=500)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="content_written")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("why at", STAFF_ACT, Basis.LEGAL, Retention.AUDIT),)
    plain = "kind version based_on body"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_content_version_of_a_name"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class ContentStart(models.Model):
    """The decision to use `version` from `starts_at` on. Of those whose time has come, the last one holds."""

    kind = models.CharField(max_length=30)
    version = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="content_started")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("at", STAFF_ACT, Basis.LEGAL, Retention.AUDIT),)
    plain = "kind version starts_at"

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "-id"], name="content_starts_by_kind")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} {self.version} from {self.starts_at:%d %B %Y %H:%M}"


class ContentSignOff(models.Model):
    """That a clinician has read one version and answers for it, or (`given` false) no longer does.

    `digest` says which words: of other words under the same name nothing is signed.
    """

    kind = models.CharField(max_length=30)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    given = models.BooleanField()
    role = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="content_signed")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("given role at", STAFF_ACT, Basis.LEGAL, Retention.AUDIT),)
    plain = "kind version digest"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(given=False) | ~models.Q(role=""), name="whoever_signs_content_says_as_what"
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} {self.version} {'signed' if self.given else 'no longer signed'} by person {self.by_id}"
