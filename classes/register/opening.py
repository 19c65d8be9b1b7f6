"""Open registers: everybody expected and what to know of them, in four queries for one class or several.

What is shown, to people who lead the class, within the window (window.py):

* Adaptations, that somebody is not cleared, and where their same-day check stands: always. Without them the class
  would not be safe, and they name no illness.
* Access needs: those the person chose to share with instructors.
* Emergency contact: always, for emergencies; at the first class with a word to ask whether it is right.
* Who agreed to photos and recordings, as it stands now: always. Whoever said nothing has not agreed.
* The note on how to adapt, which is in somebody's own words, and what a "talk first"
  is about: only when the person agreed to share health facts with instructors.
  Otherwise `ask_first` says to ask.

A diagnosis, a treatment and answers to health questions: never. Outside the
window: names and marks, without what was noted beside a mark. Every opening is logged for everybody on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.fields import decrypt
from accounts.history import log_reads
from accounts.models import Person
from classes.judging.judgement import reasons_to_refuse
from classes.models import (
    Attendance,
    Booking,
    BookingState,
    CompanionMark,
    Guest,
    Mode,
    Session,
    SymptomTalk,
    TalkOutcome,
)
from classes.models.booking import NOT_WELL_TODAY
from classes.readiness import Readiness, TodaysCheck, checks_for, said_yes_to
from classes.register.entries import EmergencyContact, Entry, Facts, Mark, Need, Register
from classes.register.lines import counted_before, read_along
from classes.register.online import Today, where_they_are
from classes.register.window import Window
from classes.same_day.symptom_content import questions_started, symptom_questions
from classes.same_day.symptom_questions import SymptomQuestions
from participants.details import Rung, numbers_of
from participants.emergency import confirmed_since, due_for_review
from participants.models import Clearance, Participant
from participants.standing import Standing, standing_from

PURPOSE = "register"
FACTS, NAMES = "register with health facts", "register with names only"
SAVED = ", saved for offline"  # on the telephone of whoever leads the class


@dataclass(frozen=True)
class _Known:
    """What a second look found: by class and participant, and by check."""

    checks: dict[tuple[int, int], TodaysCheck]
    talk_about: dict[int, tuple[str, ...]]
    today: dict[int, Today]
    numbers: dict[int, Rung]


def open_register(*, session: Session, by: Person) -> Register:
    """The register of `session` as `by` may see it now. Five queries at most, however many people; four where the
    class was found with teaching.with_questions.

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
    asked = questions_with(sessions)
    windows = {session.pk: Window(session.starts_at, session.ends_at) for session in sessions}
    shown = {pk for pk, window in windows.items() if window.shows_facts(now)}
    rows: list[Booking | Guest] = [
        *bookings_on_register(sessions, shown).annotate(
            companion_came=_companion_came(), **read_along("booking", shown)
        ),
        *_guests(sessions, shown),
    ]
    given = {session.pk: session for session in sessions}
    for row in rows:
        row.session = given[row.session_id]  # with what was read along with it
    known = _read([row for row in rows if row.session_id in shown], asked)
    lines: dict[int, list[Entry]] = defaultdict(list)
    for row in rows:
        lines[row.session_id].append(_entry(row, known, shown))
    _log(rows, shown, SAVED if to_keep else "", by)
    return tuple(
        Register(session, windows[session.pk], now, asked, tuple(sorted(lines[session.pk], key=_by_name)))
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


def _companion_came() -> Subquery:
    return Subquery(CompanionMark.objects.filter(booking=OuterRef("pk")).order_by("-at", "-id").values("came")[:1])


def _guests(sessions: Sequence[Session], shown: set[int]) -> Iterable[Guest]:
    there = Guest.objects.filter(session__in=[session.pk for session in sessions])
    return there.select_related("participant__person").annotate(**read_along("guest", shown))


def questions_with(sessions: Sequence[Session]) -> SymptomQuestions:
    """The same-day check in use, as it was read along with one of `sessions`; else it is asked for."""
    for session in sessions:
        if hasattr(session, "version_in_use"):
            return questions_started(session.version_in_use)
    return symptom_questions()


def newcomers_to(sessions: Iterable[Session]) -> dict[int, int]:
    """By key of the class, how many of those with a place have not come to any class before. One query."""
    before = counted_before(OuterRef("session__starts_at"))
    booked = Booking.objects.filter(session__in=list(sessions), state=BookingState.BOOKED)
    new = booked.filter(
        ~Exists(before.filter(booking__participant=OuterRef("participant"))),
        ~Exists(before.filter(guest__participant=OuterRef("participant"))),
    )
    return dict(new.order_by().values_list("session").annotate(Count("pk")))


def _read(rows: list[Booking | Guest], asked: SymptomQuestions) -> _Known:
    """One query at most, and one more online or where somebody is rung. `rows` are those within the window."""
    known = [(row.session, row.participant) for row in rows if row.participant is not None]
    checks = checks_for(known, asked)
    return _Known(checks, _talk_about(checks.values()), where_they_are(rows), _numbers(known))


def _numbers(known: Iterable[tuple[Session, Participant]]) -> dict[int, Rung]:
    """By the person; asked only where somebody is rung."""
    rung = [participant.person_id for session, participant in known if session.mode == Mode.PHONE]
    return numbers_of(rung) if rung else {}


def _talk_about(checks: Iterable[TodaysCheck]) -> dict[int, tuple[str, ...]]:
    """By the check, what somebody is asked to talk about."""
    return said_yes_to(c.row for c in checks if c.row is not None and c.readiness is Readiness.TALK_FIRST)


def _entry(row: Booking | Guest, known: _Known, shown: set[int]) -> Entry:
    is_booking, participant = isinstance(row, Booking), row.participant
    came_before = getattr(row, "has_attended", False)
    return Entry(
        booking_id=row.pk if is_booking else None,
        guest_id=None if is_booking else row.pk,
        participant_id=row.participant_id,
        person_id=participant.person_id if participant else None,
        is_unknown=participant is None and not getattr(row, "screened_aloud", False),
        name=participant.person.full_name if participant else getattr(row, "name", ""),
        first_name=participant.person.first_name if participant else getattr(row, "name", ""),
        reference=participant.reference if participant else "",
        with_companion=getattr(row, "party", 1) > 1,
        companion_came=getattr(row, "companion_came", None),
        first_class=participant is not None and not came_before,
        rehearsed=_rehearsed(row) if participant is not None else None,
        first_of_kind=participant is not None and came_before and not getattr(row, "has_attended_this", False),
        may_be_recorded=participant is not None and bool(getattr(row, "may_be_recorded", False)),
        said_coming=getattr(row, "said_coming_at", None) is not None,
        rings_on=known.numbers.get(participant.person_id) if participant and row.session.mode == Mode.PHONE else None,
        facts=_facts(row, participant, known) if participant and row.session_id in shown else None,
        mark=_mark_of(row, with_note=row.session_id in shown),
    )


def _rehearsed(row: Booking | Guest) -> str | None:
    if row.session.mode != Mode.REMOTE or getattr(row, "has_come_online", False):
        return None
    return getattr(row, "last_rehearsal", None) or ""


def _facts(row: Booking | Guest, participant: Participant, known: _Known) -> Facts:
    session, check = row.session, known.checks[row.session_id, participant.pk]
    clearance = _clearance_of(row)
    shares = bool(getattr(row, "shares_facts", False))
    return Facts(
        adaptations=tuple(sorted(clearance.adaptations)) if clearance else (),
        note=clearance.note if clearance and shares else "",
        needs=tuple(Need(**need) for need in getattr(row, "needs_read", None) or ()),
        emergency=_emergency(participant),
        confirm_contact=not getattr(row, "has_attended", False)
        and not confirmed_since(participant, _facts_from(session)),
        cleared=not reasons_to_refuse(_standing(row, participant, clearance), session),
        ask_first=not shares,
        check=check,
        talk_about=known.talk_about.get(check.check_id or 0, ()) if shares else (),
        noted=bool(getattr(row, "noted", False)),
        noted_before=shares and bool(getattr(row, "noted_before", False)),
        today=known.today.get(row.pk) if isinstance(row, Booking) else None,
    )


def _mark_of(row: Booking | Guest, *, with_note: bool) -> Mark | None:
    """What was noted says why somebody went home, say: it is a health fact, and closed with them."""
    read = getattr(row, "mark_in_force", None)
    if not read:
        return None
    return Mark(read["state"], read["note"] if with_note else "", datetime.fromisoformat(read["at"]))


def _clearance_of(row: Booking | Guest) -> Clearance | None:
    """The decision in force as it was read along; its note is still encrypted there."""
    read = getattr(row, "clearance_read", None)
    if not read:
        return None
    until = read["valid_until"]
    return Clearance(
        state=read["state"],
        adaptations=read["adaptations"],
        note=decrypt(read["note"]),
        valid_from=date.fromisoformat(read["valid_from"]),
        valid_until=date.fromisoformat(until) if until else None,
    )


def asks_whom_to_call(session: Session, participant: Participant) -> bool:
    """Whether somebody who is about to join is asked if their contact is right: at their first class, and when due."""
    if confirmed_since(participant, _facts_from(session)):
        return False
    before = counted_before(session.starts_at)
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
