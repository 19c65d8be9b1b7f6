from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from allauth.idp.oidc.models import Token
from django.db import ProgrammingError, transaction
from django.utils import timezone

from accounts.appointments import EndNotAllowed
from accounts.expiry import forget_what_ran_out
from accounts.models import Agreement, Organisation, Programme, User
from outcomes.models import MachineClient, MachineRead
from outcomes.releases.machine_clients import (
    SCOPE,
    NoName,
    is_in_force,
    last_reads_of,
    machine_clients_at_desk_of,
    machine_of_token,
    make_machine_client,
    note_the_machines_read,
    revoke_machine_client,
)
from outcomes.releases.release import NoAgreement
from tests.factories.accounts import ProgrammeFactory
from tests.factories.outcomes import MachineClientFactory, ReleaseFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def agreement(programme: Programme, alliance: Organisation) -> Agreement:
    return Agreement.objects.get(programme=programme, organisation=alliance)


@pytest.fixture
def system(alliance: Organisation) -> MachineClient:
    return MachineClientFactory(organisation=alliance)


def token_of(system: MachineClient, value: str = "opaque", minutes: int = 15, **other: Any) -> str:
    token = Token(type=Token.Type.ACCESS_TOKEN, client=system.provided, scopes=SCOPE)
    token.expires_at = timezone.now() + dt.timedelta(minutes=minutes)
    token.set_value(value)
    for name, said in other.items():
        setattr(token, name, said)
    token.save()
    return value


def test_the_desk_connects_a_system_whose_secret_is_kept_as_a_hash(agreement: Agreement, dee: User) -> None:
    until = timezone.localdate() + DAY
    made = make_machine_client(agreement=agreement, name=" Board dashboard ", until=until, by=dee.person)
    provided = made.client.provided
    assert (made.client.name, made.client.organisation, made.client.ends_on) == (
        "Board dashboard", agreement.organisation, until,
    )  # fmt: skip
    assert len(made.secret) > 40 and made.secret not in provided.secret and provided.check_secret(made.secret)
    assert (provided.get_grant_types(), provided.get_scopes()) == (["client_credentials"], [SCOPE])
    assert (provided.get_redirect_uris(), provided.get_response_types()) == ([], [])
    assert is_in_force(provided.pk)


def test_a_system_has_a_name_a_last_day_and_an_agreement(agreement: Agreement, dee: User) -> None:
    day = timezone.localdate()
    with pytest.raises(NoName):
        make_machine_client(agreement=agreement, name=" ", until=day, by=dee.person)
    for until in (day - DAY, day + dt.timedelta(days=731)):
        with pytest.raises(EndNotAllowed):
            make_machine_client(agreement=agreement, name="Board", until=until, by=dee.person)
    Agreement.objects.update(ends_on=day - DAY)
    with pytest.raises(NoAgreement):
        make_machine_client(agreement=agreement, name="Board", until=day, by=dee.person)
    assert not MachineClient.objects.exists()


def test_a_token_stands_for_a_partner_of_one_organisation(system: MachineClient) -> None:
    machine = machine_of_token(token_of(system))
    assert machine is not None and machine.client == system
    (held,) = machine.live_memberships
    assert (held.role, held.organisation_id, held.programme_id) == ("partner", system.organisation_id, None)


@pytest.mark.parametrize(
    "other",
    [{"minutes": 0}, {"type": Token.Type.REFRESH_TOKEN}, {"scopes": "openid"}, {"client": None}],
    ids=["run out", "of another kind", "for something else", "of nobody"],
)
def test_other_tokens_stand_for_nobody(system: MachineClient, other: dict[str, Any]) -> None:
    assert machine_of_token(token_of(system, **other)) is None
    assert machine_of_token("never given") is None


def test_a_token_is_worth_nothing_once_its_client_is_revoked_or_over_or_the_agreement_is(
    system: MachineClient, dee: User
) -> None:
    token = token_of(system)
    last = system.ends_on
    with time_machine.travel(dt.datetime.combine(last, dt.time(23, 59), dt.UTC) - dt.timedelta(hours=1), tick=False):
        Token.objects.update(expires_at=timezone.now() + 2 * DAY)
        assert machine_of_token(token) is not None
    with time_machine.travel(dt.datetime.combine(last + DAY, dt.time(0, 1), dt.UTC), tick=False):
        assert machine_of_token(token) is None and not is_in_force(system.provided_id)
    Agreement.objects.update(ends_on=timezone.localdate() - DAY)
    assert machine_of_token(token) is None and not is_in_force(system.provided_id)
    Agreement.objects.update(ends_on=None)
    assert machine_of_token(token) is not None
    revoke_machine_client(client=system, by=dee.person)
    assert machine_of_token(token) is None and not is_in_force(system.provided_id)
    assert not Token.objects.exists()
    system.refresh_from_db()
    first = system.revoked_at
    revoke_machine_client(client=system, by=dee.person)
    system.refresh_from_db()
    assert first is not None and system.revoked_at == first


def test_what_a_system_read_is_kept_for_good_and_shown_newest_first(
    system: MachineClient, programme: Programme, dee: User
) -> None:
    releases = [ReleaseFactory(programme=programme, organisation=system.organisation, number=n) for n in (1, 2)]
    for release in releases:
        note_the_machines_read(release=release, client=system)
    assert [read.release for read in last_reads_of(system, most=20)] == releases[::-1]
    assert [read.release for read in last_reads_of(system, most=1)] == [releases[1]]
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        MachineRead.objects.all().delete()
    (shown,) = machine_clients_at_desk_of(dee)
    assert shown.last_read_at == MachineRead.objects.latest("at").at


def test_a_desk_sees_the_systems_of_its_own_programmes_partners_after_the_agreement_too(
    system: MachineClient, dee: User, omar: User
) -> None:
    MachineClientFactory()
    elsewhere = ProgrammeFactory()
    Agreement.objects.update(ends_on=timezone.localdate() - DAY)
    assert list(machine_clients_at_desk_of(dee)) == [system]
    assert list(machine_clients_at_desk_of(omar)) == []
    Agreement.objects.update(programme=elsewhere)
    assert list(machine_clients_at_desk_of(dee)) == []


def test_tokens_that_ran_out_are_deleted_every_night(system: MachineClient) -> None:
    token_of(system, "old", minutes=-1)
    token_of(system, "new")
    forget_what_ran_out()
    assert [token.hash for token in Token.objects.all()] == [token.hash for token in Token.objects.by_value("new")]
