"""Who hears of a worrying answer, and that one was given.

Here: rows, added and never changed. Not here: which answers and scores worry (a recipe's
`safety_items`, and the rules of a route), what happens then (safety.py).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person, Programme
from accounts.permissions import Permission
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import append_only

LONGEST_MESSAGE = 500


class AlertRoute(models.TextChoices):
    """Who gets the task, and nobody else knows of it."""

    CLINICAL = Permission.DECIDE_CLEARANCE, "clinical leads only"
    DESK = Permission.WORK_AT_DESK, "everybody at the desk"


class SafetyRoute(models.Model):
    """What a programme decided for one questionnaire: whom to name, what to say, whom to alert. The latest counts.

    `rules` are its own besides those of the recipe, as safety_rules.rule_of reads them. Nobody with a clinical
    registration has signed any of it off.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="safety_routes")
    code = models.SlugField(max_length=50, help_text="the questionnaire, whichever of its versions")
    contact = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    message = models.CharField(max_length=LONGEST_MESSAGE, help_text="read at once by whoever gave such an answer")
    alert_to = models.CharField(max_length=20, choices=AlertRoute.choices)
    rules = models.JSONField(default=list)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("at", "to show who decided how worrying answers are handled", Basis.LEGAL, Retention.AUDIT),)
    plain = "code message alert_to rules"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(message=""), name="a_safety_route_says_something"),
            models.CheckConstraint(condition=Q(alert_to__in=AlertRoute.values), name="a_safety_route_alerts_somebody"),
        ]
        indexes: ClassVar = [models.Index(fields=["programme", "code", "-id"], name="safety_routes_of_a_form")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"safety route {self.pk} of {self.code}"


class WorryingAnswers(models.Model):
    """That what somebody sent met a rule of the route in force; once for each set of answers, and without them."""

    response = models.OneToOneField("outcomes.Response", on_delete=models.CASCADE, related_name="worry")
    route = models.ForeignKey(SafetyRoute, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("at", "to call somebody whose answers worry", Basis.HEALTH, Retention.RECORD),)
    plain = ""

    class Meta:
        verbose_name_plural = "worrying answers"
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"worrying answers {self.pk}"
