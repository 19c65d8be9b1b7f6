"""What erasing somebody would do, before anybody does it: what goes, what stays, and what stands against it.

Here: reading, and the fingerprint by which a change since then is found. Changes nothing. Not here: the refusals in
order (asking.py), the words (frontend).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from accounts.models import Membership, Person, Programme
from accounts.permissions import Role
from classes.incidents import review_tasks_of
from classes.models import Attendance, Booking, Concern, Incident
from classes.models.booking import LIVE_STATES
from instructors.models import Instructor
from participants.models import Participant, ParticipantStatus, Supporter, SupporterStatus
from records.reach import history_rows_of, rows_of
from records.tables import TABLES

# What grows while somebody looks, signs in or is sent a code: it says nothing of the record.
PASSING: Final = frozenset(
    {
        "accounts.AccessLog",
        "accounts.BrowserSession",
        "accounts.User",
        "messaging.Bounce",
        "messaging.Call",
        "messaging.CallEnd",
        "messaging.Message",
        "messaging.MessageStep",
        "messaging.Task",
        "messaging.TaskAttempt",
        "records.ErasureRequest",
        "records.RecordCopy",
    }
)
STAFF: Final = frozenset(Role) - {Role.PARTICIPANT, Role.SUPPORTER}


@dataclass(frozen=True)
class Preview:
    """`ahead`: places and waits that are given back. `kept_*`: what stays without saying who it was."""

    ahead: int
    helpers: int
    helps: int
    signs_in: bool
    kept_marks: int
    kept_incidents: int
    fingerprint: str


def preview(person: Person) -> Preview:
    """As things stand at this moment."""
    ties = Supporter.objects.exclude(status=SupporterStatus.ENDED)
    return Preview(
        ahead=places_ahead(person).count(),
        helpers=ties.filter(participant__person=person).count(),
        helps=ties.filter(person=person).count(),
        signs_in=hasattr(person, "user"),
        kept_marks=Attendance.objects.filter(booking__participant__person=person).count(),
        kept_incidents=Incident.objects.filter(participant__person=person).count(),
        fingerprint=fingerprint(person),
    )


def places_ahead(person: Person) -> QuerySet[Booking]:
    live = Booking.objects.filter(participant__person=person, state__in=LIVE_STATES)
    return live.filter(session__ends_at__gt=timezone.now())


def fingerprint(person: Person) -> str:
    """Other after whatever is added to the record, taken out of it, or written into its history."""
    counted = [(table.label, *_state(rows_of(table, person), "pk")) for table in TABLES if table.ways]
    told = [
        (table.label, *_state(history, "pgh_id"))
        for table in TABLES
        if table.ways and (history := history_rows_of(table, person)) is not None
    ]
    said = [one for one in counted + told if one[0] not in PASSING]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _state(rows: QuerySet[Any], key: str) -> tuple[int, str]:
    if rows.model._meta.pk is not None and rows.model._meta.pk.get_internal_type() == "UUIDField":
        return rows.count(), ""
    found = rows.order_by().aggregate(number=Count("*"), last=Max(key))
    return found["number"], str(found["last"])


def something_is_open(person: Person) -> bool:
    """An incident that is still looked into, or a concern that is not closed: nobody is told which."""
    incidents = Incident.objects.filter(participant__person=person)
    concerns = Concern.objects.filter(participant__person=person).with_state()
    return bool(review_tasks_of(incidents)) or concerns.filter(closed=False).exists()  # type: ignore[misc]  # annotated


def works_here(person: Person) -> bool:
    """Whoever teaches, works at the desk or reads for a partner, or did: their work record is kept by other rules."""
    roles = Membership.objects.filter(user__person=person, role__in=STAFF)
    return roles.exists() or Instructor.objects.filter(person=person).exists()


def parts_of(person: Person) -> QuerySet[Participant]:
    return Participant.objects.filter(person=person).select_related("programme", "person").order_by("pk")


def parts_going_on(person: Person) -> QuerySet[Participant]:
    return parts_of(person).filter(status__in=(ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED))


def programme_of(person: Person) -> Programme | None:
    """In whose name they are written to: where they take part, or where they help."""
    part = parts_of(person).last()
    if part is not None:
        return part.programme
    tie = Supporter.objects.filter(person=person).select_related("participant__programme").order_by("pk").last()
    return tie.participant.programme if tie is not None else None
