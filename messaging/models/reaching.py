"""What people chose about being told, and what came back from where they said.

Here: the rows. Not here: asking them at the moment of sending (choices.py, bounces.py, delivery.py).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Channel, ContactPoint, Person, Programme
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only, tracked


class Topic(models.TextChoices):
    """What a person may do without. Everything else is sent, since somebody relies on it."""

    DAYS_BEFORE = "days_before", "two days before a class"
    SHORTLY_BEFORE = "shortly_before", "on the day, shortly before a class"
    QUESTIONS = "questions", "when there are wellbeing questions to answer"


class WorkTopic(models.TextChoices):
    """The same for whoever works with SafeFit or reads its summaries."""

    SUMMARIES = "summaries", "when a new summary is out"


@tracked()
class OptOut(models.Model):
    """A person does not want messages on a topic."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="opt_outs")
    topic = models.CharField(max_length=20, choices=[*Topic.choices, *WorkTopic.choices])

    held = (Held("topic", "not to send what the person does not want", Basis.SERVICE, Retention.RECORD),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(topic__in=[*Topic.values, *WorkTopic.values]), name="opt_out_topic_is_known"
            ),
            models.UniqueConstraint(fields=["person", "topic"], name="one_opt_out_per_person_and_topic"),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} without {self.topic}"


class Matter(models.TextChoices):
    """What a person may want to hear of by another way than the one they like best."""

    REMINDERS = "reminders", "reminders, and the questions before a class"
    OFFERS = "offers", "a place that came free"
    CHANGES = "changes", "a class that is changed or called off"
    QUESTIONS = "questions", "wellbeing questions"


@tracked()
class ChosenWay(models.Model):
    """A person wants to hear of one matter by one channel."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="chosen_ways")
    matter = models.CharField(max_length=20, choices=Matter.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)

    held = (Held("matter channel", "to reach the person in the way they chose", Basis.SERVICE, Retention.RECORD),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(matter__in=Matter.values), name="chosen_way_matter_is_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="chosen_way_channel_is_known"),
            models.UniqueConstraint(fields=["person", "matter"], name="one_chosen_way_per_person_and_matter"),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} hears of {self.matter} by {self.channel}"


class ReceivedText(models.Model):
    """A text message that came from somebody. Known by a number alone, which may be anybody's."""

    carrier_id = models.CharField(max_length=64, unique=True, help_text="its name with whoever carried it")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, help_text="at whose desk it is read")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="received_texts")
    number = models.CharField(max_length=20)
    words = EncryptedTextField()
    became = models.CharField(max_length=10, blank=True, help_text="what it did by itself, or that the desk reads it")
    at = models.DateTimeField(default=timezone.now)

    held = (
        Held("number words became at", "to do what people answer and ask by text", Basis.SERVICE, Retention.MESSAGE),
    )
    plain = "carrier_id"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(became__in=["", "coming", "cannot", "desk"]), name="what_became_of_a_text_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"text {self.pk}"


class Bounce(models.Model):
    """That whoever carries our messages said of one: there is nobody at this address."""

    point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="bounces")
    message = models.ForeignKey("messaging.Message", on_delete=models.CASCADE, related_name="bounces")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("at", "to notice an address that does not work", Basis.SERVICE, Retention.MESSAGE),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["point", "message"], name="one_bounce_per_message_and_point"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"message {self.message_id} came back from contact point {self.point_id}"
