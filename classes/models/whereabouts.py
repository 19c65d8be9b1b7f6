"""Where somebody is during an online class, and how to reach them there: for an emergency, and for no longer.

Here: the rows, one of each place in a class. Not here: saying and reading it (classes/whereabouts.py).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from classes.models.booking import Booking


class Whereabouts(models.Model):
    """What was said last. It keeps no history, and is deleted soon after the class."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="whereabouts")
    at_home = models.BooleanField()
    address = EncryptedTextField()
    phone = EncryptedTextField()
    alone = models.BooleanField()
    with_whom = EncryptedTextField(blank=True, default="")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    held = (
        Held(
            "at_home address phone alone with_whom at",
            "to send help to the right place during an online class",
            Basis.VITAL,
            Retention.VISIT,
        ),
    )
    plain = ""

    class Meta:
        verbose_name_plural: ClassVar = "whereabouts"

    def __str__(self) -> str:
        return f"whereabouts for booking {self.booking_id}"
