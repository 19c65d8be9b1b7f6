"""That a list was brought in from a file: which, when and by whom. What a list means stands in accounts/lists/."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models.identity import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention


class BroughtListQuerySet(models.QuerySet["BroughtList"]):
    def visible_to(self, user: object) -> BroughtListQuerySet:
        return self.filter(programme_id__in=programmes_allowing(user, Permission.PUBLISH_FOR_ANYONE))


class BroughtList(models.Model):
    """One file that was brought in, whole. The file itself is not kept: `fingerprint` knows it again."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="lists_brought")
    kind = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the file")
    time = models.PositiveSmallIntegerField(default=1, help_text="2 when the same file was brought in once more")
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", help_text="empty: by a command"
    )

    objects = BroughtListQuerySet.as_manager()

    held = (Held("at", "to know who brought in a list", Basis.LEGAL, Retention.AUDIT),)
    plain = "kind fingerprint time rows new known"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "kind", "fingerprint", "time"], name="a_list_is_brought_in_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} list {self.pk}"
