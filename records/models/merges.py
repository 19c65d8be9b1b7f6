"""That two records were put together, and every row that changed with it, so that it can be undone.

Here: the rows. Not here: what is done with them (records/merging/).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.utils import timezone

from accounts.fields import EncryptedJSONField
from accounts.models import Person
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import tracked
from participants.models import Participant
from participants.rules.said import Said

UNDONE_WITHIN = timedelta(days=30)


class MergeQuerySet(models.QuerySet["Merge"]):
    def at_desk_of(self, user: object) -> MergeQuerySet:
        rows = self.filter(kept__programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))
        return rows.select_related("kept__person", "kept__programme", "by", "undone_by")

    def standing(self) -> MergeQuerySet:
        """Not undone; the latest first."""
        return self.filter(undone_at=None).order_by("-pk")

    def known_by(self, said: Said) -> MergeQuerySet:
        """Those of which the other record had the reference that was said, whole, and with nothing else said."""
        if said != Said(references=said.references):
            return self.none()
        bare = Replace("reference", Value("-"), Value(""))
        return self.standing().alias(bare=bare).filter(bare__in=said.references)


@tracked(exclude=("said",))
class Merge(models.Model):
    """Two records of one person are one from then on. The other record's own two rows lie among the changes.

    `said` is what it came to, in facts, as whoever pressed the button read it.
    """

    kept = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="merges")
    gone_key = models.BigIntegerField(help_text="key of the participant that is no more")
    gone_person_key = models.BigIntegerField(help_text="key of the person that is no more")
    name = models.CharField(max_length=201)
    born = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=12)
    said = EncryptedJSONField(default=list)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = MergeQuerySet.as_manager()

    held = (
        Held(
            "gone_key gone_person_key name born reference said at undone_at",
            "to know a person again under what stood on their other record, and to undo a mistake",
            Basis.SERVICE,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="an_undone_merge_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} put together with participant {self.kept_id}"

    @property
    def undo_until(self) -> datetime:
        return self.at + UNDONE_WITHIN


class What(models.TextChoices):
    MOVED = "moved", "belongs to the record that stays"
    CHANGED = "changed", "settled"
    REMOVED = "removed", "set aside"
    ADDED = "added", "written by the merge"


class MergeChange(models.Model):
    """What one step of a merge did to rows of one table, in the order in which it was done.

    `rows`, by `what`: [before, after, keys] of what moved in the column `field` · [key, before, after] of each row that
    changed · [key, whole row] of each that was set aside · keys of what was added. Values stand as the database writes
    them; what is encrypted stays so.
    """

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=10, choices=What.choices)
    table = models.CharField(max_length=60)
    field = models.CharField(max_length=60, blank=True)
    rows = EncryptedJSONField()

    held = (
        Held(
            "rows",
            "to undo a merge within 30 days, and to keep what it set aside",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = "what table field"

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(what__in=What.values), name="what_a_merge_does_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.what} in {self.table}"
