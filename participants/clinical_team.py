"""The clinical team of a participant: noting whom they name, changing and ending it, and whether we may write.

Here: what the person's own page and the desk call, and what could keep a referrer as a contact
(`note_contact` with the role "referrer"). Not here: the consents themselves (consents.py), the pages.
Noted is not agreed to: whether anybody is written to is a consent of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from messaging.models import Task
from messaging.worklist import cancel_open
from participants.consents import agreed_to
from participants.models import ClinicalContact, ConsentKind, Participant, ParticipantStatus
from participants.refusals import NotPossibleNow
from participants.rules.letter_rules import CLINICAL_LETTER

MOST_CONTACTS = 6  # of one person at a time
MAY_NOTE = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED)


@dataclass(frozen=True)
class Contact:
    """Who they are: `role` of ClinicalRole, `channel` and `value` the one way to reach them."""

    role: str
    name: str
    organisation: str
    channel: str
    value: str


class NobodyNamed(ValueError):
    """Neither a name nor an organisation: nobody could be written to."""


class TooManyContacts(Exception):
    """MOST_CONTACTS are noted already."""


class ContactEnded(Exception):
    """It was changed or removed a moment ago."""


def contacts_of(participant: Participant) -> list[ClinicalContact]:
    """Whom they name now, in the order of naming."""
    return list(participant.clinical_contacts.in_force())


def earlier_contacts_of(participant: Participant) -> list[ClinicalContact]:
    """Those that were replaced or removed, the latest first."""
    ended = participant.clinical_contacts.exclude(ended_at=None)
    return list(ended.select_related("noted_by", "ended_by").order_by("-ended_at", "-pk"))


def may_write_about(participants: Iterable[Participant]) -> set[int]:
    """Ids of those who agree, at this moment, that we write to their clinical team. One query."""
    return agreed_to(ConsentKind.CLINICAL_TEAM, participants)


def note_contact(*, participant: Participant, contact: Contact, by: Person) -> ClinicalContact:
    """One more; the same again is the one that is there.

    Raises NobodyNamed, TooManyContacts, and NotPossibleNow for somebody who does not take part.
    """
    with acting(by, "participants.note_clinical_contact", on_behalf_of=participant.person):
        _check(participant, contact)
        there = contacts_of(participant)
        if same := next((row for row in there if _said(row) == contact), None):
            return same
        if len(there) >= MOST_CONTACTS:
            raise TooManyContacts
        return _keep(participant, contact, by)


def change_contact(*, row: ClinicalContact, contact: Contact, by: Person) -> ClinicalContact:
    """`contact` in place of `row`, which ends and stays in the history. Raises as `note_contact` does; ContactEnded."""
    with acting(by, "participants.change_clinical_contact", on_behalf_of=row.participant.person):
        _check(row.participant, contact)
        there = contacts_of(row.participant)
        if row not in there:
            raise ContactEnded
        if _said(row) == contact:
            return row
        _end(row, by)
        same = next((other for other in there if _said(other) == contact), None)
        return same or _keep(row.participant, contact, by)


def end_contact(*, row: ClinicalContact, by: Person) -> None:
    """Not one of theirs any more. Twice is harmless."""
    with acting(by, "participants.end_clinical_contact", on_behalf_of=row.participant.person):
        _end(row, by)


def _check(participant: Participant, contact: Contact) -> None:
    """Lock the participant, so that one change comes after the other."""
    if not (contact.name or contact.organisation):
        raise NobodyNamed
    status = Participant.objects.select_for_update(no_key=True).values_list("status", flat=True).get(pk=participant.pk)
    if status not in MAY_NOTE:
        raise NotPossibleNow(status)


def _keep(participant: Participant, contact: Contact, by: Person) -> ClinicalContact:
    return ClinicalContact.objects.create(participant=participant, **asdict(contact), noted_by=by)


def _end(row: ClinicalContact, by: Person) -> None:
    """With them end the letters to them that nobody has sent yet."""
    to_them = Task.objects.filter(kind=CLINICAL_LETTER, subject_id=row.participant_id, context__contact=row.pk)
    cancel_open(to_them)
    ClinicalContact.objects.in_force().filter(pk=row.pk).update(ended_at=timezone.now(), ended_by=by)


def _said(row: ClinicalContact) -> Contact:
    return Contact(row.role, row.name, row.organisation, row.channel, row.value)
