"""What happened to one message, step by step.

Here: the rows, which are only ever added. Not here: writing them (messaging/steps.py), the words of the page.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Channel, Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only


class Step(models.TextChoices):
    """What came of one try, what came back from it, or why there was none."""

    SENT = "sent", "handed over"
    FAILED = "failed", "could not be handed over"
    TO_DESK = "to_desk", "given to the desk"
    ARRIVED = "arrived", "arrived"
    CAME_BACK = "came_back", "came back"
    NO_WORD = "no_word", "no word of it"
    NOT_WANTED = "not_wanted", "not wanted any more"
    AGAIN = "again", "to be sent again, by hand"


class WhyNot(models.TextChoices):
    """Why a message is not wanted: the reason of such a step."""

    STOPPED = "contact_stopped", "all contact has ended"
    DECLINED = "declined", "the person does without such messages"
    OVER = "over", "what it would say was no longer so when it was its turn"
    TAKEN_BACK = "taken_back", "something else happened first, and it was taken back"


class MessageStep(models.Model):
    """One step in the life of a message. No words of it, and no address: only by which way."""

    message = models.ForeignKey("messaging.Message", on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=12, choices=Step.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("what channel reason at", "to know what was tried", Basis.SERVICE, Retention.MESSAGE),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(what__in=Step.values), name="message_step_is_known"),
            models.UniqueConstraint(
                fields=["message"], condition=Q(what=Step.AGAIN), name="a_message_is_sent_again_by_hand_once"
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.what}: message {self.message_id}"
