"""No list takes more queries for more rows, and none takes more than the table in lists.py allows.

Every address that opens is counted twice, in a small world and in a larger one
(crowd.py); a new one that the table does not name fails.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path, reverse

from classes.models import Session
from tests.factories.classes import SessionFactory
from tests.structure.addresses import Address, addresses
from tests.structure.crowd import Crowd
from tests.structure.lists import LISTS, ONE_THING, Listing
from tests.structure.pages import ANONYMOUS, who_opens
from tests.structure.routes import ROUTES, World

pytestmark = pytest.mark.django_db
FEW, MANY = 2, 6
BUTTON = 405


@dataclass(frozen=True)
class Count:
    status: int
    queries: int
    rows: int


class Counter:
    """Opens addresses in the world as it is now, each person in one browser."""

    def __init__(self, world: World, sign_in: Any) -> None:
        self.world, self.sign_in = world, sign_in
        self.browsers: dict[str, Client] = {ANONYMOUS: Client()}

    def everything(self) -> dict[tuple[str, str], Count]:
        return {
            (address.name, who): self.count(address, who, LISTS.get(address.name))
            for address in addresses()
            for who in viewers(address)
        }

    def count(self, address: Address, who: str, listing: Listing | None) -> Count:
        if who not in self.browsers:
            self.browsers[who] = self.sign_in(self.world.users[who])
        where = reverse(address.name, kwargs=ROUTES[address.name].arguments(self.world, address.arguments))
        return counted(self.browsers[who], where, listing)


def viewers(address: Address) -> list[str]:
    """Whom a list is counted for; anything else for one person who may open it."""
    if address.name in LISTS:
        return list(LISTS[address.name].budgets)
    return [who_opens(address) or ANONYMOUS] if address.name in ONE_THING else []


def counted(browser: Client, where: str, listing: Listing | None) -> Count:
    with CaptureQueriesContext(connection) as captured:
        if listing is None or not listing.sent:
            answer = browser.get(where, query_params=_query(listing))
        else:
            answer = browser.post(where, dict(listing.sent))
    rows = len(re.findall(listing.row, answer.content.decode())) if listing else 0
    return Count(answer.status_code, len(captured), rows)


def _query(listing: Listing | None) -> dict[str, str]:
    return dict([listing.query.split("=")]) if listing and listing.query else {}


def faults_of(name: str, who: str, listing: Listing | None, few: Count, many: Count, more: int) -> Iterator[str]:
    if few.queries != many.queries:
        yield f"{name} as {who}: {few.queries} queries for few rows, {many.queries} for many"
    if few.status != many.status:
        yield f"{name} as {who}: answers {few.status}, then {many.status}"
    if listing is None and many.status == BUTTON:
        yield f"{name} as {who}: is only a button, and stands among what opens"
    if listing is None or who in listing.alone:
        return
    if many.queries != listing.budgets[who]:
        yield f"{name} as {who}: {many.queries} queries, and its budget is {listing.budgets[who]}"
    if many.status != 200 or few.rows < 1 or many.rows < few.rows + more:
        yield f"{name} as {who}: {few.rows} rows, then {many.rows} ({many.status}): it does not show what was added"


@pytest.mark.slow
def test_no_list_takes_more_queries_for_more_rows(world, sign_in, monkeypatch):
    monkeypatch.setattr("accounts.sessions.NOTED_EVERY", dt.timedelta(days=1))  # it would come with a minute, not a row
    crowd, counter = Crowd(world), Counter(world, sign_in)
    crowd.grow(FEW)
    few = counter.everything()
    crowd.grow(MANY - FEW)
    many = counter.everything()
    assert len(many) > 100, "the addresses have moved: this check counts nothing"
    faults = [
        fault
        for (name, who), count in few.items()
        for fault in faults_of(name, who, LISTS.get(name), count, many[name, who], MANY - FEW)
    ]
    assert not faults, "\n".join(faults)


def test_every_address_that_opens_is_counted_as_a_list_or_as_one_thing(world, sign_in):
    assert sorted({*LISTS, *ONE_THING} - {address.name for address in addresses()}) == []
    assert sorted(ONE_THING & set(LISTS)) == []
    assert [budget for listing in LISTS.values() for budget in listing.budgets.values() if budget < 1] == []
    assert uncounted(addresses(), Counter(world, sign_in)) == []


def uncounted(found: Iterable[Address], counter: Counter) -> list[str]:
    """Addresses that open and that the table does not name; what is only a button opens to nobody."""
    unnamed = [address for address in found if address.name not in LISTS and address.name not in ONE_THING]
    opened = [(address, counter.count(address, who_opens(address), None)) for address in unnamed]
    return [address.name for address, count in opened if count.status != BUTTON]


# --- the check, broken -------------------------------------------------------


def one_by_one(request: HttpRequest) -> HttpResponse:
    return HttpResponse("".join(f"<li>{session.class_type.name}" for session in Session.objects.all()))


def all_at_once(request: HttpRequest) -> HttpResponse:
    rows = Session.objects.select_related("class_type")
    return HttpResponse("".join(f"<li>{session.class_type.name}" for session in rows))


def hidden(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{len(Session.objects.all())} rows")


views = (one_by_one, all_at_once, hidden)
urlpatterns = [
    *(path(f"{view.__name__}/", view, name=view.__name__) for view in views),
    path("", include("safefit.urls")),
]


@pytest.mark.parametrize(
    ("name", "budget", "said"),
    [
        ("all_at_once", 1, []),
        ("all_at_once", 2, ["its budget is 2"]),
        ("one_by_one", 6, ["3 queries for few rows, 6 for many"]),
        ("hidden", 1, ["0 rows, then 0 (200)"]),
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_the_count_finds_a_list_read_row_by_row_a_dear_one_and_one_that_shows_nothing(name, budget, said):
    listing, counts = Listing("<li>", {ANONYMOUS: budget}), []
    for more in (2, 3):
        SessionFactory.create_batch(more)
        counts.append(counted(Client(), reverse(name), listing))
    faults = list(faults_of(name, ANONYMOUS, listing, *counts, 3))
    assert len(faults) == len(said)
    assert all(words in fault for words, fault in zip(said, faults, strict=True))


def test_the_count_finds_a_button_among_what_opens():
    pressed = Count(BUTTON, 1, 0)
    assert list(faults_of("a", "dee", None, pressed, pressed, 3)) == [
        "a as dee: is only a button, and stands among what opens"
    ]


@override_settings(ROOT_URLCONF=__name__)
def test_the_count_finds_an_address_that_the_table_does_not_name(world, sign_in, monkeypatch):
    monkeypatch.setitem(ROUTES, "one_by_one", ROUTES["home"])
    new = [address for address in addresses() if address.name in {"one_by_one", "home", "me:act_for"}]
    assert uncounted(new, Counter(world, sign_in)) == ["one_by_one"]
