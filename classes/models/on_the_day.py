"""What is said on the day of a class: that whoever leads it is late, or there; and how a try of joining online went.

Each row is a fact and is never changed. Written by classes/leader_there.py and classes/rehearsing.py.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only
from classes.models.timetable import Session
from participants.models import Participant

DELAYS = (5, 10, 15, 20)  # minutes


class RunningLate(models.Model):
    """Whoever leads a class has said that they will be late: once for each start, so that people are told once."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="delays")
    starts_at = models.DateTimeField(help_text="when the class was to start as it was said")
    minutes = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (
        Held("minutes starts_at at", "to tell people of a class that it begins late", Basis.SERVICE, Retention.STAFF),
    )
    plain = ""

    class Meta:
        verbose_name_plural = "delays of classes"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "starts_at"], name="people_of_a_class_are_told_of_a_delay_once"),
            models.CheckConstraint(condition=Q(minutes__in=DELAYS), name="a_delay_is_short_and_in_fives"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"session {self.session_id} begins {self.minutes} minutes late"


class Arrival(models.Model):
    """Whoever leads a class is there: they said so, or went into the class online."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="arrivals")
    starts_at = models.DateTimeField(help_text="when the class was to start as it was said")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("starts_at at", "to notice when nobody is there to lead a class", Basis.SERVICE, Retention.STAFF),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "by", "starts_at"], name="somebody_arrives_at_a_class_once"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"person {self.by_id} is there for session {self.session_id}"


class RehearsalOutcome(models.TextChoices):
    READY = "ready", "camera, sound and browser will do"
    HELP = "help", "wants help with it"


class Rehearsal(models.Model):
    """Somebody has tried whether they can join a class online, or asked for help with it. The latest counts."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="rehearsals")
    outcome = models.CharField(max_length=10, choices=RehearsalOutcome.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("outcome at", "to help people who join online for the first time", Basis.SERVICE, Retention.RECORD),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=RehearsalOutcome.values), name="rehearsal_outcome_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["participant", "-at"], name="rehearsals_of_somebody")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"rehearsal of participant {self.participant_id}: {self.outcome}"
