"""What must never be false about people, logins and memberships, tried against the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Agreement, Channel, ContactPoint, Membership, Organisation, Person, Programme, User
from accounts.permissions import Role
from tests.factories.accounts import (
    AgreementFactory,
    ContactPointFactory,
    MembershipFactory,
    PersonFactory,
    ProgrammeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def refused(constraint: str) -> Any:
    return pytest.raises(IntegrityError, match=constraint)


def test_people_are_called_by_the_name_they_chose() -> None:
    person = Person(given_name="Patricia", family_name="Example")
    assert (person.first_name, person.full_name, str(person)) == ("Patricia", "Patricia Example", "Patricia Example")
    person.known_as = "Pat"
    assert person.first_name == "Pat"


@pytest.mark.parametrize(
    ("field", "constraint"),
    [("given_name", "person_has_a_given_name"), ("family_name", "person_has_a_family_name")],
)
def test_a_person_has_names(field: str, constraint: str) -> None:
    with refused(constraint), transaction.atomic():
        PersonFactory(**{field: ""})


def test_two_people_may_share_an_address_or_a_telephone() -> None:
    first = ContactPointFactory(value="couple@example.org")
    second = ContactPointFactory(value="couple@example.org")
    assert first.person != second.person
    assert str(first) == f"email of person {first.person_id}"


def test_one_way_is_preferred_at_a_time() -> None:
    point = ContactPointFactory()
    with refused("one_preferred_contact_point_per_person"), transaction.atomic():
        ContactPointFactory(person=point.person, channel=Channel.PHONE, value="01632 960001")
    ContactPoint.objects.filter(pk=point.pk).update(ended_at=timezone.now())
    ContactPointFactory(person=point.person, channel=Channel.PHONE, value="01632 960001")


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [({"channel": "fax"}, "contact_point_channel_is_known"), ({"value": ""}, "contact_point_has_a_value")],
)
def test_a_contact_point_has_a_known_channel_and_a_value(wrong: dict[str, str], constraint: str) -> None:
    with refused(constraint), transaction.atomic():
        ContactPointFactory(**wrong)


def test_a_login_has_its_own_address_whatever_the_capitals() -> None:
    user = UserFactory(email="Pat@Example.org")
    assert user.email == "pat@example.org"
    assert not user.has_usable_password()
    assert str(user) == f"login {user.pk}"
    with refused("one_login_per_email"), transaction.atomic():
        User(person=PersonFactory(), email="PAT@example.org").save()


def test_a_login_may_be_a_mobile_alone_but_not_nothing() -> None:
    user = User.objects.create_user(person=PersonFactory(), mobile="07700900123", password="three unlikely words")
    assert user.check_password("three unlikely words")
    with refused("one_login_per_mobile"), transaction.atomic():
        User.objects.create_user(person=PersonFactory(), mobile="07700900123")
    with refused("user_has_an_email_or_a_mobile"), transaction.atomic():
        User.objects.create_user(person=PersonFactory())


@pytest.mark.parametrize("role", Role)
def test_partners_belong_to_an_organisation_and_others_to_a_programme(
    role: Role, programme: Programme, alliance: Organisation
) -> None:
    right = {"organisation": alliance} if role is Role.PARTNER else {"programme": programme}
    wrong = {"programme": programme} if role is Role.PARTNER else {"organisation": alliance}
    given = MembershipFactory(user=UserFactory(), role=role.value, **right)
    assert str(given) == f"{role.value} of user {given.user_id}"
    for belonging in (wrong, {}, {"programme": programme, "organisation": alliance}):
        with refused("partners_belong_to_an_organisation"), transaction.atomic():
            MembershipFactory(user=UserFactory(), role=role.value, **belonging)


def test_a_role_is_held_once_at_a_time(dee: User, programme: Programme) -> None:
    with refused("one_open_membership_per_role"), transaction.atomic():
        MembershipFactory(user=dee, role=Role.COORDINATOR.value, programme=programme)
    Membership.objects.filter(user=dee).update(ends_at=timezone.now())
    MembershipFactory(user=dee, role=Role.COORDINATOR.value, programme=programme)
    with refused("membership_role_is_known"), transaction.atomic():
        MembershipFactory(user=dee, role="king", programme=programme)


@pytest.mark.parametrize(
    ("starts", "ends", "live"),
    [(0, None, True), (0, 0, True), (-30, 1, True), (1, None, False), (-30, -1, False)],
)
def test_an_agreement_holds_from_its_first_to_its_last_day(starts: int, ends: int | None, live: bool) -> None:
    today = timezone.localdate()
    agreement = AgreementFactory(
        starts_on=today + dt.timedelta(days=starts),
        ends_on=None if ends is None else today + dt.timedelta(days=ends),
    )
    assert list(Agreement.objects.live()) == ([agreement] if live else [])
    assert str(agreement) == f"{agreement.organisation.name} on {agreement.programme.name}"


def test_no_agreement_shows_numbers_below_eight() -> None:
    with refused("agreement_hides_numbers_below_eight"), transaction.atomic():
        AgreementFactory(k=7)


def test_a_programme_is_for_adults() -> None:
    with refused("programme_is_for_adults"), transaction.atomic():
        ProgrammeFactory(minimum_age=17)
