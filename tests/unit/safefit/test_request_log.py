"""Each request is one line, with who asked where that was found out, and no line reads it for itself."""

from __future__ import annotations

import pytest
import structlog
from django.test import Client

pytestmark = pytest.mark.django_db


def line_of(browser: Client, address: str) -> dict[str, object]:
    with structlog.testing.capture_logs() as lines:
        browser.get(address)
    (line,) = (line for line in lines if line["event"] == "request_finished")
    return dict(line)


def test_the_line_says_what_was_asked_by_whom_and_what_came_of_it(pat, sign_in):
    line = line_of(sign_in(pat.person.user), "/api/v1/bookings/?page=1")
    assert (line["request"], line["code"], line["user_id"], line["log_level"]) == (
        "GET /api/v1/bookings/?page=1",
        200,
        pat.person.user.pk,
        "info",
    )


def test_nobody_signed_in_is_nobody_in_the_line(programme):
    line = line_of(Client(), "/api/v1/bookings/")
    assert (line["code"], line["user_id"], line["log_level"]) == (401, None, "warning")


def test_who_asked_is_not_looked_up_for_the_line(pat, sign_in, django_assert_num_queries):
    browser = sign_in(pat.person.user)
    with django_assert_num_queries(0):
        assert line_of(browser, "/api/v1/nothing/here/")["user_id"] is None


def test_a_fault_is_a_line_of_its_own_level(programme, monkeypatch):
    def fault(*given: object, **named: object) -> None:
        raise RuntimeError("broken for a test")

    monkeypatch.setattr("frontend.views.public.help.render", fault)
    line = line_of(Client(raise_request_exception=False), "/help/some-key/")
    assert (line["code"], line["log_level"]) == (500, "error")
