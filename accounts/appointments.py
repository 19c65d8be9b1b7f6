"""Giving a role to a person and taking it away, and the link with which they choose their password.

Here: the actions behind `manage.py grant` and the pages of staff. Not here: what a
role may do (permissions.py), how somebody then signs in (entrance.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from allauth.account.utils import user_pk_to_url_str
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.devices import forget_devices
from accounts.entrance import set_password_url
from accounts.history import Actor, acting
from accounts.models import Channel, ContactPoint, Membership, Organisation, Person, Programme, User
from accounts.password_links import HandedOver
from accounts.permissions import SECOND_FACTOR_ROLES, Permission, Role, programmes_allowing

PARTNERS_UNTIL: Final = timedelta(days=365)  # a partner who is not renewed reads no more
LONGEST: Final = timedelta(days=2 * 365)


class NameNeeded(Exception):
    """Nobody signs in with this address yet, so it must be said whose it is."""

    def __init__(self, email: str) -> None:
        super().__init__(email)
        self.email = email


class LoginClosed(Exception):
    """The login exists and was closed."""

    def __init__(self, email: str) -> None:
        super().__init__(email)
        self.email = email


class OwnRole(Exception):
    """Nobody changes what they may do themselves."""


class EndNotAllowed(Exception):
    """The day is past, or too far away. `latest`: the last day that may be said."""

    def __init__(self, latest: date) -> None:
        super().__init__(latest)
        self.latest = latest


class NoEnd(Exception):
    """A partner's role has an end."""


@dataclass(frozen=True)
class Appointment:
    user: User
    membership: Membership
    is_new_person: bool
    is_new_role: bool


def appoint(
    *,
    email: str,
    role: Role,
    programme: Programme | None = None,
    organisation: Organisation | None = None,
    name: str = "",
    until: date | None = None,
    by: Actor,
) -> Appointment:
    """Give `role` in `programme` (a partner: for `organisation`) to the login `email`, made if it is missing.

    For roles of staff and partners: people join by registering, supporters by
    invitation. Giving a role twice changes nothing. `until` is its last day; a
    partner's is in a year when nothing is said. Raises NameNeeded, LoginClosed,
    EndNotAllowed, OwnRole.
    """
    if until is None and role is Role.PARTNER:
        until = timezone.localdate() + PARTNERS_UNTIL
    with acting(by, "accounts.appoint"):
        user = User.objects.select_for_update().filter(email=email.lower()).first()
        is_new_person = user is None
        if user is None:
            user = _new_user(email, name)
        if not user.is_active:
            raise LoginClosed(email)
        _require_another(user, by)
        held = user.memberships.live().filter(role=role.value, programme=programme, organisation=organisation)
        membership = held.first()
        is_new_role = membership is None
        if membership is None:
            ends_at = None if until is None else end_of(until)
            membership = Membership.objects.create(
                user=user, role=role.value, programme=programme, organisation=organisation, ends_at=ends_at
            )
    return Appointment(user, membership, is_new_person, is_new_role)


def end_role(*, membership: Membership, by: Actor) -> None:
    """Take a role away now. They are signed out everywhere, and nothing stays on their devices. Twice changes nothing.

    Raises OwnRole.
    """
    with acting(by, "accounts.end_role"):
        found = _locked(membership, by)
        if found.ends_at is None or found.ends_at > timezone.now():
            found.ends_at = timezone.now()
            found.save(update_fields=["ends_at"])
            forget_devices(person=found.user.person, by=by)


def set_end(*, membership: Membership, until: date | None, by: Actor) -> None:
    """Say on which day a role that still holds ends; None: it has no end. When it has come, the worker signs them out.

    Raises OwnRole, EndNotAllowed, NoEnd.
    """
    with acting(by, "accounts.set_end_of_role"):
        found = _locked(membership, by)
        if until is None and found.role == Role.PARTNER:
            raise NoEnd
        found.ends_at = None if until is None else end_of(until)
        found.save(update_fields=["ends_at"])


def whose_role_has_run_out() -> QuerySet[Person]:
    """Of whom a role came to its last day, and what it left on their devices was not taken back since."""
    left = Q(user__devices_forgotten_at=None) | Q(user__devices_forgotten_at__lt=F("ends_at"))
    ended = Membership.objects.filter(left, ends_at__lte=timezone.now(), role__in=SECOND_FACTOR_ROLES)
    return Person.objects.filter(pk__in=ended.values("user__person")).order_by("pk")


def roles_kept_by(user: object) -> QuerySet[Membership]:
    """Roles of staff and partners that hold, in the programmes that the user configures or under their agreements."""
    programmes = programmes_allowing(user, Permission.CONFIGURE)
    partners = Organisation.objects.filter(agreements__programme_id__in=programmes)
    rows = Membership.objects.live().filter(Q(programme_id__in=programmes) | Q(organisation__in=partners))
    rows = rows.filter(role__in=[role.value for role in SECOND_FACTOR_ROLES], user__is_active=True)
    return rows.select_related("user__person", "programme", "organisation").order_by(
        "user__person__given_name", "user__person__family_name", "user_id", "pk"
    )


def where_roles_are_given_by(user: object) -> tuple[list[Programme], list[Organisation]]:
    """The programmes in which the user gives roles, and the organisations with an agreement on one of them."""
    programmes = Programme.objects.filter(pk__in=programmes_allowing(user, Permission.CONFIGURE)).order_by("name", "pk")
    partners = Organisation.objects.filter(agreements__programme__in=programmes).distinct()
    return list(programmes), list(partners.order_by("name", "pk"))


def _locked(membership: Membership, by: Actor) -> Membership:
    User.objects.select_for_update().get(pk=membership.user_id)
    found = Membership.objects.select_related("user__person").get(pk=membership.pk)
    _require_another(found.user, by)
    return found


def _require_another(user: User, by: Actor) -> None:
    if isinstance(by, Person) and user.person_id == by.pk:
        raise OwnRole


def end_of(until: date) -> datetime:
    """The moment after the last day, as clocks here show it. Raises EndNotAllowed."""
    latest = timezone.localdate() + LONGEST
    if not timezone.localdate() <= until <= latest:
        raise EndNotAllowed(latest)
    return timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))


def _new_user(email: str, name: str) -> User:
    given, _, family = name.strip().rpartition(" ")
    if not given:
        raise NameNeeded(email)
    person = Person.objects.create(given_name=given.strip(), family_name=family)
    ContactPoint.objects.create(person=person, channel=Channel.EMAIL, value=email.lower(), preferred=True)
    return User.objects.create_user(person=person, email=email)


def set_password_link(user: User) -> str:
    """A one-time address, good for three days, at which `user` chooses a password."""
    return set_password_url(f"{user_pk_to_url_str(user)}-{HandedOver().make_token(user)}")
