"""The address of a button, opened by itself, is a page that leads on; to a program it is a problem document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from tests.structure.addresses import Address, addresses
from tests.structure.lists import LISTS, ONE_THING
from tests.structure.pages import ANONYMOUS, who_opens
from tests.structure.routes import ROUTES, World

pytestmark = pytest.mark.django_db
EXPLAINS = "safefit.errors.explain_wrong_method"
WITHOUT = [name for name in settings.MIDDLEWARE if name != EXPLAINS]


def buttons(world: World, sign_in: Any, prefix: str = "") -> Iterator[tuple[Address, str, HttpResponse]]:
    """Every address that answers GET with "not by this method", opened by somebody who may press its button."""
    browsers: dict[str, Client] = {"": Client(), ANONYMOUS: Client()}
    for address in addresses():
        if address.name in LISTS or address.name in ONE_THING:
            continue  # they open: test_query_counts.py sees to it that nothing else does
        if address.route.startswith("api/") is not bool(prefix) or not address.route.startswith(prefix):
            continue
        who = who_opens(address)
        if who not in browsers:
            browsers[who] = sign_in(world.users[who])
        path = reverse(address.name, kwargs=ROUTES[address.name].arguments(world, address.arguments))
        answer = browsers[who].get(path)
        if answer.status_code == 405:
            yield address, who, answer


def faults_of(address: Address, who: str, answer: HttpResponse) -> list[str]:
    html = answer.content.decode()
    way_on = "/" if who == ANONYMOUS else reverse("start")
    main = re.search(r"<main.*</main>", html, re.DOTALL)
    wanted = {
        "its heading": "<h1>This address works only with a button</h1>" in html,
        "the menu and the footer": "sf-header" in html and "sf-footer" in html,
        "a way on": main is not None and f'<a href="{way_on}">' in main[0],
        "the telephone": main is not None and settings.PHONE in main[0],
        "what it allows": "POST" in answer.headers["Allow"] and "GET" not in answer.headers["Allow"],
    }
    return [f"{address.name} as {who} lacks {part}" for part, there in wanted.items() if not there]


def test_every_address_of_a_button_explains_itself_and_leads_on(world, sign_in):
    found = list(buttons(world, sign_in))
    assert len(found) > 10, "the buttons have moved: this check reads nothing"
    assert [fault for button in found for fault in faults_of(*button)] == []


@override_settings(MIDDLEWARE=WITHOUT)
def test_the_check_finds_a_blank_answer(world, sign_in):
    blank = next(buttons(world, sign_in))
    assert "lacks its heading" in faults_of(*blank)[0] and "lacks a way on" in faults_of(*blank)[2]


def test_a_button_of_the_api_stays_a_problem_document(world, sign_in):
    found = list(buttons(world, sign_in, prefix="api/v1/"))
    assert sorted(address.name for address, _, _ in found) == [
        "assessment-send",
        "booking-accept",
        "booking-block",
        "booking-cancel",
        "booking-coming",
        "booking-decline",
        "booking-move",
        "booking-who-comes",
        "calling-off-preview",
        "cover-take",
        "hold",
        "new-class",
        "new-class-preview",
        "own-calendar-close",
        "own-pause-end",
        "session-cancel",
        "session-cancel-preview",
        "session-change",
        "session-change-preview",
        "session-cover",
        "session-incidents",
        "session-kept-places",
        "session-notes-preview",
        "session-put-back",
        "session-put-back-preview",
        "session-symptom-talks",
        "term",
        "term-preview",
        "waiting-called",
        "waiting-priority",
    ]
    for _, _, answer in found:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "POST" in answer.headers["Allow"]
        assert answer.json()["status"] == 405


def test_whoever_presses_back_into_a_button_reaches_the_first_page_of_their_own_area(world, sign_in):
    desk = sign_in(world.users["dee"])
    page = desk.get(reverse("desk:take_task", args=[world.task.pk])).content.decode()
    assert f'<a href="{reverse("start")}">Go to your first page</a>' in page
    assert desk.get(reverse("start"))["Location"] == reverse("desk:worklist")


def test_a_page_that_only_reads_says_so_to_whoever_sends_something():
    answer = Client().post(reverse("public:privacy"))
    assert answer.status_code == 405 and answer.headers["Allow"] == "GET, HEAD"
    assert "<h1>Nothing can be sent here</h1>" in answer.content.decode()


def test_only_the_head_is_answered_where_only_the_head_was_asked_for():
    answer = Client().head(reverse("account_start_again"))
    assert (answer.status_code, answer.content) == (405, b"")
