"""People and their roles, made for tests. Every name says that it is made up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import (
    Agreement,
    Channel,
    ContactPoint,
    Membership,
    Organisation,
    Person,
    Programme,
    User,
)
from accounts.permissions import Role


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    given_name = factory.Sequence(lambda n: f"Given{n}")
    family_name = "Madeup"
    date_of_birth = dt.date(1958, 3, 14)


class ContactPointFactory(DjangoModelFactory[ContactPoint]):
    class Meta:
        model = ContactPoint

    person = factory.SubFactory(PersonFactory)
    channel = Channel.EMAIL
    value = factory.Sequence(lambda n: f"contact{n}@example.org")
    preferred = True


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    person = factory.SubFactory(PersonFactory)
    email = factory.Sequence(lambda n: f"user{n}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        """Somebody who has signed in before by each of their addresses."""
        password = kwargs.pop("password", None)
        now = timezone.now()
        kwargs["email"] = kwargs["email"].lower() if kwargs["email"] else None
        user = User(email_proved_at=now, mobile_proved_at=now, **kwargs)
        user.set_password(password)
        user.save()
        return user


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    slug = factory.Sequence(lambda n: f"organisation-{n}")


class ProgrammeFactory(DjangoModelFactory[Programme]):
    class Meta:
        model = Programme

    name = factory.Sequence(lambda n: f"Programme {n}")
    slug = factory.Sequence(lambda n: f"programme-{n}")
    run_by = factory.SubFactory(OrganisationFactory)
    areas = ["Dorset", "Hampshire", "Isle of Wight"]
    areas_served = ["Dorset", "Hampshire", "Isle of Wight"]


class AgreementFactory(DjangoModelFactory[Agreement]):
    class Meta:
        model = Agreement

    organisation = factory.SubFactory(OrganisationFactory)
    programme = factory.SubFactory(ProgrammeFactory)
    dimensions = ["area"]
    starts_on = dt.date(2026, 1, 1)
    purpose = "To see whether people can reach classes near them."


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.PARTICIPANT.value
    starts_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=365))


def someone(
    name: str, *roles: Role, programme: Programme | None = None, organisation: Organisation | None = None
) -> User:
    """A signed-up user called `name` (email name@example.org) who holds `roles`."""
    given, _, family = name.partition(" ")
    user = UserFactory(
        person=PersonFactory(given_name=given, family_name=family or "Madeup"), email=f"{given.lower()}@example.org"
    )
    ContactPointFactory(person=user.person, value=user.email)
    for role in roles:
        belongs = {"organisation": organisation} if role is Role.PARTNER else {"programme": programme}
        MembershipFactory(user=user, role=role.value, **belongs)
    return user
