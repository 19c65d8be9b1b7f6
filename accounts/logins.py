"""The login of somebody who takes part: opening it with an address that is free, and changing that address.

Here: the actions, and who may be given what. Not here: signing in (entrance.py), logins of staff and partners
(appointments.py), how somebody is reached (participants). Called when somebody joins, by the desk, and by the
pages of one's own sign-in.

An address opens one login: of two people who share one, the first has it. The second signs in with another
address, or with a passkey (ADR 0061). Whoever joins gets each of theirs that is free, so that one of their own works
whatever stands in the other: it would tell whether a stranger signs in with that (ADR 0065).
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.addresses import is_number
from accounts.devices import end_other_sessions, forget_devices
from accounts.history import Actor, acting
from accounts.models import Membership, Person, Programme, User
from accounts.permissions import Role, needs_second_factor


class AddressTaken(Exception):
    """Somebody else signs in with one of these addresses."""


class NoAddress(Exception):
    """A login has an email address or a mobile number."""


class StaffLogin(Exception):
    """They see other people's records: only an administrator changes how they sign in."""


class ClosedLogin(Exception):
    """The login was closed, so nothing about it is changed."""


def login_held_by(person: Person) -> User | None:
    """Open or closed; None for whoever never signs in."""
    return User.objects.filter(person=person).first()


def open_login(*, person: Person, programme: Programme, email: str | None, mobile: str | None) -> User | None:
    """A login for somebody who takes part, with each of the two that is free; None when neither is.

    Inside the action of whoever lets them join. The code that is sent proves the address.
    """
    user = _made(person, {"email": email}) if email else None
    if user is None:
        user = _made(person, {"mobile": mobile}) if mobile else None
    elif mobile:
        _add_mobile(user, mobile)
    if user is not None:
        Membership.objects.create(user=user, role=Role.PARTICIPANT.value, programme=programme)
    return user


def change_login(*, person: Person, programme: Programme, email: str | None, mobile: str | None, by: Actor) -> User:
    """With which addresses `person` signs in from now on; a login is opened if they have none.

    Whoever could sign in with an address that is left out, or is signed in now, is signed out everywhere.
    Raises NoAddress, AddressTaken, StaffLogin, ClosedLogin.
    """
    if not (email or mobile):
        raise NoAddress
    with acting(by, "accounts.change_login", on_behalf_of=person):
        Person.objects.select_for_update().get(pk=person.pk)  # two who open it wait for each other
        user = User.objects.select_for_update().filter(person=person).first()
        if user is None:
            user = _opened_or_taken(person, programme, email, mobile)
        else:
            _require_theirs_to_change(user)
        before = (user.email, user.mobile)
        user.email, user.mobile = email.lower() if email else None, mobile or None
        user.wrong_births = 0
        _save(user)
        if before != (user.email, user.mobile):
            forget_devices(person=person, by=by)
        return user


def keep_mobile(*, user: User, mobile: str | None, keep: str | None, by: Person) -> None:
    """`user` has shown that a text message to `mobile` reaches them; None: they sign in by email alone.

    Other sessions end, the one of the key `keep` goes on. Raises AddressTaken, NoAddress, StaffLogin, ClosedLogin.
    """
    with acting(by, "accounts.keep_mobile"):
        found = User.objects.select_for_update().get(pk=user.pk)
        _require_theirs_to_change(found)
        if not (mobile or found.email):
            raise NoAddress
        found.mobile = mobile
        _save(found)
        if mobile:
            prove(found, mobile)
        end_other_sessions(user=found, keep=keep)


def is_proved(user: User, address: str) -> bool:
    """Whether somebody who reads messages to `address` has shown that they are the person of this login."""
    return getattr(user, f"{_name_of(address)}_proved_at") is not None


def prove(user: User, address: str) -> None:
    """Whoever reads messages to `address` is the person. Inside the action by which they have shown it."""
    setattr(user, f"{_name_of(address)}_proved_at", timezone.now())
    user.wrong_births = 0
    user.save(update_fields=[f"{_name_of(address)}_proved_at", "wrong_births"])


def _name_of(address: str) -> str:
    return "mobile" if is_number(address) else "email"


def _require_theirs_to_change(user: User) -> None:
    if not user.is_active:
        raise ClosedLogin
    if needs_second_factor(user):
        raise StaffLogin


def _opened_or_taken(person: Person, programme: Programme, email: str | None, mobile: str | None) -> User:
    user = open_login(person=person, programme=programme, email=email, mobile=None if email else mobile)
    if user is None:
        raise AddressTaken
    return user


def _made(person: Person, address: dict[str, str]) -> User | None:
    try:
        with transaction.atomic():
            return User.objects.create_user(person=person, **address)
    except IntegrityError:  # one login for each address; somebody may have been first this very moment
        return None


def _add_mobile(user: User, mobile: str) -> None:
    """Where nobody else signs in with it."""
    user.mobile = mobile
    try:
        _save(user)
    except AddressTaken:
        user.mobile = None


def _save(user: User) -> None:
    """What is new of the two has yet to be proved. Raises AddressTaken."""
    before = User.objects.get(pk=user.pk)
    if user.email != before.email:
        user.email_proved_at = None
    if user.mobile != before.mobile:
        user.mobile_proved_at = None
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "mobile", "email_proved_at", "mobile_proved_at", "wrong_births"])
    except IntegrityError:
        raise AddressTaken from None
