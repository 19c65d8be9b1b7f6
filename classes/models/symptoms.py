"""The same-day check: answers as they were given, and the talks by which an instructor lets somebody start.

Neither is ever rewritten. Of several checks for one class the latest counts, in
the order of their numbers, which are given out under the person's lock.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accounts.fields import EncryptedJSONField, EncryptedTextField
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only
from classes.models.booking import Booking
from classes.models.register import Guest
from classes.models.timetable import Session
from classes.same_day.symptoms import Result
from participants.models import Participant

RESULT_LABELS = {
    Result.READY: "ready",
    Result.TALK_FIRST: "talk to the instructor first",
    Result.CANCER_LINE: "call the 24-hour line",
    Result.EMERGENCY: "call 999",
}


class CheckMode(models.TextChoices):
    SELF = "self", "by the person"
    SCRIBE = "scribe", "typed by a supporter"
    PHONE = "phone", "on the telephone with the desk"
    ALOUD = "aloud", "asked aloud by the instructor"


class TalkOutcome(models.TextChoices):
    MAY_EXERCISE = "may_exercise", "may exercise today"
    NOT_TODAY = "not_today", "not today"


class SymptomCheckQuerySet(models.QuerySet["SymptomCheck"]):
    def with_talk(self) -> SymptomCheckQuerySet:
        """Each with `talk_outcome` and `talked_at` of its latest talk, None where there was none."""
        talks = SymptomTalk.objects.filter(check_of=OuterRef("pk")).order_by("-id")
        return self.annotate(
            talk_outcome=Subquery(talks.values("outcome")[:1]), talked_at=Subquery(talks.values("at")[:1])
        )


class SymptomCheck(models.Model):
    """Answers to the same-day check of one class: of a booking, or of a guest who is known."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="symptom_checks")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="symptom_checks")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="symptom_checks")
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, null=True, blank=True, related_name="symptom_checks")
    client_id = models.UUIDField(unique=True, help_text="made where the answers were given")
    version = models.CharField(max_length=20)
    answers = EncryptedJSONField()
    result = models.CharField(max_length=20, choices=[(result.value, RESULT_LABELS[result]) for result in Result])
    mode = models.CharField(max_length=10, choices=CheckMode.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)

    objects = SymptomCheckQuerySet.as_manager()

    held = (
        Held(
            "version answers result mode answered_at",
            "to know on the day whether it is safe for the person to exercise",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = "client_id"
    made_now = False  # answer_check sets it on the row that it has just written

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(result__in=[result.value for result in Result]), name="symptom_check_result_is_known"
            ),
            models.CheckConstraint(condition=Q(mode__in=CheckMode.values), name="symptom_check_mode_is_known"),
            models.CheckConstraint(
                condition=Q(booking__isnull=False, guest=None) | Q(booking=None, guest__isnull=False),
                name="symptom_check_is_of_a_booking_or_a_guest",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["participant", "session"], name="symptom_checks_of_somebody"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"check {self.pk} for session {self.session_id}"


class SymptomTalk(models.Model):
    """What came of the talk that a check asked for. Only who leads the class records one."""

    check_of = models.ForeignKey(SymptomCheck, on_delete=models.PROTECT, related_name="talks")
    client_id = models.UUIDField(unique=True, help_text="made where it was written down")
    outcome = models.CharField(max_length=20, choices=TalkOutcome.choices)
    note = EncryptedTextField()
    asks_new_health_answers = models.BooleanField(default=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (
        Held(
            "outcome note asks_new_health_answers at",
            "to know why the person did, or did not, exercise that day",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = "client_id"
    made_now = False

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=TalkOutcome.values), name="symptom_talk_outcome_is_known"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"talk {self.pk}: {self.outcome}"
