"""Session notes: how one person's class went and what comes next, one note for each person who came.

Here: for whom a note can be written and when, writing one, and reading what was written before. Not here: the rows
(models/session_notes.py), marks (taking.py). Called by the pages of instructors, of the person and of the desk.

A note is a health fact: it is written and read by whoever leads the class from its start until the register shows
health facts no more. What earlier instructors wrote is read from when it shows them, of people who agreed to share
health facts with instructors. The person reads their part once the class is over. What a telephone kept without signal
comes when it can: it is put under what has been written meanwhile, so that it changes nothing that its writer was not
shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from classes.judging.refusals import IdUsed, Refusal
from classes.locks import bound_waits, lock_session, settled
from classes.models import LEAST_EFFORT, MOST_EFFORT, Attendance, Session, SessionNote
from classes.models.session_notes import SessionNoteQuerySet
from classes.register.contacts import CAME_STATES
from classes.register.window import Window
from participants.models import ConsentEvent, ConsentKind, Participant

LONGEST_PART = 500
PARTS = ("plan", "adaptation", "next_time", "for_colleagues")


class NotesNotOpen(Refusal):
    """Notes are written from the start of the class until the register shows health facts no more."""

    code = "notes_not_open"


class DidNotCome(Refusal):
    """By the register as it stands they were not there: they are marked first."""

    code = "did_not_come"


class NoteChanged(Refusal):
    """Somebody else has written about this person since the page was opened: `latest`. Nothing was kept."""

    code = "note_changed"

    def __init__(self, latest: SessionNote) -> None:
        super().__init__(latest.pk)
        self.latest = latest


class BadNote(Refusal):
    """`problem` is "nothing_said", "too_many_words" or "no_such_effort"."""

    code = "bad_note"

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    @property
    def details(self) -> dict[str, object]:
        return {"problem": self.problem}


@dataclass(frozen=True)
class NewNote:
    """A note as it was written. `after`: the note that the page showed, None for none."""

    id: UUID
    plan: str = ""
    effort: int | None = None
    adaptation: str = ""
    next_time: str = ""
    for_colleagues: str = ""
    after: UUID | None = None


@dataclass(frozen=True)
class Noted:
    """One line of the register whose person came, and whether there is a note. In the order of the register."""

    line: str
    participant: Participant
    has_note: bool


def write_note(*, session: Session, participant: Participant, note: NewNote, by: Person) -> SessionNote:
    """Keep the note; what was written before stays, and counts no more. The same one sent twice adds nothing.

    Raises NotesNotOpen, DidNotCome, NoteChanged, BadNote, IdUsed, TryAgain; then nothing has changed.
    """
    given = _row(session, participant, note, note_of(session, participant), by)

    def attempt() -> SessionNote:
        with acting(by, "classes.write_note", on_behalf_of=participant.person):
            bound_waits()
            lock_session(session.pk)
            return _sent_before(given) or _keep(given, note.after)

    return settled(attempt)


def add_kept_note(*, session: Session, participant: Participant, note: NewNote, by: Person) -> SessionNote:
    """Keep a note that was written without signal, under what there is by now; sent twice it is there once.

    Until the register closes to whoever led the class, and whatever the mark says by now: what was written is a fact,
    and of marks that do not agree the desk knows. Raises NotesNotOpen, BadNote, IdUsed, TryAgain.
    """
    given = _row(session, participant, note, None, by)
    if not given.says_something:
        raise BadNote("nothing_said")

    def attempt() -> SessionNote:
        with acting(by, "classes.add_kept_note", on_behalf_of=participant.person):
            bound_waits()
            lock_session(session.pk)
            there = SessionNote.objects.filter(pk=given.pk).first()
            if there is not None:
                return _the_same(there, given)
            now = timezone.now()
            window = Window(session.starts_at, session.ends_at)
            if not window.has_started(now) or not window.may_be_amended(now):
                raise NotesNotOpen
            latest = note_of(session, participant)
            return _add(_under(latest, given), now, latest)

    return settled(attempt)


def _the_same(there: SessionNote, given: SessionNote) -> SessionNote:
    """It was put under other words, so what it says is not compared. Raises IdUsed for a note of anybody else's."""
    if _whose(there) != _whose(given):
        raise IdUsed
    return there


def _under(latest: SessionNote | None, given: SessionNote) -> SessionNote:
    """`given` with what was written before above it; of two efforts the one that is written now."""
    if latest is not None:
        for part in PARTS:
            said = dict.fromkeys(filter(None, (getattr(latest, part), getattr(given, part))))
            setattr(given, part, "\n".join(said))
        given.effort = latest.effort if given.effort is None else given.effort
    return given


def notes_open(session: Session, now: datetime) -> bool:
    window = Window(session.starts_at, session.ends_at)
    return window.has_started(now) and window.shows_facts(now)


def to_note(session: Session) -> list[Noted]:
    """Everybody who came, by the marks in force. Who is only a name has no record to note anything in."""
    of_class = Attendance.objects.filter(session=session).in_force()
    came = Attendance.objects.filter(pk__in=of_class.values("pk"), state__in=CAME_STATES)
    rows = came.select_related("booking__participant__person", "guest__participant__person")
    noted = {one.participant_id for one in _latest(session) if one.says_something}
    found = []
    for row in rows:
        place = row.booking or row.guest
        if place is not None and place.participant is not None:
            line = f"b{row.booking_id}" if row.booking_id else f"g{row.guest_id}"
            found.append(Noted(line, place.participant, place.participant_id in noted))
    return sorted(found, key=lambda one: (one.participant.person.first_name.casefold(), one.line))


def note_of(session: Session, participant: Participant) -> SessionNote | None:
    """The latest note about this person in this class, an empty one too."""
    return _latest(session).filter(participant=participant).first()


def last_note_before(session: Session, participant: Participant) -> SessionNote | None:
    """From the latest earlier class of which there is one, for who agreed to share health facts with instructors."""
    answers = ConsentEvent.objects.filter(participant=OuterRef("participant"), text__kind=ConsentKind.INSTRUCTORS)
    shares = Subquery(answers.order_by("-id").values("given")[:1])
    earlier = SessionNote.objects.filter(participant=participant, session__starts_at__lt=session.starts_at)
    return next(iter(_by_class(earlier.alias(shares=shares).filter(shares=True))), None)


def notes_about(participant: Participant) -> list[SessionNote]:
    """All in force, of the latest class first."""
    return _by_class(SessionNote.objects.filter(participant=participant))


def own_notes(user: object, sessions: Iterable[Session] | None = None) -> list[SessionNote]:
    """What instructors wrote for the user, of classes that are over, the latest first; of `sessions`, if they are
    given, alone. One query.
    """
    own = SessionNote.objects.of(user)
    if sessions is not None:
        own = own.filter(session__in=[one.pk for one in sessions])
    return [one for one in _by_class(own) if one.is_shared]


def _latest(session: Session) -> SessionNoteQuerySet:
    return SessionNote.objects.filter(session=session).in_force()


def _by_class(notes: SessionNoteQuerySet) -> list[SessionNote]:
    found = notes.in_force().select_related("session__class_type", "by")
    return sorted((one for one in found if one.says_something), key=lambda one: one.session.starts_at, reverse=True)


def _row(
    session: Session, participant: Participant, note: NewNote, latest: SessionNote | None, by: Person
) -> SessionNote:
    """Each part no longer than LONGEST_PART, or than it is already where more was put under it."""
    if note.effort is not None and not LEAST_EFFORT <= note.effort <= MOST_EFFORT:
        raise BadNote("no_such_effort")
    return SessionNote(
        id=note.id,
        session=session,
        participant=participant,
        plan=_bounded(note.plan, latest.plan if latest else ""),
        effort=note.effort,
        adaptation=_bounded(note.adaptation, latest.adaptation if latest else ""),
        next_time=_bounded(note.next_time, latest.next_time if latest else ""),
        for_colleagues=_bounded(note.for_colleagues, latest.for_colleagues if latest else ""),
        by=by,
    )


def _bounded(words: str, there: str) -> str:
    said = words.strip()
    if len(said) > max(LONGEST_PART, len(there)):
        raise BadNote("too_many_words")
    return said


def _sent_before(given: SessionNote) -> SessionNote | None:
    """The row with this id. Raises IdUsed when it says something else."""
    there = SessionNote.objects.filter(pk=given.pk).first()
    if there is not None and _content(there) != _content(given):
        raise IdUsed
    return there


def _content(note: SessionNote) -> tuple[object, ...]:
    said = (note.plan, note.effort, note.adaptation, note.next_time, note.for_colleagues)
    return (*_whose(note), *said)


def _whose(note: SessionNote) -> tuple[int, int, int]:
    return (note.session_id, note.participant_id, note.by_id)


def _keep(given: SessionNote, after: UUID | None) -> SessionNote:
    """Under the lock of the class: two who write at once do not write over each other."""
    now = timezone.now()
    if not notes_open(given.session, now):
        raise NotesNotOpen
    if given.participant_id not in {one.participant.pk for one in to_note(given.session)}:
        raise DidNotCome
    latest = note_of(given.session, given.participant)
    if latest is not None and latest.pk != after:
        raise NoteChanged(latest)
    if latest is None and not given.says_something:
        raise BadNote("nothing_said")
    return _add(given, now, latest)


def _add(given: SessionNote, now: datetime, latest: SessionNote | None) -> SessionNote:
    if latest is not None:  # later also when a clock was set back
        now = max(now, latest.at + timedelta(microseconds=1))
    given.at, given.made_now = now, True
    given.save(force_insert=True)
    return given
