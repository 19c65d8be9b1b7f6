"""Taking instructors on, what they hold, standing them down."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.models import Programme, User
from accounts.permissions import Role
from instructors.checking import NotACredential, SamePerson, record_credential, verify_credential
from instructors.models import Credential, CredentialKind, Instructor, InstructorStatus
from instructors.roster import onboard, stand_down
from tests.factories.accounts import PersonFactory, someone
from tests.factories.instructors import CredentialFactory

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_onboarding_gives_the_person_the_role(programme: Programme, dee: User) -> None:
    nia = someone("Nia New")
    instructor = onboard(person=nia.person, programme=programme, by=dee.person)
    assert instructor.status == InstructorStatus.ACTIVE
    assert fresh(nia).roles == {Role.INSTRUCTOR}
    assert list(Instructor.objects.of(fresh(nia))) == [instructor]


def test_onboarding_twice_changes_nothing(programme: Programme, dee: User) -> None:
    nia = someone("Nia New")
    assert onboard(person=nia.person, programme=programme, by=dee.person) == onboard(
        person=nia.person, programme=programme, by=dee.person
    )
    assert nia.memberships.count() == 1


def test_somebody_without_a_login_can_be_taken_on(programme: Programme, dee: User) -> None:
    assert onboard(person=PersonFactory(), programme=programme, by=dee.person).pk


def test_standing_down_ends_teaching_at_once_and_keeps_the_record(ines: Instructor, dee: User) -> None:
    user = ines.person.user
    stood_down = stand_down(instructor=ines, reason="left", by=dee.person)
    assert stood_down.status == InstructorStatus.STOOD_DOWN
    assert fresh(user).roles == frozenset()
    assert not Instructor.objects.of(fresh(user)).exists()
    assert user.memberships.count() == 1


def test_whoever_is_stood_down_is_signed_out_everywhere_and_once(
    ines: Instructor, dee: User, programme: Programme, sign_in: Any
) -> None:
    phone = sign_in(ines.person.user)
    assert phone.get("/teach/").status_code == 200
    stand_down(instructor=ines, reason="left", by=dee.person)
    assert not ines.person.user.sessions.exists() and phone.get("/teach/").status_code == 302
    assert fresh(ines.person.user).devices_forgotten_at, "no register that is saved on it opens"
    sign_in(ines.person.user)
    stand_down(instructor=ines, reason="left again", by=dee.person)
    assert ines.person.user.sessions.exists(), "nothing ended, so nobody is signed out"


def test_standing_down_twice_keeps_the_first_moment(ines: Instructor, dee: User) -> None:
    stand_down(instructor=ines, reason="left", by=dee.person)
    first = ines.person.user.memberships.get().ends_at
    stand_down(instructor=ines, reason="left again", by=dee.person)
    assert ines.person.user.memberships.get().ends_at == first


def test_somebody_stood_down_can_teach_again(ines: Instructor, programme: Programme, dee: User) -> None:
    stand_down(instructor=ines, reason="leave", by=dee.person)
    assert onboard(person=ines.person, programme=programme, by=dee.person).status == InstructorStatus.ACTIVE
    assert Role.INSTRUCTOR in fresh(ines.person.user).roles


def test_a_credential_seen_by_the_desk_is_verified(ines: Instructor, dee: User) -> None:
    credential = record_credential(
        instructor=ines, kind="dbs", issued_on=date(2026, 1, 1), evidence="A-1", verified=True, by=dee.person
    )
    assert credential.verified_by == dee.person
    assert credential.verified_at is not None


def test_a_credential_told_by_the_instructor_waits(ines: Instructor) -> None:
    credential = record_credential(instructor=ines, kind="dbs", issued_on=date(2026, 1, 1), by=ines.person)
    assert credential.verified_by is None


def test_nobody_verifies_their_own(ines: Instructor) -> None:
    with pytest.raises(SamePerson):
        record_credential(instructor=ines, kind="dbs", issued_on=date(2026, 1, 1), verified=True, by=ines.person)
    waiting = CredentialFactory(instructor=ines, verified_by=None, verified_at=None)
    with pytest.raises(SamePerson):
        verify_credential(credential=waiting, by=ines.person)
    assert not Credential.objects.filter(verified_by=ines.person).exists()


def test_verifying_keeps_who_saw_it_first(ines: Instructor, dee: User, clare: User) -> None:
    waiting = CredentialFactory(instructor=ines, verified_by=None, verified_at=None)
    assert verify_credential(credential=waiting, by=dee.person).verified_by == dee.person
    assert verify_credential(credential=waiting, by=clare.person).verified_by == dee.person


@pytest.mark.parametrize(("kind", "expires"), [("driving", None), (CredentialKind.DBS.value, date(2025, 12, 31))])
def test_what_cannot_be_a_credential_is_refused(ines: Instructor, dee: User, kind: str, expires: date | None) -> None:
    with pytest.raises(NotACredential):
        record_credential(instructor=ines, kind=kind, issued_on=date(2026, 1, 1), expires_on=expires, by=dee.person)


def test_every_change_names_its_actor_and_reason(ines: Instructor, dee: User) -> None:
    stand_down(instructor=ines, reason="left the area", by=dee.person)
    context = Instructor.pgh_event_model.objects.filter(pgh_obj=ines).latest("pgh_id").pgh_context
    assert context == {"by": f"person:{dee.person.pk}", "action": "instructors.stand_down", "reason": "left the area"}
