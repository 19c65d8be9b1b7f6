"""Every documented refusal is real, and every real one documented: each operation of the API is asked for each.

409 and 422 need a story of their own, and so does the success of what changes
something: those are in tests/api, where every answer is held against the same papers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from accounts.permissions import Role
from tests.factories.accounts import someone
from tests.papers import Operation, fault_in, operations
from tests.structure.addresses import addresses
from tests.structure.routes import ROUTES, World

pytestmark = pytest.mark.django_db
ASKED_FOR_HERE = {400, 401, 403, 404, 406, 415}
TAKES_A_BODY = {"post", "put", "patch"}
NOBODYS = "9" * 17  # a key that nothing has


def test_the_papers_are_drawn_without_a_warning():
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


def test_the_papers_are_worked_out_once_and_are_the_same_for_everybody(client, sign_in, pat, monkeypatch):
    first = client.get("/api/schema/")
    monkeypatch.setattr(SchemaGenerator, "get_schema", None)  # a third of a second of a processor each time
    again = sign_in(pat.person.user).get("/api/schema/", HTTP_ACCEPT="application/json")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.json()["paths"] and again["Content-Type"] == "application/json"


def faults_of(operation: Operation, answers: list[Any]) -> list[str]:
    """Where the answers and the papers differ, both ways."""
    met = {answer.status_code for answer in answers}
    unmet = sorted((operation.statuses & ASKED_FOR_HERE) - met)
    faults = [f"{operation.method.upper()} {operation.path} {status}: told of, and never met" for status in unmet]
    return sorted({*faults, *filter(None, (fault_in(operation, answer) for answer in answers))})


class Asking:
    """Somebody of the cast who asks for one operation in every way that must be refused, and once as it is meant."""

    def __init__(self, world: World, sign_in: Any) -> None:
        self.world, self.sign_in = world, sign_in
        # Takes part by role alone, so that there is no record to show.
        self.recordless = someone("Rita Role", Role.PARTICIPANT, programme=world.pat.programme)
        self.addresses = [address for address in addresses() if address.route.startswith("api/v1/")]
        self.browsers: dict[int, Client] = {}

    def browser(self, user: Any) -> Client:
        if user.pk not in self.browsers:
            self.browsers[user.pk] = self.sign_in(user)
        return self.browsers[user.pk]

    def answers(self, operation: Operation) -> list[Any]:
        return list(self._answers(operation))

    def _answers(self, operation: Operation) -> Iterator[Any]:
        name, path = self._address(operation)
        may = sorted(ROUTES[name].may - {"anonymous"})
        user = self.world.users[may[0]]
        reader, body = self.browser(user), "{}" if operation.method in TAKES_A_BODY else ""
        if operation.method == "get":
            yield reader.get(path)
            yield reader.get(path, {"nonsense": 1})
            yield reader.get(path, {"page": 999})
        else:
            yield ask(reader, operation, path, '{"nonsense": 1}')
            yield ask(reader, operation, path, "{")
            yield ask(reader, operation, path, body, content_type="text/plain")
            yield ask(self.sign_in(user, enforce_csrf_checks=True), operation, path, body)
        yield ask(reader, operation, path, body, accept="text/html")
        yield ask(Client(), operation, path, body)
        yield ask(weakly_signed_in(self.world), operation, path, body)
        others = [one for who, one in self.world.users.items() if who not in ROUTES[name].may]
        for other in (*others, self.recordless):
            yield ask(self.browser(other), operation, path, body)
        if (key := operation.path.partition("{")[0]) != operation.path:
            rest = operation.path.partition("}")[2]
            yield ask(reader, operation, f"{key}{NOBODYS}{rest}", body)

    def _address(self, operation: Operation) -> tuple[str, str]:
        for address in self.addresses:
            path = reverse(address.name, kwargs=ROUTES[address.name].arguments(self.world, address.arguments))
            if operation.fits(operation.method, path):
                return address.name, path
        raise AssertionError(f"no address for {operation.path}")


def ask(
    browser: Client,
    operation: Operation,
    path: str,
    body: str,
    *,
    content_type: str = "application/json",
    accept: str = "",
) -> Any:
    headers = {"Accept": accept} if accept else {}
    content = {"data": body, "content_type": content_type} if body else {}
    return browser.generic(operation.method.upper(), path, **content, headers=headers)


def weakly_signed_in(world: World) -> Client:
    browser = Client()
    browser.force_login(world.users["dee"])  # without the second factor that her role asks for
    return browser


@pytest.fixture
def asking(world: World, sign_in: Any) -> Asking:
    return Asking(world, sign_in)


def test_every_operation_answers_as_the_papers_say_and_the_papers_say_how_it_answers(asking):
    assert [fault for one in operations() for fault in faults_of(one, asking.answers(one))] == []


def test_every_address_of_the_api_is_in_the_papers(asking):
    told = {asking._address(one)[0] for one in operations()}
    assert told == {address.name for address in asking.addresses}


@pytest.fixture
def booking_detail() -> Operation:
    return next(one for one in operations() if (one.method, one.path) == ("get", "/api/v1/bookings/{id}/"))


def without(operation: Operation, status: str) -> Operation:
    responses = {told: answer for told, answer in operation.said["responses"].items() if told != status}
    return replace(operation, said={**operation.said, "responses": responses})


def test_the_check_finds_a_status_that_is_not_told_of(asking, booking_detail):
    answers = asking.answers(booking_detail)
    for status in ("400", "401", "403", "404", "406"):
        assert faults_of(without(booking_detail, status), answers) == [
            f"GET /api/v1/bookings/{{id}}/ {status}: not told of"
        ]


def test_the_check_finds_a_status_that_is_never_met(asking, booking_detail):
    told = {**booking_detail.said["responses"], "415": booking_detail.said["responses"]["404"]}
    more = replace(booking_detail, said={**booking_detail.said, "responses": told})
    assert faults_of(more, asking.answers(booking_detail)) == ["GET /api/v1/bookings/{id}/ 415: told of, and never met"]


def test_the_check_finds_an_answer_of_another_shape(asking, booking_detail):
    answers = [answer for answer in asking.answers(booking_detail) if answer.status_code == 200]
    body = answers[0].json()
    for wrong in ({**body, "secret": 1}, {**body, "state": "lost"}, {"id": body["id"]}, {**body, "party": None}):
        answers[0].content = json.dumps(wrong)
        assert fault_in(booking_detail, answers[0]).startswith("GET /api/v1/bookings/{id}/ 200: $")
