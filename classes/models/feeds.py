"""Private calendar addresses."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import tracked
from participants.models import Participant


@tracked(exclude=("token",))
class CalendarFeed(models.Model):
    """The address from which somebody's own calendar program reads their places. Who holds it needs no sign-in."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="calendar_feed")
    token = EncryptedTextField(help_text="kept so that the person can read the address again")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    held = (
        Held("token made_at", "to show the person's classes in their own calendar", Basis.SERVICE, Retention.RECORD),
    )
    plain = "token_hash"

    def __str__(self) -> str:
        return f"calendar of participant {self.participant_id}"
