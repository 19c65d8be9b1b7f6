"""That somebody at the desk looked at two records that are alike, and said that they are two people."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only


class TwoPeopleQuerySet(models.QuerySet["TwoPeople"]):
    def of(self, one: int, other: int) -> TwoPeopleQuerySet:
        """Whichever of the two was named first."""
        return self.filter(Q(one=one, other=other) | Q(one=other, other=one))


class TwoPeople(models.Model):
    """Said once of a pair: nobody is asked again about these two."""

    one = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = TwoPeopleQuerySet.as_manager()

    held = (Held("at", "not to take two people for one again", Basis.SERVICE, Retention.RECORD),)
    plain = ""

    class Meta:
        verbose_name_plural = "two people"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(one=F("other")), name="nobody_is_told_apart_from_themselves"),
            models.UniqueConstraint(Least("one", "other"), Greatest("one", "other"), name="a_pair_is_told_apart_once"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"persons {self.one_id} and {self.other_id}"
