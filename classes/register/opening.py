"""Open registers: everybody expected and what to know of them, in a fixed number of queries for one class or several.

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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
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
    Mode,
    Rehearsal,
    Session,
    SymptomCheck,
    SymptomTalk,
    TalkOutcome,
)
from classes.models.booking import NOT_WELL_TODAY
from classes.models.register import AttendanceQuerySet
from classes.readiness import Readiness, TodaysCheck, checks_for, said_yes_to
from classes.register.window import Window
from participants.emergency import confirmed_since, due_for_review
from participants.models import AccessNeed, Clearance, ConsentEvent, ConsentKind, Enrolment, Participant
from participants.standing import Standing, standing_from

PURPOSE = "register"
FACTS, NAMES = "register with health facts", "register with names only"
SAVED = ", saved for offline"  # on the telephone of whoever leads the class


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
    """One line of the register: of a booking, or of a guest. `facts` is None outside the window, or for a bare name.

    `first_class`: they have not come to any class before; `first_of_kind`: to none of this kind, but to others.
    `rehearsed`: of whoever has never come to a class online, for one: how their last try went, "" where there was none.
    """

    booking_id: int | None
    guest_id: int | None
    participant_id: int | None
    name: str
    first_name: str
    reference: str
    with_companion: bool
    first_class: bool
    first_of_kind: bool
    rehearsed: str | None
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
    """What the second round of queries found: by participant, by person, by line, and by class and participant."""

    clearances: dict[int, Clearance]
    needs: dict[int, list[Need]]
    marks: dict[str, Mark]
    checks: dict[tuple[int, int], TodaysCheck]
    talk_about: dict[int, tuple[str, ...]]


def open_register(*, session: Session, by: Person) -> Register:
    """The register of `session` as `by` may see it now. Ten queries at most, however many people.

    The caller has found `session` among the classes `by` leads. Who is on it: everybody
    with a place, everybody who has a mark, guests, and within the window those whose place
    the same-day check has ended, so that nobody is let in who comes all the same.
    """
    (register,) = open_registers(sessions=[session], by=by)
    return register


def open_registers(*, sessions: Sequence[Session], by: Person, to_keep: bool = False) -> tuple[Register, ...]:
    """The same for several classes at once, in as many queries and in their order. `to_keep`: for a telephone that
    keeps them for a hall without signal; the log says so.
    """
    now = timezone.now()
    windows = {session.pk: Window(session.starts_at, session.ends_at) for session in sessions}
    shown = {pk for pk, window in windows.items() if window.shows_facts(now)}
    rows: list[Booking | Guest] = [
        *bookings_on_register(sessions, shown).annotate(**_about_participant()),
        *_guests(sessions),
    ]
    given = {session.pk: session for session in sessions}
    for row in rows:
        row.session = given[row.session_id]  # with what was read along with it
    known = _read(sessions, [row for row in rows if row.session_id in shown])
    lines: dict[int, list[Entry]] = defaultdict(list)
    for row in rows:
        lines[row.session_id].append(_entry(row, known, shown))
    _log(rows, shown, SAVED if to_keep else "", by)
    return tuple(
        Register(session, windows[session.pk], now, tuple(sorted(lines[session.pk], key=_by_name)))
        for session in sessions
    )


def _log(rows: Iterable[Booking | Guest], shown: set[int], saved: str, by: Person) -> None:
    for what, facts in ((FACTS, True), (NAMES, False)):
        read = [row.participant.person for row in rows if row.participant and (row.session_id in shown) is facts]
        if read:
            log_reads(targets=read, purpose=PURPOSE, what=f"{what}{saved}", by=by)


def bookings_on_register(sessions: Sequence[Session], shown: set[int]) -> QuerySet[Booking]:
    """Who has a place or a mark; of the classes `shown`, also whose place the same-day check has ended."""
    of_these = Q(session__in=[session.pk for session in sessions])
    marked = Attendance.objects.filter(of_these, booking__isnull=False).values("booking")
    expected = Q(state=BookingState.BOOKED) | Q(pk__in=marked)
    if shown:
        talks = SymptomTalk.objects.filter(check_of__session__in=shown, outcome=TalkOutcome.NOT_TODAY)
        stopped = Q(end_reason=NOT_WELL_TODAY) | Q(pk__in=talks.values("check_of__booking"))
        expected |= stopped & Q(session__in=shown)
    return Booking.objects.filter(expected, of_these).select_related("participant__person")


def _guests(sessions: Sequence[Session]) -> Iterable[Guest]:
    there = Guest.objects.filter(session__in=[session.pk for session in sessions])
    return there.select_related("participant__person").annotate(**_about_participant())


def _about_participant() -> dict[str, Any]:
    consents = ConsentEvent.objects.filter(
        participant=OuterRef("participant"), text__kind=ConsentKind.INSTRUCTORS
    ).order_by("-id")
    enrolments = Enrolment.objects.filter(participant=OuterRef("participant")).order_by("-starts_on")
    before = _counted_before(OuterRef("session__starts_at"))
    online = before.filter(session__mode=Mode.REMOTE)
    rehearsals = Rehearsal.objects.filter(participant=OuterRef("participant")).order_by("-at", "-pk")
    of_kind = before.filter(session__class_type=OuterRef("session__class_type"))
    return {
        "enrolled_from": Subquery(enrolments.values("starts_on")[:1]),
        "enrolled_until": Subquery(enrolments.values("ends_on")[:1]),
        "shares_facts": Subquery(consents.values("given")[:1]),
        "has_attended": Exists(before.filter(booking__participant=OuterRef("participant")))
        | Exists(before.filter(guest__participant=OuterRef("participant"))),
        "has_come_online": Exists(online.filter(booking__participant=OuterRef("participant")))
        | Exists(online.filter(guest__participant=OuterRef("participant"))),
        "last_rehearsal": Subquery(rehearsals.values("outcome")[:1]),
        "has_attended_this": Exists(of_kind.filter(booking__participant=OuterRef("participant")))
        | Exists(of_kind.filter(guest__participant=OuterRef("participant"))),
    }


def newcomers_to(sessions: Iterable[Session]) -> dict[int, int]:
    """By key of the class, how many of those with a place have not come to any class before. One query."""
    before = _counted_before(OuterRef("session__starts_at"))
    booked = Booking.objects.filter(session__in=list(sessions), state=BookingState.BOOKED)
    new = booked.filter(
        ~Exists(before.filter(booking__participant=OuterRef("participant"))),
        ~Exists(before.filter(guest__participant=OuterRef("participant"))),
    )
    return dict(new.order_by().values_list("session").annotate(Count("pk")))


def _counted_before(start: datetime | OuterRef) -> AttendanceQuerySet:
    """Marks in force of earlier classes that count as attended; written so that it looks at one person's marks only."""
    later = Attendance.objects.filter(
        Q(booking=OuterRef("booking")) | Q(guest=OuterRef("guest")), received_at__gt=OuterRef("received_at")
    )
    earlier = Attendance.objects.filter(state__in=ATTENDED_STATES, session__starts_at__lt=start)
    return earlier.filter(~Exists(later))


def _read(sessions: Sequence[Session], rows: list[Booking | Guest]) -> _Known:
    """Five queries at most. `rows` are those within the window: of no others does health leave the database."""
    known = [(row.session, row.participant) for row in rows if row.participant is not None]
    people = [participant for _, participant in known]
    clearances = Clearance.objects.filter(participant__in=people).in_force()
    needs: dict[int, list[Need]] = defaultdict(list)
    for need in AccessNeed.objects.filter(person__in=[p.person_id for p in people]).shared_with_instructors():
        needs[need.person_id].append(Need(need.kind, need.detail))
    marks = {
        f"b{a.booking_id}" if a.booking_id else f"g{a.guest_id}": Mark(a.state, a.note, a.received_at)
        for a in Attendance.objects.filter(session__in=[session.pk for session in sessions]).in_force()
    }
    checks = checks_for(known)
    return _Known({c.participant_id: c for c in clearances}, needs, marks, checks, _talk_about(checks.values()))


def _talk_about(checks: Iterable[TodaysCheck]) -> dict[int, tuple[str, ...]]:
    """By the check, what somebody is asked to talk about."""
    asking = [c.check_id for c in checks if c.check_id and c.readiness is Readiness.TALK_FIRST]
    return said_yes_to(SymptomCheck.objects.filter(pk__in=asking))


def _entry(row: Booking | Guest, known: _Known, shown: set[int]) -> Entry:
    is_booking, participant = isinstance(row, Booking), row.participant
    key = f"b{row.pk}" if is_booking else f"g{row.pk}"
    came_before = getattr(row, "has_attended", False)
    return Entry(
        booking_id=row.pk if is_booking else None,
        guest_id=None if is_booking else row.pk,
        participant_id=row.participant_id,
        name=participant.person.full_name if participant else getattr(row, "name", ""),
        first_name=participant.person.first_name if participant else getattr(row, "name", ""),
        reference=participant.reference if participant else "",
        with_companion=getattr(row, "party", 1) > 1,
        first_class=participant is not None and not came_before,
        rehearsed=_rehearsed(row) if participant is not None else None,
        first_of_kind=participant is not None and came_before and not getattr(row, "has_attended_this", False),
        said_coming=getattr(row, "said_coming_at", None) is not None,
        facts=_facts(row, participant, known) if participant and row.session_id in shown else None,
        mark=known.marks.get(key),
    )


def _rehearsed(row: Booking | Guest) -> str | None:
    if row.session.mode != Mode.REMOTE or getattr(row, "has_come_online", False):
        return None
    return getattr(row, "last_rehearsal", None) or ""


def _facts(row: Booking | Guest, participant: Participant, known: _Known) -> Facts:
    session, check = row.session, known.checks[row.session_id, participant.pk]
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
        check=check,
        talk_about=known.talk_about.get(check.check_id or 0, ()) if shares else (),
    )


def asks_whom_to_call(session: Session, participant: Participant) -> bool:
    """Whether somebody who is about to join is asked if their contact is right: at their first class, and when due."""
    if confirmed_since(participant, _facts_from(session)):
        return False
    before = _counted_before(session.starts_at)
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
