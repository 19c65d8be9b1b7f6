"""`manage.py grant EMAIL ROLE --programme SLUG | --organisation SLUG [--name NAME]`: give somebody a role.

The way into a new server, and the way back in for a colleague who lost their
password and their telephone (--new-link, --forget-phone).
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.appointments import (
    Appointment,
    LoginClosed,
    NameNeeded,
    appoint,
    set_password_link,
)
from accounts.devices import forget_devices
from accounts.history import System, acting
from accounts.models import Organisation, Programme, User
from accounts.permissions import SECOND_FACTOR_ROLES, Role


class Command(BaseCommand):
    help = (
        "Give a role of staff or partner. Makes the person and their login when they are new, and prints the link "
        "with which they choose a password. People who take part join by registering; supporters are invited."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=[role.value for role in Role if role in SECOND_FACTOR_ROLES])
        parser.add_argument("--programme", metavar="SLUG", help="where the role holds (every role but partner)")
        parser.add_argument("--organisation", metavar="SLUG", help="for whom a partner reads")
        parser.add_argument("--name", default="", help='given and family name of a new person: --name "Dee Desk"')
        parser.add_argument("--new-link", action="store_true", help="a link to choose a password, even if one is set")
        parser.add_argument(
            "--forget-phone",
            action="store_true",
            help="remove the second factor and sign them out everywhere, for a lost phone without backup codes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        role = Role(options["role"])
        given = self._appoint(role, options)
        self._say_what_happened(given, role)
        if options["forget_phone"]:
            self._forget_phone(given.user)
        self._say_password(given, anew=options["new_link"])

    def _forget_phone(self, user: User) -> None:
        """Whoever has the phone now is signed out with it."""
        with acting(System.COMMAND, "accounts.forget_phone"):
            Authenticator.objects.filter(user=user).delete()
            forget_devices(person=user.person, by=System.COMMAND)
        self.stdout.write(
            "They are signed out everywhere, and registers saved on phones of theirs are wiped. "
            "The second factor is removed: they set it up anew when they next sign in."
        )

    def _appoint(self, role: Role, options: dict[str, Any]) -> Appointment:
        email = options["email"]
        try:
            validate_email(email)
            return appoint(email=email, role=role, **_belonging(role, options), name=options["name"], by=System.COMMAND)
        except ValidationError:
            raise CommandError(f"{email!r} is not an email address.") from None
        except NameNeeded:
            raise CommandError(
                f'Nobody signs in as {email} yet. Say who it is: --name "Given Family" (at least two words).'
            ) from None
        except LoginClosed:
            raise CommandError(f"The login {email} was closed. Open it again first, or use another address.") from None

    def _say_what_happened(self, given: Appointment, role: Role) -> None:
        who = f"{given.user.person.full_name} <{given.user.email}>"
        where = given.membership.programme or given.membership.organisation
        if given.is_new_person:
            self.stdout.write(f"New person: {who}.")
        verb = "is now" if given.is_new_role else "already was"
        self.stdout.write(f"{who} {verb} {role.value.replace('_', ' ')} in {where}.")

    def _say_password(self, given: Appointment, *, anew: bool) -> None:
        if given.user.has_usable_password() and not anew:
            self.stdout.write("They sign in with the password they have. For a new one, add --new-link.")
            return
        self.stdout.write(
            "Give them this link, in person or by telephone and not by email. "
            "It works once, for three days, and lets them choose their password:"
        )
        self.stdout.write(set_password_link(given.user))


def _belonging(role: Role, options: dict[str, Any]) -> dict[str, Any]:
    """Where the role holds. Raises CommandError with what to type instead."""
    wanted, other = ("organisation", "programme") if role is Role.PARTNER else ("programme", "organisation")
    if options[other] or not options[wanted]:
        raise CommandError(f"A {role.value.replace('_', ' ')} belongs to one {wanted}: use --{wanted} SLUG.")
    rows = Organisation.objects.all() if wanted == "organisation" else Programme.objects.all()
    found = rows.filter(slug=options[wanted]).first()
    if found is None:
        known = ", ".join(rows.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise CommandError(f"There is no {wanted} {options[wanted]!r}. There is: {known}.")
    return {wanted: found}
