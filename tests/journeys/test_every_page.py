"""Every page that the site serves is looked at, on a phone and on a desk.

The addresses and who may open them stand in tests/structure/routes.py: a new
page is looked at here from its first day, by its way in (tests/structure/ways_in.py) where
its address alone does not open it. So are the pages that refuse.
Not here: what one does on a page, and the errors of its form (the journeys).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from tests.journeys.visitor import Visitor
from tests.structure.addresses import Address, addresses
from tests.structure.pages import pages, who_opens
from tests.structure.routes import ROUTES, World, make_world
from tests.structure.ways_in import WAYS_IN

Window = Callable[..., Visitor]
BUTTON = 405
AUDIENCES = ("public", "account", "me", "teach", "desk", "content", "staff", "partner")


def audience_of(address: Address) -> str:
    namespace, colon, _ = address.name.partition(":")
    if colon:
        return namespace
    return "account" if address.route.startswith("account/") else "public"


def pages_of(audience: str) -> list[tuple[str, Address]]:
    """The pages of an audience, and who opens each by its address alone; those that need more come last."""
    found = [(who_opens(address), address) for address in pages() if audience_of(address) == audience]
    return sorted(found, key=lambda one: (one[1].name in WAYS_IN, one[0], one[1].name))


@pytest.fixture
def town(pat, quinn, sam, ines, ivor, dee, clare, sadie, omar, petra, ada, nell, live_server) -> World:  # type: ignore[no-untyped-def]
    people = {"pat": pat.person.user, "quinn": quinn.person.user, "ines": ines.person.user, "ivor": ivor.person.user}
    users = {
        "sam": sam,
        "dee": dee,
        "clare": clare,
        "sadie": sadie,
        "omar": omar,
        "petra": petra,
        "ada": ada,
        "nell": nell,
    }
    return make_world({**people, **users, "nell": nell}, pat=pat, ines=ines)


@pytest.mark.slow
@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_page_holds_together(open_window: Window, town: World, sign_in: Any, audience: str) -> None:
    windows: dict[str, Visitor] = {}
    looked_at, faults = 0, []
    for who, address in pages_of(audience):
        if address.name in WAYS_IN:
            visitor, path = brought_there(open_window(), address, town, sign_in)
            visitor.goto(path)
        else:
            if who not in windows:
                windows[who] = opened_by(who, open_window(), town, sign_in)
            visitor = windows[who]
            path = reverse(address.name, kwargs=ROUTES[address.name].arguments(town, address.arguments))
            if not is_drawn(visitor, path):
                continue
        looked_at += 1
        try:
            visitor.look("page-" + address.name.replace(":", "-"))
        except AssertionError as fault:
            faults.append(str(fault))
        if address.name in WAYS_IN:
            visitor.context.close()
    assert faults == []
    assert looked_at, "no page of this audience was looked at"


def is_drawn(visitor: Visitor, path: str) -> bool:
    """Go to `path`: whether a page is there. What a button or a way on leads to is looked at by its own name."""
    answer = visitor.page.goto(visitor.base_url + path)
    assert answer is not None
    if answer.request.redirected_from is not None or answer.status == BUTTON:
        visitor.complaints.clear()  # the browser calls the refusal an error
        return False
    assert answer.status == 200, f"{path}: {answer.status}"
    return True


REFUSALS = ((403, "pat", "/desk/"), (404, "anonymous", "/nothing/"), (405, "pat", "/me/act-for/myself/"))


def test_pages_that_refuse_hold_together(open_window: Window, town: World, sign_in: Any) -> None:
    for status, who, path in REFUSALS:
        visitor = opened_by(who, open_window(), town, sign_in)
        visitor.goto(path)
        refusal = next(words for words in visitor.complaints if f"status of {status} " in words)
        visitor.complaints.remove(refusal)  # the browser calls the refusal itself an error
        visitor.look(f"refused-{status}")


def brought_there(window: Visitor, address: Address, town: World, sign_in: Any) -> tuple[Visitor, str]:
    """A window in which somebody has done what leads to this page, and where it is."""
    browser, path = WAYS_IN[address.name](town, sign_in)
    cookies = [{"name": one.key, "value": one.value, "url": window.base_url} for one in browser.cookies.values()]
    window.context.add_cookies(cookies)
    assert window.status_of(path) == 200, f"{address.name} is not there by its way in"
    return window, path


def opened_by(who: str, window: Visitor, town: World, sign_in: Any) -> Visitor:
    if who != "anonymous":
        key = sign_in(town.users[who]).session.session_key
        window.context.add_cookies([{"name": "sessionid", "value": key, "url": window.base_url}])
    return window


def test_no_audience_is_forgotten() -> None:
    served = {audience_of(a) for a in addresses() if not a.route.startswith(("api/", "static/"))}
    assert served == set(AUDIENCES)
