from __future__ import annotations

import datetime as dt

import pgtrigger
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import Programme, User
from accounts.permissions import Role
from outcomes.extracts import signing
from outcomes.extracts.asking import (
    AskedByYou,
    Faulty,
    MayNot,
    NotNow,
    RoleTooNew,
    SaidBefore,
    Standing,
    agree,
    agreed_by,
    ask_for_change,
    latest_of,
    may_say,
    refuse,
    says,
    standing_of,
)
from outcomes.extracts.specification import fingerprint
from outcomes.extracts.taking import record_certificate
from outcomes.models import ExtractApproval, ExtractSpecification, ResearchProject
from tests.factories.accounts import someone
from tests.factories.extracts import agreed, asked, wanted

pytestmark = pytest.mark.django_db


def standing(specification: ExtractSpecification, days: int = 0) -> Standing:
    return standing_of(specification, on=timezone.localdate() + dt.timedelta(days=days))


@pytest.fixture
def specification(programme: Programme, dee: User) -> ExtractSpecification:
    return asked(programme, dee.person)


def tamper(specification: ExtractSpecification, **columns: str) -> ExtractSpecification:
    """As somebody might who can write into the database, past its triggers."""
    with pgtrigger.ignore("outcomes.ExtractSpecification:append_only"):
        ExtractSpecification.objects.filter(pk=specification.pk).update(**columns)
    return ExtractSpecification.objects.get(pk=specification.pk)


def test_two_people_besides_who_asked_agree_and_no_sooner(
    specification: ExtractSpecification, clare: User, ada: User
) -> None:
    assert standing(specification) is Standing.WAITS
    agree(specification=specification, by=clare.person)
    assert standing(specification) is Standing.WAITS
    agree(specification=specification, by=ada.person)
    assert standing(specification) is Standing.AGREED
    assert [row.by for row in agreed_by(specification)] == [clare.person, ada.person]
    assert says(specification) == wanted()


def test_who_asked_cannot_agree_and_nobody_counts_twice(
    specification: ExtractSpecification, dee: User, clare: User
) -> None:
    with pytest.raises(AskedByYou):
        agree(specification=specification, by=dee.person)
    agree(specification=specification, by=clare.person)
    with pytest.raises(SaidBefore):
        agree(specification=specification, by=clare.person)
    assert standing(specification) is Standing.WAITS
    assert (may_say(specification, dee.person), may_say(specification, clare.person)) == (False, False)


def test_nobody_is_given_a_role_so_that_they_agree(specification: ExtractSpecification, ada: User, clare: User) -> None:
    ada.memberships.update(starts_at=timezone.now())
    with pytest.raises(RoleTooNew):
        agree(specification=specification, by=ada.person)
    refuse(specification=specification, why="It is not needed.", by=ada.person)
    assert standing(specification) is Standing.REFUSED
    changed = ask_for_change(project=specification.project, wanted=wanted(k=9), by=clare.person)
    agree(specification=changed, by=ada.person)
    assert [row.by for row in agreed_by(changed)] == [ada.person]


@pytest.mark.parametrize("who", ["dee", "clare"])
def test_the_database_takes_neither_the_asker_nor_the_same_person_twice(
    who: str, specification: ExtractSpecification, dee: User, clare: User
) -> None:
    agree(specification=specification, by=clare.person)
    by = {"dee": dee, "clare": clare}[who].person
    with pytest.raises(DatabaseError), transaction.atomic():
        ExtractApproval.objects.create(
            specification=specification, agrees=True, sha256=specification.sha256, signature="x", by=by
        )


def test_only_who_holds_the_permission_in_this_programme_may_ask_or_agree(
    specification: ExtractSpecification, programme: Programme, sadie: User, omar: User
) -> None:
    elsewhere = someone("Else Where", Role.COORDINATOR, programme=asked_elsewhere())
    for user in (sadie, omar, elsewhere):
        with pytest.raises(MayNot):
            agree(specification=specification, by=user.person)
        with pytest.raises(MayNot):
            asked(programme, user.person)


def asked_elsewhere() -> Programme:
    return Programme.objects.create(name="Other", slug="other", run_by=Programme.objects.get().run_by)


def test_a_faulty_one_is_not_kept_and_says_why(programme: Programme, dee: User) -> None:
    with pytest.raises(Faulty) as refused:
        asked(programme, dee.person, k=2)
    assert [fault.part for fault in refused.value.faults] == ["k"]
    assert not ResearchProject.objects.exists()


def test_other_words_are_another_version_that_nobody_has_agreed_to(project: ResearchProject, clare: User) -> None:
    first = latest_of(project)
    assert ask_for_change(project=project, wanted=wanted(), by=clare.person) == first
    second = ask_for_change(project=project, wanted=wanted(k=7), by=clare.person)
    assert (second.version, standing(second), standing(first)) == (2, Standing.WAITS, Standing.OVERTAKEN)
    cora = someone("Cora Coordinator", Role.COORDINATOR, programme=project.programme)
    with pytest.raises(NotNow) as refused:
        agree(specification=first, by=cora.person)
    assert refused.value.standing is Standing.OVERTAKEN


def test_one_who_does_not_agree_is_enough(specification: ExtractSpecification, clare: User, ada: User) -> None:
    refuse(specification=specification, why="The purpose is too wide.", by=clare.person)
    assert standing(specification) is Standing.REFUSED
    with pytest.raises(NotNow):
        agree(specification=specification, by=ada.person)
    with pytest.raises(DatabaseError), transaction.atomic():
        ExtractApproval.objects.create(
            specification=specification, agrees=False, sha256="", signature="", by=ada.person
        )


def test_it_runs_out_and_it_ends(project: ResearchProject, dee: User) -> None:
    latest = latest_of(project)
    assert (standing(latest, 365), standing(latest, 366)) == (Standing.AGREED, Standing.EXPIRED)
    record_certificate(project=project, reference="C-1", destroyed_on=timezone.localdate(), by=dee.person)
    assert standing(latest) is Standing.ENDED
    with pytest.raises(NotNow):
        ask_for_change(project=project, wanted=wanted(k=9), by=dee.person)


def test_what_was_agreed_to_is_never_rewritten(project: ResearchProject) -> None:
    for rows in (ExtractSpecification.objects.all(), ExtractApproval.objects.all()):
        for change in (lambda rows=rows: rows.update(sha256="0" * 64), rows.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_words_that_were_changed_behind_our_back_are_agreed_to_by_nobody(project: ResearchProject) -> None:
    specification = latest_of(project)
    text = specification.text.replace('"k":5', '"k":1')
    changed = tamper(specification, text=text)
    assert (agreed_by(changed), standing(changed)) == ([], Standing.WAITS)
    with_print = tamper(specification, text=text, sha256=fingerprint(text))
    assert (agreed_by(with_print), standing(with_print)) == ([], Standing.WAITS)


def test_a_word_that_was_put_in_or_given_to_somebody_else_is_not_signed(
    programme: Programme, dee: User, clare: User, ada: User
) -> None:
    specification = agreed(programme, dee.person, clare.person)
    (real,) = agreed_by(specification)
    for signature in (real.signature, "not base64", signing.sign(b"something else")):
        sha256 = specification.sha256
        with transaction.atomic():
            ExtractApproval.objects.create(
                specification=specification, agrees=True, sha256=sha256, signature=signature, by=ada.person
            )
            assert [row.by for row in agreed_by(specification)] == [clare.person]
            transaction.set_rollback(True)


def test_what_an_older_key_signed_stands_while_that_key_is_kept(settings: object) -> None:
    old, new = "a" * 43 + "=", "b" * 43 + "="
    settings.ENCRYPTION_KEYS = [old]  # type: ignore[attr-defined]
    signature, first = signing.sign(b"words"), signing.open_half()
    settings.ENCRYPTION_KEYS = [new, old]  # type: ignore[attr-defined]
    assert signing.is_signed(b"words", signature)
    assert not signing.is_signed(b"other words", signature)
    assert signing.open_half() != first
    settings.ENCRYPTION_KEYS = [new]  # type: ignore[attr-defined]
    assert not signing.is_signed(b"words", signature)
