"""Open a register: everybody expected and what to know of them, in a fixed number of queries.

What is shown, to people who lead the class, within the window (window.py):

* Adaptations, that somebody is not cleared, and where their same-day check stands: always. Without them the class
  would not be safe, and they name no illness.
* Access needs: those the person chose to share with instructors.
* Emergency contact: always, for emergencies; at the first class with a word to ask whether it is right.
* The note on how to adapt, which is in somebody's own words, and what a "talk first"
  is about: only when the person agreed to share health facts with instructors.
  Otherwise `ask_first` says to ask.

A diagnosis, a treatment and answers to health questions: never. Outside the
window: names and marks. Every opening is logged for everybody on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.history import log_reads
from accounts.models import Person
from classes.adherence import ATTENDED_STATES
from classes.judging.judgement import reasons_to_refuse
from classes.models import (
    Attendance,
    Booking,
    BookingState,
    Guest,
    Session,
    SymptomCheck,
    SymptomTalk,
    TalkOutcome,
)
from classes.models.booking import NOT_WELL_TODAY
from classes.models.register import AttendanceQuerySet
from classes.readiness import Readiness, TodaysCheck, said_yes_to, todays_checks
from classes.register.window import Window
from participants.emergency import confirmed_since, due_for_review
from participants.models import AccessNeed, Clearance, ConsentEvent, ConsentKind, Enrolment, Participant
from participants.standing import Standing, standing_from

PURPOSE = "register"
FACTS, NAMES = "register with health facts", "register with names only"


@dataclass(frozen=True)
class Need:
    """One access need: its code, and what the person added."""

    kind: str
    detail: str


@dataclass(frozen=True)
class EmergencyContact:
    name: str
    relationship: str
    phone: str


@dataclass(frozen=True)
class Mark:
    """The mark in force."""

    state: str
    note: str
    at: datetime


@dataclass(frozen=True)
class Facts:
    """What to know before somebody exercises.

    `cleared`: nothing speaks against this class for them as things stand now, by the rule that booking asks.
    `confirm_contact`: their first class, and nobody has said since the register showed it that the contact is right.
    `ask_first`: no consent to share health facts. `talk_about`: what a check that asks for a talk was about,
    in short words.
    """

    adaptations: tuple[str, ...]
    note: str
    needs: tuple[Need, ...]
    emergency: EmergencyContact | None
    confirm_contact: bool
    cleared: bool
    ask_first: bool
    check: TodaysCheck
    talk_about: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One line of the register: of a booking, or of a guest. `facts` is None outside the window, or for a bare name."""

    booking_id: int | None
    guest_id: int | None
    participant_id: int | None
    name: str
    first_name: str
    reference: str
    with_companion: bool
    first_class: bool
    said_coming: bool
    facts: Facts | None
    mark: Mark | None

    @property
    def key(self) -> str:
        """Names the line within its register: "b12" or "g3"."""
        return f"b{self.booking_id}" if self.booking_id is not None else f"g{self.guest_id}"

    @property
    def is_stopped(self) -> bool:
        """Whether the same-day check says that they do not exercise: there is nothing to mark."""
        return self.facts is not None and self.facts.check.readiness is Readiness.STOPPED


@dataclass(frozen=True)
class Register:
    """A register as it stood when it was opened, in alphabetical order of first names."""

    session: Session
    window: Window
    opened_at: datetime
    entries: tuple[Entry, ...]

    @property
    def shows_facts(self) -> bool:
        return self.window.shows_facts(self.opened_at)

    @property
    def unmarked(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.mark is None and not entry.is_stopped)

    def entry(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True)
class _Known:
    """What the second round of queries found, by participant or person."""

    clearances: dict[int, Clearance]
    needs: dict[int, list[Need]]
    marks: dict[str, Mark]
    checks: dict[int, TodaysCheck]
    talk_about: dict[int, tuple[str, ...]]


def open_register(*, session: Session, by: Person) -> Register:
    """The register of `session` as `by` may see it now. Ten queries at most, however many people.

    The caller has found `session` among the classes `by` leads. Who is on it: everybody
    with a place, everybody who has a mark, guests, and within the window those whose place
    the same-day check has ended, so that nobody is let in who comes all the same.
    """
    now = timezone.now()
    window = Window(session.starts_at, session.ends_at)
    shows_facts = window.shows_facts(now)
    rows: list[Booking | Guest] = [*_bookings(session, stopped=shows_facts), *_guests(session)]
    people = [row.participant for row in rows if row.participant is not None]
    known = _read(session, people, facts=shows_facts)
    entries = tuple(sorted((_entry(row, known, session, shows_facts) for row in rows), key=_by_name))
    log_reads(targets=[p.person for p in people], purpose=PURPOSE, what=FACTS if shows_facts else NAMES, by=by)
    return Register(session, window, now, entries)


def _bookings(session: Session, *, stopped: bool) -> Iterable[Booking]:
    marked = Attendance.objects.filter(session=session, booking__isnull=False).values("booking")
    shown = Q(state=BookingState.BOOKED) | Q(pk__in=marked)
    if stopped:
        talks = SymptomTalk.objects.filter(check_of__session=session, outcome=TalkOutcome.NOT_TODAY)
        shown |= Q(end_reason=NOT_WELL_TODAY) | Q(pk__in=talks.values("check_of__booking"))
    expected = Booking.objects.filter(shown, session=session)
    return expected.select_related("participant__person").annotate(**_about_participant(session))


def _guests(session: Session) -> Iterable[Guest]:
    there = Guest.objects.filter(session=session)
    return there.select_related("participant__person").annotate(**_about_participant(session))


def _about_participant(session: Session) -> dict[str, Any]:
    consents = ConsentEvent.objects.filter(
        participant=OuterRef("participant"), text__kind=ConsentKind.INSTRUCTORS
    ).order_by("-id")
    enrolments = Enrolment.objects.filter(participant=OuterRef("participant")).order_by("-starts_on")
    before = _counted_before(session)
    return {
        "enrolled_from": Subquery(enrolments.values("starts_on")[:1]),
        "enrolled_until": Subquery(enrolments.values("ends_on")[:1]),
        "shares_facts": Subquery(consents.values("given")[:1]),
        "has_attended": Exists(before.filter(booking__participant=OuterRef("participant")))
        | Exists(before.filter(guest__participant=OuterRef("participant"))),
    }


def _counted_before(session: Session) -> AttendanceQuerySet:
    """Marks in force of earlier classes that count as attended; written so that it looks at one person's marks only."""
    later = Attendance.objects.filter(
        Q(booking=OuterRef("booking")) | Q(guest=OuterRef("guest")), received_at__gt=OuterRef("received_at")
    )
    earlier = Attendance.objects.filter(state__in=ATTENDED_STATES, session__starts_at__lt=session.starts_at)
    return earlier.filter(~Exists(later))


def _read(session: Session, people: list[Participant], *, facts: bool) -> _Known:
    """Five queries at most. Outside the window nothing about anybody's health leaves the database."""
    shown = people if facts else []
    clearances = Clearance.objects.filter(participant__in=shown).in_force()
    needs: dict[int, list[Need]] = defaultdict(list)
    for need in AccessNeed.objects.filter(person__in=[p.person_id for p in shown]).shared_with_instructors():
        needs[need.person_id].append(Need(need.kind, need.detail))
    marks = {
        f"b{a.booking_id}" if a.booking_id else f"g{a.guest_id}": Mark(a.state, a.note, a.received_at)
        for a in Attendance.objects.filter(session=session).in_force()
    }
    checks = todays_checks(session, shown)
    return _Known({c.participant_id: c for c in clearances}, needs, marks, checks, _talk_about(checks))


def _talk_about(checks: dict[int, TodaysCheck]) -> dict[int, tuple[str, ...]]:
    asking = [c.check_id for c in checks.values() if c.check_id and c.readiness is Readiness.TALK_FIRST]
    rows = SymptomCheck.objects.filter(pk__in=asking)
    said = said_yes_to(rows)
    return {check.participant_id: said[check.pk] for check in rows}


def _entry(row: Booking | Guest, known: _Known, session: Session, shows_facts: bool) -> Entry:
    is_booking, participant = isinstance(row, Booking), row.participant
    key = f"b{row.pk}" if is_booking else f"g{row.pk}"
    return Entry(
        booking_id=row.pk if is_booking else None,
        guest_id=None if is_booking else row.pk,
        participant_id=row.participant_id,
        name=participant.person.full_name if participant else getattr(row, "name", ""),
        first_name=participant.person.first_name if participant else getattr(row, "name", ""),
        reference=participant.reference if participant else "",
        with_companion=getattr(row, "party", 1) > 1,
        first_class=participant is not None and not getattr(row, "has_attended", False),
        said_coming=getattr(row, "said_coming_at", None) is not None,
        facts=_facts(row, participant, known, session) if participant and shows_facts else None,
        mark=known.marks.get(key),
    )


def _facts(row: Booking | Guest, participant: Participant, known: _Known, session: Session) -> Facts:
    clearance = known.clearances.get(participant.pk)
    shares = bool(getattr(row, "shares_facts", False))
    return Facts(
        adaptations=tuple(sorted(clearance.adaptations)) if clearance else (),
        note=clearance.note if clearance and shares else "",
        needs=tuple(known.needs.get(participant.person_id, [])),
        emergency=_emergency(participant),
        confirm_contact=not getattr(row, "has_attended", False)
        and not confirmed_since(participant, _facts_from(session)),
        cleared=not reasons_to_refuse(_standing(row, participant, clearance), session),
        ask_first=not shares,
        check=known.checks[participant.pk],
        talk_about=known.talk_about.get(participant.pk, ()) if shares else (),
    )


def asks_whom_to_call(session: Session, participant: Participant) -> bool:
    """Whether somebody who is about to join is asked if their contact is right: at their first class, and when due."""
    if confirmed_since(participant, _facts_from(session)):
        return False
    before = _counted_before(session)
    return due_for_review(participant) or not (
        before.filter(Q(booking__participant=participant) | Q(guest__participant=participant)).exists()
    )


def _facts_from(session: Session) -> datetime:
    return Window(session.starts_at, session.ends_at).facts_from


def _standing(row: Booking | Guest, participant: Participant, clearance: Clearance | None) -> Standing:
    """What booking judges, from the rows that were read: the register asks the same rule, at this moment."""
    return standing_from(
        participant,
        clearance=clearance,
        enrolled_from=getattr(row, "enrolled_from", None),
        enrolled_until=getattr(row, "enrolled_until", None),
    )


def _emergency(participant: Participant) -> EmergencyContact | None:
    if not participant.emergency_phone:
        return None
    return EmergencyContact(
        participant.emergency_name, participant.emergency_relationship, str(participant.emergency_phone)
    )


def _by_name(entry: Entry) -> tuple[str, str]:
    return (entry.first_name.casefold(), entry.key)
