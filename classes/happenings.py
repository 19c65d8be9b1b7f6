"""What happened to somebody's places, marks and same-day checks, in the shape of accounts/happenings.py.

Called by the desk's timeline (frontend). `row` is the class. That a check was answered, a talk and how it went noted,
never what was said or what it came to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Case, DateTimeField, F, Q, When

from accounts.happenings import Rows, in_history, only_changes_of, person, told
from classes.models import Attendance, Booking, Session, SessionNote, SymptomCheck, SymptomTalk
from participants.models import Participant

PLACE, MARK, CHECK, TALK, NOTE = "place", "mark", "check", "talk", "note"
OF_A_CLASS = (PLACE, MARK, CHECK, TALK, NOTE)


def happenings_of(participant: Participant) -> list[Rows]:
    places = only_changes_of("state", in_history(Booking).filter(participant_id=participant.pk))
    began_or_ended = Case(  # by the booking's own times, and by history only for what comes between
        When(pgh_label="insert", then=F("joined_at")),
        When(ended_at__isnull=False, then=F("ended_at")),
        default=F("pgh_created_at"),
        output_field=DateTimeField(),
    )
    marks = Attendance.objects.filter(Q(booking__participant=participant) | Q(guest__participant=participant))
    checks = SymptomCheck.objects.filter(participant=participant)
    talks = SymptomTalk.objects.filter(check_of__participant=participant)
    notes = SessionNote.objects.filter(participant=participant)
    return [
        told(
            places,
            at=began_or_ended,
            what=PLACE,
            detail=F("state"),
            more=F("end_reason"),
            row="session_id",
            by=F("actor"),
            behalf=F("for_whom"),
        ),
        told(marks, at="received_at", what=MARK, detail=F("state"), row="session_id", by=person("by_id")),
        told(checks, at="answered_at", what=CHECK, detail=F("mode"), row="session_id", by=person("by_id")),
        told(talks, at="at", what=TALK, row="check_of__session_id", by=person("by_id")),
        told(notes, at="at", what=NOTE, row="session_id", by=person("by_id")),
    ]


def classes_by_key(keys: Collection[int]) -> Mapping[int, Session]:
    """The classes that a timeline names, in one query; for a caller who may see whose timeline it is."""
    return Session.objects.select_related("class_type").in_bulk(keys)


def last_change_of(booking: Booking) -> tuple[str, str, datetime]:
    """What the booking last became, who made it so ("person:7", "system:worker"), and when."""
    rows = only_changes_of("state", in_history(Booking).filter(pgh_obj_id=booking.pk)).order_by("-pgh_id")
    state, by, at = rows.values_list("state", "actor", "pgh_created_at")[0]
    return state, by, at
