"""What a telephone kept besides marks while there was no signal: who was at the door, a check, a report, a note.

Here: what becomes of each, the gravest first. Not here: what each of them does (symptom_check.py, incidents.py,
register/walk_ins.py, register/notes.py), marks (register/kept_marks.py), how a telephone keeps and seals them
(frontend). Called by the page behind the offline register.

Nothing is lost: what cannot be recorded is a task for the desk, at once where somebody may need help. Each comes in a
transaction of its own, with an id made where it was written: sending it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from accounts.permissions import Permission
from classes.incident_rules import IncidentKind, fits
from classes.incidents import NewIncident, NotThisPerson, report_incident
from classes.judging.refusals import Refusal, TryAgain
from classes.models import Booking, Guest, Incident, Session
from classes.register import (
    Fate,
    KeptMark,
    NewNote,
    NewWalkIn,
    Sent,
    add_kept_note,
    add_walk_in,
    classes_of,
    take_kept_marks,
)
from classes.same_day.symptom_content import symptom_questions
from classes.same_day.symptoms import NotAnAnswer, Unanswered, worst_so_far
from classes.symptom_check import answer_kept_check
from messaging.alerts import tell_on_call
from messaging.worklist import raise_task

TASK_NOT_TAKEN = "kept_not_taken"  # its subject is the class
LONGEST_BEFORE = timedelta(hours=12)  # a report from before the class is about the way in, and not about last week
CHECK, REPORT, WALK_IN, NOTE = "check", "report", "walk_in", "note"  # what it was, in the task
NOT_LISTED = "About somebody who is not on the register any more.\n"


@dataclass(frozen=True)
class KeptWalkIn:
    session_id: int
    walk_in: NewWalkIn

    @property
    def id(self) -> UUID:
        return self.walk_in.id


@dataclass(frozen=True)
class KeptCheck:
    """Answers as they were given, to the questions of `version`. Of booking and guest exactly one."""

    session_id: int
    id: UUID
    asked_at: datetime
    version: str
    answers: Mapping[str, object]
    booking_id: int | None = None
    guest_id: int | None = None


@dataclass(frozen=True)
class KeptIncident:
    session_id: int
    report: NewIncident

    @property
    def id(self) -> UUID:
        return self.report.id


@dataclass(frozen=True)
class KeptNote:
    """How it went for one line of the register. Of booking and guest exactly one."""

    session_id: int
    note: NewNote
    booking_id: int | None = None
    guest_id: int | None = None

    @property
    def id(self) -> UUID:
        return self.note.id


Apart = KeptIncident | KeptCheck | KeptWalkIn | KeptNote
Kept = KeptMark | Apart
_KINDS: dict[type[Kept], str] = {KeptIncident: REPORT, KeptCheck: CHECK, KeptWalkIn: WALK_IN, KeptNote: NOTE}


def take_kept(*, kept: Sequence[Kept], by: Person) -> tuple[Sent, ...]:
    """What became of each. Reports come first, then checks, whoever came, notes, marks: by how long each can wait."""
    led, leads = classes_of(by, {one.session_id for one in kept})
    told = [
        Sent(
            one.id,
            _take(one, led[one.session_id], one.session_id in leads, by) if one.session_id in led else Fate.NOT_YOURS,
        )
        for kind in _KINDS
        for one in kept
        if isinstance(one, kind) and not isinstance(one, KeptMark)
    ]
    marks = [one for one in kept if isinstance(one, KeptMark)]
    return (*told, *take_kept_marks(marks=marks, by=by))


def _take(one: Apart, session: Session, leads: bool, by: Person) -> Fate:
    """Whoever led the class and `leads` it no more says who came, and reads nothing of them."""
    try:
        if isinstance(one, KeptIncident):
            _report(session, one.report, by)
        elif isinstance(one, KeptCheck):
            _check(session, one, by)
        elif isinstance(one, KeptNote):
            _note(session, one, by)
        else:
            add_walk_in(session=session, walk_in=one.walk_in, by_name_alone=not leads, by=by)
    except TryAgain:
        return Fate.NOT_YET
    except (Refusal, NotAnAnswer, Unanswered):
        _ask_desk(session, one, by)
        return Fate.WITH_DESK
    return Fate.KEPT


def _report(session: Session, report: NewIncident, by: Person) -> None:
    """A report is never refused for how it was written where nobody could say so: it is put right instead."""
    if Incident.objects.filter(pk=report.id, session=session, reported_by=by).exists():
        return  # the answer was lost; what was put right by the clock must not make two of it
    earliest = session.starts_at - LONGEST_BEFORE
    when = max(min(report.happened_at, timezone.now()), earliest)
    kind = report.kind if fits(report.kind, report.harm) else IncidentKind.INCIDENT
    report = replace(report, happened_at=when, kind=kind)
    try:
        report_incident(session=session, report=report, by=by)
    except NotThisPerson:
        words = f"{NOT_LISTED}{report.what_happened}"
        nobody = replace(report, booking_id=None, guest_id=None, what_happened=words)
        report_incident(session=session, report=nobody, by=by)


def _note(session: Session, kept: KeptNote, by: Person) -> None:
    """Of a line that is only a name there is no record to note anything in, and nobody writes about themselves."""
    participant = _place(session, kept).participant
    if participant is None or participant.person_id == by.pk:
        raise NotThisPerson
    add_kept_note(session=session, participant=participant, note=kept.note, by=by)


def _check(session: Session, check: KeptCheck, by: Person) -> None:
    answer_kept_check(
        place=_place(session, check),
        answers=check.answers,
        version=check.version,
        asked_at=check.asked_at,
        client_id=check.id,
        by=by,
    )


def _place(session: Session, kept: KeptCheck | KeptNote) -> Booking | Guest:
    """The line that it is about, whatever has become of its place. Raises NotThisPerson."""
    place = _line(session, kept.booking_id, kept.guest_id)
    if place is None:
        raise NotThisPerson
    place.session = session
    return place


def _line(session: Session, booking_id: int | None, guest_id: int | None) -> Booking | Guest | None:
    rows = session.bookings if booking_id else session.guests
    read: Booking | Guest | None = (
        rows.select_related("participant__person", "participant__programme")
        .filter(pk=booking_id or guest_id or 0)
        .first()
    )
    return read


def _person_of(session: Session, one: Apart) -> Person | None:
    """Whom it is about, as far as it names a line of this class and somebody has said who that is."""
    if isinstance(one, KeptWalkIn):
        return None
    named = one.report if isinstance(one, KeptIncident) else one
    place = _line(session, named.booking_id, named.guest_id)
    return place.participant.person if place and place.participant else None


def _cannot_wait(one: Apart) -> bool:
    """Whether somebody may need help: then whoever is on call is told."""
    if not isinstance(one, KeptCheck):
        return isinstance(one, KeptIncident)
    try:
        return worst_so_far(symptom_questions(one.version), one.answers).is_stop
    except KeyError:
        return True  # nobody knows what was asked


def _ask_desk(session: Session, one: Apart, by: Person) -> None:
    urgent = _cannot_wait(one)
    with acting(by, "classes.take_kept"):
        task = raise_task(
            programme=session.programme,
            kind=TASK_NOT_TAKEN,
            due_at=timezone.now() + (timedelta(0) if urgent else timedelta(days=1)),
            about=_person_of(session, one),
            context={"kept": _KINDS[type(one)]},
            subject_id=session.pk,
            dedupe_key=f"{TASK_NOT_TAKEN}:{one.id}",
            urgent_for=Permission.WORK_AT_DESK if urgent else None,
            by=by,
        )
        if urgent:
            tell_on_call(task=task, by=by)
