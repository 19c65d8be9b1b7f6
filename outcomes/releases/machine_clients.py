"""Systems of partners that read releases by themselves: made at the desk, known by a token, revoked; what they read.

Here: the actions, the doors, and who a token stands for. Not here: the rows (models/machines.py), the endpoint that
gives tokens and the API's reading of them (api/tokens.py). Called by these and by the desk's pages.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.hashers import make_password
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.appointments import end_of
from accounts.history import Actor, acting
from accounts.models import Agreement
from accounts.permissions import HoldsRole, Role
from messaging.worklist import cancel_tasks
from outcomes.endings import SYSTEM_ENDS
from outcomes.models import MachineClient, MachineRead, Release
from outcomes.releases.release import NoAgreement

SCOPE: Final = "releases.read"  # the only one there is
GRANT: Final = "client_credentials"


class NoName(Exception):
    """A system is called something."""


@dataclass(frozen=True)
class Made:
    """A new client and its secret, which is nowhere kept and never told again."""

    client: MachineClient
    secret: str


@dataclass
class _Partner:  # a HoldsRole
    organisation_id: int | None
    programme_id: int | None = None
    role: str = Role.PARTNER.value


@dataclass(frozen=True)
class Machine:
    """Who asks, where a token was sent: nobody, with the role of a partner of one organisation."""

    client: MachineClient
    is_authenticated: ClassVar = True

    @property
    def live_memberships(self) -> list[HoldsRole]:
        return [_Partner(self.client.organisation_id)]


# --- doors -------------------------------------------------------------------


def machine_clients_at_desk_of(user: object) -> QuerySet[MachineClient]:
    """The newest first, each with `last_read_at`."""
    rows = MachineClient.objects.at_desk_of(user).with_last_read()
    return rows.select_related("organisation", "provided").order_by("-made_on", "-pk")


def last_reads_of(client: MachineClient, *, most: int) -> list[MachineRead]:
    return list(client.reads.select_related("release__programme").order_by("-at", "-pk")[:most])


def is_in_force(number: str) -> bool:
    """Whether the client with this number may have a token today."""
    return MachineClient.objects.in_force().filter(provided_id=number).exists()


def machine_of_token(value: str) -> Machine | None:
    """Whom an access token stands for; None when it is none, has run out, or its client may read no more."""
    given = Token.objects.valid().by_value(value).filter(type=Token.Type.ACCESS_TOKEN, scopes=SCOPE)
    rows = MachineClient.objects.in_force().filter(Exists(given.filter(client_id=OuterRef("provided_id"))))
    client = rows.first()
    return None if client is None else Machine(client)


# --- actions -----------------------------------------------------------------


def make_machine_client(*, agreement: Agreement, name: str, until: date, by: Actor) -> Made:
    """Let a system of the agreement's organisation read what the organisation may read; `until` is its last day.

    Raises NoName, EndNotAllowed, NoAgreement.
    """
    name = name.strip()
    if not name:
        raise NoName
    end_of(until)  # as long as a role may be given for
    secret = secrets.token_urlsafe(32)  # letters, digits, - and _: the same in a header, a form and a shell
    with acting(by, "outcomes.make_machine_client"):
        if not Agreement.objects.live().filter(pk=agreement.pk).exists():
            raise NoAgreement(agreement.organisation, agreement.programme)
        client = MachineClient.objects.create(
            provided=_provided(name, secret), organisation=agreement.organisation, name=name, ends_on=until
        )
    return Made(client, secret)


def revoke_machine_client(*, client: MachineClient, by: Actor) -> None:
    """It reads no more from now on, whatever token it holds. Twice changes nothing."""
    with acting(by, "outcomes.revoke_machine_client"):
        found = MachineClient.objects.select_for_update().get(pk=client.pk)
        if found.revoked_at is None:
            found.revoked_at = timezone.now()
            found.save(update_fields=["revoked_at"])
            Token.objects.filter(client_id=found.provided_id).delete()
            cancel_tasks(kinds=[SYSTEM_ENDS], subject_id=found.pk, by=by)


def note_the_machines_read(*, release: Release, client: MachineClient) -> None:
    """Keep that a system has read a summary."""
    MachineRead.objects.create(release=release, client=client)


def _provided(name: str, secret: str) -> Client:
    """The provider's own row: it may ask for one kind of token in one way, and leads nobody anywhere."""
    return Client.objects.create(
        name=name,
        secret=make_password(secret),
        type=Client.Type.CONFIDENTIAL,
        grant_types=GRANT,
        scopes=SCOPE,
        default_scopes=SCOPE,
        response_types="",
    )
