"""Death, hospice care, or a wish for no more contact: everything ends in one transaction.

Here: stopping, and taking a mistaken entry back on the same day. Not here: what
the apps above end (consequences.py: places, calls, questionnaires), the lock
between this and a worker that is sending (messaging/suppression.py). It is about
a person: their part in every programme ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person, User
from messaging.outbox import allow_contact, stop_contact
from messaging.worklist import cancel_tasks, raise_task, take_task
from participants.consequences import CONTACT_STOPPED, DIED, ENROLLED, WITHDRAWN, run_consequences
from participants.health import ask_for_review
from participants.models import (
    ContactStop,
    Enrolment,
    EnrolmentPause,
    Participant,
    ParticipantStatus,
    StopKind,
    Supporter,
    SupporterStatus,
)
from participants.standing import facts_changed
from participants.support import end_all_support, end_support
from participants.taking_part.life import OF_A_PARTICIPANT, end_breaks
from participants.working_days import due_in_working_days

WRITE_TO_FAMILY = "write_to_family"  # kind of the desk's task; its subject is the participant
LETTER_WITHIN = 5  # working days
TAKES_PART = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED)


class AlreadyStopped(Exception):
    """It stands already: `stop` says what, since when and by whom."""

    def __init__(self, stop: ContactStop) -> None:
        super().__init__(stop.kind)
        self.stop = stop


class TooLateToUndo(Exception):
    """A mistaken entry is taken back on the day on which it was made, and once."""


@dataclass(frozen=True)
class Notice:
    """What was heard. `family_letter`: by whom the family is written to, None for whoever takes the task."""

    kind: StopKind
    happened_on: date | None = None
    family_letter: Person | None = None


def stop_everything(*, participant: Participant, notice: Notice, by: Person) -> list[ContactStop]:
    """End a person's places, messages, calls, questionnaires and support, and all contact, at once or not at all.

    From the commit on nothing goes out to them. After a death, or where a
    hospice cares for them, somebody is asked to write to the family. Raises
    AlreadyStopped, suppression.BeingWrittenTo, and classes.judging.refusals.TryAgain.
    """
    person = participant.person
    with acting(by, "participants.stop_everything", on_behalf_of=person):
        stop_contact(person=person, by=by)  # first: it waits for what is just being sent
        if there := _standing(person, notice.kind):
            raise AlreadyStopped(there)
        now = timezone.now()
        parts = list(Participant.objects.filter(person=person).select_related("person", "programme").order_by("pk"))
        closed = notice.kind == StopKind.DIED and _close_login(person)
        stops = [_stop(part, notice, now, closed, by) for part in parts]
        if notice.kind == StopKind.DIED:
            _end_help_given(person, by)
        if notice.kind != StopKind.NO_CONTACT:
            _ask_for_a_letter(participant, notice, now, by)
        stop_contact(person=person, by=by)  # and takes back what all of that has put into the outbox
        return stops


def undo_stop(*, stop: ContactStop, by: Person) -> list[ContactStop]:
    """Take a mistaken entry back, on the day it was made. Status, enrolment, break, login and contact are as before.

    Places are not given back, nothing is sent a second time, and who helped must
    be invited again. Raises TooLateToUndo.
    """
    person = stop.participant.person
    with acting(by, "participants.undo_stop", on_behalf_of=person):
        Person.objects.select_for_update().get(pk=person.pk)
        now = timezone.now()
        rows = ContactStop.objects.standing().filter(
            participant__person=person, kind=stop.kind, recorded_at=stop.recorded_at
        )
        stops = list(rows.select_related("participant__person", "participant__programme").order_by("participant_id"))
        if not stops or timezone.localdate(stop.recorded_at) != timezone.localdate(now):
            raise TooLateToUndo
        for row in stops:
            row.undone_at, row.undone_by = now, by
            row.save(update_fields=["undone_at", "undone_by"])
            _as_before(row, by)
        if any(row.login_closed for row in stops):
            User.objects.filter(person=person).update(is_active=True)
        if not ContactStop.objects.standing().filter(participant__person=person).exists():
            allow_contact(person=person, by=by)
        return stops


def standing_stop(participant: Participant) -> ContactStop | None:
    """Why nobody writes to this person; the newest, None for almost everybody, of whom nothing is read."""
    if participant.person.contact_stopped_at is None:
        return None
    return participant.contact_stops.standing().select_related("recorded_by", "participant__person").first()


def may_undo(stop: ContactStop) -> bool:
    return timezone.localdate(stop.recorded_at) == timezone.localdate()


def _standing(person: Person, kind: StopKind) -> ContactStop | None:
    """After a death nothing more is recorded; the others may follow each other, each once."""
    rows = ContactStop.objects.standing().filter(participant__person=person, kind__in=[kind, StopKind.DIED])
    return rows.select_related("recorded_by").first()


def _stop(part: Participant, notice: Notice, now: datetime, login_closed: bool, by: Person) -> ContactStop:
    facts_changed(part)
    part.refresh_from_db(fields=["status"])
    stop = ContactStop.objects.create(
        participant=part,
        kind=notice.kind,
        happened_on=notice.happened_on,
        status_before=part.status,
        login_closed=login_closed,
        recorded_at=now,
        recorded_by=by,
    )
    died = notice.kind == StopKind.DIED
    if died or part.status in TAKES_PART:
        part.status = ParticipantStatus.DIED if died else ParticipantStatus.WITHDRAWN
        part.save(update_fields=["status"])
    end_breaks(part, by)
    Enrolment.objects.filter(participant=part, ends_on=None).update(
        ends_on=timezone.localdate(now), end_reason=notice.kind
    )
    end_all_support(participant=part, by=by)
    cancel_tasks(kinds=OF_A_PARTICIPANT, subject_id=part.pk, by=by)
    run_consequences(DIED if died else WITHDRAWN, part, by)
    run_consequences(CONTACT_STOPPED, part, by)
    return stop


def _as_before(stop: ContactStop, by: Person) -> None:
    part = stop.participant
    facts_changed(part)
    part.refresh_from_db(fields=["status"])
    if part.status != stop.status_before:
        part.status = stop.status_before
        part.save(update_fields=["status"])
    ended_on = timezone.localdate(stop.recorded_at)
    for enrolment in Enrolment.objects.filter(participant=part, end_reason=stop.kind, ends_on=ended_on):
        enrolment.ends_on, enrolment.end_reason = None, ""
        enrolment.save(update_fields=["ends_on", "end_reason"])
        if part.status == ParticipantStatus.PAUSED:
            _break_goes_on(enrolment, ended_on)
    cancel_tasks(kinds=[WRITE_TO_FAMILY], subject_id=part.pk, by=by)
    if part.status != ParticipantStatus.WITHDRAWN:
        ask_for_review(participant=part, by=by)
        run_consequences(ENROLLED, part, by)


def _break_goes_on(enrolment: Enrolment, ended_on: date) -> None:
    """The break that the entry has ended is the last one: another of the same day had ended before it began."""
    last = EnrolmentPause.objects.filter(enrolment=enrolment).order_by("-pk").values("pk")[:1]
    EnrolmentPause.objects.filter(pk__in=last, ends_on=ended_on).update(ends_on=None)


def _close_login(person: Person) -> bool:
    """Nobody signs in as somebody who has died; sessions that are open end on the next request."""
    return bool(User.objects.filter(person=person, is_active=True).update(is_active=False))


def _end_help_given(person: Person, by: Person) -> None:
    """Whom they helped is helped by them no more."""
    for support in Supporter.objects.filter(person=person).exclude(status=SupporterStatus.ENDED).order_by("pk"):
        end_support(supporter=support, by=by)


def _ask_for_a_letter(participant: Participant, notice: Notice, now: datetime, by: Person) -> None:
    task = raise_task(
        programme=participant.programme,
        kind=WRITE_TO_FAMILY,
        due_at=due_in_working_days(now, LETTER_WITHIN),
        about=participant.person,
        subject_id=participant.pk,
        dedupe_key=f"{WRITE_TO_FAMILY}:{participant.pk}",
        by=by,
    )
    if notice.family_letter is not None:
        take_task(task=task, by=notice.family_letter)
