"""Whatever is sent to whatever takes something: it is refused or taken, in words, and never an error of ours.

Here: every operation of the API and every form of every page, each sent a corpus of what people and programs send
by mistake or on purpose. What is sent is rolled back, so that no form changes what the next one finds. Not here:
what a form says of each fault (the tests of its page), how strictly the API reads (tests/unit/safefit/api).
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from classes.models import Session
from tests.papers import Operation, fault_in, operations, papers
from tests.structure.addresses import Address, addresses
from tests.structure.malformed import TYPED, VALUES
from tests.structure.pages import ANONYMOUS, is_page, who_opens
from tests.structure.routes import ROUTES, World
from tests.structure.test_api_papers import TAKES_A_BODY, Asking, ask

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NO_OBJECTS = ("[]", "null", "NaN", '{"a": 1, "a": 2}', "[" * 600 + "]" * 600)
# How many of the values each field meets: a few with all other tests, every one with `./run campaign malformed`.
BODIES = int(os.environ.get("SAFEFIT_VALUES", "7"))
ALONE = int(os.environ.get("SAFEFIT_VALUES", "0"))  # each by itself, in a form that is otherwise as it stands
TAKEN_OR_REFUSED = {200, 204, 302, 400, 403, 404, 405, 409, 422, 429}
FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL | re.IGNORECASE)
ACTION, NAME = (
    re.compile(r'<form\b[^>]*\baction="([^"]*)"'),
    re.compile(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"'),
)
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
MAY_BE_WRITTEN = {
    "accounts_browsersession",
    "accounts_cache",
    "accounts_accesslog",
    "classes_concernreading",
}  # whoever asks is noted, whatever they ask
BEGUN = re.compile(r"/wellbeing/\d+/answers/$"), "outcomes_response"  # that it was begun, as by opening it


@pytest.fixture(autouse=True)
def places_are_there_to_give_back(world: World) -> None:
    """The world's bookings were never counted: whoever gives one back would leave fewer than none."""
    Session.objects.update(places_taken=F("capacity"))


@contextmanager
def nothing_stays() -> Iterator[None]:
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)
        transaction.savepoint_commit(mark)  # or thousands would stand open, one inside the other


@contextmanager
def watching_writes() -> Iterator[set[str]]:
    """Afterwards: the tables that were written to, but for those that note who asked."""
    written: set[str] = set()
    connection.queries_log.clear()  # it holds 9,000, and warns of one more
    with CaptureQueriesContext(connection) as captured:
        yield written
    written |= {match[1] for query in captured if (match := WRITES.match(query["sql"]))} - MAY_BE_WRITTEN


# --- the API -----------------------------------------------------------------


def test_no_body_of_another_kind_is_taken_or_stored(world: World, sign_in: Any) -> None:
    asking = Asking(world, sign_in)
    found = [fault for one in operations() if one.method in TAKES_A_BODY for fault in taken(asking, one)]
    assert found == []


def taken(asking: Asking, operation: Operation) -> Iterator[str]:
    name, path = asking._address(operation)
    reader = asking.browser(asking.world.users[min(ROUTES[name].may - {"anonymous"})])
    for body in NO_OBJECTS:
        with nothing_stays(), watching_writes() as written:
            answer = ask(reader, operation, path, body)
        if answer.status_code != 400:
            yield f"{operation.method.upper()} {operation.path} {body[:20]!r}: {answer.status_code}"
        if written:
            yield f"{operation.method.upper()} {operation.path} {body[:20]!r} is refused and wrote to {written}"


def test_no_value_of_another_kind_is_an_error_of_ours(world: World, sign_in: Any) -> None:
    asking = Asking(world, sign_in)
    found = [fault for one in operations() if one.method in TAKES_A_BODY for fault in misread(asking, one)]
    assert found == []


def misread(asking: Asking, operation: Operation) -> Iterator[str]:
    """Every field at once is sent the same: what one of them refuses hides no other for long, as each differs."""
    name, path = asking._address(operation)
    reader = asking.browser(asking.world.users[min(ROUTES[name].may - {"anonymous"})])
    reader.raise_request_exception = False
    names = fields_of(operation)
    for turn in range(BODIES if names else 0):
        first = len(operation.path) * 5 + turn * 4  # another one for each operation, and in the end every one
        body = json.dumps({field: VALUES[(first + step) % len(VALUES)] for step, field in enumerate(names)})
        with nothing_stays(), watching_writes() as written:
            answer = ask(reader, operation, path, body)
        if fault := fault_in(operation, answer):
            yield f"{fault}: sent {body[:200]}"
        if answer.status_code >= 400 and written:
            yield f"{operation.path}: {answer.status_code}, and wrote to {written}: sent {body[:200]}"


def fields_of(operation: Operation) -> list[str]:
    content = operation.said.get("requestBody", {}).get("content", {})
    shape = content.get("application/json", {}).get("schema", {})
    if "$ref" in shape:
        shape = papers()["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    return list(shape.get("properties", {}))


# --- pages -------------------------------------------------------------------


def test_no_form_of_any_page_answers_with_an_error_of_ours(world: World, sign_in: Any) -> None:
    sender = Sender(world, sign_in)
    found = []
    for address in filter(is_page, addresses()):
        for fault in sender.faults(address):
            sys.stdout.write(f"\n{fault}\n")  # a campaign takes hours: what it finds is read meanwhile
            found.append(fault)
    assert found == []
    assert len(sender.sent_to) > 150, "the forms have moved: this check sends nothing"


class Sender:
    """Opens each page once, and sends each of its forms what it does not expect; a form in the header is sent once."""

    def __init__(self, world: World, sign_in: Any) -> None:
        self.world, self.sign_in = world, sign_in
        self.browsers: dict[str, Client] = {ANONYMOUS: Client()}
        self.sent_to: set[tuple[str, tuple[str, ...]]] = set()

    def faults(self, address: Address) -> Iterator[str]:
        who = who_opens(address) or ANONYMOUS
        if who not in self.browsers:
            self.browsers[who] = self.sign_in(self.world.users[who])
        browser = self.browsers[who]
        path = reverse(address.name, kwargs=ROUTES[address.name].arguments(self.world, address.arguments))
        with nothing_stays():
            page = browser.get(path)
        for where, names, stands in forms_of(page, path):
            if (where, names) in self.sent_to:
                continue
            self.sent_to.add((where, names))
            for values in self.wrong(names, stands):
                status, written = self.status_of(browser, where, values)
                if status not in TAKEN_OR_REFUSED:
                    yield f"{where} as {who}: {status}: sent {str(values)[:300]}"
                if status >= 400 and written - ({BEGUN[1]} if BEGUN[0].search(where) else set()):
                    yield f"{where} as {who}: {status}, and wrote to {written}: sent {str(values)[:300]}"

    def wrong(self, names: tuple[str, ...], stands: dict[str, str]) -> Iterator[dict[str, str]]:
        """Every field at once; and each alone, since what one refuses may keep another from being read."""
        start = len(self.sent_to) * 11
        yield {name: TYPED[(start + step) % len(TYPED)] for step, name in enumerate(names)}
        for step, name in enumerate(names):
            for turn in range(ALONE):
                yield {**stands, name: TYPED[(start + step + turn) % len(TYPED)]}

    def status_of(self, browser: Client, where: str, values: dict[str, str]) -> tuple[int, set[str]]:
        """And what was written. In the same session, which is as it was afterwards."""
        with nothing_stays(), watching_writes() as written:
            other = Client(raise_request_exception=False)
            other.cookies = browser.cookies.copy()
            status = int(other.post(where, values).status_code)
        return status, written


def forms_of(page: HttpResponse, path: str) -> Iterator[tuple[str, tuple[str, ...], dict[str, str]]]:
    """Where each form of the page is sent, the names of its fields, and what stands in them."""
    if page.status_code != 200 or "text/html" not in page.headers["Content-Type"]:
        return
    for form in FORM.findall(page.content.decode()):
        action = ACTION.search(form)
        names = tuple(dict.fromkeys(name for name in NAME.findall(form) if name != "csrfmiddlewaretoken"))
        stands = Standing()
        stands.feed(form)
        yield unescape(action[1]) if action and action[1] else path, names, stands.filled(names)


class Standing(HTMLParser):
    """What a browser would send of a form: what is typed or chosen in it, else the first that could be."""

    def __init__(self) -> None:
        super().__init__()
        self.chosen: dict[str, str] = {}
        self.offered: dict[str, str] = {}
        self.inside = ""  # the select or textarea that was begun

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in ("select", "textarea"):
            self.inside = said.get("name", "")
        name = self.inside if tag == "option" else said.get("name", "")
        value = said.get("value", "")
        if tag == "option" or said.get("type") in ("radio", "checkbox"):
            if value:
                self.offered.setdefault(name, value)
            if {"selected", "checked"} & said.keys():
                self.chosen[name] = value
        elif tag == "input" and value:
            self.chosen[name] = value

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside not in self.offered and data.strip():
            self.chosen[self.inside] = data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self.inside = ""

    def filled(self, names: tuple[str, ...]) -> dict[str, str]:
        """Where nothing stands, a word that a field of text takes."""
        return {name: self.chosen.get(name) or self.offered.get(name) or "Invented" for name in names}
