"""A token of a machine client opens the endpoints that are named here, and no other of the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.idp.oidc.models import Token
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outcomes.releases.machine_clients import SCOPE
from tests.structure.addresses import addresses
from tests.structure.routes import ROUTES, World

pytestmark = pytest.mark.django_db
TAKEN = {"release-list", "release-detail"}
VALUE = "a token that holds"


def with_token(world: World) -> dict[str, str]:
    token = Token(type=Token.Type.ACCESS_TOKEN, client=world.system.provided, scopes=SCOPE)
    token.expires_at = timezone.now() + dt.timedelta(minutes=15)
    token.set_value(VALUE)
    token.save()
    return {"Authorization": f"Bearer {VALUE}"}


def answers(world: World, browsers: dict[str, Client]) -> Iterator[tuple[str, int]]:
    """What each address of the API says to it, beside the cookie of somebody who may open it."""
    headers = with_token(world)
    for address in addresses():
        if address.route.startswith("api/v1/"):
            path = reverse(address.name, kwargs=ROUTES[address.name].arguments(world, address.arguments))
            browser = browsers[min(ROUTES[address.name].may)]
            yield address.name, browser.get(path, headers=headers).status_code
            yield address.name, browser.post(path, {}, headers=headers).status_code


def test_every_other_endpoint_of_the_api_refuses_a_token_that_holds(world: World, sign_in: Any) -> None:
    who = {min(route.may) for route in ROUTES.values() if route.may} & set(world.users)
    browsers = {"anonymous": Client(), **{name: sign_in(world.users[name]) for name in who}}
    found = list(answers(world, browsers))
    assert len(found) > 100, "the addresses have moved: this check asks nothing"
    assert {name for name, status in found if status != 403} == TAKEN
    assert {status for name, status in found if name in TAKEN} == {200, 405}
