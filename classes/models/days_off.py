"""Days on which a programme, or one of its halls, holds no classes: school holidays, a hall that is shut for a week."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import Programme
from accounts.tracking import tracked
from classes.models.places import Venue


@tracked()
class DaysOff(models.Model):
    """From `first` to `last`, both included. Never deleted: those that no longer count are not `active`.

    They are offered as dates to leave out when a class is published; what is on the timetable already stays. Those
    of a `venue`, which is one of the programme's, are for classes in that hall alone.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="days_off")
    venue = models.ForeignKey(
        Venue,
        on_delete=models.PROTECT,
        null=True,
        related_name="days_off",
        help_text="empty: every class of the programme",
    )
    name = models.CharField(max_length=100)
    first = models.DateField()
    last = models.DateField()
    active = models.BooleanField(default=True)

    held = ()
    plain = "name first last active"

    class Meta:
        verbose_name = verbose_name_plural = "days without classes"
        ordering: ClassVar = ["first", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="days_off_end_after_they_start"),
            models.UniqueConstraint(
                fields=["programme", "venue", "name", "first"],
                nulls_distinct=False,
                name="days_off_once_per_name_and_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name
