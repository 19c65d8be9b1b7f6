"""What an instructor noted about one person's class: how it went, and what comes next.

Here: the rows, added and never changed; the latest one counts. Not here: who writes and who reads which part
(classes/session_notes.py). The word that goes with a mark is Attendance.note: it says how somebody came, such as
"left early", and goes with the mark through a hall without signal.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only
from classes.models.timetable import Session
from participants.models import Participant

LEAST_EFFORT, MOST_EFFORT = 0, 10  # how hard it felt to the person: 0 is rest, 10 as hard as it can be


class SessionNoteQuerySet(models.QuerySet["SessionNote"]):
    def in_force(self) -> SessionNoteQuerySet:
        """The latest note of each class and person."""
        return self.order_by("session_id", "participant_id", "-at", "-id").distinct("session_id", "participant_id")

    def of(self, user: object) -> SessionNoteQuerySet:
        """About the user, of classes that are over. Their own pages show the part that is theirs."""
        return self.filter(participant__in=Participant.objects.of(user), session__ends_at__lte=timezone.now())


class SessionNote(models.Model):
    """One version of a note. Its id is made where it was written, so that sending it twice adds nothing.

    `plan`, `effort`, `adaptation` and `next_time` are read by the person too; `for_colleagues` by staff alone. All of
    it empty: it was taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="notes_on_people")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="session_notes")
    plan = EncryptedTextField(blank=True, default="")
    effort = models.PositiveSmallIntegerField(null=True, blank=True)
    adaptation = EncryptedTextField(blank=True, default="")
    next_time = EncryptedTextField(blank=True, default="")
    for_colleagues = EncryptedTextField(blank=True, default="")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = SessionNoteQuerySet.as_manager()

    held = (
        Held(
            "plan effort adaptation next_time for_colleagues at",
            "to build each class on the one before",
            Basis.HEALTH,
            Retention.RECORD,
        ),
    )
    plain = ""
    made_now = False  # write_note sets it on the row that it has just written

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(effort=None) | Q(effort__range=(LEAST_EFFORT, MOST_EFFORT)),
                name="effort_of_a_session_note_is_from_0_to_10",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["participant", "session", "-at"], name="session_notes_of_somebody")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"note of session {self.session_id}"

    @property
    def is_shared(self) -> bool:
        """Whether it says anything to the person."""
        return self.effort is not None or any((self.plan, self.adaptation, self.next_time))

    @property
    def says_something(self) -> bool:
        return self.is_shared or bool(self.for_colleagues)
