"""The register: marks that are added and never changed; the latest one counts."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Tables, append_only, tracked
from classes.adherence import ATTENDED_STATES
from classes.models.booking import Booking
from classes.models.timetable import Session
from participants.models import Participant


class AttendanceState(models.TextChoices):
    ATTENDED = "attended", "attended"
    ATTENDED_IN_PART = "attended_in_part", "attended in part"
    ABSENT_TOLD = "absent_told", "did not attend, told us"
    ABSENT_UNTOLD = "absent_untold", "did not attend, did not tell us"
    SENT_HOME = "sent_home", "sent home unwell"
    SERVICE_CANCELLED = "service_cancelled", "cancelled by SafeFit"


@tracked()
class Guest(models.Model):
    """Somebody at the door without a booking: a participant who was found, or a name until the desk knows who it is.

    `client_id` is made where the name was typed, so that sending it twice adds nobody.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="guests")
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="walk_ins"
    )
    name = models.CharField(max_length=200, blank=True)
    phone = EncryptedTextField(blank=True, default="")
    screened_aloud = models.BooleanField(default=False)
    client_id = models.UUIDField(null=True, blank=True)

    held = (Held("name phone screened_aloud", "to know who was in the room", Basis.VITAL, Retention.RECORD),)
    plain = "client_id"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(participant__isnull=False) | ~Q(name=""), name="guest_is_known_or_named"
            ),
            models.UniqueConstraint(fields=["session", "participant"], name="one_walk_in_per_person_and_session"),
            models.UniqueConstraint(fields=["client_id"], name="a_walk_in_that_is_sent_twice_is_one"),
        ]

    def __str__(self) -> str:
        return f"guest {self.pk} of session {self.session_id}"


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def in_force(self) -> AttendanceQuerySet:
        """The latest mark of each booking or guest."""
        return self.order_by("booking_id", "guest_id", "-received_at", "-id").distinct("booking_id", "guest_id")

    def counting(self) -> AttendanceQuerySet:
        """Marks in force that say a class was attended, at least in part. Filter by person first: it looks at these."""
        return self.model._default_manager.filter(pk__in=self.in_force().values("pk"), state__in=ATTENDED_STATES)


class Attendance(models.Model):
    """One mark. Its id is made by the device that took it, so that sending it twice adds nothing."""

    # Marks are facts in the order they came: any may follow any, so there is no table of changes.
    transitions: ClassVar[Tables] = {"state": {}}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="attendances")
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, null=True, blank=True, related_name="attendances")
    state = models.CharField(max_length=20, choices=AttendanceState.choices)
    note = models.CharField(max_length=200, blank=True)
    marked_at = models.DateTimeField(help_text="by the clock of the device")
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = AttendanceQuerySet.as_manager()

    held = (
        Held(
            "state note marked_at received_at",
            "to know who came, and follow up who did not",
            Basis.SERVICE,
            Retention.RECORD,
        ),
    )
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=AttendanceState.values), name="attendance_state_is_known"),
            models.CheckConstraint(
                condition=Q(booking__isnull=False, guest=None) | Q(booking=None, guest__isnull=False),
                name="attendance_is_of_a_booking_or_a_guest",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["session", "received_at"], name="attendance_by_session")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.state} in session {self.session_id}"


class CompanionMark(models.Model):
    """Whether whoever comes along with somebody came; the latest of a place counts. Apart from attendance, and in no
    count.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="companion_marks")
    came = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    held = (Held("came at", "to know who was in the room", Basis.SERVICE, Retention.RECORD),)
    plain = ""

    class Meta:
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"companion of booking {self.booking_id}"
