"""Whoever works for another programme opens nothing of this one: its desk, its instructor, its administrator.

Here: every address that their like here may open is opened by them. One that names a thing is not there for them, by
GET and by POST, and no answer holds a word of Pat. Not here: those who work here (test_routes.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from safefit import errors
from tests.factories.accounts import ProgrammeFactory, someone
from tests.factories.instructors import InstructorFactory
from tests.structure.addresses import Address, addresses
from tests.structure.marked import Marked
from tests.structure.passing import Passing
from tests.structure.routes import ADMINISTRATOR, DESK, INES, ROUTES, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIKE = {"dora": DESK, "iris": INES, "adam": ADMINISTRATOR}
ONES_OWN = {"mfa_remove_webauthn", "teach:take_away_day"}  # a button that does nothing to what is not theirs
NAMES_NOTHING = {"desk:list_template", "desk:new_class_step", "teach:new_class_step"}  # a step, or a kind of file
SAYS_THANK_YOU = {"desk:concern_sent", "teach:concern_sent"}  # the same to everybody, whatever was sent
OF_THE_WHOLE_SITE = {"desk:put_away_feedback", "desk:take_down_notice"}  # as the safety content is
OPEN = ONES_OWN | NAMES_NOTHING | SAYS_THANK_YOU | OF_THE_WHOLE_SITE
NOT_THERE = {403, 404, 405}


def test_nobody_who_works_for_another_programme_opens_anything_of_this_one(
    world: World, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "_answer", undrawn)
    mark = Marked("Zanzibella", "+447700900001")
    by = world.users["clare"].person
    mark.mark_everything(world.pat, world.pat.supporters.get(), by=by)
    mark.mark_in_class(world.booking, by=by)
    strangers, opened = those_of_another_programme(), 0
    found = []
    for who, like in LIKE.items():
        browser, passing = sign_in(strangers[who]), Passing(hidden=mark)
        for address in addresses():
            if like & ROUTES[address.name].may and "anonymous" not in ROUTES[address.name].may:
                opened += 1
                found += [f"{who} at {address.name}: {fault}" for fault in faults(address, browser, world, passing)]
    assert found == []
    of_dee = sign_in(world.users["dee"]).get(reverse("desk:person", args=[world.pat.pk]))
    assert Passing(hidden=mark).hits_in(of_dee), "the word is not seen where it stands"
    assert opened > 350, "the addresses have moved: this check opens nothing"


def undrawn(request: HttpRequest, status: int, *_: str) -> HttpResponse:
    return HttpResponse(status=status)


def those_of_another_programme() -> dict[str, User]:
    other = ProgrammeFactory(name="SafeFit Elsewhere", slug="elsewhere")
    desk = (Role.COORDINATOR, Role.CLINICAL_LEAD, Role.SAFEGUARDING_LEAD)
    iris = someone("Iris Elsewhere", Role.INSTRUCTOR, programme=other)
    InstructorFactory(person=iris.person, programme=other)
    return {
        "dora": someone("Dora Elsewhere", *desk, programme=other),
        "iris": iris,
        "adam": someone("Adam Elsewhere", Role.ADMINISTRATOR, programme=other),
    }


def faults(address: Address, browser: Any, world: World, passing: Passing) -> Iterator[str]:
    path = reverse(address.name, kwargs=ROUTES[address.name].arguments(world, address.arguments))
    got = browser.get(path)
    yield from passing.hits_in(got)
    if not address.arguments or address.name in OPEN or address.name.startswith("content:"):
        return
    if got.status_code not in NOT_THERE:
        yield f"GET {got.status_code}"
    if (posted := browser.post(path, {}).status_code) not in NOT_THERE:
        yield f"POST {posted}"
