"""What went wrong in a class: the report as it was sent, what was added, and what came of looking at it.

Here: the rows. None of them is ever changed or removed: a report is locked with being sent, and whoever knows
more adds to it. Not here: sending one and who is told (classes/incidents.py), how soon (incident_rules.py).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from accounts.fields import EncryptedTextField
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Tables, append_only
from classes.incident_rules import Harm, IncidentKind
from classes.models.register import Guest
from classes.models.timetable import Session
from messaging.models import Task, TaskState
from participants.models import Participant

INCIDENT_REVIEW = "incident_review"  # kind of task; the id of the incident stands in its context and its key
KIND_LABELS = {
    IncidentKind.NEAR_MISS: "near miss",
    IncidentKind.INCIDENT: "incident",
    IncidentKind.ADVERSE_EVENT: "adverse event",
}


class ReviewOutcome(models.TextChoices):
    GOES_ON = "goes_on", "still being looked into"
    NOTHING_TO_CHANGE = "nothing_to_change", "closed, nothing to change"
    CHANGED = "changed", "closed, something was changed"
    PASSED_ON = "passed_on", "closed, another service looks into it"


_TASK_KEY = Concat(Value(f"{INCIDENT_REVIEW}:"), Cast("pk", models.CharField()))
CLOSING = tuple(outcome for outcome in ReviewOutcome if outcome is not ReviewOutcome.GOES_ON)


class IncidentQuerySet(models.QuerySet["Incident"]):
    def at_desk_of(self, user: object) -> IncidentQuerySet:
        return self.filter(programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))

    def reported_by_leader(self, user: object) -> IncidentQuerySet:
        """The user's own reports, of classes of which they may still report."""
        led = Session.objects.reported_on_by(user).values("pk")
        return self.filter(reported_by=getattr(user, "person_id", None), session__in=led)

    def with_review(self) -> IncidentQuerySet:
        """Each with `closed`, and `outcome` of its latest review, None where nobody has looked. `closed`: that one
        closed it, and nobody is asked to look into it again."""
        latest = IncidentReview.objects.filter(incident=OuterRef("pk")).order_by("-id").values("outcome")[:1]
        asked = Task.objects.filter(state=TaskState.OPEN, dedupe_key=OuterRef("asked_as"))
        found = self.alias(asked_as=_TASK_KEY).annotate(outcome=Subquery(latest))
        return found.annotate(
            closed=Case(When(Q(outcome__in=CLOSING) & ~Exists(asked), then=Value(True)), default=Value(False))
        )

    def with_due_time(self) -> IncidentQuerySet:
        """Each with `due_at` of the task to look into it, None once that is closed."""
        asked = Task.objects.filter(state=TaskState.OPEN, dedupe_key=OuterRef("asked_as")).values("due_at")[:1]
        return self.alias(asked_as=_TASK_KEY).annotate(due_at=Subquery(asked))


class Incident(models.Model):
    """One report. Its id is made where it was written, so that sending it twice adds nothing."""

    transitions: ClassVar[Tables] = {}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="incidents")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="incidents")
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    guest = models.ForeignKey(Guest, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents")
    kind = models.CharField(max_length=20, choices=[(kind.value, KIND_LABELS[kind]) for kind in IncidentKind])
    harm = models.CharField(max_length=10, choices=[(harm.value, harm.value) for harm in Harm])
    happened_at = models.DateTimeField()
    what_happened = EncryptedTextField()
    what_was_done = EncryptedTextField(blank=True, default="")
    called_999 = models.BooleanField()
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="incidents_reported")
    reported_at = models.DateTimeField(default=timezone.now)

    objects = IncidentQuerySet.as_manager()

    held = (
        Held(
            "kind harm happened_at what_happened what_was_done called_999 reported_at",
            "to help whoever was hurt, and keep it from happening again",
            Basis.VITAL,
            Retention.RECORD,
        ),
    )
    plain = ""
    made_now = False  # report_incident sets it on the row that it has just written

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in IncidentKind]), name="incident_kind_is_known"
            ),
            models.CheckConstraint(condition=Q(harm__in=[harm.value for harm in Harm]), name="incident_harm_is_known"),
            models.CheckConstraint(condition=~Q(kind="near_miss") | Q(harm="none"), name="a_near_miss_did_no_harm"),
            models.CheckConstraint(
                condition=Q(participant=None) | Q(guest=None), name="an_incident_is_about_one_person_at_most"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["programme", "-reported_at"], name="incidents_of_a_programme")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def reference(self) -> str:
        """What somebody says on the telephone: the beginning of the id."""
        return reference_of(self.id)


def reference_of(id: uuid.UUID) -> str:
    """3F2A-91BC: enough to find it, and nothing about anybody."""
    digits = id.hex[:8].upper()
    return f"{digits[:4]}-{digits[4:]}"


class IncidentAddendum(models.Model):
    """What was added to a report later: by whoever sent it, or by the desk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="addenda")
    words = EncryptedTextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("words at", "to know what came to light later", Basis.VITAL, Retention.RECORD),)
    plain = ""

    class Meta:
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"addendum to {reference_of(self.incident_id)}"


class IncidentReview(models.Model):
    """What somebody found who looked into it, and what was learned. Once it is closed it can still be added to."""

    transitions: ClassVar[Tables] = {"outcome": {}}  # rows are added: any may follow any

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reviews")
    outcome = models.CharField(max_length=20, choices=ReviewOutcome.choices)
    learned = EncryptedTextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("outcome learned at", "to show who looked into it, and what followed", Basis.LEGAL, Retention.RECORD),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=ReviewOutcome.values), name="incident_review_outcome_is_known"
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"review of {reference_of(self.incident_id)}: {self.outcome}"
