"""Giving a role to a person, and the link with which they choose their password.

Here: the action behind `manage.py grant`. Not here: what a role may do
(permissions.py), how somebody then signs in (entrance.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str

from accounts.entrance import set_password_url
from accounts.history import Actor, acting
from accounts.models import Channel, ContactPoint, Membership, Organisation, Person, Programme, User
from accounts.permissions import Role


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
    by: Actor,
) -> Appointment:
    """Give `role` in `programme` (a partner: for `organisation`) to the login `email`, made if it is missing.

    For roles of staff and partners: people join by registering, supporters by
    invitation. Giving a role twice changes nothing. Raises NameNeeded, LoginClosed.
    """
    with acting(by, "accounts.appoint"):
        user = User.objects.select_for_update().filter(email=email.lower()).first()
        is_new_person = user is None
        if user is None:
            user = _new_user(email, name)
        if not user.is_active:
            raise LoginClosed(email)
        held = user.memberships.live().filter(role=role.value, programme=programme, organisation=organisation)
        membership = held.first()
        is_new_role = membership is None
        if membership is None:
            membership = Membership.objects.create(
                user=user, role=role.value, programme=programme, organisation=organisation
            )
    return Appointment(user, membership, is_new_person, is_new_role)


def _new_user(email: str, name: str) -> User:
    given, _, family = name.strip().rpartition(" ")
    if not given:
        raise NameNeeded(email)
    person = Person.objects.create(given_name=given.strip(), family_name=family)
    ContactPoint.objects.create(person=person, channel=Channel.EMAIL, value=email.lower(), preferred=True)
    return User.objects.create_user(person=person, email=email)


def set_password_link(user: User) -> str:
    """A one-time address, good for three days, at which `user` chooses a password."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return set_password_url(f"{user_pk_to_url_str(user)}-{token}")
