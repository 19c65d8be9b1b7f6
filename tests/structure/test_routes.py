"""Every address × everybody in the cast: who may open it, and who may not even know that it is there.

The table is tests/structure/routes.py. A new address that is missing from it
fails here, and so does one that answers somebody whom the table does not name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from accounts.models import User
from safefit import errors
from tests.structure import marks, policy
from tests.structure.addresses import Address, addresses
from tests.structure.fields import fields_of, unfrozen
from tests.structure.marked import Marked
from tests.structure.pages import Opened, is_page, who_opens
from tests.structure.passing import Passing, listening
from tests.structure.routes import CAST, ROUTES, Route, World
from tests.structure.ways_in import WAYS_IN

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"
BUTTON = 405  # explains itself: test_buttons.py
MAY_BE_KEPT = {"teach:service_worker"}  # says itself for how long, and holds nothing of anybody


def test_every_address_stands_in_the_table_and_the_table_names_no_other():
    assert missing_from(ROUTES, addresses()) == []
    assert gone_from(ROUTES, addresses()) == []


def missing_from(table: dict[str, Route], found: list[Address]) -> list[str]:
    return sorted(f"{address.name} ({address.route})" for address in found if address.name not in table)


def gone_from(table: dict[str, Route], found: list[Address]) -> list[str]:
    return sorted(set(table) - {address.name for address in found})


def test_the_check_finds_an_address_that_nobody_put_in_the_table():
    found = [*addresses(), Address("me:secret", "me/secret/", frozenset())]
    assert missing_from(ROUTES, found) == ["me:secret (me/secret/)"]


def test_the_check_finds_an_address_that_is_gone():
    assert gone_from({**ROUTES, "me:diary": Route(frozenset())}, addresses()) == ["me:diary"]


@pytest.mark.slow
@pytest.mark.parametrize("actor", CAST)
def test_what_opens_for_and_that_each_answer_is_ours_under_the_one_policy(actor, world, sign_in, monkeypatch):
    browser = Client() if actor == "anonymous" else sign_in(world.users[actor])
    assert b"<h1" in browser.get("/no-such-address/").content
    monkeypatch.setattr(errors, "_answer", undrawn)  # it is the same page each time, some 700 times
    given: dict[str, set[str]] = {}
    with passing_by(actor, world) as passing:
        listed = (faults_at(address, actor, browser, world, given, passing) for address in addresses())
        found = [fault for faults in listed for fault in faults]
    assert found == []
    assert unfrozen(actor, given) == [], "read each, then write the file anew: tests/structure/fields.py"


@contextmanager
def passing_by(actor: str, world: World) -> Iterator[Passing]:
    """Pat is marked in every word. Where those who read most about her open pages none of it may pass by; and those who
    have nothing to do with her read none of it, on pages of their own either."""
    if actor == "sadie":  # what she reads besides is of concerns
        yield Passing()
        return
    mark = Marked("Zanzibella", "+447700900001")
    mark.mark_everything(world.pat, world.pat.supporters.get(), by=world.users["clare"].person)
    if actor not in {"pat", "sam", "ines", "dee", "clare"}:
        yield Passing(hidden=mark)
        return
    with listening() as passing:
        yield passing
    assert passing.told_of(mark) == []
    assert "request_finished" in passing.log.getvalue(), "nothing was listened to"


def undrawn(request: HttpRequest, status: int, *_: str) -> HttpResponse:
    return HttpResponse(status=status)


def faults_at(
    address: Address, actor: str, browser: Client, world: World, given: dict[str, set[str]], passing: Passing
) -> Iterator[str]:
    """What is wrong with one address for one of the cast: who may open it, and what its answer tells the browser.

    `given` takes down which fields were in it, `passing` what was said on the way.
    """
    route = ROUTES[address.name]
    got = browser.get(reverse(address.name, kwargs=route.arguments(world, address.arguments)))
    if fault := fault_of(got, address, route, actor, browser, world):
        yield fault
    given[address.name] = fields_of(got)
    passing.note(got.wsgi_request.get_full_path(), got)
    yield from (f"{actor} at {address.name} reads of Pat: {hit}" for hit in passing.hits_in(got))
    # A page is read through for whoever sees it as it is meant, and for whoever comes first of those signed in.
    meant_for = who_opens(address)
    read = actor in {meant_for, min(route.may - {"anonymous"}, default=actor)}
    name = address.name if actor in route.may else ""
    faults = policy.faults_of(got, name, read=read)
    if read and got.get("Content-Type", "").startswith("text/html"):
        faults += marks.faults_of(got.content.decode())
    yield from (f"{actor} at {address.name}: {fault}" for fault in faults)
    if actor == meant_for and is_page(address) and address.name not in WAYS_IN and got.status_code != BUTTON:
        if not Opened(address, actor, got).is_drawn:
            yield f"{actor} at {address.name}: nothing is drawn ({got.status_code}), so nothing was read"
    if actor != "anonymous" and "no-store" not in got.get("Cache-Control", "") and address.name not in MAY_BE_KEPT:
        yield f"{actor} at {address.name}: may be kept by a browser ({got.get('Cache-Control')})"


def fault_of(got: Any, address: Address, route: Route, actor: str, browser: Client, world: World) -> str:
    """`got`: what a GET was answered."""
    if actor in route.may:
        return "" if opens(got) else f"{actor} may GET {address.name}: {got.status_code} {got.headers.get('Location')}"
    posted = browser.post(reverse(address.name, kwargs=route.arguments(world, address.arguments)), {})
    if not (refuses(got, actor) or got.status_code == 405):
        return f"{actor} may not GET {address.name}: {got.status_code}"
    if not (refuses(posted, actor) or (posted.status_code == 405 and got.status_code != 405)):
        return f"{actor} may not POST {address.name}: {posted.status_code}"
    return ""


def opens(answer) -> bool:
    """A page, a way on that is not the sign-in page, "not by GET", or the health check of a copy without worker."""
    if answer.status_code in {301, 302}:
        return not answer.headers["Location"].startswith(SIGN_IN)
    return answer.status_code in {200, 405, 503}


def refuses(answer, actor: str) -> bool:
    if answer.status_code == 302:
        return actor == "anonymous" and answer.headers["Location"].startswith(SIGN_IN)
    return answer.status_code in ({401, 404} if actor == "anonymous" else {403, 404})


def fault_for_nell(address: Address, route: Route, nell: User, sign_in: Any) -> str:
    """Of an address that names nothing, so that no world is needed."""
    browser, nothing = sign_in(nell), cast(World, None)
    return fault_of(browser.get(f"/{address.route}"), address, route, "nell", browser, nothing)


def test_the_check_finds_an_address_that_opens_for_too_many(nell, sign_in):
    privacy = Address("public:privacy", "privacy/", frozenset())
    assert "nell may not GET" in fault_for_nell(privacy, Route(frozenset()), nell, sign_in)


def test_the_check_finds_an_address_that_is_shut_to_somebody_it_names(nell, sign_in):
    worklist = Address("desk:worklist", "desk/", frozenset())
    assert "nell may GET" in fault_for_nell(worklist, Route(frozenset({"nell"})), nell, sign_in)


def left_open(request: HttpRequest) -> HttpResponse:
    """Its GET is shut, its POST is not: what a guard on one method only would do."""
    if request.method == "GET":
        raise PermissionDenied
    return HttpResponse()


urlpatterns = [path("left-open/", left_open, name="left_open"), path("", include("safefit.urls"))]


@override_settings(ROOT_URLCONF=__name__)
def test_the_check_finds_an_address_whose_post_is_open(nell, sign_in):
    address = Address("left_open", "left-open/", frozenset())
    assert "nell may not POST" in fault_for_nell(address, Route(frozenset()), nell, sign_in)
