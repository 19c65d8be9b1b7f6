"""What people have a right to: a copy of everything held about them, and that it is erased.

Here: the rows. Not here: what is in a copy and who may take it (exporting/), what erasing does (erasing/).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import EncryptedBytesField
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only


class CopyQuerySet(models.QuerySet["RecordCopy"]):
    def under_way(self) -> CopyQuerySet:
        return self.filter(ready_at=None, failed_at=None)

    def of(self, person: Person) -> CopyQuerySet:
        """Those about `person`, the newest first, without what is in them."""
        return self.filter(person=person).order_by("-pk").defer("content")


class RecordCopy(models.Model):
    """A copy of everything held about one person: asked for, made by the worker, there for a few days, then deleted.

    Who asked for one and who took it stays in the log of reads.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="copies")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps_total = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    content = EncryptedBytesField(null=True)

    objects = CopyQuerySet.as_manager()

    held = (
        Held("content asked_at ready_at", "to give the person what is held about them", Basis.LEGAL, Retention.COPY),
    )
    plain = "steps_done steps_total failed_at"

    class Meta:
        verbose_name = "copy of a record"
        verbose_name_plural = "copies of records"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ready_at=None, failed_at=None), name="one_copy_is_made_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ready_at=None, content=None) | Q(ready_at__isnull=False, content__isnull=False),
                name="a_copy_that_is_ready_is_there",
            ),
        ]

    def __str__(self) -> str:
        return f"copy of what is held about person {self.person_id}"


class ErasureRequest(models.Model):
    """Somebody asks that what is held about them is erased. It is gone with them; unconfirmed, after a day.

    `fingerprint`: of what they were shown. `tries`: of the day. After so many wrong codes it is over.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    fingerprint = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    held = (Held("asked_at confirmed_at", "to erase what the person asked us to", Basis.LEGAL, Retention.REQUEST),)
    plain = "fingerprint tries"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="one_erasure_is_asked_for_at_a_time"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="who_confirmed_an_erasure_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"request to erase person {self.person_id}"


class Erasure(models.Model):
    """That somebody was erased, and when, by a keyed hash that names nobody: what a backup brings back goes again."""

    person_hash = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now)

    held = (Held("person_hash at", "to erase again what a restored copy brings back", Basis.LEGAL, Retention.AUDIT),)
    plain = ""

    class Meta:
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"erasure {self.pk}"
