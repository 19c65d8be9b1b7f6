"""Letters to the clinical team of a participant: asking the desk to write one, and what was sent.

Here: for whom a letter is due (by the rule in letter_rules.py, only with the person's yes), one task for each
letter and each of the team, and the log of letters, which is never changed. Not here: the words and
the paper (frontend/clinical_letters.py), the pages. Asked every night; a night that was missed is made up for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import Person
from messaging.models import Task
from messaging.one_by_one import one_by_one
from messaging.worklist import asked_before, cancel_open, close_task, raise_task
from participants import notices
from participants.clinical_team import may_write_about
from participants.course import course_of, newest_enrolment
from participants.health import CLEARED
from participants.models import (
    Clearance,
    ClinicalContact,
    ClinicalLetter,
    ConsentEvent,
    ConsentKind,
    LetterWay,
    Participant,
    ParticipantStatus,
    ReferBack,
)
from participants.rules.letter_rules import CLINICAL_LETTER, Course, LetterKind, letters_due
from participants.working_days import due_in_working_days

WITHIN = {LetterKind.START: 10, LetterKind.REFERRED_BACK: 2, LetterKind.END: 10}  # working days
WRITTEN_ABOUT = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED, ParticipantStatus.COMPLETED)


class NotAgreed(Exception):
    """The person does not agree, or no longer agrees, that we write to their clinical team."""


class NotOfTheTeam(Exception):
    """Whom the letter was for is not one of their team any more."""


@dataclass(frozen=True)
class Sent:
    """What went out: how, its words, and whether the person is told at once."""

    way: LetterWay
    subject: str
    words: str
    tell_person: bool


def ask_for_letters(*, on: date, by: Actor = System.WORKER) -> int:
    """One task for each letter that is due and was not asked for; returns how many. Twice is harmless."""
    due = {_key(kind, contact, about): (kind, contact) for kind, contact, about in _due(on)}
    left_out = asked_before(due) | set(ClinicalLetter.objects.filter(key__in=due).values_list("key", flat=True))
    wanted = [key for key in due if key not in left_out]

    def ask(key: str) -> None:
        with acting(by, "participants.ask_for_letters"):
            _ask(*due[key], key, by)

    return len(one_by_one(ask, wanted))


def letters_to_write(participant: Participant) -> list[tuple[Task, LetterKind, ClinicalContact]]:
    """What waits to be written, the one due first, for each who still is of the team."""
    tasks = Task.objects.to_do().filter(kind=CLINICAL_LETTER, subject_id=participant.pk).order_by("due_at", "pk")
    team = {contact.pk: contact for contact in participant.clinical_contacts.in_force()}
    return [
        (task, LetterKind(task.context["letter"]), team[task.context["contact"]])
        for task in tasks
        if task.context["contact"] in team
    ]


def letters_sent(participant: Participant) -> list[ClinicalLetter]:
    """The log, the newest first."""
    return list(participant.clinical_letters.select_related("contact", "sent_by"))


def no_end_to_tell_of(participant: Participant) -> None:
    """Inside the action that lets somebody stay longer: letters of their end that nobody has sent are not written."""
    waiting = Task.objects.filter(kind=CLINICAL_LETTER, subject_id=participant.pk)
    cancel_open(waiting.filter(context__letter=LetterKind.END))


def start_waits_for_clearance(participant: Participant, by: Actor) -> None:
    """A consequence: a letter that says they have started is not written while they may not take part.

    It is asked for again once they may, while that still tells something new.
    """
    if participant.pk not in _cleared([participant]):
        waiting = Task.objects.filter(kind=CLINICAL_LETTER, subject_id=participant.pk)
        cancel_open(waiting.filter(context__letter=LetterKind.START))


def record_letter(*, task: Task, participant: Participant, sent: Sent, by: Person) -> ClinicalLetter:
    """It has gone: keep what was sent, close its task, and tell the person where they want that.

    Raises NotAgreed, NotOfTheTeam, and worklist.TaskIsClosed for one that was sent or called off before.
    """
    with acting(by, "participants.record_letter", on_behalf_of=participant.person):
        Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)  # after a consent taken back
        if participant.pk not in may_write_about([participant]):
            raise NotAgreed
        close_task(task=task, outcome=sent.way, by=by)
        contact = participant.clinical_contacts.in_force().filter(pk=task.context["contact"]).first()
        if contact is None:
            raise NotOfTheTeam
        letter = ClinicalLetter.objects.create(
            participant=participant,
            contact=contact,
            kind=task.context["letter"],
            key=task.dedupe_key,
            way=sent.way,
            subject=sent.subject,
            words=sent.words,
            copied=sent.tell_person,
            sent_by=by,
        )
        if sent.tell_person:
            notices.letter_sent(letter)
        return letter


def _due(on: date) -> Iterable[tuple[LetterKind, ClinicalContact, str]]:
    people = _people()
    cleared = _cleared(people)
    referred = defaultdict(list)
    for row in ReferBack.objects.open().filter(participant__in=people).order_by("pk"):
        referred[row.participant_id].append(str(row.pk))
    for person in people:
        course = _course(person, on, cleared=person.pk in cleared, referred=tuple(referred[person.pk]))
        for kind, about in letters_due(course, on) if course else ():
            yield from ((kind, contact, about) for contact in person.clinical_contacts.all())


def _people() -> list[Participant]:
    """Who agrees now, may be written about, and has named somebody. A fixed number of queries."""
    asked = ConsentEvent.objects.filter(text__kind=ConsentKind.CLINICAL_TEAM).latest_per_kind()
    agreed = [event.participant_id for event in asked if event.given]
    team = ClinicalContact.objects.in_force().select_related("participant__person", "participant__programme")
    named = Exists(ClinicalContact.objects.in_force().filter(participant=OuterRef("pk")))
    rows = Participant.objects.filter(named, pk__in=agreed, status__in=WRITTEN_ABOUT, person__contact_stopped_at=None)
    ahead = ("programme__phases", "enrolments__pauses", Prefetch("clinical_contacts", team))
    return list(rows.select_related("programme").prefetch_related(*ahead).order_by("pk"))


def _cleared(people: Iterable[Participant]) -> set[int]:
    standing = Clearance.objects.filter(participant__in=people).in_force()
    return {row.participant_id for row in standing if row.state in CLEARED}


def _course(person: Participant, on: date, *, cleared: bool, referred: tuple[str, ...]) -> Course | None:
    enrolment, course = newest_enrolment(person), course_of(person, on)
    if enrolment is None:
        return None
    last_day = enrolment.ends_on or (course.position.ends_on if course else None)
    return Course(enrolment.pk, enrolment.starts_on, last_day, cleared, referred, enrolment.extended_until)


def _key(kind: LetterKind, contact: ClinicalContact, about: str) -> str:
    return f"{CLINICAL_LETTER}:{kind}:{contact.pk}:{about}"


def _ask(kind: LetterKind, contact: ClinicalContact, key: str, by: Actor) -> None:
    participant = contact.participant
    raise_task(
        programme=participant.programme,
        kind=CLINICAL_LETTER,
        due_at=due_in_working_days(timezone.now(), WITHIN[kind]),
        about=participant.person,
        subject_id=participant.pk,
        context={"letter": kind.value, "contact": contact.pk},
        dedupe_key=key,
        by=by,
    )
