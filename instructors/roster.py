"""Who teaches: take an instructor on, record what they hold, stand one down.

Not here: whether somebody may lead on a date (credentials.py), which classes
they lead (classes). Called by the desk's pages, the demo data and commands.
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Membership, Person, Programme, User
from accounts.permissions import Role
from instructors.models import Credential, CredentialKind, Instructor, InstructorStatus
from instructors.rules_in_use import credential_rules


class NotACredential(Exception):
    """The kind is unknown, or it would run out before it begins."""


class SamePerson(Exception):
    """Nobody vouches for their own evidence."""


def onboard(*, person: Person, programme: Programme, by: Actor) -> Instructor:
    """Let `person` teach in `programme`; somebody who was stood down is teaching again.

    A person with a login gets the role; one without gets it when they have one
    and this is called again. Repeating it changes nothing.
    """
    with acting(by, "instructors.onboard"):
        instructor, _ = Instructor.objects.select_for_update().get_or_create(person=person, programme=programme)
        if instructor.status != InstructorStatus.ACTIVE:
            instructor.status = InstructorStatus.ACTIVE
            instructor.save(update_fields=["status"])
        for user in User.objects.filter(person=person):
            Membership.objects.get_or_create(
                user=user, role=Role.INSTRUCTOR.value, programme=programme, organisation=None, ends_at=None
            )
    return instructor


def record_credential(
    *,
    instructor: Instructor,
    kind: str,
    issued_on: date,
    expires_on: date | None = None,
    evidence: str = "",
    verified: bool = False,
    by: Person,
) -> Credential:
    """Record what an instructor holds. `verified`: `by` has seen the evidence; else it waits for somebody who has.

    `expires_on` is what is written on it; it counts no longer than its kind holds (rules.py).
    Raises NotACredential, and SamePerson when instructors would verify their own.
    """
    if kind not in CredentialKind.values or (expires_on is not None and expires_on < issued_on):
        raise NotACredential(kind)
    expires_on = credential_rules().kinds[kind].last_day(issued_on, expires_on)
    if verified:
        _refuse_own(instructor, by)
    with acting(by, "instructors.record_credential"):
        return Credential.objects.create(
            instructor=instructor,
            kind=kind,
            issued_on=issued_on,
            expires_on=expires_on,
            evidence=evidence,
            verified_by=by if verified else None,
            verified_at=timezone.now() if verified else None,
        )


def verify_credential(*, credential: Credential, by: Person) -> Credential:
    """`by` has seen the evidence. A credential that was verified before keeps who did it first."""
    _refuse_own(credential.instructor, by)
    with acting(by, "instructors.verify_credential"):
        Credential.objects.filter(pk=credential.pk, verified_at=None).update(verified_by=by, verified_at=timezone.now())
        credential.refresh_from_db()
    return credential


def stand_down(*, instructor: Instructor, reason: str, by: Actor) -> Instructor:
    """Teaching ends now: the next request finds no class and no register. History stays.

    Classes already published keep their dates and become the desk's to give to
    somebody else. Repeating it changes nothing.
    """
    with acting(by, "instructors.stand_down", reason=reason):
        now = timezone.now()
        Instructor.objects.filter(pk=instructor.pk, status=InstructorStatus.ACTIVE).update(
            status=InstructorStatus.STOOD_DOWN
        )
        Membership.objects.filter(
            user__person=instructor.person_id,
            programme=instructor.programme_id,
            role=Role.INSTRUCTOR.value,
            ends_at=None,
        ).update(ends_at=now)
        instructor.refresh_from_db()
    return instructor


def _refuse_own(instructor: Instructor, by: Person) -> None:
    if instructor.person_id == by.pk:
        raise SamePerson
