"""Take the register: marks are added, never changed, and sending one twice adds nothing.

Not here: marks that were taken without signal and come later (kept_marks.py), which come through here too.

A mark carries an id made where it was taken, so a form posted twice and a phone
that repeats itself after losing the answer are harmless. Each mark is answered
for itself: one that cannot be used never costs the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person, User
from accounts.permissions import Permission, allows
from classes.adherence import ATTENDED_STATES
from classes.locks import lock_people, lock_session
from classes.models import Attendance, AttendanceState, Booking, BookingState, Guest, Session
from classes.models.booking import NOT_WELL_TODAY
from classes.register.acknowledging import Acknowledgement, Outcome, Refused
from classes.register.companions import NewCompanionMark, add_companion_marks
from classes.register.contacts import CAME_STATES
from classes.register.fewer_contacts import they_came
from classes.register.welfare import call_after_absences
from classes.register.window import Window
from messaging.models import Task
from messaging.worklist import raise_task

MOST_NOTE = 200
TASK_MARK_WITHOUT_PLACE = "mark_without_place"
TASK_MARKS_DIFFER = "marks_differ"  # two devices, each without knowing of the other's mark
TASK_DUE = timedelta(days=3)


class RegisterNotOpen(Exception):
    """The class has not started: there is nothing to mark before `opens_at`."""

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at)
        self.opens_at = opens_at


class RegisterClosed(Exception):
    """Whoever led the class could mark it until `closed_at`; the desk still can."""

    def __init__(self, closed_at: datetime) -> None:
        super().__init__(closed_at)
        self.closed_at = closed_at


@dataclass(frozen=True)
class NewMark:
    """One mark as it was taken: of a booking or of a guest, exactly one. `marked_at` is by the device's clock.

    `note`: None leaves the line the note it has; "" takes it out. `knew`: the state that whoever marked saw before,
    "" for none; None where nobody says.
    """

    id: UUID
    state: AttendanceState
    marked_at: datetime
    booking_id: int | None = None
    guest_id: int | None = None
    note: str | None = None
    knew: str | None = None


def take_register(
    *,
    session: Session,
    marks: Sequence[NewMark],
    companions: Sequence[NewCompanionMark] = (),
    after_closing: bool = False,
    by: Person,
) -> tuple[Acknowledgement, ...]:
    """Add `marks` to the register of `session`, then those of `companions`; one acknowledgement each, in that order.

    From the start of the class; until 14 days after its end by those who led it, later
    by the desk, or `after_closing` where the caller answers for it. A mark of somebody whose
    place was given up meanwhile is a fact all the same, and a task for the desk; so is one
    that says otherwise than a mark of which whoever took it did not know. Raises
    RegisterNotOpen and RegisterClosed.
    """
    now = timezone.now()
    _refuse_outside_time(session, by, now, after_closing)
    with acting(by, "classes.take_register"):
        people = _people_marked(session, marks)
        lock_people(people)  # before the class, as everywhere: what follows looks at all of their classes
        lock_session(session.pk)
        known = {a.pk: a for a in Attendance.objects.filter(pk__in=[m.id for m in marks])}
        bookings = {b.pk: b for b in _bookings(session, marks)}
        guests = {g.pk: g for g in Guest.objects.filter(session=session).select_related("participant__person")}
        acknowledged = []
        for mark in marks:
            answer = _acknowledge(mark, session, known, bookings.keys(), guests.keys())
            if answer.outcome is Outcome.RECORDED:
                known[mark.id] = _attendance(mark, session, by)
            acknowledged.append(answer)
        new = [m for m, a in zip(marks, acknowledged, strict=True) if a.outcome is Outcome.RECORDED]
        new, differ = _by_what_counts(session, new)
        for mark in new:
            known[mark.id].state, known[mark.id].note = mark.state, mark.note or ""
        _add(new, known, _after_all_there_is(session, now))
        if new:
            call_after_absences(people, by=by)
            they_came(_people_marked(session, [m for m in new if m.state in CAME_STATES]), by)
        marked = [(m, b) for m in new if (b := bookings.get(m.booking_id or 0))]
        _tell_desk(TASK_MARK_WITHOUT_PLACE, [b for m, b in marked if _is_odd(m, b)], session, now, by)
        apart = [bookings.get(m.booking_id or 0) or guests[m.guest_id or 0] for m in new if m.id in differ]
        _tell_desk(TASK_MARKS_DIFFER, apart, session, now, by)
        beside = add_companion_marks(session, companions, now, by)
        differ |= {answer.id for answer in beside if answer.differs}
        ticked = {mark.booking_id for mark in companions if mark.id in differ}
        with_two = Booking.objects.filter(pk__in=ticked).select_related("participant__person")
        _tell_desk(TASK_MARKS_DIFFER, list(with_two), session, now, by)
        answers = (*acknowledged, *beside)
        sent: list[NewMark | NewCompanionMark] = [*marks, *companions]
        differ |= _asked_about(m for m, a in zip(sent, answers, strict=True) if a.outcome is Outcome.REPEATED)
    return tuple(replace(answer, differs=answer.id in differ) for answer in answers)


def _asked_about(repeated: Iterable[NewMark | NewCompanionMark]) -> set[UUID]:
    """Those marks that came again, because the answer was lost, and of whose line the desk asks which mark is right."""
    keys: dict[str, UUID] = {}
    for mark in repeated:
        if isinstance(mark, NewCompanionMark):
            keys |= {_key(TASK_MARKS_DIFFER, mark.booking_id, None): mark.id} if mark.seen else {}
        elif mark.knew is not None:
            keys[_key(TASK_MARKS_DIFFER, mark.booking_id, mark.guest_id)] = mark.id
    if not keys:
        return set()
    return {keys[key] for key in Task.objects.to_do().filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True)}


def _refuse_outside_time(session: Session, by: Person, now: datetime, after_closing: bool) -> None:
    window = Window(session.starts_at, session.ends_at)
    if not window.has_started(now):
        raise RegisterNotOpen(session.starts_at)
    if not after_closing and not window.may_be_amended(now) and not _is_at_desk(by, session):
        raise RegisterClosed(window.amend_until)


def _is_at_desk(by: Person, session: Session) -> bool:
    user = User.objects.filter(person=by).first()
    return allows(user, Permission.WORK_AT_DESK, programme_id=session.programme_id)


def _people_marked(session: Session, marks: Sequence[NewMark]) -> set[int]:
    """Ids of the participants whom these marks are about."""
    booked = Booking.objects.filter(session=session, pk__in=[m.booking_id for m in marks if m.booking_id])
    guests = Guest.objects.filter(session=session, pk__in=[m.guest_id for m in marks if m.guest_id])
    known = guests.filter(participant__isnull=False)
    return {*booked.values_list("participant_id", flat=True), *known.values_list("participant_id", flat=True)}


def _bookings(session: Session, marks: Sequence[NewMark]) -> list[Booking]:
    wanted = Booking.objects.filter(session=session, pk__in=[m.booking_id for m in marks if m.booking_id])
    return list(wanted.select_related("participant__person"))


def _acknowledge(
    mark: NewMark,
    session: Session,
    known: dict[UUID, Attendance],
    bookings: Collection[int],
    guests: Collection[int],
) -> Acknowledgement:
    if (there := known.get(mark.id)) is not None:
        note = there.note if mark.note is None else mark.note  # it took the one of its line
        state = there.state if _is_note_alone(mark) else mark.state
        same = _said(there) == (session.pk, mark.booking_id, mark.guest_id, state, note)
        return Acknowledgement(mark.id, Outcome.REPEATED) if same else _refused(mark, Refused.ID_USED)
    if len(mark.note or "") > MOST_NOTE:
        return _refused(mark, Refused.NOTE_TOO_LONG)
    if (mark.booking_id is None) == (mark.guest_id is None):
        return _refused(mark, Refused.NOT_ON_REGISTER)
    if mark.booking_id not in bookings and mark.guest_id not in guests:
        return _refused(mark, Refused.NOT_ON_REGISTER)
    return Acknowledgement(mark.id, Outcome.RECORDED)


def _refused(mark: NewMark, why: Refused) -> Acknowledgement:
    return Acknowledgement(mark.id, Outcome.REFUSED, why)


def _said(there: Attendance) -> tuple[int, int | None, int | None, str, str]:
    return (there.session_id, there.booking_id, there.guest_id, there.state, there.note)


def _attendance(mark: NewMark, session: Session, by: Person) -> Attendance:
    return Attendance(
        id=mark.id,
        session=session,
        booking_id=mark.booking_id,
        guest_id=mark.guest_id,
        state=mark.state,
        note=mark.note or "",
        marked_at=mark.marked_at,
        by=by,
    )


def _after_all_there_is(session: Session, now: datetime) -> datetime:
    """Later than every mark of the class, also when a clock was set back or somebody waited for the lock."""
    last = Attendance.objects.filter(session=session).aggregate(last=Max("received_at"))["last"]
    return now if last is None else max(now, last + timedelta(microseconds=1))


def _add(marks: list[NewMark], known: dict[UUID, Attendance], start: datetime) -> None:
    """Kept in the order in which they were taken, so that of two for one person the later one counts."""
    for place, mark in enumerate(sorted(marks, key=lambda m: m.marked_at)):
        known[mark.id].received_at = start + timedelta(microseconds=place)
    Attendance.objects.bulk_create([known[mark.id] for mark in marks])


def _by_what_counts(session: Session, marks: Sequence[NewMark]) -> tuple[list[NewMark], set[UUID]]:
    """`marks` as they are added, and which of them say otherwise than the one in force without knowing of it.

    The marks that count already and those among `marks` are looked at in the order in which they were taken. What
    somebody did not touch stays: a mark without a note takes that of its line, and a note alone, which may have waited
    on a telephone while the mark was corrected, is no mark against the correction.
    """
    if all(mark.knew is None and mark.note is not None for mark in marks):
        return list(marks), set()
    rows = Attendance.objects.filter(session=session).in_force()
    counts = {(a.booking_id, a.guest_id): (AttendanceState(a.state), a.note) for a in rows}
    found, differ = [], set()
    for mark in sorted(marks, key=lambda m: m.marked_at):
        line = (mark.booking_id, mark.guest_id)
        said, noted = counts.get(line, ("", ""))
        state = AttendanceState(said) if said and _is_note_alone(mark) else mark.state
        if mark.knew is not None and said not in (mark.knew, "", state):
            differ.add(mark.id)
        counts[line] = (state, noted if mark.note is None else mark.note)
        found.append(replace(mark, state=state, note=counts[line][1]))
    return found, differ


def _is_note_alone(mark: NewMark) -> bool:
    """Whether it says nothing new but its note."""
    return mark.note is not None and mark.state == mark.knew


def _is_odd(mark: NewMark, booking: Booking) -> bool:
    """Whether somebody without a place was marked. Who was stopped on the day and did not take part is no riddle."""
    if booking.state == BookingState.BOOKED:
        return False
    return booking.end_reason != NOT_WELL_TODAY or mark.state in ATTENDED_STATES


def _tell_desk(kind: str, lines: Sequence[Booking | Guest], session: Session, now: datetime, by: Person) -> None:
    """The subject is the booking. Of a guest whom nobody knows the task says only which class it was."""
    for line in lines:
        booking, guest = (line.pk, None) if isinstance(line, Booking) else (None, line.pk)
        on = timezone.localdate(session.starts_at).isoformat()
        raise_task(
            programme=session.programme,
            kind=kind,
            due_at=now + TASK_DUE,
            about=line.participant.person if line.participant else None,
            subject_id=booking,
            context=None if line.participant else {"class": session.class_type.name, "on": on},
            dedupe_key=_key(kind, booking, guest),
            by=by,
        )


def _key(kind: str, booking: int | None, guest: int | None) -> str:
    return f"{kind}:g{guest}" if booking is None else f"{kind}:{booking}"
