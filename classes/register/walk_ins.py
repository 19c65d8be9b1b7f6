"""Somebody came who is not listed: they are on the register as a fact, and do not exercise until they are screened.

Here: adding them, and finding out who they are. Not here: marking them (taking.py), the pages. Called by the pages of
the register and, for what a telephone kept, by classes/handed_in.py.

Nobody is booked by it, and no place is counted. Whoever is known under this very name and number, and may come to this
class as things stand, is on the register as themselves, with what to know of them: so only around the class, and only
for whoever leads it. Of everybody else the desk is asked who they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from classes.judging.judgement import reasons_to_refuse
from classes.judging.refusals import IdUsed, Refusal
from classes.locks import lock_session
from classes.models import BookingState, Guest, Session
from messaging.models import Task
from messaging.worklist import close_task, raise_task
from participants.finding import is_called, known_under, might_be
from participants.models import Participant
from participants.models.participant import ParticipantQuerySet
from participants.standing import standings_of

TASK_WALK_IN = "walk_in"  # who are they? Its subject is the guest
TASK_DUE = timedelta(hours=24)
MATCHED = "matched"
MOST_NAME, MOST_PHONE = 200, 40
COME_BEFORE = timedelta(hours=1)  # nobody is at the door earlier


class TooEarly(Refusal):
    """Who comes to this class is put on its register from `opens_at`."""

    code = "too_early"

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at)
        self.opens_at = opens_at


class KnownAlready(Refusal):
    """Somebody has said who this is, or the person is on this register already."""

    code = "known_already"


@dataclass(frozen=True)
class NewWalkIn:
    """Somebody at the door as they were typed. `id` is made where that was. `phone` is empty where they have none.

    `at`: when that was, of what a telephone kept; None for now.
    """

    id: UUID
    name: str
    phone: str = ""
    at: datetime | None = None


def add_walk_in(*, session: Session, walk_in: NewWalkIn, by_name_alone: bool = False, by: Person) -> Guest:
    """Put them on the register of `session`. The same id gives the row that is there; IdUsed where it is of another.

    They are looked up from an hour before the class until its end, and not `by_name_alone`. Later, and of what a
    telephone kept at another time, the name alone is noted. Raises TooEarly where nobody can be at the door yet.
    """
    now = timezone.now()
    with acting(by, "classes.add_walk_in"):
        lock_session(session.pk)
        if there := Guest.objects.filter(client_id=walk_in.id).first():
            if there.session_id != session.pk or not _is_same(there, walk_in):
                raise IdUsed
            return there
        opens_at = session.starts_at - COME_BEFORE
        if walk_in.at is None and now < opens_at:
            raise TooEarly(opens_at)
        at_door = opens_at <= min(walk_in.at or now, now) < session.ends_at
        known = _may_come_as(session, walk_in) if at_door and not by_name_alone else None
        name, phone = ("", "") if known else (walk_in.name, walk_in.phone)
        guest = Guest.objects.create(session=session, client_id=walk_in.id, participant=known, name=name, phone=phone)
        if known is None:
            _ask_desk(guest, by)
        return guest


def match_walk_in(*, guest: Guest, participant: Participant, by: Person) -> Guest:
    """The desk has found out who it was. The name and number that were typed go, for they are on record.

    Raises KnownAlready.
    """
    with acting(by, "classes.match_walk_in"):
        lock_session(guest.session_id)
        guest.refresh_from_db()
        if guest.participant_id is not None or _is_on_register(guest.session, participant):
            raise KnownAlready
        guest.participant, guest.name, guest.phone = participant, "", ""
        guest.save(update_fields=["participant", "name", "phone"])
        if task := task_of(guest):
            close_task(task=task, outcome=MATCHED, by=by)
        return guest


def who_it_might_be(guest: Guest) -> ParticipantQuerySet:
    """Whom to choose from: known under this name or this number, in the programme of the class."""
    return might_be(guest.session.programme, guest.name, guest.phone, timezone.localdate())


def task_of(guest: Guest) -> Task | None:
    return Task.objects.to_do().filter(dedupe_key=_key(guest)).first()


def _is_same(there: Guest, walk_in: NewWalkIn) -> bool:
    """Of somebody who is known by now, name and number are not held any more.

    A telephone makes an id for each that is typed, so what it sends again is the same, whoever the desk said it was.
    """
    if there.participant is None:
        return (there.name, there.phone) == (walk_in.name, walk_in.phone)
    return walk_in.at is not None or is_called(there.participant.person, walk_in.name)


def _may_come_as(session: Session, walk_in: NewWalkIn) -> Participant | None:
    """The one person whom name and number name, where nothing speaks against this class for them now."""
    found = known_under(session.programme, walk_in.name, walk_in.phone, timezone.localdate())
    if len(found) != 1 or _is_on_register(session, found[0]):
        return None
    standing = standings_of(found)[found[0].pk]
    return None if reasons_to_refuse(standing, session) else found[0]


def _is_on_register(session: Session, participant: Participant) -> bool:
    booked = session.bookings.filter(participant=participant, state=BookingState.BOOKED)
    return booked.exists() or session.guests.filter(participant=participant).exists()


def _ask_desk(guest: Guest, by: Person) -> None:
    raise_task(
        programme=guest.session.programme,
        kind=TASK_WALK_IN,
        due_at=timezone.now() + TASK_DUE,
        subject_id=guest.pk,
        dedupe_key=_key(guest),
        by=by,
    )


def _key(guest: Guest) -> str:
    return f"{TASK_WALK_IN}:{guest.pk}"
