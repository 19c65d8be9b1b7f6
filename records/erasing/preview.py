"""What erasing somebody would do, before anybody does it: what goes, what stays, and what stands against it.

Here: reading, and the fingerprint by which a change since then is found. Changes nothing. Not here: the refusals in
order (asking.py), the words (frontend).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.db.models import BigIntegerField, F, QuerySet
from django.utils import timezone

from accounts.models import Membership, Person
from accounts.permissions import Role
from accounts.prepared import Given, ask, written
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
    return hashlib.sha256(repr(ask(_all_that_is_there(), {"person": person.pk})).encode()).hexdigest()


@cache
def _all_that_is_there() -> str:
    """How many rows each table and its history hold, and which came last; written once, for it reads every table."""
    whose = Given("person", BigIntegerField())
    read = [table for table in TABLES if table.ways and table.label not in PASSING]
    rows = [rows_of(table, whose).order_by().values(own_key=F("pk")) for table in read]
    told = [history_rows_of(table, whose) for table in read]
    parts = rows + [history.order_by().values(own_key=F("pgh_id")) for history in told if history is not None]
    counts = [
        f"SELECT {place}, count(*), {_last(part)} FROM ({written(part)}) r"  # noqa: S608  nothing of it comes from outside
        for place, part in enumerate(parts)
    ]
    return " UNION ALL ".join(counts) + " ORDER BY 1"


def _last(rows: QuerySet[Any]) -> str:
    """A key that is drawn by lot says nothing of the order."""
    drawn = rows.model._meta.pk is not None and rows.model._meta.pk.get_internal_type() == "UUIDField"
    return "''" if drawn else "max(r.own_key)::text"


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
