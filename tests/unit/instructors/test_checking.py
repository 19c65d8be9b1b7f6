"""What is handed in, seen, sent back or let pass: who may, what it needs, and that the standing follows at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from instructors import consequences
from instructors.checking import (
    AlreadySentBack,
    EndNeeded,
    NoCopyKept,
    NotACredential,
    NotForThisKind,
    ReasonNeeded,
    SamePerson,
    TooLong,
    end_override,
    latest_override,
    let_pass,
    record_credential,
    send_back,
    verify_credential,
)
from instructors.credentials import Why, reasons_against_leading
from instructors.evidence import NotEvidence
from instructors.keeping import forget_evidence
from instructors.models import Credential, Evidence, Override
from instructors.roster import stand_down
from instructors.standing import held_by
from tests.factories.instructors import CredentialFactory, InstructorFactory
from tests.unit.instructors.test_evidence import A_PDF

pytestmark = pytest.mark.django_db
ISSUED = dt.date(2026, 1, 1)


@pytest.fixture
def bare(programme):
    return InstructorFactory(programme=programme, credentials=[])


@pytest.fixture
def heard():
    """Who was looked at again, in order."""
    seen = []
    consequences.register_consequence_of_standing("tests.heard", lambda instructor, by: seen.append(instructor.pk))
    yield seen
    consequences._registered.pop("tests.heard")


def may_lead(instructor, kind="first_aid") -> bool:
    return not reasons_against_leading(held_by(instructor), [kind], timezone.localdate())


def test_what_is_handed_in_waits_with_its_file_and_counts_once_somebody_has_seen_it(bare, dee, heard):
    waiting = record_credential(instructor=bare, kind="first_aid", issued_on=ISSUED, file=A_PDF, by=bare.person)
    assert waiting.verified_at is None and not may_lead(bare)
    kept = Evidence.objects.get(credential=waiting)
    assert (bytes(kept.content), kept.media_type, kept.size) == (A_PDF, "application/pdf", len(A_PDF))
    verify_credential(credential=waiting, by=dee.person)
    assert may_lead(bare) and heard == [bare.pk, bare.pk]


def test_a_file_is_encrypted_where_it_lies_and_leaves_no_history(bare):
    record_credential(instructor=bare, kind="first_aid", issued_on=ISSUED, file=A_PDF, by=bare.person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM instructors_evidence")
        stored = bytes(cursor.fetchone()[0])
    assert A_PDF not in stored and b"PDF" not in stored
    assert not hasattr(Evidence, "pgh_event_models")


def test_a_file_is_never_exchanged_for_another(bare):
    record_credential(instructor=bare, kind="first_aid", issued_on=ISSUED, file=A_PDF, by=bare.person)
    with pytest.raises(Exception, match="never_changed"), transaction.atomic():
        Evidence.objects.update(size=1)


def test_no_copy_of_a_dbs_check_is_kept_and_its_level_is(bare, dee):
    with pytest.raises(NoCopyKept):
        record_credential(instructor=bare, kind="dbs", issued_on=ISSUED, file=A_PDF, by=bare.person)
    kept = record_credential(
        instructor=bare,
        kind="dbs",
        issued_on=ISSUED,
        level="enhanced",
        update_service=True,
        evidence="seen on the desk",
        verified=True,
        by=dee.person,
    )
    assert (kept.level, kept.update_service, kept.verified_by) == ("enhanced", True, dee.person)


@pytest.mark.parametrize(
    ("kind", "facts", "refusal"),
    [
        ("lifesaving", {}, NotACredential),
        ("first_aid", {"expires_on": dt.date(2025, 1, 1)}, NotACredential),
        ("first_aid", {"level": "basic"}, NotACredential),
        ("first_aid", {"update_service": True}, NotACredential),
        ("dbs", {"level": "highest"}, NotACredential),
        ("indemnity", {}, EndNeeded),
        ("first_aid", {"file": b"MZ"}, NotEvidence),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_nothing_is_kept(kind, facts, refusal, bare):
    with pytest.raises(refusal):
        record_credential(instructor=bare, kind=kind, issued_on=ISSUED, by=bare.person, **facts)
    assert not Credential.objects.filter(instructor=bare).exists()


def test_only_a_dbs_check_has_a_level_in_the_database_too(bare):
    with pytest.raises(IntegrityError, match="only_a_dbs_check_has_a_level"), transaction.atomic():
        CredentialFactory(instructor=bare, kind="first_aid", level="basic")


def test_a_renewal_handed_in_early_extends_nothing_until_it_was_seen(bare, dee):  # pitfalls 55
    today = timezone.localdate()
    CredentialFactory(instructor=bare, kind="indemnity", expires_on=today)
    nearly = today + dt.timedelta(days=1)
    new = record_credential(
        instructor=bare, kind="indemnity", issued_on=today, expires_on=today + dt.timedelta(days=300), by=bare.person
    )
    assert reasons_against_leading(held_by(bare), ["indemnity"], nearly)
    verify_credential(credential=new, by=dee.person)
    assert not reasons_against_leading(held_by(bare), ["indemnity"], nearly)


def test_what_was_seen_can_be_sent_back_with_a_reason_and_counts_no_more(bare, dee, clare, heard):
    seen = CredentialFactory(instructor=bare, kind="first_aid")
    assert may_lead(bare)
    with pytest.raises(ReasonNeeded):
        send_back(credential=seen, reason=" ", by=dee.person)
    back = send_back(credential=seen, reason="The name is another.", by=dee.person)
    assert not may_lead(bare) and heard == [bare.pk]
    (reason,) = reasons_against_leading(held_by(bare), ["first_aid"], timezone.localdate())
    assert reason.why is Why.MISSING  # it does not wait to be checked, either
    assert (back.sent_back_by, back.sent_back_because, back.verified_at) == (dee.person, "The name is another.", None)
    for again in (
        lambda: send_back(credential=seen, reason="Again.", by=clare.person),
        lambda: verify_credential(credential=seen, by=clare.person),
    ):
        with pytest.raises(AlreadySentBack):
            again()


def test_the_desk_lets_somebody_lead_until_a_day_with_a_reason(bare, dee, clare, heard):  # pitfalls 55
    end = latest_override("first_aid")
    let_pass(instructor=bare, kind="first_aid", ends_on=end, reason="Course on Monday.", by=dee.person)
    assert may_lead(bare)
    assert reasons_against_leading(held_by(bare), ["first_aid"], end + dt.timedelta(days=1))
    second = let_pass(instructor=bare, kind="first_aid", ends_on=timezone.localdate(), reason="Moved.", by=clare.person)
    assert Override.objects.standing().get() == second
    end_override(override=second, by=dee.person)
    end_override(override=second, by=dee.person)
    assert not may_lead(bare) and not Override.objects.standing().exists() and len(heard) == 4


def test_nobody_leads_without_a_dbs_check_or_for_longer_than_the_rules_say(bare, dee, ines):
    today = timezone.localdate()
    given = {"instructor": bare, "kind": "first_aid", "ends_on": today, "reason": "Course.", "by": dee.person}
    assert latest_override("dbs") is None
    for wrong, refusal in (
        ({"kind": "dbs"}, NotForThisKind),
        ({"reason": " "}, ReasonNeeded),
        ({"ends_on": today - dt.timedelta(days=1)}, NotACredential),
        ({"ends_on": today + dt.timedelta(days=29)}, TooLong),
        ({"instructor": ines, "by": ines.person}, SamePerson),
    ):
        with pytest.raises(refusal):
            let_pass(**{**given, **wrong})
    assert not Override.objects.exists()


def test_whoever_is_stood_down_is_looked_at_again(bare, dee, heard):
    stand_down(instructor=bare, reason="left", by=dee.person)
    assert heard == [bare.pk]


# --- how long a file is kept --------------------------------------------------


def with_file(instructor, **facts):
    credential = CredentialFactory(instructor=instructor, kind="first_aid", **facts)
    Evidence.objects.create(
        credential=credential, content=A_PDF, media_type="application/pdf", size=1, sent_by=instructor.person
    )
    return credential


@pytest.mark.parametrize(("days", "gone"), [(89, False), (91, True)])
def test_a_file_is_gone_90_days_after_it_was_sent_back_replaced_or_ran_out(days, gone, bare, dee):
    then = timezone.now() - dt.timedelta(days=days)
    with_file(bare, expires_on=timezone.localdate(then))
    with_file(
        bare,
        verified_by=None,
        verified_at=None,
        sent_back_at=then,
        sent_back_by=dee.person,
        sent_back_because="Another name.",
    )
    with_file(bare, issued_on=dt.date(2025, 1, 1))
    with_file(bare, issued_on=dt.date(2025, 6, 1), verified_at=then)
    assert forget_evidence() == (3 if gone else 0)
    assert Evidence.objects.count() == (1 if gone else 4) and Credential.objects.filter(instructor=bare).count() == 4


def test_what_only_waits_replaces_nothing(bare):
    old = timezone.now() - dt.timedelta(days=400)
    with_file(bare, issued_on=dt.date(2025, 1, 1), verified_at=old)
    with_file(bare, issued_on=dt.date(2025, 6, 1), verified_by=None, verified_at=None)
    assert forget_evidence() == 0
