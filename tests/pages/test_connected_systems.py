from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agreement, Organisation, Programme, User
from outcomes.models import MachineClient
from outcomes.releases.machine_clients import note_the_machines_read
from tests.factories.accounts import AgreementFactory
from tests.factories.outcomes import MachineClientFactory, ReleaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(programme: Programme, alliance: Organisation) -> Agreement:
    return Agreement.objects.get(programme=programme, organisation=alliance)


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_desk_connects_a_system_reads_its_secret_once_and_revokes_it(
    agreement: Agreement, dee: User, sign_in: Any
) -> None:
    desk, here = sign_in(dee), reverse("desk:connected_systems", args=[agreement.pk])
    assert here in desk.get(reverse("desk:agreement", args=[agreement.pk])).content.decode()
    empty = desk.get(here)
    assert "None is connected yet" in text(empty)
    day = timezone.localdate().replace(day=1, year=timezone.localdate().year + 1)
    sent = {"name": "Board dashboard", "until-day": day.day, "until-month": day.month, "until-year": day.year}
    names = re.findall(r'name="(until[^"]*)"', empty.content.decode())
    assert sorted(names) == ["until-day", "until-month", "until-year"]
    assert "Enter what they call the system" in text(desk.post(here, {**sent, "name": " "}))
    assert "must be" in text(desk.post(here, {**sent, "until-year": day.year + 5}))
    assert not MachineClient.objects.exists()
    shown = desk.post(here, sent)
    system = MachineClient.objects.get()
    number, secret = re.findall(r'class="sf-secret">([^<]+)<', shown.content.decode())
    assert number == system.provided_id and system.provided.check_secret(secret) and system.ends_on == day
    note_the_machines_read(
        release=ReleaseFactory(programme=agreement.programme, organisation=agreement.organisation, number=7),
        client=system,
    )
    assert "Last read on" in text(desk.get(here)) and secret not in desk.get(here).content.decode()
    page = reverse("desk:connected_system", args=[system.pk])
    assert "Summary 7 of" in text(desk.get(page)) and "Revoke it" in text(desk.get(page))
    after = desk.post(reverse("desk:revoke_system", args=[system.pk]), follow=True)
    assert "Board dashboard can no longer read summaries" in text(after) and "Revoke it" not in text(after)


def test_systems_of_others_are_not_there_and_one_outlives_its_agreement_on_its_page(
    agreement: Agreement, dee: User, omar: User, sign_in: Any
) -> None:
    theirs, other = MachineClientFactory(), AgreementFactory()
    ours = MachineClientFactory(organisation=agreement.organisation)
    desk = sign_in(dee)
    assert desk.get(reverse("desk:connected_systems", args=[other.pk])).status_code == 404
    for name in ("desk:connected_system", "desk:revoke_system"):
        assert desk.post(reverse(name, args=[theirs.pk])).status_code in (404, 405)
        assert sign_in(omar).post(reverse(name, args=[ours.pk])).status_code in (403, 404, 405)
    theirs.refresh_from_db(), ours.refresh_from_db()
    assert theirs.revoked_at is None and ours.revoked_at is None
    Agreement.objects.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert "It reads nothing while no agreement" in text(desk.get(reverse("desk:connected_system", args=[ours.pk])))


def test_whoever_writes_a_program_reads_how_it_gets_a_token() -> None:
    said = text(Client().get(reverse("public:api_docs")))
    assert "/api/oauth/token/" in said and "Every other address refuses it with 403" in said
