"""What a register reads along with each of its lines, so that thirty people cost no more queries than one.

Here: the parts of those queries. Not here: which lines there are, what is made of them (opening.py, which calls this).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, JSONObject

from classes.adherence import ATTENDED_STATES
from classes.models import Attendance, Mode, Rehearsal, SessionNote
from classes.models.register import AttendanceQuerySet
from participants.models import AccessNeed, Clearance, ConsentEvent, ConsentKind, Enrolment

CLEARANCE = ("state", "adaptations", "note", "valid_from", "valid_until")  # what a register needs of it


def read_along(line: str, shown: set[int]) -> dict[str, Any]:
    """What is read with each line: its mark, and of the classes `shown` what to know of the person. Of no others does
    health leave the database.
    """
    marks = Attendance.objects.filter(**{line: OuterRef("pk")}).order_by("-received_at", "-id")
    decided = Clearance.objects.filter(participant=OuterRef("participant")).order_by("-id")
    needs = AccessNeed.objects.filter(person=OuterRef("participant__person")).shared_with_instructors().order_by("pk")
    health = {
        "clearance": Subquery(decided.values(row=JSONObject(**{name: name for name in CLEARANCE}))[:1]),
        "needs": ArraySubquery(needs.values(row=JSONObject(kind="kind", detail="detail"))),
    }
    within = Q(session__in=shown) if shown else Q(pk__in=[])
    return {
        "mark_in_force": Subquery(marks.values(row=JSONObject(state="state", note="note", at="received_at"))[:1]),
        **{f"{name}_read": Case(When(within, then=read)) for name, read in health.items()},
        **_about_participant(),
    }


def _about_participant() -> dict[str, Any]:
    consents = ConsentEvent.objects.filter(
        participant=OuterRef("participant"), text__kind=ConsentKind.INSTRUCTORS
    ).order_by("-id")
    photos = ConsentEvent.objects.filter(participant=OuterRef("participant"), text__kind=ConsentKind.RECORDING)
    enrolments = Enrolment.objects.filter(participant=OuterRef("participant")).order_by("-starts_on")
    before = counted_before(OuterRef("session__starts_at"))
    online = before.filter(session__mode=Mode.REMOTE)
    rehearsals = Rehearsal.objects.filter(participant=OuterRef("participant")).order_by("-at", "-pk")
    of_kind = before.filter(session__class_type=OuterRef("session__class_type"))
    notes = SessionNote.objects.filter(participant=OuterRef("participant"))
    return {
        "noted": Exists(notes.filter(session=OuterRef("session"))),
        "noted_before": Exists(notes.filter(session__starts_at__lt=OuterRef("session__starts_at"))),
        "enrolled_from": Subquery(enrolments.values("starts_on")[:1]),
        "enrolled_until": Subquery(enrolments.values(until=Coalesce("ends_on", "closes_on"))[:1]),
        "may_be_recorded": Subquery(photos.order_by("-id").values("given")[:1]),
        "shares_facts": Subquery(consents.values("given")[:1]),
        "has_attended": Exists(before.filter(booking__participant=OuterRef("participant")))
        | Exists(before.filter(guest__participant=OuterRef("participant"))),
        "has_come_online": Exists(online.filter(booking__participant=OuterRef("participant")))
        | Exists(online.filter(guest__participant=OuterRef("participant"))),
        "last_rehearsal": Subquery(rehearsals.values("outcome")[:1]),
        "has_attended_this": Exists(of_kind.filter(booking__participant=OuterRef("participant")))
        | Exists(of_kind.filter(guest__participant=OuterRef("participant"))),
    }


def counted_before(start: datetime | OuterRef) -> AttendanceQuerySet:
    """Marks in force of earlier classes that count as attended; written so that it looks at one person's marks only."""
    later = Attendance.objects.filter(
        Q(booking=OuterRef("booking")) | Q(guest=OuterRef("guest")), received_at__gt=OuterRef("received_at")
    )
    earlier = Attendance.objects.filter(state__in=ATTENDED_STATES, session__starts_at__lt=start)
    return earlier.filter(~Exists(later))
