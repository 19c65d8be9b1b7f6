"""Who may do what: the whole table, written out a second time, and how memberships scope it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Membership, Organisation, Programme, User
from accounts.permissions import (
    ROLE_PERMISSIONS,
    SECOND_FACTOR_ROLES,
    Permission,
    Role,
    allows,
    memberships_allowing,
    needs_second_factor,
    organisations_allowing,
    programmes_allowing,
)
from tests.factories.accounts import MembershipFactory, ProgrammeFactory, UserFactory, someone

R, P = Role, Permission
TABLE = {
    R.PARTICIPANT: {P.TAKE_PART},
    R.SUPPORTER: {P.SUPPORT},
    R.INSTRUCTOR: {P.TEACH},
    R.COORDINATOR: {P.WORK_AT_DESK, P.PUBLISH_FOR_ANYONE, P.BUILD_RELEASES, P.HANDLE_EXTRACTS},
    R.CLINICAL_LEAD: {P.WORK_AT_DESK, P.DECIDE_CLEARANCE, P.HANDLE_EXTRACTS},
    R.SAFEGUARDING_LEAD: {P.WORK_AT_DESK, P.READ_SAFEGUARDING},
    R.PARTNER: {P.READ_RELEASES},
    R.ADMINISTRATOR: {P.CONFIGURE, P.HANDLE_EXTRACTS},
}


@dataclass
class Held:
    role: str
    programme_id: int | None = 1
    organisation_id: int | None = None


@dataclass
class Somebody:
    live_memberships: list[Held] = field(default_factory=list)


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_the_table_says_and_nothing_else(role: Role, permission: Permission) -> None:
    assert allows(Somebody([Held(role.value)]), permission) is (permission in TABLE[role])


def test_every_role_and_every_permission_stands_in_the_table() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert set().union(*ROLE_PERMISSIONS.values()) == set(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_nobody_signed_in_and_nobody_with_a_role_may_do_anything(permission: Permission) -> None:
    for user in (AnonymousUser(), Somebody(), None):
        assert not allows(user, permission)
        assert memberships_allowing(user, permission) == []
        assert programmes_allowing(user, permission) == organisations_allowing(user, permission) == set()


def test_a_permission_holds_only_in_the_programme_of_its_role() -> None:
    dee = Somebody([Held(R.COORDINATOR.value, programme_id=1), Held(R.INSTRUCTOR.value, programme_id=2)])
    assert allows(dee, P.WORK_AT_DESK, programme_id=1)
    assert not allows(dee, P.WORK_AT_DESK, programme_id=2)
    assert allows(dee, P.TEACH, programme_id=2)
    assert programmes_allowing(dee, P.WORK_AT_DESK) == {1}


def test_a_permission_holds_only_for_the_organisation_of_its_role() -> None:
    omar = Somebody([Held(R.PARTNER.value, programme_id=None, organisation_id=7)])
    assert allows(omar, P.READ_RELEASES, organisation_id=7)
    assert not allows(omar, P.READ_RELEASES, organisation_id=8)
    assert not allows(omar, P.READ_RELEASES, programme_id=7)
    assert organisations_allowing(omar, P.READ_RELEASES) == {7}
    assert programmes_allowing(omar, P.READ_RELEASES) == set()


@pytest.mark.parametrize("role", Role)
def test_everybody_but_participants_and_supporters_needs_a_second_factor(role: Role) -> None:
    assert needs_second_factor(Somebody([Held(role.value)])) is (role not in (R.PARTICIPANT, R.SUPPORTER))
    assert (role in SECOND_FACTOR_ROLES) is (role not in (R.PARTICIPANT, R.SUPPORTER))


def test_one_role_with_a_second_factor_is_enough_to_need_it() -> None:
    assert needs_second_factor(Somebody([Held(R.PARTICIPANT.value), Held(R.INSTRUCTOR.value)]))
    assert not needs_second_factor(Somebody())
    assert not needs_second_factor(AnonymousUser())


# --- memberships in force ----------------------------------------------------


def _fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("starts", "ends", "live"),
    [(-1, None, True), (-1, 1, True), (1, None, False), (-2, -1, False), (-2, 0, False), (0, None, True)],
)
def test_a_membership_counts_from_its_start_until_its_end(
    programme: Programme, starts: int, ends: int | None, live: bool
) -> None:
    now = timezone.now()
    user = UserFactory()
    MembershipFactory(
        user=user,
        role=R.COORDINATOR.value,
        programme=programme,
        starts_at=now + timedelta(hours=starts),
        ends_at=None if ends is None else now + timedelta(hours=ends),
    )
    assert allows(_fresh(user), P.WORK_AT_DESK, programme_id=programme.pk) is live
    assert Membership.objects.live(at=now).filter(user=user).exists() is live


def test_a_closed_login_holds_no_membership(dee: User) -> None:
    assert allows(dee, P.WORK_AT_DESK)
    dee.is_active = False
    dee.save()
    assert not allows(_fresh(dee), P.WORK_AT_DESK)
    assert _fresh(dee).roles == frozenset()


def test_roles_are_those_in_force(dee: User, omar: User, alliance: Organisation) -> None:
    MembershipFactory(user=dee, role=R.INSTRUCTOR.value, programme=ProgrammeFactory())
    assert _fresh(dee).roles == {R.COORDINATOR, R.INSTRUCTOR}
    assert organisations_allowing(omar, P.READ_RELEASES) == {alliance.pk}


def test_memberships_are_read_once_for_a_request(dee: User, django_assert_num_queries: object) -> None:
    user = _fresh(dee)
    with django_assert_num_queries(1):  # type: ignore[operator]
        for permission in Permission:
            allows(user, permission)


def test_somebody_without_a_role_has_none(db: None) -> None:
    assert someone("Nell Norole").roles == frozenset()
