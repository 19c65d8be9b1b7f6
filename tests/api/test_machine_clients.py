"""Machine clients: a token for number and secret, what it opens, and what it does not."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any
from unittest.mock import patch

import pytest
from allauth.idp.oidc.models import Token
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLog, Agreement, Organisation, Programme, User
from outcomes.models import MachineClient, MachineRead, Release, ReleaseState
from outcomes.releases.machine_clients import revoke_machine_client
from tests.factories.outcomes import MachineClientFactory, release_with_figures

pytestmark = pytest.mark.django_db
TOKEN, API = "/api/oauth/token/", "/api/v1/releases/"
GRANT = {"grant_type": "client_credentials"}
SECRET = "open sesame"


@pytest.fixture
def system(programme: Programme, alliance: Organisation) -> MachineClient:
    return MachineClientFactory(organisation=alliance)


@pytest.fixture
def release(programme: Programme, alliance: Organisation) -> Release:
    return release_with_figures(programme=programme, organisation=alliance, number=1)


def ask(number: str, secret: str = SECRET, **form: Any) -> Any:
    basic = base64.b64encode(f"{number}:{secret}".encode()).decode()
    return Client().post(TOKEN, {**GRANT, **form}, headers={"Authorization": f"Basic {basic}"})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def token_of(system: MachineClient) -> str:
    return str(ask(system.provided_id).json()["access_token"])


def test_number_and_secret_get_a_short_token_that_is_kept_as_a_hash(system: MachineClient) -> None:
    strict = Client(enforce_csrf_checks=True)
    form = {**GRANT, "client_id": system.provided_id, "client_secret": SECRET, "scope": "releases.read"}
    for answer in (ask(system.provided_id), strict.post(TOKEN, form)):
        given = answer.json()
        assert (answer.status_code, given["token_type"], given["expires_in"]) == (200, "Bearer", 900)
        assert given["scope"] == "releases.read" and "refresh_token" not in given
        assert "no-store" in answer["Cache-Control"]
        row = Token.objects.by_value(given["access_token"]).get()
        assert given["access_token"] not in row.hash and row.user is None
        assert row.expires_at - timezone.now() < dt.timedelta(minutes=15, seconds=1)


def test_whoever_may_have_no_token_gets_one_answer_after_the_same_work(system: MachineClient, dee: User) -> None:
    over = MachineClientFactory(organisation=system.organisation, made_on="2026-01-01", ends_on="2026-01-02")
    revoked = MachineClientFactory(organisation=system.organisation)
    revoke_machine_client(client=revoked, by=dee.person)
    partnerless = MachineClientFactory()
    asked = [(system.provided_id, "wrong"), ("0" * 32, SECRET), ("nobody\x00", SECRET), ("é" * 9, SECRET)]
    asked += [(one.provided_id, SECRET) for one in (over, revoked, partnerless)]
    answers = []
    for number, secret in asked:
        with (
            patch("allauth.idp.oidc.models.check_password", return_value=False) as looked,
            patch("outcomes.api.tokens.make_password") as spent,
        ):
            answers.append(ask(number, secret))
        assert looked.call_count + spent.call_count == 1
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["error"] == "invalid_client" and answers[0]["WWW-Authenticate"].startswith("Basic")
    assert {tuple(sorted(answer.headers.items())) for answer in answers} == {tuple(sorted(answers[0].headers.items()))}
    assert Client().post(TOKEN, GRANT).content == answers[0].content
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    "form, error",
    [
        ({"grant_type": "password", "username": "a", "password": "b"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, "unsupported_grant_type"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": "releases.read openid"}, "invalid_scope"),
        ({"grant_type": ["client_credentials", "client_credentials"]}, "invalid_request"),
        ({"resource": "nonsense"}, "invalid_target"),
    ],
)
def test_what_is_not_served_is_refused_in_the_words_of_the_standard(
    system: MachineClient, form: dict[str, Any], error: str
) -> None:
    answer = ask(system.provided_id, **form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert "no-store" in answer["Cache-Control"] and not Token.objects.exists()


def test_what_cannot_be_read_says_what_to_send(system: MachineClient) -> None:
    address = f"{TOKEN}?client_id={system.provided_id}"
    for answer in (Client().post(address, GRANT), Client().post(TOKEN, "{}", content_type="application/json")):
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert Client().get(TOKEN).status_code == 405


def test_tries_are_limited_for_each_client_and_each_connection(system: MachineClient) -> None:
    with patch("outcomes.api.tokens.may_send", return_value=False) as asked:
        answer = ask(system.provided_id)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert asked.call_args.kwargs == {"action": "client_token", "key": f"{system.provided_id} from 127.0.0.1"}


def test_a_stranger_who_knows_a_number_does_not_use_it_up(system: MachineClient, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "client_token": "30/m/ip,1/h/key"}
    strangers = [
        Client(REMOTE_ADDR="203.0.113.9").post(TOKEN, {**GRANT, "client_id": system.provided_id}) for _ in "12"
    ]
    assert [answer.status_code for answer in strangers] == [401, 429]
    assert ask(system.provided_id).status_code == 200


def test_no_other_address_of_the_provider_is_served() -> None:
    for path in ("identity/o/authorize", "identity/o/api/userinfo", "identity/o/api/clients", "identity/o/api/token",
                 ".well-known/openid-configuration", ".well-known/jwks.json"):  # fmt: skip
        assert Client().get(f"/{path}").status_code == 404


def test_a_token_reads_the_releases_of_its_organisation_and_each_read_is_kept(
    system: MachineClient, release: Release, programme: Programme, petra: User
) -> None:
    release_with_figures(ReleaseState.BUILT, programme=programme, organisation=system.organisation, number=2)
    other = petra.memberships.get().organisation
    assert other is not None
    Agreement.objects.get_or_create(programme=programme, organisation=other, defaults={"starts_on": "2026-01-01"})
    theirs = release_with_figures(programme=programme, organisation=other, number=1)
    machine = Client(headers=bearer(token_of(system)))
    assert [row["id"] for row in machine.get(API).json()["results"]] == [release.pk]
    read = machine.get(f"{API}{release.pk}/")
    assert (read.json()["sha256"], read["Cache-Control"]) == (release.sha256, "no-store")
    assert machine.get(f"{API}{theirs.pk}/").status_code == 404
    assert [(read.client, read.release) for read in MachineRead.objects.all()] == [(system, release)]
    assert not AccessLog.objects.exists()


def test_a_token_that_does_not_hold_is_401_whatever_cookie_comes_with_it(
    system: MachineClient, release: Release, omar: User, dee: User, sign_in: Any
) -> None:
    partner, token = sign_in(omar), token_of(system)
    assert partner.get(API, headers=bearer(token)).json()["count"] == 1
    Agreement.objects.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert partner.get(API, headers=bearer(token)).status_code == 401
    Agreement.objects.update(ends_on=None)
    Token.objects.update(expires_at=timezone.now())
    assert partner.get(API, headers=bearer(token)).status_code == 401
    token = token_of(system)
    revoke_machine_client(client=system, by=dee.person)
    for said in (token, "nonsense", ""):
        answer = partner.get(API, headers=bearer(said))
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
        assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert partner.get(API).status_code == 200


def test_the_token_decides_and_not_the_cookie_beside_it(
    release: Release, programme: Programme, omar: User, petra: User, sign_in: Any
) -> None:
    other = petra.memberships.get().organisation
    Agreement.objects.get_or_create(programme=programme, organisation=other, defaults={"starts_on": "2026-01-01"})
    theirs = MachineClientFactory(organisation=other)
    partner = sign_in(omar)
    assert partner.get(API).json()["count"] == 1
    assert partner.get(API, headers=bearer(token_of(theirs))).json()["count"] == 0


def test_a_token_opens_no_page() -> None:
    assert Client(headers=bearer("anything")).get(reverse("partner:releases")).status_code == 302


def test_the_papers_name_the_scheme_for_these_endpoints_alone() -> None:
    papers = Client().get("/api/schema/").json()
    flows = papers["components"]["securitySchemes"]["machine client"]["flows"]
    assert list(flows) == ["clientCredentials"] and flows["clientCredentials"]["tokenUrl"] == TOKEN
    taking = {
        path
        for path, item in papers["paths"].items()
        for operation in item.values()
        if {"machine client": ["releases.read"]} in operation.get("security", [])
    }
    assert taking == {API, f"{API}{{id}}/"}
