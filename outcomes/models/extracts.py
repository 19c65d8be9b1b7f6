"""Research projects: what each is to get, who agreed to that, the extracts built for it, whom they held, and its end.

Here: rows. Not here: asking and agreeing (extracts/asking.py), building
(extracts/building.py), what may be in one (extracts/fields.py), keys, which lie
outside of the database (extracts/keys.py).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Transitions, append_only, legal_changes, tracked
from participants.models import Participant

ASKING = "to show who asked for an extract and who agreed to it"
TAKING = "to show who took an extract away, and who answers for its end"


class ResearchProjectQuerySet(models.QuerySet["ResearchProject"]):
    def visible_to(self, user: object) -> ResearchProjectQuerySet:
        return self.filter(programme_id__in=programmes_allowing(user, Permission.HANDLE_EXTRACTS))

    def with_data_out(self) -> ResearchProjectQuerySet:
        """Those of which somebody may hold an extract: one was taken, or can be, and no end is recorded."""
        out = Extract.objects.filter(project=models.OuterRef("pk"), state__in=(ExtractState.BUILT, ExtractState.TAKEN))
        return self.filter(models.Exists(out), certificate=None)


@tracked()
class ResearchProject(models.Model):
    """One project, with a key of its own. `uid` names the file of the key; `key_print` says which key it is."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="research_projects")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key_print = models.CharField(max_length=64, blank=True)
    key_destroyed_at = models.DateTimeField(null=True, blank=True)

    objects = ResearchProjectQuerySet.as_manager()

    held = ()
    plain = "uid key_print key_destroyed_at"

    def __str__(self) -> str:
        return f"research project {self.pk}"


class ExtractSpecification(models.Model):
    """One version of what a project is to get. It never changes: other words are another version, signed anew."""

    project = models.ForeignKey(ResearchProject, on_delete=models.PROTECT, related_name="specifications")
    version = models.PositiveSmallIntegerField()
    text = models.TextField(help_text="in one fixed spelling, which is what is signed")
    sha256 = models.CharField(max_length=64)
    expires_on = models.DateField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    held = (
        Held("text", "to know who may open an extract, and what for", Basis.LEGAL, Retention.AUDIT),
        Held("asked_at", ASKING, Basis.LEGAL, Retention.AUDIT),
    )
    plain = "version sha256 expires_on"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "version"], name="specifications_of_a_project_are_numbered"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"specification {self.version} of project {self.project_id}"


class ExtractApproval(models.Model):
    """That somebody agrees to one version, or does not; signed over the words they read."""

    specification = models.ForeignKey(ExtractSpecification, on_delete=models.PROTECT, related_name="approvals")
    agrees = models.BooleanField()
    why = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=100)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("agrees why at", ASKING, Basis.LEGAL, Retention.AUDIT),)
    plain = "sha256 signature"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["specification", "by"], name="each_person_says_once_whether_they_agree"),
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(why=""), name="who_does_not_agree_says_why"),
        ]
        triggers: ClassVar = [
            append_only(),
            pgtrigger.Trigger(
                name="nobody_agrees_to_what_they_asked_for",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM outcomes_extractspecification asked
                        WHERE asked.id = NEW.specification_id AND asked.asked_by_id = NEW.by_id
                    ) THEN
                        RAISE EXCEPTION 'nobody_agrees_to_what_they_asked_for' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{'agrees' if self.agrees else 'does not agree'} to specification {self.specification_id}"


class ExtractState(models.TextChoices):
    QUEUED = "queued", "waiting to be built"
    BUILDING = "building", "being built"
    BUILT = "built", "built, not taken"
    BLOCKED = "blocked", "not safe to give out"
    FAILED = "failed", "could not be built"
    TAKEN = "taken", "taken away"
    DISCARDED = "discarded", "deleted before anybody took it"


EXTRACT_TRANSITIONS: Transitions = {
    ExtractState.QUEUED: frozenset({ExtractState.BUILDING, ExtractState.FAILED}),
    ExtractState.BUILDING: frozenset({ExtractState.BUILT, ExtractState.BLOCKED, ExtractState.FAILED}),
    ExtractState.FAILED: frozenset({ExtractState.QUEUED}),
    ExtractState.BUILT: frozenset({ExtractState.TAKEN, ExtractState.DISCARDED}),
}


class ExtractQuerySet(models.QuerySet["Extract"]):
    def visible_to(self, user: object) -> ExtractQuerySet:
        return self.filter(project__programme_id__in=programmes_allowing(user, Permission.HANDLE_EXTRACTS))


@tracked(exclude=("steps_done", "steps_total"))
class Extract(models.Model):
    """One extract: what was built under which specification, and who took it."""

    project = models.ForeignKey(ResearchProject, on_delete=models.PROTECT, related_name="extracts")
    specification = models.ForeignKey(ExtractSpecification, on_delete=models.PROTECT, related_name="extracts")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ExtractState.choices, default=ExtractState.QUEUED)
    reason = models.CharField(max_length=30, blank=True, help_text="why it was not built")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    manifest = models.JSONField(default=dict, help_text="what is in it; never whose")
    sha256 = models.CharField(max_length=64, blank=True, help_text="of the sealed file")
    built_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps_total = models.PositiveSmallIntegerField(default=0)

    objects = ExtractQuerySet.as_manager()

    held = (
        Held("asked_at", ASKING, Basis.LEGAL, Retention.AUDIT),
        Held("taken_at", TAKING, Basis.LEGAL, Retention.AUDIT),
    )
    plain = "number state reason manifest sha256 built_at steps_done steps_total"
    transitions: ClassVar = {"state": EXTRACT_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="extracts_of_a_project_are_numbered"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state__in=["queued", "building"]), name="one_extract_is_built_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["built", "taken", "discarded"]) | (Q(built_at__isnull=False) & ~Q(sha256="")),
                name="a_built_extract_is_dated_and_hashed",
            ),
            models.CheckConstraint(
                condition=Q(state="taken", taken_at__isnull=False, taken_by__isnull=False)
                | (~Q(state="taken") & Q(taken_at=None, taken_by=None)),
                name="who_took_an_extract_is_known",
            ),
        ]
        triggers: ClassVar = [legal_changes("state", EXTRACT_TRANSITIONS)]

    def __str__(self) -> str:
        return f"extract {self.number} of project {self.project_id}"


class ExtractBundle(models.Model):
    """The sealed file, until somebody takes it. Nobody here can open it: it is sealed to its recipient."""

    extract = models.OneToOneField(Extract, on_delete=models.CASCADE, related_name="bundle")
    content = models.BinaryField()

    held = (Held("content", "to hand it to whoever it is sealed to", Basis.CONSENT, Retention.RESEARCH),)
    plain = ""

    class Meta:
        triggers: ClassVar = [pgtrigger.ReadOnly(name="a_sealed_file_never_changes")]

    def __str__(self) -> str:
        return f"sealed file of extract {self.extract_id}"


class ExtractMember(models.Model):
    """That somebody was in an extract. Under which name there is kept nowhere."""

    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="members")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="extracts")
    since = models.DateTimeField(default=timezone.now)

    held = (Held("since", "to tell the person which extracts they were in", Basis.LEGAL, Retention.AUDIT),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["extract", "participant"], name="each_person_is_in_an_extract_once"),
        ]
        triggers: ClassVar = [pgtrigger.ReadOnly(name="who_was_in_an_extract_never_changes")]

    def __str__(self) -> str:
        return f"participant {self.participant_id} in extract {self.extract_id}"


class ExtractCertificate(models.Model):
    """The end of a project: its recipient says that everything was destroyed. Its key is destroyed after that."""

    project = models.OneToOneField(ResearchProject, on_delete=models.PROTECT, related_name="certificate")
    reference = models.CharField(max_length=200)
    destroyed_on = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("at", TAKING, Basis.LEGAL, Retention.AUDIT),)
    plain = "reference destroyed_on"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reference=""), name="a_certificate_has_a_reference"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"certificate of project {self.project_id}"
