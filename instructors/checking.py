"""What an instructor holds: handed in, seen by somebody, sent back, or let pass for a while.

Here: the actions, and keeping the file that shows it. Not here: whether somebody may lead
on a date (credentials.py), what a file is (evidence.py), who is told (notices.py, asking.py).
Called by the pages of the instructor and of the desk, the demo data and commands.

Nobody vouches for their own evidence. No copy of a DBS certificate is kept: its level, its
date and whether it is kept up to date online are.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypedDict, Unpack

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from instructors.asking import see_to_tasks
from instructors.consequences import standing_changed
from instructors.evidence import media_type_of
from instructors.models import CheckLevel, Credential, CredentialKind, Evidence, Instructor, Override
from instructors.notices import tell_of_sending_back
from instructors.rules_in_use import credential_rules


class NotACredential(Exception):
    """The kind is unknown, it would run out before it begins, or a level is said of what has none."""


class EndNeeded(Exception):
    """Credentials of this kind run out, and nothing says when."""


class NoCopyKept(Exception):
    """A file was sent with a kind of which no copy may be kept."""


class SamePerson(Exception):
    """Nobody vouches for their own evidence."""


class AlreadySentBack(Exception):
    """It was sent back before; what is right now is handed in anew."""


class ReasonNeeded(Exception):
    """Sending back, and letting pass, say why."""


class NotForThisKind(Exception):
    """Nobody may lead without this kind, for no day."""


class TooLong(Exception):
    """An override ends on `latest` at the latest."""

    def __init__(self, latest: date) -> None:
        super().__init__(latest)
        self.latest = latest


class Facts(TypedDict, total=False):
    """What is written on it. `level` and `update_service` are of a DBS check alone."""

    expires_on: date | None
    evidence: str
    level: str
    update_service: bool


def record_credential(
    *,
    instructor: Instructor,
    kind: str,
    issued_on: date,
    file: bytes | None = None,
    verified: bool = False,
    by: Person,
    **facts: Unpack[Facts],
) -> Credential:
    """Record what an instructor holds. `verified`: `by` has seen the evidence; else it waits for somebody who has.

    `expires_on` is what is written on it; it counts no longer than its kind holds (rules.py). It may be handed
    in before what it renews runs out. Raises NotACredential, EndNeeded, NoCopyKept, evidence.NotEvidence, and
    SamePerson when instructors would verify their own.
    """
    expires_on = _last_day(kind, issued_on, facts)
    media_type = _checked(kind, file)
    if verified:
        _refuse_own(instructor, by)
    with acting(by, "instructors.record_credential"):
        credential = Credential.objects.create(
            **{**facts, "expires_on": expires_on},
            instructor=instructor,
            kind=kind,
            issued_on=issued_on,
            verified_by=by if verified else None,
            verified_at=timezone.now() if verified else None,
        )
        if file is not None:
            Evidence.objects.create(
                credential=credential, content=file, media_type=media_type, size=len(file), sent_by=by
            )
        _settle(instructor, by)
    return credential


def verify_credential(*, credential: Credential, by: Person) -> Credential:
    """`by` has seen the evidence. A credential that was verified before keeps who did it first.

    Raises SamePerson, AlreadySentBack.
    """
    _refuse_own(credential.instructor, by)
    with acting(by, "instructors.verify_credential"):
        credential = _locked(credential)
        if credential.verified_at is None:
            credential.verified_by, credential.verified_at = by, timezone.now()
            credential.save(update_fields=["verified_by", "verified_at"])
            _settle(credential.instructor, by)
    return credential


def send_back(*, credential: Credential, reason: str, by: Person) -> Credential:
    """It does not count, whoever had seen it before; the instructor is told, and reads why.

    Raises ReasonNeeded, AlreadySentBack.
    """
    if not (reason := reason.strip()):
        raise ReasonNeeded
    with acting(by, "instructors.send_back", reason=reason):
        credential = _locked(credential)
        credential.verified_by = credential.verified_at = None
        credential.sent_back_by, credential.sent_back_at = by, timezone.now()
        credential.sent_back_because = reason
        credential.save(
            update_fields=["verified_by", "verified_at", "sent_back_by", "sent_back_at", "sent_back_because"]
        )
        tell_of_sending_back(credential)
        _settle(credential.instructor, by)
    return credential


def let_pass(*, instructor: Instructor, kind: str, ends_on: date, reason: str, by: Person) -> Override:
    """They may lead until `ends_on` although `kind` does not stand; it takes the place of an override there was.

    Raises ReasonNeeded, NotForThisKind, TooLong, NotACredential for a day that is over, SamePerson.
    """
    if not (reason := reason.strip()):
        raise ReasonNeeded
    _refuse_own(instructor, by)
    today, most = timezone.localdate(), credential_rules().kinds[kind].override_days
    if not most:
        raise NotForThisKind(kind)
    if ends_on < today:
        raise NotACredential(kind)
    if ends_on > (latest := today + timedelta(days=most)):
        raise TooLong(latest)
    with acting(by, "instructors.let_pass", reason=reason):
        Instructor.objects.select_for_update().get(pk=instructor.pk)
        _end(instructor, kind)
        given = Override.objects.create(
            instructor=instructor, kind=kind, starts_on=today, ends_on=ends_on, reason=reason, given_by=by
        )
        _settle(instructor, by)
    return given


def end_override(*, override: Override, by: Person) -> None:
    """From now on it counts for nothing. Repeating it changes nothing."""
    with acting(by, "instructors.end_override"):
        _end(override.instructor, override.kind)
        _settle(override.instructor, by)


def latest_override(kind: str) -> date | None:
    """The last day until which somebody may lead without `kind`, given today; None: for no day."""
    most = credential_rules().kinds[kind].override_days
    return timezone.localdate() + timedelta(days=most) if most else None


def _end(instructor: Instructor, kind: str) -> None:
    Override.objects.standing().filter(instructor=instructor, kind=kind).update(ended_at=timezone.now())


def _last_day(kind: str, issued_on: date, facts: Facts) -> date | None:
    written, level = facts.get("expires_on"), facts.get("level", "")
    is_dbs = kind == CredentialKind.DBS
    if kind not in CredentialKind.values or (written is not None and written < issued_on):
        raise NotACredential(kind)
    if (level or facts.get("update_service")) and not is_dbs or level not in ("", *CheckLevel.values):
        raise NotACredential(kind)
    rule = credential_rules().kinds[kind]
    if rule.needs_end and written is None:
        raise EndNeeded(kind)
    return rule.last_day(issued_on, written)


def _checked(kind: str, file: bytes | None) -> str:
    if file is None:
        return ""
    if kind == CredentialKind.DBS:
        raise NoCopyKept(kind)
    return media_type_of(file)


def _locked(credential: Credential) -> Credential:
    locked = Credential.objects.select_for_update(of=("self",)).select_related("instructor").get(pk=credential.pk)
    if locked.sent_back_at is not None:
        raise AlreadySentBack(locked.pk)
    return locked


def _refuse_own(instructor: Instructor, by: Person) -> None:
    if instructor.person_id == by.pk:
        raise SamePerson


def _settle(instructor: Instructor, by: Person) -> None:
    see_to_tasks(instructor, by)
    standing_changed(instructor, by)
