"""Messages that somebody has written to everybody of one date."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils import timezone

from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only, tracked
from classes.models.timetable import Session

LONGEST_NOTE = 600


class About(models.TextChoices):
    """What its subject line says: fixed words, which tell nobody why somebody comes."""

    GETTING_THERE = "getting_there", "getting to the class"
    BRING = "bring", "what to bring"
    PRACTICAL = "practical", "something practical"
    OTHER = "other", "something else"


@tracked()
class ClassNote(models.Model):
    """One short message to everybody of one date. It is never changed; who is told of it are messages."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=20, choices=About.choices)
    words = models.TextField()
    waiting_too = models.BooleanField(default=False, help_text="also those who wait for a place")
    class_sequence = models.PositiveIntegerField(
        null=True, help_text="ics_sequence of the class when it was written: another time or place makes it out of date"
    )
    request_key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now)

    held = (Held("about words at", "to show what people of a class were told", Basis.SERVICE, Retention.RECORD),)
    plain = "waiting_too class_sequence request_key"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(about__in=About.values), name="a_class_note_is_about_something_known"),
            models.CheckConstraint(
                condition=Q(GreaterThan(Length("words"), 0), LessThanOrEqual(Length("words"), LONGEST_NOTE)),
                name="a_class_note_is_short",
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"note {self.pk} to class {self.session_id}"
