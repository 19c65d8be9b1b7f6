"""Somebody cannot lead a date, and others are asked to: who asked, who was told, who took it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Person
from accounts.privacy import Basis, Held, Retention
from accounts.tracking import Transitions, append_only, legal_changes, tracked
from classes.models.timetable import Session
from instructors.models import Instructor


class CoverState(models.TextChoices):
    OPEN = "open", "nobody has taken it yet"
    TAKEN = "taken", "taken"
    WITHDRAWN = "withdrawn", "no longer wanted"


COVER_TRANSITIONS: Transitions = {
    CoverState.OPEN: frozenset({CoverState.TAKEN, CoverState.WITHDRAWN}),
}


class CoverQuerySet(models.QuerySet["CoverRequest"]):
    def wanted(self) -> CoverQuerySet:
        return self.filter(state=CoverState.OPEN)

    def of(self, user: object) -> CoverQuerySet:
        """What `user` has asked for, as whichever instructor they are."""
        return self.filter(instructor__in=Instructor.objects.of(user))

    def put_to(self, user: object) -> CoverQuerySet:
        """Of the programmes in which `user` teaches, but for what they have asked for themselves."""
        own = Instructor.objects.of(user)
        return self.filter(session__programme__in=own.values("programme")).exclude(instructor__in=own)


@tracked()
class CoverRequest(models.Model):
    """Somebody is wanted to lead one date instead of `instructor`."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="cover_requests")
    instructor = models.ForeignKey(Instructor, on_delete=models.PROTECT, related_name="cover_requests")
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=CoverState.choices, default=CoverState.OPEN)
    taken_by = models.ForeignKey(Instructor, on_delete=models.PROTECT, null=True, blank=True, related_name="covers")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = CoverQuerySet.as_manager()

    held = (Held("reason asked_at state settled_at", "to find cover for a class", Basis.SERVICE, Retention.STAFF),)
    plain = ""
    transitions: ClassVar = {"state": COVER_TRANSITIONS}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=CoverState.values), name="cover_state_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="cover_is_asked_for_with_a_reason"),
            models.CheckConstraint(
                condition=Q(state="open", taken_by=None, settled_at=None)
                | Q(state="taken", taken_by__isnull=False, settled_at__isnull=False)
                | Q(state="withdrawn", taken_by=None, settled_at__isnull=False),
                name="cover_that_was_taken_says_by_whom_and_when",
            ),
            models.UniqueConstraint(
                fields=["session"], condition=Q(state="open"), name="one_open_cover_request_for_a_date"
            ),
        ]
        triggers: ClassVar = [legal_changes("state", COVER_TRANSITIONS)]

    def __str__(self) -> str:
        return f"cover for session {self.session_id}"


class CoverInvitation(models.Model):
    """That somebody was told that a date wants cover."""

    request = models.ForeignKey(CoverRequest, on_delete=models.CASCADE, related_name="invitations")
    instructor = models.ForeignKey(Instructor, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    held = (Held("at", "to know who was asked to cover", Basis.SERVICE, Retention.STAFF),)
    plain = ""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "instructor"], name="each_is_asked_once_to_cover"),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"instructor {self.instructor_id} asked about cover {self.request_id}"
