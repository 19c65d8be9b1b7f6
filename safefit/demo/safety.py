"""What went wrong in classes of the demonstration: a near miss that was looked into, an incident that is open, and a
safeguarding concern.

Done by the product's own actions, as if people had done it today. Every word is made up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import uuid4

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Person, User
from classes.incident_rules import Harm, IncidentKind
from classes.incidents import NewIncident, add_to_incident, report_incident, review_incident
from classes.models import Attendance, AttendanceState, Mode, Session, SessionStatus
from classes.safeguarding import raise_concern

ATTENDED = AttendanceState.ATTENDED


def report_what_went_wrong(staff: Mapping[str, User]) -> None:
    """In the last two classes in a hall to which somebody came."""
    over = Session.objects.filter(mode=Mode.IN_PERSON, status=SessionStatus.PUBLISHED, ends_at__lt=timezone.now())
    attended = Exists(Attendance.objects.filter(session=OuterRef("pk"), booking__isnull=False, state=ATTENDED))
    classes = list(over.filter(attended).select_related("programme", "class_type").order_by("-ends_at", "pk")[:2])
    if len(classes) < 2:
        return  # a copy with a handful of people has none yet
    latest, earlier = classes
    _near_miss(earlier, staff)
    _fall(latest)


def _near_miss(session: Session, staff: Mapping[str, User]) -> None:
    report = NewIncident(
        id=uuid4(),
        kind=IncidentKind.NEAR_MISS,
        harm=Harm.NONE,
        happened_at=session.starts_at + dt.timedelta(minutes=10),
        what_happened="The floor by the side door was wet, and two chairs slid. Nobody sat on them.",
        what_was_done="We dried the floor and moved the chairs to the other wall.",
        called_999=False,
    )
    incident = report_incident(session=session, report=report, by=_leader(session))
    found = "The caretaker mops before nine from now on, and a mat lies inside the door."
    review_incident(incident=incident, outcome="changed", learned=found, by=staff["dot"].person)


def _fall(session: Session) -> None:
    came = session.bookings.filter(attendances__state=ATTENDED).order_by("pk")[0]
    report = NewIncident(
        id=uuid4(),
        kind=IncidentKind.INCIDENT,
        harm=Harm.LOW,
        happened_at=session.ends_at - dt.timedelta(minutes=10),
        what_happened="Caught a foot on a mat during the last walk round the hall and went down on one knee.",
        what_was_done="Sat down with water and a cold pack. Walked to the car without help.",
        called_999=False,
        booking_id=came.pk,
    )
    leader = _leader(session)
    incident = report_incident(session=session, report=report, by=leader)
    add_to_incident(incident=incident, id=uuid4(), words="Rang in the evening: a bruise, no more.", by=leader)
    raise_concern(
        programme=session.programme,
        participant=came.participant,
        session=session,
        words="Asked twice not to be driven home by the neighbour, and did not want to say why.",
        in_danger=False,
        names=(),
        id=uuid4(),
        by=leader,
    )


def _leader(session: Session) -> Person:
    leader: Person = session.leaders.select_related("instructor__person").order_by("pk")[0].instructor.person
    return leader
