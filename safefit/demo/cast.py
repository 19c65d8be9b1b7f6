"""The demo people: at least two of each role, each with a clearly made-up name.

The login of each is SLUG@demo.safefit.example, without a dot in the slug; the
sign-in button of /demo/ knows them by it. One organisation reads summaries,
another may not, and a third runs the programme.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.logins import prove
from accounts.models import Agreement, Channel, ContactPoint, Membership, Organisation, Person, Programme, User
from accounts.permissions import Role
from instructors.credentials import Held
from instructors.models import Credential, Instructor
from safefit.demo.story.people import DOMAIN
from safefit.demo.story.teachers import TEACHERS


@dataclass(frozen=True)
class Character:
    slug: str
    name: str
    roles: tuple[Role, ...] = ()
    organisation: str = ""
    born: dt.date = dt.date(1970, 6, 1)


STAFF = (
    Character("ines", "Ines Teacher", (Role.INSTRUCTOR,)),
    Character("ivor", "Ivor Coach", (Role.INSTRUCTOR,)),
    Character("dee", "Dee Desk", (Role.COORDINATOR,)),
    Character("dot", "Dot Desk", (Role.COORDINATOR,)),
    Character("clare", "Clare Clinic", (Role.CLINICAL_LEAD,)),
    Character("colin", "Colin Clinic", (Role.CLINICAL_LEAD,)),
    Character("sadie", "Sadie Safeguard", (Role.SAFEGUARDING_LEAD,)),
    Character("saul", "Saul Safeguard", (Role.SAFEGUARDING_LEAD,)),
    Character("ada", "Ada Admin", (Role.ADMINISTRATOR,)),
    Character("alan", "Alan Admin", (Role.ADMINISTRATOR,)),
    Character("omar", "Omar Partner", (Role.PARTNER,), "alliance"),
    Character("olive", "Olive Partner", (Role.PARTNER,), "alliance"),
    Character("petra", "Petra Partner", (Role.PARTNER,), "college"),
    Character("piers", "Piers Partner", (Role.PARTNER,), "college"),
    Character("nell", "Nell Norole"),
)

ORGANISATIONS = (("alliance", "Demo Cancer Alliance"), ("college", "Demo Royal College"))


def make_organisations(programme: Programme) -> dict[str, Organisation]:
    """Both organisations; only the alliance has an agreement on the programme."""
    made = {slug: Organisation.objects.create(slug=slug, name=name) for slug, name in ORGANISATIONS}
    Agreement.objects.create(
        organisation=made["alliance"],
        programme=programme,
        dimensions=["area"],
        starts_on=timezone.localdate() - dt.timedelta(days=400),
        purpose="To see who SafeFit reaches in Wessex, and to plan where classes are needed next.",
    )
    return made


def make_staff(programme: Programme, organisations: dict[str, Organisation]) -> dict[str, User]:
    return {one.slug: _make(one, programme, organisations) for one in STAFF}


def _make(one: Character, programme: Programme, organisations: dict[str, Organisation]) -> User:
    user = make_login(one.slug, make_person(one.name, one.born))
    for role in one.roles:
        belongs = {"organisation": organisations[one.organisation]} if one.organisation else {"programme": programme}
        Membership.objects.create(user=user, role=role.value, starts_at=_a_year_ago(), **belongs)
    return user


def make_person(name: str, born: dt.date) -> Person:
    given, _, family = name.partition(" ")
    return Person.objects.create(given_name=given, family_name=family, date_of_birth=born)


def make_login(slug: str, person: Person) -> User:
    user = User.objects.create_user(person=person, email=f"{slug}@{DOMAIN}")
    prove(user, f"{slug}@{DOMAIN}")  # they have signed in for months
    ContactPoint.objects.create(person=person, channel=Channel.EMAIL, value=f"{slug}@{DOMAIN}", preferred=True)
    return user


def make_instructor(
    user: User, programme: Programme, *, verified_by: Person, holds: Iterable[Held] | None = None
) -> Instructor:
    """Somebody who holds `holds`; every credential, for two years from last year, when nothing is said."""
    today = timezone.localdate()
    instructor = Instructor.objects.create(
        person=user.person, programme=programme, started_on=today - dt.timedelta(days=420)
    )
    for held in TEACHERS[0].holds(today) if holds is None else holds:
        Credential.objects.create(
            instructor=instructor,
            kind=held.kind,
            issued_on=held.issued,
            expires_on=held.expires,
            evidence="made up for the demonstration",
            verified_by=verified_by if held.verified else None,
            verified_at=_a_year_ago() if held.verified else None,
        )
    return instructor


def _a_year_ago() -> dt.datetime:
    return timezone.now() - dt.timedelta(days=365)
