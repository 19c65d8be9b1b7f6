"""A query parameter that nobody declared is refused by name, on every address of the API."""

import pytest
from django.urls import reverse

from tests.structure.addresses import addresses
from tests.structure.routes import ROUTES, make_world

pytestmark = pytest.mark.django_db
API = [address for address in addresses() if address.route.startswith("api/v1/")]


def test_an_unknown_parameter_is_a_400_that_names_it(pat, sam, ines, ivor, dee, omar, sign_in):
    users = {"pat": pat.person.user, "sam": sam, "ines": ines.person.user, "ivor": ivor.person.user}
    users |= {"dee": dee, "omar": omar}
    world = make_world(users, pat=pat, ines=ines)
    readers = {name: sign_in(user) for name, user in users.items()}
    read, faults = 0, []
    for address in API:
        route = ROUTES[address.name]
        reader = readers[next(name for name in users if name in route.may)]
        url = reverse(address.name, kwargs=route.arguments(world, address.arguments))
        if reader.get(url).status_code == 405:
            continue
        read, answer = read + 1, reader.get(url, {"nonsense": "1"})
        if answer.status_code != 400 or "nonsense" not in answer.json()["errors"]:
            faults.append(f"{address.name}: {answer.status_code}")
    assert read > 20
    assert faults == []
